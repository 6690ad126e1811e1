// A dialog above the page, one at a time.

import { $, button, h } from "./dom.js";
import { t } from "./i18n.js";

let closed = () => {};

/** Show it; `onclose` is told when it goes. */
export function openSheet(title, content, onclose = () => {}) {
  closeSheet();
  closed = onclose;
  const sheet = $("sheet");
  sheet.replaceChildren(
    h(
      "div",
      { class: "sheet-head" },
      h("h2", { id: "sheet-title" }, title),
      button(t("close"), closeSheet, { class: "quiet" }),
    ),
    content,
  );
  sheet.setAttribute("aria-labelledby", "sheet-title");
  sheet.showModal();
}

export function closeSheet() {
  if ($("sheet").open) $("sheet").close();
  finish();
}

/** At once, and not when the browser says that it is closed: another may be open by then. */
function finish() {
  $("sheet").replaceChildren();
  const told = closed;
  closed = () => {};
  told();
}

export const sheetIsOpen = () => $("sheet").open;

$("sheet").addEventListener("close", () => {
  if (!sheetIsOpen()) finish();
});

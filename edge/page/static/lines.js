// Lines that lead to where they were read, and how one goes from one to the next.

import { $, foreign, h } from "./dom.js";
import { t } from "./i18n.js";
import { openSource } from "./source.js";

const SHAPES = { critical: "◆", abnormal: "▲", contradiction: "≠", changed: "↻", new: "＋", uncertain: "？" };

/** What a reader must see at once: a shape and a word, so that colour is never the only sign. */
export function badge(mark) {
  if (!SHAPES[mark]) return null;
  return h("span", { class: "mark", "data-mark": mark }, h("span", { "aria-hidden": "true" }, SHAPES[mark]), " ", t(`mark.${mark}`));
}

/** A line of a summary; `more` stands at its end. */
export function line(one, more = null) {
  const mark = one.mark ?? "";
  const several = one.sources.length > 1 ? h("span", { class: "several" }, t("sources", { n: one.sources.length })) : null;
  const opener = h(
    "button",
    { type: "button", class: "line", "data-line": true, onclick: () => openSource(one.sources, opener) },
    h(
      "span",
      { class: "line-text" },
      badge(mark),
      mark ? " " : null,
      foreign(one.text),
      one.detail ? [" ", foreign(one.detail, "span", { class: "detail" })] : null,
    ),
    more,
    h("span", { class: "when" }, several, one.date ? h("time", {}, one.date) : null),
  );
  return h("li", { "data-mark": mark }, opener);
}

/** Go to the next or the previous line or link of a list. */
export function move(step) {
  const all = [...$("main").querySelectorAll("[data-line]")].filter((one) => one.checkVisibility());
  if (!all.length) return;
  const at = all.indexOf(document.activeElement);
  const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1);
  all[next].focus();
  all[next].scrollIntoView({ block: "nearest" });
}

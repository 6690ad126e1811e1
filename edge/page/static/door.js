// The lock screen: nothing but a passphrase, or why there is not even that.

import { post } from "./api.js";
import { $, button, field, h } from "./dom.js";
import { t } from "./i18n.js";

/** `why`: locked, link or gone; `opened` gets the new state. */
export function openDoor(why, state, opened) {
  const door = $("door");
  door.hidden = false;
  const title = h("h1", {}, h("img", { src: "/static/icon.svg", alt: "", width: 32, height: 32 }), t("door.title"));
  if (why !== "locked") {
    door.replaceChildren(title, h("p", { role: "alert" }, t(`door.${why}`)));
    return;
  }
  const trouble = h("p", { class: "trouble", role: "alert" });
  const passphrase = field(t("door.passphrase"), { type: "password", required: true, autocomplete: "off", id: "passphrase" });
  const users = state.users ?? [];
  const user = field(t("door.user"), { id: "user" }, "select");
  user.input.append(...users.map((name) => h("option", { value: name, selected: name === state.user }, name)));
  const enter = button(t("door.enter"), null, { type: "submit", class: "primary" });
  const form = h("form", {}, users.length > 1 ? user.label : null, passphrase.label, enter, trouble);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    enter.disabled = true;
    enter.textContent = t("door.busy");
    trouble.textContent = "";
    const typed = passphrase.input.value;
    passphrase.input.value = "";
    try {
      opened(await post("/api/unlock", { passphrase: typed, user: users.length > 1 ? user.input.value : "" }));
    } catch (error) {
      if (!error.words) throw error;
      trouble.textContent = error.words;
      enter.disabled = false;
      enter.textContent = t("door.enter");
      passphrase.input.focus();
    }
  });
  const idle = why === "locked" && state.told ? h("p", { class: "muted" }, t("door.idle")) : null;
  door.replaceChildren(title, idle ?? "", form);
  passphrase.input.focus();
}

// Parts that several pages are made of.

import { h } from "./dom.js";
import { t } from "./i18n.js";

/** A section with its heading. */
export function section(key, ...content) {
  return h("section", { class: `card ${key}`, "aria-labelledby": `h-${key}` }, h("h2", { id: `h-${key}` }, t(`section.${key}`)), content);
}

/** The head of a table, its columns by the keys of their names. */
export function head(...keys) {
  return h("thead", {}, h("tr", {}, keys.map((key) => h("th", { scope: "col" }, t(key)))));
}

/** A table that scrolls by itself, also by keyboard, where it is wider than the page. */
export function scrolling(label, ...content) {
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label, "data-key": `scroll-${label}` }, h("table", {}, content));
}

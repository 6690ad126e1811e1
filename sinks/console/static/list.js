// The list: open incidents by severity, those silenced, those resolved within a day.

import { foreign, h, s, swap } from "./dom.js";
import { ago, named, number, stamp, t } from "./i18n.js";
import { mark } from "./marks.js";
import { store } from "./store.js";

const SEVERITIES = ["critical", "error", "warning", "info"];
const wish = { text: "", product: "", status: "" };
let rows;
let products;

/** Build the frame once; `update` fills it. */
export function mount(root) {
  rows = h("div", { class: "rows" });
  products = h("select", { id: "by-product", onchange: choose("product") });
  const statuses = ["", "open", "acknowledged", "suppressed", "resolved"].map((status) =>
    h("option", { value: status, selected: status === wish.status }, status ? named("status", status) : t("filter.any-status")),
  );
  root.replaceChildren(
    h("h1", { id: "list-title", tabindex: "-1" }, t("list.title")),
    h(
      "form",
      { class: "filter", role: "search", "aria-label": t("filter.label"), onsubmit: (event) => event.preventDefault() },
      field("by-text", t("filter.text"), h("input", { id: "by-text", type: "search", value: wish.text, placeholder: t("filter.text"), oninput: choose("text") })),
      field("by-product", t("filter.product"), products),
      field("by-status", t("filter.status"), h("select", { id: "by-status", onchange: choose("status") }, statuses)),
    ),
    rows,
  );
  update();
}

function field(id, label, control) {
  return h("div", { class: "field" }, h("label", { for: id, class: "sr" }, label), control);
}

function choose(name) {
  return (event) => {
    wish[name] = event.target.value;
    update();
  };
}

/** Show what the store has now; `current` is the incident that is open beside it. */
export function update(current = location.hash) {
  if (!rows) return;
  const all = [...store.incidents.values()];
  fillProducts(all);
  const shown = all.filter(fits);
  const groups = [
    ...SEVERITIES.map((one) => [named("severity", one), shown.filter((i) => isOpen(i) && i.severity === one), one]),
    [t("list.silenced"), shown.filter((i) => i.status === "suppressed"), "quiet"],
    [t("list.resolved"), shown.filter((i) => i.status === "resolved"), "quiet"],
  ];
  const filled = groups.filter(([, incidents]) => incidents.length);
  swap(rows, filled.length ? filled.map((group) => section(group, current)) : nothing(all.length));
}

export function isOpen(incident) {
  return incident.status === "open" || incident.status === "acknowledged";
}

function fillProducts(all) {
  const names = [...new Set(all.map((i) => i.product))].sort();
  if (products.dataset.names === names.join("\n") && products.options.length) return;
  products.dataset.names = names.join("\n");
  products.replaceChildren(
    h("option", { value: "" }, t("filter.any-product")),
    ...names.map((name) => h("option", { value: name, selected: name === wish.product }, name)),
  );
}

function fits(incident) {
  if (wish.product && incident.product !== wish.product) return false;
  if (wish.status && incident.status !== wish.status) return false;
  const words = wish.text.toLowerCase().split(/\s+/).filter(Boolean);
  const said = [incident.incident_id, incident.title, incident.product, incident.service, incident.cause, incident.cause_zh, incident.handled_by]
    .join(" ")
    .toLowerCase();
  return words.every((word) => said.includes(word));
}

function nothing(known) {
  if (!store.caughtUp) return h("p", { class: "empty" }, t("list.reading"));
  return h(
    "div",
    { class: "empty" },
    h("p", { class: "empty-title" }, known ? t("list.none-fits") : t("list.none")),
    !known && h("p", {}, t("list.none-more")),
  );
}

function section([label, incidents, tone], current) {
  const sorted = incidents.sort((a, b) => (a.opened_at < b.opened_at ? 1 : -1));
  return h(
    "section",
    { class: "group" },
    h("h2", { "data-tone": tone }, mark(tone), label, " ", h("span", { class: "count" }, number(incidents.length))),
    h("ul", {}, sorted.map((incident) => row(incident, current))),
  );
}

function row(incident, current) {
  const href = `#/incident/${encodeURIComponent(incident.incident_id)}`;
  const facts = [
    t("row.reports", { n: number(incident.count), expected: number(incident.expected), minutes: number(incident.window_minutes) }),
    t("people", { n: number(incident.people) }),
  ];
  return h(
    "li",
    {},
    h(
      "a",
      { class: "row", href, "data-key": href, "data-tone": incident.severity, "aria-current": href === current ? "true" : null },
      h(
        "span",
        { class: "row-head" },
        incident.status !== "open" && h("span", { class: "status" }, named("status", incident.status)),
        h("span", { class: "row-time" }, time(incident)),
      ),
      foreign(incident.title, "span", { class: "row-title" }),
      h("span", { class: "row-facts" }, facts.join(" · ")),
      incident.handled_by && h("span", { class: "row-facts" }, t("row.handled", { who: incident.handled_by })),
      spark(incident.spark),
    ),
  );
}

function time(incident) {
  const moment = incident.resolved_at ?? incident.onset;
  const words = t(incident.resolved_at ? "row.resolved" : "row.since", { when: stamp(moment) });
  return [words, " ", h("span", { class: "ago" }, `(${ago(moment)})`)];
}

function spark(counts) {
  if (counts.length < 2) return null;
  const most = Math.max(1, ...counts);
  const points = counts.map((count, n) => `${(n / (counts.length - 1)) * 100},${22 - (count / most) * 20}`);
  return s(
    "svg",
    { class: "spark", viewBox: "0 0 100 24", preserveAspectRatio: "none", "aria-hidden": "true" },
    s("polyline", { points: points.join(" ") }),
  );
}

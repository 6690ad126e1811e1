// One incident: what it is, what to do about it, and the facts behind it.

import { Actions } from "./actions.js";
import { chart } from "./chart.js";
import { foreign, h, swap } from "./dom.js";
import * as facts from "./facts.js";
import { ago, named, number, said, stamp, t } from "./i18n.js";
import { mark } from "./marks.js";
import { section } from "./parts.js";
import { ask, store } from "./store.js";

let root;
let shown = null;
let actions = null;
let top;
let body;

/** Build the frame for one incident and fetch it. */
export async function open(pane, id) {
  root = pane;
  shown = id;
  actions = new Actions(id);
  top = h("div", {});
  body = h("div", { class: "facts" });
  top.append(title(t("incident.loading")));
  root.replaceChildren(h("p", { class: "back" }, h("a", { href: "#/" }, `← ${t("incident.back")}`)), top, actions.element, body);
  await refresh();
}

/** Nothing is shown any more. */
export function close() {
  shown = null;
  actions = null;
  root?.replaceChildren();
}

/** Fetch the open incident again. */
export async function refresh() {
  const id = shown;
  if (!id) return;
  try {
    const detail = await ask(`/api/incidents/${encodeURIComponent(id)}`);
    // Somebody may have gone on meanwhile.
    if (shown === id) render(detail);
  } catch {
    if (shown === id && !body.childElementCount) {
      swap(top, title(t("action.unreachable")));
    }
  }
}

/** Close the form that is unfolded; whether there was one. */
export function fold() {
  return actions?.fold() ?? false;
}

/** Mark the facts with these ids, and no others. */
export function cite(ids) {
  for (const fact of root?.querySelectorAll("[data-fact]") ?? []) {
    fact.classList.toggle("cited", ids.includes(fact.dataset.fact));
  }
}

/** Bring the fact with this id into view; it stays marked. */
export function goTo(id) {
  const fact = root.querySelector(`[data-fact="${CSS.escape(id)}"]`);
  if (!fact) return;
  fact.focus({ preventScroll: true });
  fact.scrollIntoView({ block: "center" });
  cite([id]);
}

function render(detail) {
  actions.element.hidden = detail === null;
  if (detail === null) {
    // Nobody knows that before the topic has been read.
    swap(top, title(t(store.caughtUp ? "incident.unknown" : "list.reading")));
    return;
  }
  const { incident, revisions, course } = detail;
  actions.update(incident);
  root.dataset.tone = incident.severity;
  swap(top, heading(incident), glance(incident));
  swap(
    body,
    facts.causes(incident),
    section("chart", chart(course, [
      { kind: "onset", time: incident.onset.estimate, label: t("chart.onset") },
      { kind: "detected", time: incident.detected_at, label: t("chart.detected") },
    ])),
    facts.slices(incident),
    facts.changes(incident),
    facts.texts(incident),
    facts.templates(incident),
    facts.past(incident),
    facts.related(incident),
    facts.notes(incident),
    facts.history(revisions),
    facts.technical(incident),
  );
}

function title(text) {
  return h("h1", { id: "incident-title", "data-key": "title", tabindex: "-1", dir: "auto" }, text);
}

function heading(incident) {
  return h(
    "div",
    { class: "heading" },
    h(
      "p",
      { class: "badges" },
      h("span", { class: "badge", "data-tone": incident.severity }, mark(incident.severity), named("severity", incident.severity)),
      h("span", { class: "status" }, named("status", incident.status)),
      h("span", { class: "muted" }, t("incident.place", { product: incident.product }), incident.service && [" · ", foreign(incident.service)]),
    ),
    title(incident.title),
    incident.severity_reason && h("p", { class: "muted" }, t("incident.why-severe", { severity: named("severity", incident.severity) }), " ", foreign(said(incident.severity_reason))),
  );
}

function glance(incident) {
  const { observed, impact, onset } = incident;
  return h(
    "dl",
    { class: "glance" },
    item("since", when(onset.estimate), t("glance.earliest", { when: stamp(onset.earliest) })),
    item(
      "observed",
      h("strong", {}, number(observed.count)),
      t("glance.expected", { expected: number(observed.expected), minutes: number(observed.window_minutes), lift: number(observed.lift) }),
    ),
    item("people", h("strong", {}, number(impact.users)), impact.low < impact.high && t("glance.interval", { low: number(impact.low), high: number(impact.high) })),
    item("detected", when(incident.detected_at), incident.resolved_at && t("glance.resolved", { when: stamp(incident.resolved_at) })),
    item("handled", handler(incident), silence(incident)),
  );
}

function item(key, main, more) {
  return h("div", {}, h("dt", {}, t(`glance.${key}`)), h("dd", {}, main, more && h("span", { class: "more" }, more)));
}

function when(moment) {
  return h("time", { datetime: moment }, h("strong", {}, stamp(moment)), h("span", { class: "more" }, ago(moment)));
}

function handler(incident) {
  const taken = incident.acknowledgement;
  if (!taken) return h("span", { class: "muted" }, incident.status === "resolved" ? "–" : t("glance.nobody"));
  return [foreign(taken.by, "strong"), ` ${t("glance.until", { when: stamp(taken.until) })}`];
}

function silence(incident) {
  return incident.silence && t("glance.silenced", { who: incident.silence.by, when: stamp(incident.silence.until) });
}

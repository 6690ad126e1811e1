// The facts of an incident, each in a section of its own; what can be cited carries `data-fact`.

import { foreign, h } from "./dom.js";
import { language, named, number, percent, said, stamp, t } from "./i18n.js";
import { head, scrolling, section } from "./parts.js";

const own = (other, chinese) => (language === "zh" && chinese ? chinese : other);

/** Hypotheses with what they cite, next steps, and what became of the analysis. */
export function causes({ rca }) {
  const state = h(
    "p",
    { class: "rca-state" },
    h("span", { class: "status" }, named("rca", rca.status)),
    " ",
    t(`rca.by.${rca.source}`),
    rca.reason && [" · ", foreign(said(rca.reason))],
  );
  const found = rca.hypotheses.map((one) =>
    h(
      "li",
      { class: "hypothesis", "data-cites": one.evidence_ids.join(" ") },
      foreign(own(one.cause, one.cause_zh), "p", { class: "cause" }),
      h(
        "p",
        { class: "cites" },
        h("span", { class: "muted" }, `${named("category", one.category)} · ${t("cause.confidence", { how: named("confidence", one.confidence) })} · ${t("cause.rests")}`),
        one.evidence_ids.map((id) => [" ", h("button", { type: "button", class: "chip", "data-cites": id, "data-key": `cite-${one.cause}-${id}`, "aria-label": t("cause.show", { id }) }, id)]),
      ),
    ),
  );
  const zh = language === "zh" && rca.next_steps_zh.length > 0;
  const steps = zh ? rca.next_steps_zh : rca.next_steps;
  return section(
    "causes",
    found.length ? h("ol", { class: "hypotheses" }, found) : h("p", { class: "muted" }, t("cause.none")),
    steps.length > 0 && [h("h3", {}, t("cause.next")), h("ol", { class: "steps" }, steps.map((step) => foreign(step, "li")))],
    state,
  );
}

function place(attributes) {
  const parts = Object.entries(attributes).map(([name, value]) => h("span", { class: "pair" }, h("span", { class: "muted" }, name), " ", foreign(value)));
  return parts.length ? parts : h("span", { class: "muted" }, t("slice.all"));
}

/** For whom, the other candidates, and whom it does not concern. */
export function slices({ slice, unaffected }) {
  return section(
    "slices",
    h(
      "p",
      { "data-fact": "s1", tabindex: "-1", class: "fact" },
      slice.abstained
        ? [t("slice.abstained"), slice.reason && [" ", foreign(said(slice.reason))]]
        : [place(slice.attributes), " ", h("span", { class: "muted" }, t("slice.share", { share: percent(slice.share), lift: number(slice.lift) }))],
    ),
    slice.candidates.length > 0 &&
      scrolling(
        t("section.slices"),
        head("slice.where", "slice.of-excess", "slice.lift"),
        h("tbody", {}, slice.candidates.map((one) =>
          h("tr", {}, h("th", { scope: "row" }, place(one.attributes)), h("td", {}, meter(one.share)), h("td", {}, `×${number(one.lift)}`)))),
      ),
    unaffected?.length > 0 && [
      h("h3", {}, t("slice.unaffected")),
      h("ul", { class: "plain" }, unaffected.map((one) =>
        h("li", {}, place({ [one.attribute]: one.value }), " ", h("span", { class: "muted" }, t("slice.usual", { share: percent(one.share), usual: percent(one.usual_share) }))))),
    ],
  );
}

function meter(share) {
  return [h("meter", { min: "0", max: "1", value: String(share), "aria-hidden": "true" }), " ", percent(share)];
}

function fact(id, ...content) {
  return h("li", { class: "fact", "data-fact": id, tabindex: "-1" }, h("span", { class: "id", title: id }, id), h("div", {}, content));
}

/** Changes near the onset. */
export function changes(incident) {
  if (!incident.changes.length) return section("changes", h("p", { class: "muted" }, t("change.none")));
  return section(
    "changes",
    h("ul", { class: "plain" }, incident.changes.map((one) =>
      fact(
        one.id,
        foreign(one.summary, "p"),
        h("p", { class: "muted" }, before(one.minutes_before_onset), ` · ${stamp(one.time)}`, one.fits?.length > 0 && [" · ", t("change.fits"), " ", foreign(one.fits.join(", "))]),
      ))),
  );
}

function before(minutes) {
  return minutes >= 0 ? t("change.before", { n: number(minutes) }) : t("change.after", { n: number(-minutes) });
}

/** What people said, by channel. */
export function texts({ evidence, channels }) {
  const counts = Object.entries(channels).sort((a, b) => b[1] - a[1]);
  return section(
    "texts",
    h("ul", { class: "channels" }, counts.map(([channel, count]) => h("li", {}, named("channel", channel), " ", h("strong", {}, number(count))))),
    h("ul", { class: "plain" }, evidence.map((one) =>
      fact(one.id, h("blockquote", {}, foreign(one.text, "p")), h("p", { class: "muted" }, `${named("channel", one.channel)} · ${stamp(one.time)} · ${one.source}`)))),
  );
}

/** Log lines that rose before the onset or with it. */
export function templates({ risen }) {
  if (!risen?.length) return null;
  return section("templates", h("ul", { class: "plain" }, risen.map((one) =>
    fact(
      one.id,
      foreign(one.template, "code"),
      h("p", { class: "muted" }, t("template.rise", { count: number(one.count), expected: number(one.expected) }), " · ", one.lead_minutes > 0 ? t("change.before", { n: number(one.lead_minutes) }) : t("template.with")),
    ))));
}

/** Incidents that were like this one. */
export function past({ past: found }) {
  if (!found?.length) return null;
  return section("past", h("ul", { class: "plain" }, found.map((one) =>
    fact(
      one.id,
      h("p", {}, link(one.id, one.title)),
      h("p", { class: "muted" }, `${stamp(one.opened_at)} – ${stamp(one.resolved_at)} · ${t("past.alike", { share: percent(one.similarity) })}`),
      h("p", {}, one.resolution ? [h("strong", {}, t("past.solved")), " ", foreign(one.resolution)] : h("span", { class: "muted" }, t("past.unsaid"))),
    ))));
}

function link(id, title) {
  return h("a", { href: `#/incident/${encodeURIComponent(id)}`, "data-key": `to-${id}`, dir: "auto" }, title);
}

/** Incidents that may be part of the same trouble. */
export function related(incident) {
  const known = new Map((incident.related ?? []).map((one) => [one.incident_id, one]));
  const ids = [...new Set([...incident.related_incident_ids, ...known.keys()])];
  if (incident.previous_incident_id) ids.push(incident.previous_incident_id);
  if (!ids.length) return null;
  const isHead = incident.head_incident_id === incident.incident_id;
  return section(
    "related",
    isHead && h("p", {}, t("related.this-heads")),
    h("ul", { class: "plain" }, ids.map((id) => {
      const one = known.get(id);
      const tags = [
        id === incident.head_incident_id && t("related.heads"),
        id === incident.previous_incident_id && t("related.previous"),
        one && t("related.shares", { what: one.shares.map((what) => named("shares", what)).join(", ") }),
      ].filter(Boolean);
      return h("li", {}, one && [foreign(one.product, "strong"), " "], link(id, one?.title ?? id), tags.length > 0 && h("p", { class: "muted" }, tags.join(" · ")));
    })),
  );
}

/** What people left for those who read it later, and what they thought of it. */
export function notes({ notes: found, opinions }) {
  if (!found?.length && !opinions) return null;
  return section(
    "notes",
    h("ul", { class: "plain" }, (found ?? []).map((one) =>
      h("li", {}, foreign(one.text, "p"), h("p", { class: "muted" }, foreign(one.by), ` · ${stamp(one.at)}`)))),
    opinions && h("p", { class: "muted" }, t("notes.opinions", { useful: number(opinions.useful), not: number(opinions.not_useful), factor: number(opinions.factor, 2) })),
  );
}

/** Every revision and why it was published. */
export function history(turns) {
  return section("history", scrolling(
    t("section.history"),
    head("history.revision", "history.when", "history.why", "history.status", "history.severity", "history.count"),
    h("tbody", {}, [...turns].reverse().map((turn) =>
      h("tr", {},
        h("th", { scope: "row" }, number(turn.revision)),
        h("td", {}, stamp(turn.at)),
        h("td", {}, turn.reason ? foreign(said(turn.reason)) : "–"),
        h("td", {}, named("status", turn.status)),
        h("td", {}, named("severity", turn.severity)),
        h("td", {}, `${number(turn.count)} / ${number(turn.expected)}`)))),
  ));
}

/** What only those ask for who doubt it. */
export function technical({ incident_id, revision, grouping, observed, impact, labels }) {
  const rows = [
    ["tech.id", incident_id],
    ["tech.revision", number(revision)],
    ["tech.detector", observed.detector],
    ["tech.baseline", said(observed.baseline)],
    ["tech.score", `${number(observed.score, 2)} ×`],
    ["tech.threshold", observed.threshold && `${number(observed.threshold.score)} nats`],
    ["tech.people", said(impact.basis)],
    ["tech.grouping", `${said(grouping.reason)} (${number(grouping.distance, 3)})`],
    ["tech.labels", Object.entries(labels).map(([name, value]) => `${name}=${value}`).join("  ")],
  ];
  return h(
    "details",
    { class: "card technical", "data-key": "technical" },
    h("summary", { "data-key": "technical-summary" }, t("section.technical")),
    h("dl", {}, rows.filter(([, value]) => value).map(([key, value]) => [h("dt", {}, t(key)), foreign(value, "dd")])),
  );
}

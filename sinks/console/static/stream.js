// The health of the stream itself: what waits, where each source stands, what was refused.

import { foreign, h, swap } from "./dom.js";
import { ago, named, number, stamp, t } from "./i18n.js";
import { head, scrolling, section } from "./parts.js";
import { store } from "./store.js";

const BEHIND = 3;
let body;

/** Build the frame once; `update` fills it. */
export function mount(root) {
  body = h("div", {});
  root.replaceChildren(h("h1", { id: "stream-title", tabindex: "-1" }, t("stream.title")), body);
  update();
}

/** Show what the store has now. */
export function update() {
  if (!body) return;
  const { health } = store;
  if (!health?.known) {
    const words = health?.state === "away" ? t("stream.unreached") : t("stream.asking");
    swap(body, h("p", { class: "empty" }, words));
    return;
  }
  swap(body, tiles(health), waiting(health), sources(health), refused(health));
}

function tiles(health) {
  const letters = Object.values(health.refused).reduce((sum, n) => sum + n, 0);
  return h(
    "dl",
    { class: "tiles" },
    tile("workers", health.workers, health.workers === 0 && t("stream.no-worker")),
    tile("lag", health.lag, health.lag === 0 ? t("stream.no-lag") : null),
    tile("accepted", health.accepted),
    tile("late", health.late, share(health.late, health.accepted)),
    tile("duplicates", health.duplicates),
    tile("letters", letters, share(letters, letters + health.accepted)),
  );
}

function tile(key, value, more) {
  return h("div", {}, h("dt", {}, t(`stream.${key}`)), h("dd", {}, number(value), more && h("span", { class: "more" }, more)));
}

function share(part, whole) {
  return whole ? `${number((100 * part) / whole, 2)} %` : null;
}

function waiting(health) {
  const topics = Object.entries(health.waiting).filter(([, lag]) => lag > 0);
  if (!topics.length) return null;
  return section("waiting", h("ul", { class: "channels" }, topics.map(([topic, lag]) => h("li", {}, foreign(topic), " ", h("strong", {}, number(lag))))));
}

function sources(health) {
  return section(
    "sources",
    scrolling(
      t("section.sources"),
      head("stream.source", "stream.state", "stream.watermark", "stream.lag", "stream.accepted", "stream.late", "stream.duplicates", "stream.refused"),
      h("tbody", {}, health.sources.map(source)),
    ),
  );
}

function source(one) {
  const behind = one.behind_minutes >= BEHIND;
  const state = behind ? t("source.behind", { n: number(one.behind_minutes) }) : named("source", one.state);
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, `${one.topic}-${one.partition}`),
    h("td", {}, h("span", { class: "dot", "data-state": behind ? "behind" : one.state }), state),
    h("td", {}, one.watermark ? h("time", { datetime: one.watermark, title: ago(one.watermark) }, stamp(one.watermark)) : "–"),
    [one.lag, one.accepted, one.late, one.duplicates, one.refused].map((n) => h("td", { class: n ? null : "zero" }, number(n))),
  );
}

function refused(health) {
  const reasons = Object.entries(health.refused).sort((a, b) => b[1] - a[1]);
  if (!reasons.length) return section("reasons", h("p", { class: "muted" }, t("stream.none-refused")));
  return section(
    "reasons",
    scrolling(
      t("section.reasons"),
      head("stream.reason", "stream.records"),
      h("tbody", {}, reasons.map(([reason, n]) => h("tr", {}, h("th", { scope: "row" }, named("reason", reason)), h("td", {}, number(n))))),
    ),
    h("p", { class: "muted" }, t("stream.requeue")),
  );
}

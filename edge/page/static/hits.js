// Documents that have words in them.

import { id, post } from "./api.js";
import { $, foreign, h } from "./dom.js";
import { t } from "./i18n.js";
import { openSource } from "./source.js";

/** Look for words, in all documents or in one patient's, and list what has them. */
export async function hitList(place, words, patient) {
  if (!words.trim()) return;
  // What comes after the next question, or after other words were typed, is not shown.
  const waiting = h("p", { class: "muted" }, t("loading"));
  place.replaceChildren(waiting);
  try {
    const { hits, more } = await post("/api/search", { words, patient });
    if (!waiting.isConnected) return;
    const title = t(hits.length ? "find.hits" : "find.nohits");
    $("told").textContent = title;
    place.replaceChildren(
      h("h2", { class: "group" }, title),
      more ? h("p", { class: "muted" }, t("find.cut", { n: hits.length })) : "",
      h("ul", { class: "rows" }, hits.map((one) => row(one, patient))),
    );
    place.scrollIntoView({ block: "nearest" });
  } catch (error) {
    if (!error.words) throw error;
    if (waiting.isConnected) place.replaceChildren(h("p", { class: "trouble", role: "alert" }, error.words));
  }
}

function row({ hit, name }, patient) {
  const spans = hit.spans.length ? hit.spans : [null];
  const opener = h(
    "button",
    {
      type: "button",
      class: "row line-hit",
      "data-line": true,
      onclick: () => openSource(spans.map((span) => ({ document: hit.document, span })), opener),
    },
    h("span", { class: "row-title" }, patient ? null : [foreign(name), " · "], foreign(hit.title || t("untitled")), " ", h("time", { class: "more-inline" }, hit.date)),
    h("span", { class: "more" }, excerpt(hit)),
  );
  const whose = patient ? null : h("a", { class: "whose", href: `#/p/${id(hit.patient)}` }, t("import.open"));
  return h("li", { class: "hit" }, opener, whose);
}

function excerpt(hit) {
  const characters = [...hit.excerpt];
  const pieces = [];
  let done = 0;
  for (const span of hit.spans) {
    const start = Math.max(span.start - hit.at, done);
    const end = Math.min(span.end - hit.at, characters.length);
    if (end <= start) continue;
    pieces.push(characters.slice(done, start).join(""), h("mark", {}, characters.slice(start, end).join("")));
    done = end;
  }
  pieces.push(characters.slice(done).join(""));
  return h("bdi", { dir: "auto" }, pieces);
}

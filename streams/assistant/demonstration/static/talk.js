// The conversation on the page. What comes from outside is text and nothing else.

import { cards } from "/static/cards.js";
import { foreign, h } from "/static/dom.js";
import { named, number, stamp, t } from "/static/i18n.js";

const log = document.getElementById("log");
const talk = document.getElementById("talk");

/** What was said, at the end of the conversation. */
export function mine(text) {
  return append(
    h("li", { class: "mine", tabindex: -1 }, who("you"), foreign(text, "p", { class: "bubble" })),
  );
}

/** A place for the answer to a turn, which is on its way. */
export function waiting() {
  // Whoever listens hears the answer, once, and not what it replaces.
  return append(h("li", { class: "theirs waiting", "aria-hidden": "true" }, h("p", { class: "bubble" }, t("waiting"))));
}

/** Words to go on with, until the answer is there. */
export function partly(place, text) {
  place.replaceChildren(foreign(text, "p", { class: "bubble" }));
  scroll();
}

/** Something of ours that is no answer, in `place`; `again` is offered if there is one. */
export function trouble(place, text, again) {
  put(place, h("li", { class: "theirs failed" }, who("us"), h("p", { class: "bubble" }, text), retry(again)));
}

/**
 * The answer, in `place`. `choose` is called with a choice, `prove` when the person has to show who
 * it is; `again` is offered if there is one.
 */
export function answer(place, reply, { choose, prove, again }) {
  const text = reply.text || t(`status.${reply.status ?? "answered"}`);
  put(
    place,
    h(
      "li",
      { class: "theirs", "data-status": reply.status ?? "answered" },
      who("us"),
      foreign(text, "p", { class: "bubble" }),
      cards(reply.actions ?? [], prove),
      choices(reply.choices ?? [], choose),
      retry(again),
      lacks(reply.degraded ?? []),
      sources(reply.sources ?? []),
    ),
  );
}

/** What was offered before can be chosen no more. */
export function close() {
  for (const button of talk.querySelectorAll(".choices button, .card button")) button.disabled = true;
}

/** An empty conversation, with a greeting. */
export function clear() {
  talk.replaceChildren();
  append(h("li", { class: "theirs" }, who("us"), h("p", { class: "bubble hello" }, t("hello"))));
}

function append(place) {
  talk.append(place);
  scroll();
  return place;
}

function put(place, item) {
  // In a new conversation nobody waits for it.
  if (!place.isConnected) return;
  place.replaceWith(item);
  scroll();
}

/** To the end, or to the beginning of an answer that is longer than the window. */
function scroll() {
  const last = talk.lastElementChild;
  const end = log.scrollHeight - log.clientHeight;
  log.scrollTop = last.offsetHeight > log.clientHeight ? last.offsetTop : end;
}

function who(name) {
  return h("span", { class: "sr" }, t(name));
}

function retry(again) {
  if (!again) return null;
  return h("p", { class: "choices" }, h("button", { type: "button", onclick: again }, t("again")));
}

function choices(offered, choose) {
  if (!offered.length) return null;
  const buttons = offered.map((choice) =>
    h("button", { type: "button", "data-choice": choice.id, onclick: () => choose(choice) }, foreign(choice.label)),
  );
  return h("p", { class: "choices" }, buttons);
}

/** What was not as it should be, in words. */
export function lack(code) {
  const [kind, name = "", seconds = "0"] = code.split(":");
  const words = t(`lacks.${kind}`, { name: named("tool", name), seconds: number(Number(seconds), 0) });
  return words === `lacks.${kind}` ? code : words;
}

function lacks(codes) {
  return codes.length
    ? h("ul", { class: "lacks", "aria-label": t("lacks") }, codes.map((code) => h("li", { "data-lack": code }, lack(code))))
    : null;
}

function sources(found) {
  if (!found.length) return null;
  const each = found.map((source) => [
    h(
      "p",
      {},
      h("span", { class: "kind" }, named("source", source.kind)),
      " ",
      foreign(source.title),
      source.as_of ? ` · ${t("as_of", { time: stamp(source.as_of) })}` : "",
    ),
    source.quote ? foreign(source.quote, "blockquote") : null,
  ]);
  return h("details", { class: "told" }, h("summary", {}, t("sources", { n: number(found.length) })), each);
}

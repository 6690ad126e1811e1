// The document beside: its text as it is, with the very characters that a line was read from.

import { get, id } from "./api.js";
import { $, button, foreign, h, plain } from "./dom.js";
import { t } from "./i18n.js";

let sources = [];
let at = 0;
let kept = null;
let from = null;
let turn = 0;

export const sourceIsOpen = () => !$("source").hidden;

/** Show the first of these places; `opener` gets the focus back. */
export async function openSource(places, opener) {
  sources = places;
  from = opener;
  for (const one of document.querySelectorAll(".line[aria-current]")) one.removeAttribute("aria-current");
  opener?.setAttribute("aria-current", "true");
  await show(0);
}

/** The next one, or the one before; around the end. */
export async function nextSource(step) {
  if (sourceIsOpen() && sources.length > 1) await show((at + step + sources.length) % sources.length);
}

export function closeSource() {
  turn += 1;
  kept = null;
  sources = [];
  $("source").hidden = true;
  $("source").replaceChildren();
  delete document.body.dataset.beside;
  for (const one of document.querySelectorAll(".line[aria-current]")) one.removeAttribute("aria-current");
  if (from?.isConnected) from.focus();
  from = null;
}

async function show(which) {
  turn += 1;
  const mine = turn;
  const wanted = sources[which];
  try {
    if (kept?.id !== wanted.document) kept = await get(`/api/documents/${id(wanted.document)}`);
  } catch (error) {
    if (!error.words) throw error;
    if (mine === turn) draw([h("p", { class: "empty" }, error.words)]);
    return;
  }
  if (mine !== turn) return;
  at = which;
  const spans = sources.filter((one) => one.document === kept.id && one.span).map((one) => one.span);
  draw([written(kept.text, spans, wanted.span)]);
  const here = $("source").querySelector(".here");
  $("told").textContent = [t("source.pane"), here?.textContent].filter(Boolean).join(": ");
  if (here) here.scrollIntoView({ block: "center" });
  else $("source").querySelector(".written").scrollTop = 0;
}

function draw(content) {
  const several = sources.length > 1;
  const hadFocus = $("source").contains(document.activeElement);
  $("source").hidden = false;
  document.body.dataset.beside = "";
  const details = kept ? [kept.date || t("undated"), kept.department].filter(Boolean).join(" · ") : "";
  $("source").replaceChildren(
    // On a phone it covers the page's own.
    h("p", { class: "caution" }, t("caution")),
    h(
      "header",
      {},
      h("h2", {}, kept ? foreign(kept.title || t("untitled")) : null, h("span", { class: "more" }, foreign(details))),
      button(t("close"), closeSource, { class: "quiet", "data-close": true }),
    ),
    several
      ? h(
          "p",
          { class: "turning" },
          button("←", () => nextSource(-1), { "aria-label": t("source.previous") }),
          h("span", { role: "status" }, t("source.of", { at: at + 1, n: sources.length })),
          button("→", () => nextSource(1), { "aria-label": t("source.next") }),
        )
      : "",
    ...content,
  );
  if (hadFocus || matchMedia("(max-width: 46rem)").matches) $("source").focus();
}

/** Text in pieces, those of the spans marked. Spans count characters, not halves of pairs. */
function written(text, spans, wanted) {
  const all = [...new Map(spans.map((one) => [`${one.start}-${one.end}`, one])).values()].sort(
    (one, other) => one.start - other.start || one.end - other.end,
  );
  const cut = slicer(text);
  const pieces = [];
  let done = 0;
  for (const span of all) {
    const start = Math.max(span.start, done);
    if (span.end <= start) continue;
    pieces.push(plain(cut(done, start)));
    const here = wanted && span.start === wanted.start && span.end === wanted.end;
    pieces.push(h("mark", { class: here ? "here" : null }, cut(start, span.end)));
    done = span.end;
  }
  pieces.push(plain(cut(done, Infinity)));
  return h("div", { class: "written", dir: "auto", tabindex: "0", translate: "no" }, pieces);
}

function slicer(text) {
  if (!/[\ud800-\udfff]/.test(text)) return (start, end) => text.slice(start, end);
  const characters = [...text];
  return (start, end) => characters.slice(start, end).join("");
}

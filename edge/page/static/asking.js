// A question about the patient: what the record says, and, after a yes to the very words, one answer from outside.

import { id, post } from "./api.js";
import { button, field, foreign, h } from "./dom.js";
import { language, t } from "./i18n.js";
import { line } from "./lines.js";

/** The field, and the place of the answer under it. */
export function asker(patient) {
  const place = h("div", { class: "no-print", "aria-live": "polite" });
  const ask = field(t("ask"), { rows: 1, placeholder: t("ask.hint"), "data-ask": true, maxlength: 2000, dir: "auto" }, "textarea");
  const form = h("form", { class: "finder inside no-print" }, ask.label, button(t("ask"), null, { type: "submit" }));
  let asked = 0;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const question = ask.input.value;
    if (!question.trim()) return;
    // A keyboard on the screen would stand before the answer.
    if (!matchMedia("(pointer: fine)").matches) ask.input.blur();
    asked += 1;
    const mine = asked;
    const show = (...content) => mine === asked && place.replaceChildren(...content);
    show(h("p", { class: "muted" }, t("loading")));
    try {
      show(found(patient, await post(`/api/patients/${id(patient)}/ask`, { question })));
    } catch (error) {
      if (!error.words) throw error;
      show(trouble(error));
    }
  });
  ask.input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  return [form, place];
}

function found(patient, { lines, general, draft }) {
  const own = lines.length ? h("ul", { class: "lines" }, lines.map((one) => line(one))) : h("p", { class: "none" }, t("ask.none"));
  const outside = draft ? outsideBox(patient, draft) : general ? h("p", { class: "none" }, t("ask.nowhere")) : null;
  return h("section", { class: "part", "data-part": "asked", "aria-label": t("ask.found") }, h("h2", {}, t("ask.found")), own, outside);
}

/** What would leave, drawn each time from what the program says; then what came of it. */
function outsideBox(patient, first) {
  const box = h("div", { class: "outside", tabindex: "-1" });
  const path = `/api/patients/${id(patient)}/draft`;

  /** The last thing that is done with a draft, whatever comes of it. */
  async function end(words, work) {
    for (const one of box.querySelectorAll("button")) one.disabled = true;
    box.append(h("p", { class: "muted" }, words));
    try {
      box.replaceChildren(...(await work()));
    } catch (error) {
      if (!error.words) throw error;
      box.replaceChildren(trouble(error));
    }
    box.focus();
  }

  const drop = async () => {
    await post(`${path}/drop`);
    return [told("no")];
  };

  function draw(draft, more = "") {
    const hidden = draft.pieces.filter((one) => one.hidden).map((one) => one.number);
    // One at a time: the yes is for what stands here.
    async function flip(number) {
      for (const one of box.querySelectorAll("button")) one.disabled = true;
      const wanted = hidden.includes(number) ? hidden.filter((one) => one !== number) : [...hidden, number];
      try {
        draw(await post(path, { hidden: wanted }));
      } catch (error) {
        if (!error.words) throw error;
        draw(draft, trouble(error));
      }
      box.querySelector(`[data-doubt="${number}"]`).focus();
    }
    const doubt = (one) =>
      button(foreign(one.text), () => flip(one.number), {
        class: "doubt",
        "data-doubt": one.number,
        "aria-pressed": String(Boolean(one.hidden)),
        "aria-description": `${t("ask.maybe")} ${t(`kind.${one.kind}`)}`,
      });
    const isDoubt = (one) => one.number !== undefined;
    box.replaceChildren(
      h("h3", {}, t("ask.outside")),
      h("div", { class: "draft", dir: "auto", translate: "no" }, draft.pieces.map((one) => (isDoubt(one) ? doubt(one) : foreign(one.text, "span")))),
      draft.pieces.some(isDoubt) ? h("p", { class: "more" }, t("ask.marked")) : "",
      taken(draft.taken),
      h("p", { class: "more" }, t("ask.read")),
      h(
        "p",
        { class: "doing" },
        button(t("ask.no"), () => end("", drop)),
        button(t("ask.yes"), () => end(t("ask.sending"), async () => became(await post(`${path}/send`, { digest: draft.digest })))),
      ),
      more,
    );
  }

  draw(first);
  return box;
}

const told = (outcome) => h("p", {}, t(`ask.told.${outcome}`));

const trouble = (error) => h("p", { class: "trouble", role: "alert" }, error.words);

/** The answer and its sources, or why there is none. */
function became({ outcome, text, sources }) {
  if (outcome !== "answered") return [told(outcome)];
  return [
    h("h3", {}, t("ask.answered")),
    foreign(text, "div", { class: "answer" }),
    sources.length ? h("ul", { class: "more", "aria-label": t("ask.sources") }, sources.map((one) => h("li", {}, "· ", foreign(one)))) : "",
  ];
}

/** Words that do not leave, by their kind. */
function taken(all) {
  if (!all.length) return "";
  const kinds = [...new Set(all.map((one) => one.kind))];
  const words = (kind) => all.filter((one) => one.kind === kind).map((one, n) => [n ? (language === "zh" ? "；" : "; ") : "", foreign(one.words)]);
  return h(
    "dl",
    { class: "gone", "aria-label": t("ask.taken") },
    h("dt", {}, t("ask.taken")),
    kinds.map((kind) => h("dd", {}, t(`kind.${kind}`), ": ", words(kind))),
  );
}

// Whose records there are: found while one types.

import { id, post } from "./api.js";
import { button, field, foreign, h, once } from "./dom.js";
import { number, t } from "./i18n.js";
import { importSheet } from "./importing.js";
import { hitList } from "./hits.js";
import { closeSheet, openSheet } from "./sheet.js";

const WAIT_MS = 120;

/** Sex, birth and number, as far as they are known. */
export function facts(patient) {
  return [
    t(`sex.${patient.sex ?? "unknown"}`),
    patient.birth ? t("born", { date: patient.birth }) : null,
    patient.number ? t("number", { number: patient.number }) : null,
  ].filter(Boolean);
}

/** One of a list: leads to the patient, or does what `chosen` says. */
export function row(patient, chosen = null) {
  const way = chosen ? { type: "button", onclick: chosen } : { href: `#/p/${id(patient.id)}` };
  return h(
    "li",
    {},
    h(
      chosen ? "button" : "a",
      { class: "row", "data-line": true, ...way },
      foreign(patient.name, "bdi", { class: "row-title" }),
      h("span", { class: "more" }, foreign(facts(patient).join(" · "))),
    ),
  );
}

function addSheet() {
  const name = field(t("add.name"), { required: true, maxlength: 100, autofocus: true });
  const sex = field(t("add.sex"), {}, "select");
  sex.input.append(...["unknown", "female", "male"].map((one) => h("option", { value: one }, t(`sex.${one}`))));
  const birth = field(t("add.birth"), { pattern: "\\d{4}(-\\d\\d(-\\d\\d)?)?", inputmode: "numeric" });
  const hospital = field(t("add.number"), { maxlength: 40 });
  const trouble = h("div", { class: "trouble", role: "alert" });
  const save = button(t("add.save"), null, { type: "submit", class: "primary" });
  const form = h("form", { class: "stack" }, name.label, sex.label, birth.label, hospital.label, save, trouble);
  const add = async (sure) => {
    try {
      const told = await post("/api/patients/new", {
        name: name.input.value,
        sex: sex.input.value,
        birth: birth.input.value,
        number: hospital.input.value,
        sure,
      });
      if (told.patient) {
        closeSheet();
        location.hash = `#/p/${id(told.patient.id)}`;
        return;
      }
      // A button of its own: who presses Enter or the first one again adds nobody twice.
      save.disabled = true;
      trouble.replaceChildren(
        h("p", {}, t("add.alike")),
        h("ul", { class: "rows" }, told.alike.map((one) => row(one))),
        button(t("add.sure"), once(() => add(true))),
      );
    } catch (error) {
      if (!error.words) throw error;
      trouble.textContent = error.words;
    }
  };
  // They come up under the pointer: the second half of a double click opens nobody.
  trouble.addEventListener("click", (event) => event.detail > 1 && event.preventDefault());
  form.addEventListener("submit", once(() => add(false)));
  form.addEventListener("input", () => {
    save.disabled = false;
    trouble.replaceChildren();
  });
  openSheet(t("add"), form);
}

/** The list; what is found comes as one types. */
export async function patientsView({ shown, again }) {
  const find = field(t("find.label"), { type: "search", placeholder: t("find.hint"), "data-find": true, maxlength: 200 });
  const list = h("ul", { class: "rows" });
  const count = h("p", { class: "muted", role: "status" });
  const hits = h("div", {});
  let asked = 0;
  let waiting = 0;

  async function look() {
    asked += 1;
    const mine = asked;
    const told = await post("/api/patients", { words: find.input.value });
    if (mine !== asked) return;
    list.replaceChildren(...told.patients.map((one) => row(one)));
    const n = told.patients.length;
    if (told.more) count.textContent = t("find.more", { n, total: number(told.total) });
    else if (n) count.textContent = t("find.all", { n });
    else count.textContent = t(told.total ? "find.none" : "find.empty");
  }

  const search = button(t("find.documents"), () => hitList(hits, find.input.value, ""), { disabled: true });
  find.input.addEventListener("input", () => {
    search.disabled = !find.input.value.trim();
    hits.replaceChildren();
    clearTimeout(waiting);
    waiting = setTimeout(() => look().catch(() => {}), WAIT_MS);
  });
  find.input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    clearTimeout(waiting);
    look().then(chosen).catch(() => {});
  });
  /** Of several, none is opened unseen. */
  const chosen = () => {
    const all = list.querySelectorAll("a");
    if (all.length > 1) all[0].focus();
    else (all[0] ?? search).click();
  };
  await look();
  if (
    shown([
      h(
        "div",
        { class: "title" },
        h("h1", {}, t("patients")),
        h(
          "div",
          { class: "doing" },
          button(t("import"), () => importSheet(null, again)),
          button(t("add"), addSheet),
        ),
      ),
      h("div", { class: "finder" }, find.label, search),
      count,
      list,
      hits,
    ]) &&
    matchMedia("(pointer: fine)").matches
  ) {
    find.input.focus();
  }
  return {};
}

// One page of a patient: what matters first, each line with where it was read.

import { get, id, post } from "./api.js";
import { asker } from "./asking.js";
import { button, field, foreign, h } from "./dom.js";
import { hitList } from "./hits.js";
import { t } from "./i18n.js";
import { importSheet } from "./importing.js";
import { line } from "./lines.js";
import { facts } from "./patients.js";
import { deleteDocument, deletePatient, joinPatient } from "./removing.js";
import { reminderForm, reminderRow } from "./reminders.js";
import { openSheet } from "./sheet.js";
import { openSource } from "./source.js";
import { picture } from "./trend.js";

/** A part with its lines; `none`: what is said if there are none, else it is left out. */
function part(name, lines, { none = null, title = t(name), kind = name } = {}) {
  if (!lines.length && none === null) return null;
  const body = lines.length ? h("ul", { class: "lines" }, lines) : h("p", { class: "none" }, none);
  return h("section", { class: "part", "data-part": kind, "aria-label": title }, h("h2", {}, title), body);
}

function problem(one) {
  return h(
    "div",
    { class: "problem", "data-course": one.course },
    h("h3", {}, foreign(one.name), " ", h("span", { class: "course" }, t(`course.${one.course}`)), one.code ? h("span", { class: "code" }, one.code) : null),
    h("ul", { class: "lines" }, one.lines.map((each) => line(each))),
  );
}

function problems(all) {
  const body = all.length ? all.map(problem) : h("p", { class: "none" }, t("problems.none"));
  return h("section", { class: "part", "data-part": "problems", "aria-label": t("problems") }, h("h2", {}, t("problems")), body);
}

/** Only the list is drawn anew when one of it changes: all else stays where it is. */
function follow({ patient, reminders }, today) {
  const place = h("div", { tabindex: "-1" });
  const fill = (all) => {
    const open = all.filter((one) => !one.done);
    const done = all.filter((one) => one.done);
    place.replaceChildren(
      open.length ? "" : h("p", { class: "none" }, t("follow.none")),
      h("ul", { class: "due" }, [...open, ...done].map((one) => reminderRow(one, null, today, again))),
      open.length ? button(t("words"), () => wordsSheet(patient), { class: "quiet no-print" }) : "",
    );
  };
  const again = async () => {
    fill((await get(`/api/patients/${id(patient.id)}`)).reminders);
    place.focus({ preventScroll: true });
  };
  const written = async () => {
    await again();
    form.reset();
    adding.open = false;
  };
  const form = reminderForm({ patient: patient.id }, written);
  const adding = h("details", { class: "no-print" }, h("summary", {}, t("due.new")), form);
  fill(reminders);
  return h("section", { class: "part", "data-part": "follow", "aria-label": t("follow") }, h("h2", {}, t("follow")), place, adding);
}

/** What is due in words for the patient: to print, and to say. */
async function wordsSheet(patient) {
  try {
    const told = await get(`/api/patients/${id(patient.id)}/words`);
    const paper = button(t("words.print"), () => {
      document.body.dataset.paper = "";
      print();
      delete document.body.dataset.paper;
    });
    const text = (words, kind) => h("div", { class: `written ${kind}`, dir: "auto", tabindex: "0" }, words);
    const say = [h("h3", {}, t("words.say")), text(told.spoken, "say"), h("h3", {}, t("words.letter"))];
    openSheet(t("words"), h("div", { class: "stack words" }, say, text(told.letter, "paper"), h("p", { class: "doing" }, paper)));
  } catch (error) {
    if (!error.words) throw error;
  }
}

function documents(all, again) {
  const rows = all.map((one) => {
    const opener = h(
      "button",
      { type: "button", class: "line", "data-line": true, onclick: () => openSource([{ document: one.id, span: null }], opener) },
      h("span", { class: "line-text" }, foreign(one.title || t("untitled")), one.department ? [" ", foreign(one.department, "span", { class: "detail" })] : null),
      h("span", { class: "when" }, h("time", {}, one.date || t("undated"))),
    );
    const named = { "aria-label": `${t("gone.delete")} ${one.title || t("untitled")} ${one.date}`, class: "quiet no-print" };
    return h("li", { class: "kept" }, opener, button(t("gone.delete.more"), () => deleteDocument(one, again), named));
  });
  return part("documents", rows, { none: t("documents.none") });
}

function age(patient, today) {
  if (!patient.birth) return null;
  const [year, month, day] = patient.birth.split("-").map(Number);
  const [thisYear, thisMonth, thisDay] = today.split("-").map(Number);
  const before = month && (thisMonth < month || (thisMonth === month && day && thisDay < day));
  const years = thisYear - year - (before ? 1 : 0);
  return years >= 0 && years < 130 ? t("age", { n: years }) : null;
}

function finder(patient, place) {
  const find = field(t("find.inside"), { type: "search", placeholder: t("find.words"), "data-find": true, maxlength: 200 });
  const form = h("form", { class: "finder inside no-print" }, find.label, button(t("find.inside"), null, { type: "submit" }));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    hitList(place, find.input.value, patient);
  });
  return form;
}

/** Ask, and show. */
export async function patientView(name, { state, shown, again }) {
  const view = await get(`/api/patients/${id(name)}`);
  const { patient, summary } = view;
  const hits = h("div", { class: "no-print" });
  const lines = (all) => (all ?? []).map((one) => line(one));
  const results = summary.results.map((one, n) => line(one, picture(view.trends[n])));
  const since = summary.since ? t("changes", { date: summary.since }) : t("changes.first");
  shown([
    h("p", { class: "no-print" }, h("a", { class: "back", href: "#/" }, t("back"))),
    h(
      "div",
      { class: "title" },
      h(
        "div",
        {},
        h("h1", {}, foreign(patient.name)),
        h("p", { class: "facts" }, foreign([age(patient, state.today), ...facts(patient)].filter(Boolean).join(" · "))),
        summary.last_visit ? h("p", { class: "facts" }, t("visit", { date: summary.last_visit })) : null,
      ),
      h(
        "div",
        { class: "doing" },
        button(t("import"), () => importSheet(patient, again)),
        button(t("print"), () => print()),
      ),
    ),
    finder(patient.id, hits),
    hits,
    ...asker(patient.id),
    part("allergies", lines(summary.allergies), { none: t("allergies.none") }),
    part("contradictions", lines(summary.contradictions)),
    h(
      "div",
      { class: "halves" },
      h(
        "div",
        {},
        part("changes", lines(summary.changes), { none: t("changes.none"), title: since }),
        problems(summary.problems),
      ),
      h(
        "div",
        {},
        part("medication", lines(summary.medication), { none: t("medication.none") }),
        part("results", results, { none: t("results.none") }),
        follow(view, state.today),
        part("precautions", lines(summary.precautions)),
        part("procedures", lines(summary.procedures)),
        part("family", lines(summary.family)),
      ),
    ),
    documents(view.documents, again),
    h(
      "p",
      { class: "doing no-print whole" },
      button(t("join"), () => joinPatient(patient, again), { class: "quiet" }),
      button(t("gone.patient.more"), () => deletePatient(patient).catch(() => {}), { class: "quiet" }),
    ),
    h("p", { class: "muted read-by" }, t("read.by", { n: summary.documents, version: summary.version })),
    h("p", { class: "print-only" }, t("caution")),
  ]);
  return { patient, printed: () => post(`/api/patients/${id(patient.id)}/printed`).catch(() => {}) };
}

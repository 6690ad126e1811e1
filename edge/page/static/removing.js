// What has no way back: told what goes, and done after a yes.

import { get, id, post } from "./api.js";
import { button, field, foreign, h } from "./dom.js";
import { language, t } from "./i18n.js";
import { facts, row } from "./patients.js";
import { closeSheet, openSheet } from "./sheet.js";

const WAIT_MS = 120;

/** A sheet that says what goes, with a way out and one that does it. */
function ask(title, words, content, work) {
  const trouble = h("p", { class: "trouble", role: "alert" });
  const yes = button(
    words,
    async () => {
      yes.disabled = true;
      try {
        await work();
      } catch (error) {
        if (!error.words) throw error;
        trouble.textContent = error.words;
        yes.disabled = false;
      }
    },
    { class: "danger" },
  );
  openSheet(title, h("div", { class: "stack" }, content, h("p", { class: "doing" }, button(t("cancel"), closeSheet), yes), trouble));
}

/** Who it is, in a box. */
function person(patient, small) {
  return h(
    "p",
    { class: "what" },
    foreign(patient.name, "strong"),
    h("span", { class: "more" }, foreign(facts(patient).join(" · "))),
    small ? h("span", { class: "more" }, small) : null,
  );
}

const counted = (held) => `${t("gone.documents", { n: held.documents })} · ${t("gone.reminders", { n: held.reminders })}`;

export function deleteDocument(one, again) {
  const when = [one.date || t("undated"), one.department].filter(Boolean).join(" · ");
  const content = [
    h("p", { class: "what" }, foreign(one.title || t("untitled"), "strong"), h("span", { class: "more" }, foreign(when))),
    h("p", {}, t("gone.document")),
    h("p", { class: "more" }, t("gone.for.good")),
  ];
  ask(t("gone.document.title"), t("gone.delete"), content, async () => {
    await post(`/api/documents/${id(one.id)}/delete`);
    closeSheet();
    again();
  });
}

export async function deletePatient(patient) {
  const held = await get(`/api/patients/${id(patient.id)}/held`);
  const content = [
    person(patient, counted(held)),
    h("p", {}, t("gone.patient")),
    h("p", { class: "more" }, t("gone.for.good")),
  ];
  ask(t("gone.patient.title"), t("gone.delete"), content, async () => {
    await post(`/api/patients/${id(patient.id)}/delete`);
    closeSheet();
    location.hash = "#/";
  });
}

/** Find the other one, the name of this one first. */
export function joinPatient(patient, again) {
  const find = field(t("find.label"), { type: "search", value: patient.name, maxlength: 200 });
  const list = h("ul", { class: "rows" });
  const count = h("p", { class: "muted", role: "status" });
  let asked = 0;
  let waiting = 0;

  async function look() {
    asked += 1;
    const mine = asked;
    const told = await post("/api/patients", { words: find.input.value });
    if (mine !== asked) return;
    const others = told.patients.filter((one) => one.id !== patient.id);
    list.replaceChildren(...others.map((one) => row(one, () => confirmJoin(patient, one, again))));
    count.textContent = others.length ? t("join.which") : t("join.none");
  }

  find.input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => look().catch(() => {}), WAIT_MS);
  });
  openSheet(t("join.title"), h("div", { class: "stack" }, person(patient), find.label, count, list));
  look().catch(() => {});
}

/** What both say and is not the same. */
function differing(one, other) {
  const births = [one.birth ?? "", other.birth ?? ""];
  const sexes = new Set([one.sex ?? "unknown", other.sex ?? "unknown", "unknown"]);
  return [
    one.name !== other.name ? t("add.name") : null,
    sexes.size > 2 ? t("add.sex") : null,
    births[0].startsWith(births[1]) || births[1].startsWith(births[0]) ? null : t("join.birth"),
    one.number && other.number && one.number !== other.number ? t("add.number") : null,
  ].filter(Boolean);
}

async function confirmJoin(kept, gone, again) {
  let held;
  try {
    held = await get(`/api/patients/${id(gone.id)}/held`);
  } catch (error) {
    if (!error.words) throw error;
    return;
  }
  const differ = differing(kept, gone);
  const content = [
    h("h3", {}, t("join.kept")),
    person(kept),
    h("h3", {}, t("join.gone")),
    person(gone, counted(held)),
    h("p", {}, button(t("join.swap"), () => confirmJoin(gone, kept, again), { class: "quiet" })),
    differ.length ? h("p", { class: "warned" }, t("join.differ", { what: differ.join(language === "zh" ? "、" : ", ") })) : null,
    h("p", {}, t("join.what")),
    h("p", { class: "more" }, t("join.for.good")),
  ];
  ask(t("join.title"), t(differ.length ? "join.sure" : "join.do"), content, async () => {
    await post(`/api/patients/${id(kept.id)}/merge`, { gone: gone.id });
    closeSheet();
    const there = `#/p/${id(kept.id)}`;
    if (location.hash === there) again();
    else location.hash = there;
  });
}

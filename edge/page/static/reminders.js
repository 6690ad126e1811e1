// What is to be checked, and by when: of all patients, and the rows of one.

import { get, id, post, save } from "./api.js";
import { button, field, foreign, h, once } from "./dom.js";
import { number, t } from "./i18n.js";
import { openSource } from "./source.js";

const SOON_DAYS = 30;
const STEP = 200;

function after(today, days) {
  return new Date(Date.parse(`${today}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** A form for a reminder that is there, or for a new one of a patient. */
export function reminderForm(one, again, cancel = null) {
  const due = field(t("due.day"), { value: one.due, required: true, pattern: "\\d{4}(-\\d\\d(-\\d\\d)?)?", inputmode: "numeric" });
  const what = field(t("due.what"), { value: one.what, required: true, maxlength: 200 });
  const why = field(t("due.why"), { value: one.why, maxlength: 200 });
  const every = field(t("due.every"), { value: one.every_days, type: "number", min: 1, max: 3660 });
  const trouble = h("p", { class: "trouble", role: "alert" });
  const form = h(
    "form",
    { class: "stack edit" },
    due.label,
    what.label,
    why.label,
    one.id ? every.label : null,
    h("p", { class: "doing" }, button(t(one.id ? "due.save" : "due.add"), null, { type: "submit", class: "primary" }), cancel ? button(t("cancel"), cancel) : null),
    trouble,
  );
  const keep = once(async () => {
    const said = { due: due.input.value, what: what.input.value, why: why.input.value };
    trouble.textContent = "";
    try {
      if (one.id) await post(`/api/reminders/${id(one.id)}`, { ...said, every_days: Number(every.input.value) || null });
      else await post("/api/reminders", { ...said, patient: one.patient });
      await again();
    } catch (error) {
      if (!error.words) throw error;
      trouble.textContent = error.words;
    }
  });
  form.addEventListener("submit", keep);
  return form;
}

/** Whether a day, a month or a year has passed; none never does. */
const isOver = (due, today) => Boolean(due) && due < today.slice(0, due.length);

/** One row; `patient`: told where rows of several stand together; `before`: what Undo makes it again. */
export function reminderRow(one, patient, today, again, before = one) {
  const late = !one.done && isOver(one.due, today);
  const trouble = h("p", { class: "trouble", role: "alert" });
  const doing = h("span", { class: "doing no-print" });
  const row = h("li", { class: "reminder", "data-late": late, "data-done": Boolean(one.done) });
  const asking = (path, then, said) =>
    once(async () => {
      try {
        await then(await post(`/api/reminders/${id(one.id)}${path}`, said));
      } catch (error) {
        if (!error.words) throw error;
        trouble.textContent = error.words;
      }
    });
  // It stays where it is, with a way back: a finger slips.
  const finished = (kept) => {
    const instead = reminderRow({ ...kept, done: kept.done || today }, patient, today, again, one);
    // So that nothing moves below it.
    instead.style.minHeight = `${row.getBoundingClientRect().height}px`;
    row.replaceWith(instead);
    instead.querySelector("button").focus({ preventScroll: true });
  };
  const cancel = () => {
    row.querySelector("form").replaceWith(doing);
    editing.focus();
  };
  const edit = () => {
    doing.replaceWith(reminderForm(one, again, cancel));
    row.querySelector("input").focus();
  };
  const editing = button(t("due.edit"), edit, { class: "quiet" });
  if (one.done) {
    const { due, what, why, every_days } = before;
    doing.append(button(t("due.undo"), asking("", again, { due, what, why, every_days })));
  } else {
    doing.append(button(t("due.done"), asking("/done", finished)), editing);
  }
  if (one.sources?.length) {
    const opener = button(t("due.source"), () => openSource(one.sources, opener), { class: "quiet" });
    doing.append(opener);
  }
  // A rule would say it again.
  if (!one.rule) doing.append(button(t("due.remove"), asking("/remove", again), { class: "quiet" }));
  const again_ = one.every_days ? t("due.again", { n: one.every_days }) : null;
  const small = [one.done ? t("due.was", { date: one.done }) : null, again_, one.own ? t("due.own") : null].filter(Boolean);
  row.append(
    h("time", { class: "due-day" }, one.due, late ? h("span", { class: "late" }, " ", t("due.late")) : null),
    h(
      "div",
      { class: "due-what" },
      patient ? h("a", { href: `#/p/${id(patient.id)}`, "data-line": true, class: "whose" }, foreign(patient.name)) : null,
      h("strong", {}, foreign(one.what)),
      one.why ? foreign(one.why, "p", { class: "more" }) : null,
      small.length ? h("p", { class: "more" }, small.join(" · ")) : null,
    ),
    doing,
    trouble,
  );
  return row;
}

/** Of all patients, the first due first. */
export async function remindersView({ state, shown, again }) {
  const most = state.due ?? STEP;
  const { due: all, more } = await get(`/api/reminders?most=${most}`);
  const soon = after(state.today, SOON_DAYS);
  const groups = { late: [], soon: [], later: [] };
  for (const one of all) {
    const { due } = one.reminder;
    groups[isOver(due, state.today) ? "late" : due && due <= soon ? "soon" : "later"].push(one);
  }
  const further = () => {
    state.due = most + STEP;
    return again();
  };
  const calendar = button(t("due.calendar"), () => save("/api/reminders/calendar", {}, "follow-up.ics").catch(() => {}));
  shown([
    h("div", { class: "title" }, h("h1", {}, t("reminders")), h("div", { class: "doing" }, calendar)),
    h("p", { class: "muted" }, t("due.calendar.note")),
    all.length ? null : h("p", { class: "empty" }, t("due.none")),
    ...Object.entries(groups)
      .filter(([, rows]) => rows.length)
      .map(([name, rows]) =>
        h(
          "section",
          { class: "part", "data-part": `due-${name}` },
          h("h2", {}, t(`due.${name}`)),
          h("ul", { class: "due" }, rows.map((one) => reminderRow(one.reminder, one.patient, state.today, again))),
        ),
      ),
    more ? h("p", { class: "muted" }, t("due.cut", { n: number(all.length) }), " ", button(t("due.more"), once(further))) : null,
  ]);
  return {};
}

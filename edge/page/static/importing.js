// Documents into the device: dropped, chosen or pasted; what became of each.

import { id, post, send } from "./api.js";
import { button, field, foreign, h, once } from "./dom.js";
import { knows, language, t } from "./i18n.js";
import { openSheet } from "./sheet.js";

/** Open the sheet; without a patient each document goes to whom it names. */
export function importSheet(patient, again, files = []) {
  const here = location.hash;
  let changed = false;
  let closed = false;
  const list = h("ul", { class: "taken", "aria-live": "polite" });
  const chosen = h("input", { type: "file", multiple: true, class: "sr", id: "files", accept: ".txt,.pdf,.docx,.csv,.json,text/plain" });
  const date = field(t("import.date"), { type: "date" });
  const pasted = field(t("import.paste"), { rows: 4, dir: "auto", maxlength: 200_000 }, "textarea");

  /** Whether it was taken. */
  async function one(name, work) {
    const told = h("span", { class: "became" }, t("import.busy"));
    const more = h("span", {});
    list.prepend(h("li", {}, told, " ", foreign(name), more));
    const attempt = async (sure) => {
      try {
        const taken = await work(sure);
        changed = true;
        told.textContent = t(taken.known ? "import.known" : "import.done");
        told.dataset.became = taken.known ? "known" : "done";
        more.replaceChildren(
          h("span", { class: "more" }, taken.remarks.join(language === "zh" ? "；" : "; ")),
          patient ? "" : h("a", { href: `#/p/${id(taken.patient)}` }, t("import.open")),
        );
        return true;
      } catch (error) {
        if (!error.words) throw error;
        told.textContent = t("import.refused");
        told.dataset.became = "refused";
        more.replaceChildren(h("span", { class: "more" }, why(error)));
        if (error.told.reason === "other") more.append(button(t("import.sure"), once(() => attempt(true))));
        return false;
      }
    };
    const taken = await attempt(false);
    late();
    return taken;
  }

  /** What was taken after the sheet was closed is shown as well. */
  function late() {
    if (closed && changed && location.hash === here) again();
  }

  async function take(all) {
    for (const file of all) await one(file.name, (sure) => send(file, patient?.id, sure, date.input.value));
  }

  chosen.addEventListener("change", async () => {
    await take([...chosen.files]);
    chosen.value = "";
  });
  const drop = h("div", { class: "drop" }, h("p", {}, t("import.drop")), h("label", { class: "as-button", for: "files" }, t("import.choose")), chosen, h("p", { class: "more" }, t("import.kinds")));
  drop.addEventListener("dragenter", () => (drop.dataset.over = ""));
  drop.addEventListener("dragleave", () => delete drop.dataset.over);
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    event.stopPropagation();
    delete drop.dataset.over;
    take([...event.dataTransfer.files]);
  });
  const form = h("form", { class: "stack" }, pasted.label, button(t("import.keep"), null, { type: "submit" }));
  const paste = once(async () => {
    const text = pasted.input.value;
    if (!text.trim()) return;
    const taken = await one(t("import.pasted"), (sure) => post("/api/paste", { text, patient: patient?.id ?? "", sure, date: date.input.value }));
    // What was refused may be nowhere else.
    if (taken && pasted.input.value === text) pasted.input.value = "";
  });
  form.addEventListener("submit", paste);
  openSheet(
    t("import.title"),
    h(
      "div",
      { class: "stack" },
      h("p", { class: "muted" }, patient ? foreign(t("import.for", { name: patient.name })) : t("import.any")),
      date.label,
      drop,
      form,
      list,
    ),
    () => {
      closed = true;
      late();
    },
  );
  if (files.length) take(files);
}

/** Files that were dropped somewhere on the page. */
export function dropped(files, patient, again) {
  importSheet(patient, again, files);
}

/** The program's words name options of its command; here a person presses a button or opens the patient. */
function why(error) {
  const key = `import.${error.told.reason}`;
  return error.kind === "Unsure" && knows(key) ? t(key) : error.words;
}

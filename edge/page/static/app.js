// The page: which view is shown, the keys, and the lock.

import { enter, get, onShut, post } from "./api.js";
import { openDoor } from "./door.js";
import { $, h, plain } from "./dom.js";
import { language, speak, t } from "./i18n.js";
import { dropped, importSheet } from "./importing.js";
import { move } from "./lines.js";
import { patientView } from "./patient.js";
import { facts, patientsView } from "./patients.js";
import { remindersView } from "./reminders.js";
import { closeSource, nextSource, sourceIsOpen } from "./source.js";
import { closeSheet, openSheet, sheetIsOpen } from "./sheet.js";

const LOOK_MS = 2_000;
const AWAKE_MS = 15_000;
let state = { locked: true };
let shut = true;
let view = null;
let active = false;
let awakeAt = 0;
let turn = 0;
const paper = new CSSStyleSheet();
paper.insertRule(":root {}");
document.adoptedStyleSheets = [paper];

/** Nothing of any patient stays in the page. */
function clear() {
  turn += 1;
  view = null;
  closeSheet();
  closeSource();
  $("main").replaceChildren();
  $("told").textContent = "";
  document.title = t("brand");
  foot("");
}

/** What stands at the foot of every printed page: of whom it is. */
function foot(words) {
  paper.cssRules[0].style.setProperty("--foot", JSON.stringify(plain(words)));
}

function close(why) {
  if (document.body.dataset.shut === why) return;
  state = { ...state, told: !shut };
  clear();
  shut = true;
  document.body.dataset.shut = why;
  door();
}

function door() {
  openDoor(document.body.dataset.shut, state, (opened) => {
    state = opened;
    open();
  });
}

function open() {
  shut = false;
  delete document.body.dataset.shut;
  $("door").hidden = true;
  $("door").replaceChildren();
  route();
}

/** Show what the address says; it has ids only. */
async function route() {
  if (shut) return;
  clear();
  $("main").append(h("p", { class: "empty" }, t("loading")));
  await draw();
}

/** The same view anew, in its place: neither where one reads nor what one asks is lost. */
async function draw() {
  if (shut) return;
  turn += 1;
  const mine = turn;
  const main = $("main");
  const [, name = "", one = ""] = location.hash.split("/");
  const shown = (content) => {
    if (mine !== turn || shut) return false;
    const asked = main.querySelector("[data-ask]")?.value;
    const inside = main.contains(document.activeElement);
    main.replaceChildren(...content.filter(Boolean));
    closeSource();
    const asking = main.querySelector("[data-ask]");
    if (asked && asking) asking.value = asked;
    if (inside) main.focus({ preventScroll: true });
    $("told").textContent = main.querySelector("h1")?.textContent ?? "";
    return true;
  };
  for (const link of document.querySelectorAll("nav a")) {
    if (link.dataset.route === (name === "reminders" ? name : "patients")) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const context = { state, shown, again: draw };
  try {
    if (name === "p" && one) view = await patientView(decodeURIComponent(one), context);
    else if (name === "reminders") view = await remindersView(context);
    else view = await patientsView(context);
  } catch (error) {
    if (!error.words) throw error;
    view = null;
    shown([h("p", { class: "empty", role: "alert" }, error.words), h("p", { class: "empty" }, h("a", { href: "#/" }, t("back")))]);
  }
  if (mine !== turn || shut) return;
  foot(view?.patient ? [view.patient.name, ...facts(view.patient)].join(" · ") : "");
}

async function look() {
  if (shut) return;
  try {
    const due = active && Date.now() - awakeAt > AWAKE_MS;
    if (due) {
      active = false;
      awakeAt = Date.now();
    }
    const told = due ? await post("/api/awake") : await get("/api/state");
    if (told.locked) close("locked");
    state = told;
  } catch {
    // What it means has been told already.
  }
}

async function lockNow() {
  try {
    await post("/api/lock");
  } finally {
    close("locked");
  }
}

function showKeys() {
  const row = (keys, words) => [h("dt", {}, keys.map((one) => h("kbd", {}, one))), h("dd", {}, t(words))];
  openSheet(
    t("keys.title"),
    h(
      "dl",
      { class: "keys" },
      row(["/"], "keys.find"),
      row(["a"], "keys.ask"),
      row(["j", "↓"], "keys.down"),
      row(["k", "↑"], "keys.up"),
      row(["Enter"], "keys.open"),
      row(["n", "p"], "keys.sources"),
      row(["i"], "keys.import"),
      row(["g"], "keys.reminders"),
      row(["l"], "keys.lock"),
      row(["Esc"], "keys.close"),
      row(["?"], "keys.help"),
    ),
  );
}

function back() {
  if (sourceIsOpen()) closeSource();
  else if (location.hash.length > 2) location.hash = "#/";
}

const KEYS = {
  "/": () => document.querySelector("[data-find]")?.focus(),
  "?": showKeys,
  a: () => document.querySelector("[data-ask]")?.focus(),
  j: () => move(1),
  ArrowDown: () => move(1),
  k: () => move(-1),
  ArrowUp: () => move(-1),
  n: () => nextSource(1),
  p: () => nextSource(-1),
  i: () => importSheet(view?.patient ?? null, draw),
  g: () => (location.hash = "#/reminders"),
  l: lockNow,
  Escape: back,
};

function press(event) {
  if (shut || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const writing = event.target.closest("input, textarea, select");
  if (sheetIsOpen()) return;
  if (writing) {
    if (event.key === "Escape") writing.blur();
    else if (event.key === "ArrowDown" && writing.matches("[data-find]")) move(1);
    else return;
  } else if (event.key in KEYS && !(event.key.startsWith("Arrow") && event.target.closest("#source"))) {
    KEYS[event.key]();
  } else {
    return;
  }
  event.preventDefault();
}

function watchHands() {
  for (const kind of ["pointerdown", "keydown", "wheel", "touchmove"]) {
    addEventListener(kind, () => (active = true), { passive: true, capture: true });
  }
  addEventListener("keydown", press);
  // A new link, opened in the tab of the old one, leads to the same page.
  addEventListener("hashchange", () => (isRoute() ? route() : location.reload()));
  addEventListener("visibilitychange", look);
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    event.preventDefault();
    if (!shut && event.dataTransfer.files.length) dropped([...event.dataTransfer.files], view?.patient ?? null, draw);
  });
  // A page that is left must not come back from a cache with a patient on it.
  addEventListener("pagehide", clear);
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  addEventListener("beforeprint", () => view?.printed?.());
  $("skip").addEventListener("click", (event) => {
    event.preventDefault();
    $("main").focus();
  });
  $("keys").addEventListener("click", showKeys);
  $("lock").addEventListener("click", lockNow);
  $("language").addEventListener("click", async () => {
    await speak(language === "zh" ? "en" : "zh");
    if (shut) {
      document.title = t("brand");
      door();
    } else {
      draw();
    }
  });
}

const isRoute = () => !location.hash || location.hash.startsWith("#/");

async function begin() {
  await speak();
  document.title = t("brand");
  onShut(close);
  watchHands();
  if (!isRoute()) {
    const word = location.hash.slice(1);
    history.replaceState(null, "", location.pathname);
    await enter(word);
  }
  state = await get("/api/state");
  if (state.locked) {
    close("locked");
  } else {
    open();
  }
  setInterval(look, LOOK_MS);
}

await begin().catch((error) => {
  if (!error.words) throw error;
});

// Which page is shown, and what is new on it.

import * as incident from "./incident.js";
import { language, named, speak, t, zone } from "./i18n.js";
import * as list from "./list.js";
import { connect, listen, store } from "./store.js";
import * as stream from "./stream.js";

const MINUTE_MS = 60_000;
const DRAW_MS = 100;
const get = (id) => document.getElementById(id);
let last = "#/";
let shownId = null;
let drawing = null;
let stale = false;

function route() {
  const [, page, id] = location.hash.split("/");
  if (page === "incident" && id) return { view: "incident", id: decode(id) };
  return { view: page === "stream" ? "stream" : "list" };
}

function decode(id) {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

async function show(isFirst = false) {
  const { view, id } = route();
  document.body.dataset.view = view;
  for (const link of document.querySelectorAll("[data-nav]")) {
    if (link.dataset.nav === view) link.setAttribute("aria-current", "page");
    else if (link.dataset.nav === "list" && view === "incident") link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  list.update();
  if (view !== "incident") {
    incident.close();
    shownId = null;
  } else if (shownId !== id) {
    shownId = id;
    // The heading is there at once; the facts come when they come.
    incident.open(get("incident"), id);
    get("incident").scrollTop = 0;
  }
  entitle();
  if (!isFirst) focusOn(view);
  last = location.hash || "#/";
}

function focusOn(view) {
  const row = view === "list" ? document.querySelector(`[data-key="${CSS.escape(last)}"]`) : null;
  (row ?? get(`${view}-title`))?.focus({ preventScroll: Boolean(row) });
  if (row) row.scrollIntoView({ block: "nearest" });
  else window.scrollTo(0, 0);
}

function entitle() {
  const open = [...store.incidents.values()].filter(list.isOpen).length;
  get("open-count").textContent = open ? String(open) : "";
  document.title = `${open ? `(${open}) ` : ""}${t(`page.${route().view}`)} · Groundswell`;
}

function showLink() {
  const away = store.health?.state === "away";
  const state = store.link === "live" && away ? "away" : store.link;
  get("link").dataset.state = state;
  get("link").textContent = t(`link.${state}`);
  const banner = store.health?.known ? "banner.away" : "banner.unreached";
  const words = away && store.link === "live" ? t(banner, { why: store.health.reason }) : "";
  get("banner").hidden = !words;
  if (get("banner").textContent !== words) get("banner").textContent = words;
}

function announce(brief) {
  get("live").textContent = t("live.new", { severity: named("severity", brief.severity), title: brief.title });
}

listen((what, brief, isNew) => {
  if (what === "health" || what === "link") {
    showLink();
    stream.update();
    return;
  }
  stale ||= what === "list" || brief.incident_id === shownId;
  // Incidents come in bursts: what they change is drawn once.
  drawing ??= setTimeout(draw, DRAW_MS);
  if (isNew && list.isOpen(brief)) announce(brief);
});

function draw() {
  drawing = null;
  list.update();
  entitle();
  if (stale) incident.refresh();
  stale = false;
}

async function translate(chosen) {
  await speak(chosen);
  get("language").textContent = language === "zh" ? "English" : "中文";
  get("language").setAttribute("lang", language === "zh" ? "en" : "zh-CN");
  get("language").setAttribute("aria-label", language === "zh" ? "Switch to English" : "切换到中文");
  get("zone").textContent = t("zone", { zone: zone() });
  list.mount(get("list"));
  stream.mount(get("stream"));
  shownId = null;
  showLink();
  await show(true);
}

get("language").addEventListener("click", () => translate(language === "zh" ? "en" : "zh"));

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing || route().view === "list") return;
  if (!incident.fold()) location.hash = "#/";
});

// A hypothesis that is looked at shows the facts it rests on.
const cited = (event) => event.target.closest?.("[data-cites]")?.dataset.cites.split(" ") ?? [];
for (const kind of ["pointerover", "focusin"]) {
  get("incident").addEventListener(kind, (event) => incident.cite(cited(event)));
}
get("incident").addEventListener("click", (event) => {
  const chip = event.target.closest(".chip");
  if (chip) incident.goTo(chip.dataset.cites);
});

document.querySelector(".skip").addEventListener("click", (event) => {
  // The hash is the route here.
  event.preventDefault();
  get("main").focus();
});
window.addEventListener("hashchange", () => show());
// So that «5 minutes ago» stays true.
setInterval(() => {
  list.update();
  incident.refresh();
}, MINUTE_MS);

await translate();
connect();

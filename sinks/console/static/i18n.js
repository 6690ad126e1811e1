// Words of the page in the language of the person, and numbers and times as it writes them.

const LANGUAGES = ["en", "zh"];
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;
// What may stand for a name in a sentence; anything for the others.
const FORMS = { n: "[\\d.]+", m: "[\\d.]+", severity: "[a-z]+", when: "\\S+" };
let words = {};
let phrases = [];
export let language = "en";

function remembered() {
  try {
    return localStorage.getItem("language");
  } catch {
    return null;
  }
}

/** Load the words of a language; by default the one chosen last, else the browser's. */
export async function speak(chosen) {
  const wish = chosen ?? remembered() ?? navigator.language ?? "en";
  language = LANGUAGES.find((one) => wish.toLowerCase().startsWith(one)) ?? "en";
  if (chosen) {
    try {
      localStorage.setItem("language", language);
    } catch {
      // It lasts as long as the page, then.
    }
  }
  words = await load(language);
  // The contract speaks English.
  phrases = language === "zh" ? Object.entries(await load("phrases")).map(compiled) : [];
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll("[data-t-label]")) {
    element.setAttribute("aria-label", t(element.dataset.tLabel));
  }
}

async function load(name) {
  return (await fetch(`/static/i18n/${name}.json`)).json();
}

function compiled([english, own]) {
  const names = [];
  const parts = english.split(/\{(\w+)\}/).map((part, n) => {
    if (n % 2 === 0) return part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    names.push(part);
    return `(${FORMS[part] ?? ".+?"})`;
  });
  return { pattern: new RegExp(`^${parts.join("")}$`), names, own };
}

function phrase(text) {
  for (const { pattern, names, own } of phrases) {
    const found = pattern.exec(text);
    if (found) return own.replace(/\{(\w+)\}/g, (_, name) => filled(name, found[names.indexOf(name) + 1]));
  }
  return null;
}

function filled(name, text) {
  return name === "more" ? said(text) : named(name, text);
}

/** A sentence of the contract in the language of the page, times as it writes them; one that is not known, as it is. */
export function said(text) {
  const parts = phrases.length ? text.split(", ").map(phrase) : [null];
  const own = phrase(text) ?? (parts.includes(null) ? text : parts.join("，"));
  return own.replace(TIME, stamp);
}

/** The words of a key with {name} filled in; `key_one` is taken for n = 1. */
export function t(key, values = {}) {
  const single = values.n === 1 || values.n === "1" ? words[`${key}_one`] : undefined;
  return (single ?? words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** What a code of the contract is called; a code that is new, as it is. */
export function named(kind, code) {
  return words[`${kind}.${code}`] ?? code;
}

const locale = () => (language === "zh" ? "zh-CN" : "en-GB");

export function number(value, digits = 1) {
  return new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }).format(value);
}

export function percent(share) {
  return new Intl.NumberFormat(locale(), { style: "percent", maximumFractionDigits: 0 }).format(share);
}

/** Hours and minutes, in the zone of the browser. */
export function clock(time) {
  return new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(
    new Date(time),
  );
}

/** Day and time. */
export function stamp(time) {
  const date = new Date(time);
  return new Intl.DateTimeFormat(locale(), {
    year: date.getFullYear() === new Date().getFullYear() ? undefined : "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(date);
}

const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60]];

/** Such as "5 minutes ago". */
export function ago(time) {
  const seconds = (new Date(time) - Date.now()) / 1000;
  const relative = new Intl.RelativeTimeFormat(locale(), { numeric: "auto", style: "short" });
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) return relative.format(Math.round(seconds / length), unit);
  }
  return t("now");
}

export function zone() {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

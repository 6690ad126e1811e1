// Words of the page in the language of the person.

let words = {};
export let language = "zh";

function remembered() {
  try {
    return localStorage.getItem("language");
  } catch {
    return null;
  }
}

/** Load the words of a language; by default the one chosen last, else the browser's. */
export async function speak(chosen) {
  const wish = chosen ?? remembered() ?? navigator.language ?? "zh";
  language = wish.toLowerCase().startsWith("en") ? "en" : "zh";
  if (chosen) {
    try {
      localStorage.setItem("language", language);
    } catch {
      // It lasts as long as the page, then.
    }
  }
  words = await (await fetch(`/static/i18n/${language}.json`)).json();
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll("[data-t-label]")) {
    element.setAttribute("aria-label", t(element.dataset.tLabel));
  }
}

/** The words of a key with {name} filled in; `key_one` is taken for n = 1. */
export function t(key, values = {}) {
  const single = values.n === 1 ? words[`${key}_one`] : undefined;
  return (single ?? words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** Whether there are words for it. */
export const knows = (key) => key in words;

/** A number as the language writes it. */
export function number(value) {
  return new Intl.NumberFormat(language === "zh" ? "zh-CN" : "en-GB", { maximumFractionDigits: 2 }).format(value);
}

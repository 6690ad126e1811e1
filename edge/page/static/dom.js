// Elements made by code. Text goes in as text nodes only: nothing of a document is ever parsed.

const SVG = "http://www.w3.org/2000/svg";
// They would turn the text around them about, or hide in it.
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** The text with every invisible control shown by its number. */
export function plain(text) {
  return String(text).replace(
    UNSEEN,
    (c) => `[U+${c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}]`,
  );
}

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : plain(value));
  }
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false || child === "") continue;
    element.append(child instanceof Node ? child : plain(child));
  }
  return element;
}

/** An HTML element; properties named on... are listeners, the others attributes. */
export function h(tag, properties, ...children) {
  return fill(document.createElement(tag), properties, children);
}

/** An SVG element. */
export function s(tag, properties, ...children) {
  return fill(document.createElementNS(SVG, tag), properties, children);
}

/** What a document says: its direction is its own and does not reach beyond it. */
export function foreign(text, tag = "bdi", properties = {}) {
  return h(tag, { dir: "auto", ...properties }, text);
}

/** A button. */
export function button(words, onclick, properties = {}) {
  return h("button", { type: "button", onclick, ...properties }, words);
}

/** A field with its name above. Browsers may neither keep nor check elsewhere what is typed. */
export function field(name, properties = {}, tag = "input") {
  const shut = { autocomplete: "off", spellcheck: "false", autocapitalize: "off" };
  const input = h(tag, { ...shut, ...properties });
  if (tag === "textarea") input.value = properties.value ?? "";
  return { input, label: h("label", { class: "field" }, h("span", {}, name), input) };
}

/** A listener that does its work once at a time: a second press while it is at it does nothing. */
export function once(work) {
  let busy = false;
  return async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    try {
      await work();
    } finally {
      busy = false;
    }
  };
}

export const $ = (id) => document.getElementById(id);

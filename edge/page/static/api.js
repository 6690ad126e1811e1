// What the page asks of the program behind it, which is on this machine.

import { knows, language, t } from "./i18n.js";

const HALF = "half";
let half = sessionStorage.getItem(HALF) ?? "";
let listener = () => {};

/** Told "locked", "link" or "gone" when nothing may be shown any more. */
export function onShut(told) {
  listener = told;
}

/** An answer that says why not. */
export class Refused extends Error {
  constructor(status, told) {
    super(told.message ?? "");
    this.status = status;
    this.told = told;
    this.kind = told.error ?? "Mistake";
  }

  /** In the words of the page. */
  get words() {
    const own = this.told[language];
    if (own) return own;
    const key = `error.${this.kind}`;
    return knows(key) ? t(key, this.told) : this.message || t("error.Mistake", { message: this.status });
  }
}

async function ask(method, path, body, headers) {
  let response;
  try {
    response = await fetch(path, {
      method,
      body,
      cache: "no-store",
      headers: { "X-Groundswell": half || "none", "Accept-Language": language, ...headers },
    });
  } catch {
    listener("gone");
    throw new Refused(0, { message: t("door.gone") });
  }
  if (response.ok) return response;
  let told = {};
  try {
    told = await response.json();
  } catch {
    // Its status says enough.
  }
  if (response.status === 401) listener("link");
  if (response.status === 423) listener("locked");
  throw new Refused(response.status, told);
}

const JSON_TYPE = { "Content-Type": "application/json" };

export const get = async (path) => (await ask("GET", path)).json();

export const post = async (path, body = {}) => (await ask("POST", path, JSON.stringify(body), JSON_TYPE)).json();

/** A file as it is; its name, whose and of when it is go beside it, not into the address. */
export async function send(file, patient, sure, date) {
  const headers = { "Content-Type": "application/octet-stream", "X-Name": encodeURIComponent(file.name) };
  if (patient) headers["X-Patient"] = patient;
  if (sure) headers["X-Sure"] = "1";
  if (date) headers["X-Date"] = date;
  return (await ask("POST", "/api/import", file, headers)).json();
}

/** Save an answer as a file. */
export async function save(path, body, name) {
  const blob = await (await ask("POST", path, JSON.stringify(body), JSON_TYPE)).blob();
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** Use up the word of the link. */
export async function enter(word) {
  half = (await post("/api/enter", { word })).half;
  sessionStorage.setItem(HALF, half);
}

export const id = encodeURIComponent;

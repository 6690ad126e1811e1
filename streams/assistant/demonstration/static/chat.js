// A customer of the made-up bank talks to the assistant.

import { figures, switches } from "/static/behind.js";
import { h } from "/static/dom.js";
import { language, named, number, speak, t } from "/static/i18n.js";
import { codeOf, Line } from "/static/socket.js";
import * as talk from "/static/talk.js";

const UNANSWERED = ["late", "busy", "failed"];
const banner = document.getElementById("banner");
const customer = document.getElementById("customer");
const form = document.getElementById("form");
const link = document.getElementById("link");
const said = document.getElementById("said");
let stage = { customers: [], switches: [] };
let token = "";

const line = new Line({
  token: async (fresh) => (fresh || !token ? login(false) : token),
  state(state) {
    if (link.dataset.state === state) return;
    link.dataset.state = state;
    link.textContent = t(`link.${state}`);
  },
});

async function call(path, body) {
  const response = await fetch(path, {
    method: body ? "POST" : "GET",
    headers: body ? { "Content-Type": "application/json" } : {},
    body: body ? JSON.stringify(body) : undefined,
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail ?? answer.title ?? response.statusText);
  return answer;
}

async function trying(work) {
  try {
    await work();
    banner.hidden = true;
  } catch (error) {
    banner.textContent = t("trouble", { why: error.message });
    banner.hidden = false;
  }
}

async function login(strong) {
  const user = customer.value;
  const { access_token } = await call("/demo/login", { user, strong });
  // It may be somebody else by now.
  if (user === customer.value) token = access_token;
  return token;
}

function ask(frame, shown) {
  talk.close();
  const own = talk.mine(shown);
  let place = talk.waiting();
  const again = () => {
    talk.close();
    place = talk.waiting();
    resend();
    document.getElementById("log").focus({ preventScroll: true });
  };
  const heard = (answer, total) => {
    if (answer.type === "part") return talk.partly(place, answer.text);
    const reply = answer.problem?.reply ?? answer;
    if (answer.problem && !answer.problem.reply) return talk.trouble(place, problem(answer.problem), again);
    const late = answer.problem || UNANSWERED.includes(reply.status);
    talk.answer(place, reply, { choose, prove, again: late ? again : null });
    figures(reply, total);
  };
  const resend = line.ask({ lang: language, ...frame }, heard, () => talk.trouble(place, t("unanswered"), again));
  return own;
}

function problem({ type, title, detail, retry_after: seconds }) {
  const code = codeOf({ type });
  const known = named("problem", code);
  const text = known === code ? detail || title : known;
  return seconds > 1 ? `${text} ${t("retry", { n: number(seconds, 0) })}` : text;
}

function choose(choice) {
  // The button cannot be pressed again, and would take the focus with it.
  ask({ type: "choice", choice: choice.id }, choice.label).focus({ preventScroll: true });
}

function prove({ currentTarget: button }) {
  button.disabled = true;
  trying(async () => {
    try {
      await login(true);
    } catch (error) {
      button.disabled = false;
      throw error;
    }
    line.open();
    button.replaceWith(h("p", { class: "proved", role: "status", tabindex: -1 }, t("proved")));
  });
}

async function look() {
  await trying(async () => {
    stage = await call("/demo/stage");
    switches(stage.switches, turned);
  });
  if (stage.switches.some((one) => !one.states.includes(one.state))) setTimeout(look, 1000);
}

async function turned(name, state) {
  await trying(() => call("/demo/switches", { name, state }));
  await look();
}

function show() {
  document.getElementById("language").textContent = t("language");
  link.textContent = t(`link.${link.dataset.state}`);
  const chosen = customer.value;
  customer.replaceChildren(
    ...stage.customers.map((one) => h("option", { value: one.id }, language === "zh" ? one.zh : one.en)),
  );
  customer.value = chosen || (stage.customers[0]?.id ?? "");
  switches(stage.switches, turned);
}

function begin() {
  token = "";
  line.forget();
  talk.clear();
  document.getElementById("turn").replaceChildren();
  line.open();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  // Half a character would make the whole frame unreadable.
  const text = said.value.toWellFormed().trim();
  if (!text) return;
  said.value = "";
  ask({ type: "say", text }, text);
});
said.addEventListener("keydown", (event) => {
  // While characters are being composed Enter chooses one; 229: Safari tells after it has ended.
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
    event.preventDefault();
    form.requestSubmit();
  }
});
customer.addEventListener("change", begin);
document.getElementById("language").addEventListener("click", async () => {
  await speak(language === "zh" ? "en" : "zh");
  show();
});
// Another tab may have turned a switch.
window.addEventListener("focus", look);
if (matchMedia("(max-width: 56rem)").matches) document.getElementById("behind").open = false;

await speak();
await look();
show();
begin();

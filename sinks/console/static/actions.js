// What a person can do about one incident; it stays as it is while the facts below change.

import { h } from "./dom.js";
import { t } from "./i18n.js";

const PATIENCE_MS = 15_000;
const SILENCES = [15, 60, 240, 1440];

let name = "";
try {
  name = localStorage.getItem("name") ?? "";
} catch {
  // The name lasts as long as the page, then.
}

/** The buttons of one incident, and what became of the last command. */
export class Actions {
  constructor(id) {
    this.id = id;
    this.incident = null;
    this.awaited = null;
    this.status = h("p", { class: "sent", role: "status", tabindex: "-1" });
    this.forms = h("div", {});
    this.buttons = {
      ack: this.button("ack", () => this.send("ack", {}), "primary"),
      resolve: this.unfolding("resolve"),
      silence: this.unfolding("silence"),
      unsilence: this.button("unsilence", () => this.send("silence", { minutes: 0 })),
      note: this.unfolding("note"),
      useful: this.button("useful", () => this.send("feedback", { useful: true }), "quiet"),
      useless: this.button("useless", () => this.send("feedback", { useful: false }), "quiet"),
    };
    const who = h("input", { id: "who", value: name, maxlength: "64", autocomplete: "nickname", placeholder: "console", onchange: (event) => remember(event.target.value) });
    this.element = h(
      "section",
      { class: "actions", "aria-label": t("action.label") },
      h("div", { class: "buttons" }, Object.values(this.buttons)),
      this.forms,
      h("div", { class: "who" }, h("label", { for: "who" }, t("action.who")), who, this.status),
    );
  }

  /** Show what fits the incident as it is now. */
  update(incident) {
    const over = incident.status === "resolved";
    const silenced = incident.silence !== null && incident.silence !== undefined;
    this.show("ack", !over && incident.status !== "acknowledged");
    this.show("resolve", !over);
    this.show("silence", !over && !silenced);
    this.show("unsilence", !over && silenced);
    this.incident = incident;
    if (this.awaited?.(incident)) this.done();
  }

  show(which, visible) {
    const button = this.buttons[which];
    if (!visible && document.activeElement === button) this.status.focus();
    button.hidden = !visible;
    if (!visible && this.unfolded === which) this.fold();
  }

  button(key, act, look = "") {
    return h("button", { type: "button", class: look, "data-action": key, onclick: act }, t(`action.${key}`));
  }

  unfolding(key) {
    const button = this.button(key, () => (this.unfolded === key ? this.fold() : this.unfold(key)));
    button.setAttribute("aria-expanded", "false");
    return button;
  }

  unfold(key) {
    this.fold();
    this.unfolded = key;
    this.buttons[key].setAttribute("aria-expanded", "true");
    const control = key === "silence" ? minutes() : h("textarea", { id: "said", rows: "3", maxlength: "1000", required: key === "note" });
    const form = h(
      "form",
      { class: "unfolded", onsubmit: (event) => this.submit(event, key, control) },
      h("label", { for: "said" }, t(`action.${key}-ask`)),
      control,
      h("div", { class: "buttons" }, h("button", { type: "submit", class: "primary" }, t(`action.${key}-do`)), this.button("cancel", () => this.fold(), "quiet")),
    );
    this.forms.replaceChildren(form);
    control.focus();
  }

  /** Whether there was something to fold. */
  fold() {
    if (!this.unfolded) return false;
    const button = this.buttons[this.unfolded];
    button.setAttribute("aria-expanded", "false");
    this.unfolded = null;
    const inside = this.forms.contains(document.activeElement);
    this.forms.replaceChildren();
    if (inside) button.focus();
    return true;
  }

  submit(event, key, control) {
    event.preventDefault();
    const said = control.value.trim();
    if (key === "note" && !said) return;
    this.send(key, key === "silence" ? { minutes: Number(said) } : { text: said });
    this.fold();
  }

  async send(action, fields) {
    const { incident: before } = this;
    this.settle("waiting", t("action.sending"));
    try {
      const answer = await fetch(`/api/incidents/${encodeURIComponent(this.id)}/${action}`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Groundswell": "console" },
        body: JSON.stringify({ ...fields, by: name.trim() || undefined }),
      });
      if (answer.status === 401) location.assign("/login");
      if (!answer.ok) {
        const { error } = await answer.json().catch(() => ({ error: answer.statusText }));
        this.settle("failed", t("action.refused", { why: error }));
        return;
      }
    } catch {
      this.settle("failed", t("action.unreachable"));
      return;
    }
    const answers = (after) => shows(action, fields, before, after);
    if (answers(this.incident)) {
      this.done();
      return;
    }
    this.settle("waiting", t("action.sent"));
    this.awaited = answers;
    this.timer = setTimeout(() => this.settle("failed", t("action.unanswered")), PATIENCE_MS);
  }

  done() {
    this.settle("done", t("action.done", { revision: this.incident.revision }));
  }

  settle(state, words) {
    clearTimeout(this.timer);
    this.awaited = null;
    this.status.dataset.state = state;
    this.status.textContent = words;
  }
}

/** Whether what a command asked for has happened between two revisions; as `shows` of the desk. */
function shows(action, fields, before, after) {
  const changed = (part) => JSON.stringify(after[part]) !== JSON.stringify(before[part]);
  switch (action) {
    case "ack":
      return Boolean(after.acknowledgement) && changed("acknowledgement");
    case "resolve":
      return after.status === "resolved";
    case "silence":
      return fields.minutes === 0 ? !after.silence : Boolean(after.silence) && changed("silence");
    case "note":
      return changed("notes");
    default:
      return changed("opinions");
  }
}

function minutes() {
  return h("select", { id: "said" }, SILENCES.map((n) => h("option", { value: String(n), selected: n === 60 }, t(`silence.${n}`))));
}

function remember(value) {
  name = value;
  try {
    localStorage.setItem("name", value);
  } catch {
    // As above.
  }
}

// Actions: what another system, such as the bank's app, is told to do.

import { foreign, h } from "/static/dom.js";
import { named, stamp, t } from "/static/i18n.js";

/** What was done and what is to be filled in, then where to go on; `prove` when the person wants to show who it is. */
export function cards(actions, prove) {
  const links = actions.filter((action) => action.kind === "deep_link");
  return [
    ...actions.filter((action) => action.kind !== "deep_link").map((action) => card(action, prove)),
    links.length ? elsewhere(links) : null,
  ];
}

function elsewhere(links) {
  return h(
    "section",
    { class: "card", "data-kind": "deep_link" },
    h("strong", {}, named("action", "deep_link")),
    h("ul", {}, links.map(({ label, link }) => h("li", {}, foreign(label), " ", address(link)))),
  );
}

// Of an app that does not exist: nothing here opens it.
const address = (link) => h("code", {}, link);

function card(action, prove) {
  const { kind, label, link, receipt } = action;
  return h(
    "section",
    { class: "card", "data-kind": kind },
    h("strong", {}, title(action)),
    label && label !== title(action) ? foreign(label, "p") : null,
    kind === "step_up" ? h("button", { type: "button", onclick: prove }, t("step_up")) : null,
    link ? h("p", {}, address(link)) : null,
    rows([
      ...Object.entries(action.form ?? {}).map(([name, value]) => [named("form", name), foreign(value)]),
      ...(receipt ? [[t("reference"), h("code", {}, receipt.reference)], [t("at"), stamp(receipt.at)]] : []),
      ...(kind === "hand_over" && !link ? [[t("reference"), h("code", {}, action.id)]] : []),
    ]),
  );
}

function title({ kind, receipt, link }) {
  if (kind === "tool_result" && receipt) return t("done", { name: named("tool", receipt.tool) });
  // Somebody has it already, or it is for the person to call.
  if (kind === "hand_over" && link) return t("call");
  return named("action", kind);
}

function rows(pairs) {
  if (!pairs.length) return null;
  return h("dl", {}, pairs.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

// What goes on behind the conversation: switches that break things, and figures of the last turn.

import { h, swap } from "/static/dom.js";
import { named, number, t } from "/static/i18n.js";

/** A switch of each kind; `turned` is called with its name and the new state. */
export function switches(known, turned) {
  swap(document.getElementById("switches"), known.map((one) => control(one, turned)));
}

function control({ name, states, state }, turned) {
  return h(
    "fieldset",
    { "data-switch": name },
    h("legend", {}, t(`switch.${name}`)),
    states.map((one) =>
      h(
        "label",
        {},
        h("input", {
          type: "radio",
          name: `switch-${name}`,
          value: one,
          // What is on its way up is meant to be well.
          checked: one === state || (one === states[0] && !states.includes(state)),
          "data-key": `${name}-${one}`,
          onchange: () => turned(name, one),
        }),
        t(`state.${one}`),
      ),
    ),
    states.includes(state) ? null : h("p", { class: "more" }, t(`state.${state}`)),
  );
}

/** Where the time of a turn went, in milliseconds, and what it was taken for. */
export function figures(reply, total) {
  const timing = reply.timing ?? {};
  const rows = [
    [t("figure.total"), ms(total)],
    ...(reply.timing ? [[t("figure.waited"), ms(timing.waited ?? 0)], [t("figure.worked"), ms(timing.worked ?? 0)]] : []),
    ...Object.entries(timing.tools ?? {}).map(([name, spent]) => [t("figure.tool", { name: named("tool", name) }), ms(spent)]),
    ...(timing.model ? [[t("figure.model"), ms(timing.model)]] : []),
    ...(reply.intent ? [[t("figure.intent"), `${reply.intent} ${number(reply.confidence ?? 0, 2)}`]] : []),
    ...(reply.state ? [[t("figure.state"), reply.state]] : []),
    ...(reply.cost?.calls ? [[t("figure.cost"), tokens(reply.cost)]] : []),
  ];
  document
    .getElementById("turn")
    .replaceChildren(
      h("h3", {}, t("last")),
      h("dl", { class: "figures" }, rows.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
    );
}

const ms = (value) => t("ms", { n: number(value, value < 100 ? 1 : 0) });
const tokens = (cost) => t("tokens", { n: number((cost.tokens_in ?? 0) + (cost.tokens_out ?? 0), 0) });

// A shape for every severity, so that colour is never the only sign.

import { s } from "./dom.js";

const SHAPES = {
  critical: "M8 1 15 8 8 15 1 8Z",
  error: "M8 1.5 15 14H1Z",
  warning: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Z",
  info: "M3 3h10v10H3Z",
};

/** The shape of a tone; none for a tone that is no severity. */
export function mark(tone) {
  if (!SHAPES[tone]) return null;
  return s("svg", { class: "mark", viewBox: "0 0 16 16", "aria-hidden": "true" }, s("path", { d: SHAPES[tone] }));
}

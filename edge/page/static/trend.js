// A small picture of how the values of a test went; the range is a band behind.

import { h, s } from "./dom.js";
import { number, t } from "./i18n.js";

const WIDE = 88;
const HIGH = 26;
const EDGE = 3;

function day(text) {
  const [year, month = "01", date = "01"] = text.split("-");
  return Date.UTC(+year, +month - 1, +date);
}

/** Null if there is none. */
export function picture(trend) {
  if (!trend) return null;
  const points = trend.points;
  const first = points[0];
  const last = points[points.length - 1];
  const values = points.map((one) => one.value);
  // A range that is far away would press the line flat.
  const near = [trend.low, trend.high].filter((edge) => Number.isFinite(edge));
  const low = Math.min(...values, ...near);
  const high = Math.max(...values, ...near);
  const from = day(first.date);
  const long = day(last.date) - from || 1;
  const x = (one, n) => EDGE + ((day(one.date) - from) / long || n / points.length) * (WIDE - 2 * EDGE);
  const y = (value) => HIGH - EDGE - ((value - low) / (high - low || 1)) * (HIGH - 2 * EDGE);
  const top = y(Number.isFinite(trend.high) ? trend.high : high);
  const bottom = y(Number.isFinite(trend.low) ? trend.low : low);
  const band = near.length
    ? s("rect", { class: "band", x: 0, y: Math.max(top, 0), width: WIDE, height: Math.max(bottom - top, 1) })
    : null;
  const label = t("trend.label", {
    first: number(first.value),
    since: first.date,
    last: `${number(last.value)} ${trend.unit ?? ""}`.trim(),
    until: last.date,
  });
  return h(
    "span",
    { class: "trend" },
    s(
      "svg",
      { viewBox: `0 0 ${WIDE} ${HIGH}`, width: WIDE, height: HIGH, role: "img", "aria-label": label },
      band,
      s("polyline", { points: points.map((one, n) => `${x(one, n).toFixed(1)},${y(one.value).toFixed(1)}`).join(" ") }),
      s("circle", { cx: x(last, points.length), cy: y(last.value), r: 2.5 }),
    ),
  );
}

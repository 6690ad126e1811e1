// Reports per minute against what was expected, with the onset marked.

import { h, s } from "./dom.js";
import { clock, number, stamp, t } from "./i18n.js";
import { head, scrolling } from "./parts.js";

const HEIGHT = 220;
const LEFT = 44;
const RIGHT = 14;
const TOP = 40;
const BOTTOM = 26;
const LEAST_BAR = 3;
const LABEL = 120;
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360];
const MINUTE = 60_000;

/** The chart of a course, `marks` the onset first, with its legend, its reading line and a table of the same numbers. */
export function chart(course, marks) {
  if (!course || !course.observed.some((count) => count !== null)) return h("p", { class: "muted" }, t("chart.none"));
  const reading = h("p", { class: "reading", "aria-hidden": "true" }, t("chart.point"));
  const frame = h("div", { class: "chart" });
  let drawn = 0;
  const observer = new ResizeObserver(([entry]) => {
    const width = Math.floor(entry.contentRect.width);
    if (width < 80 || width === drawn) return;
    drawn = width;
    frame.replaceChildren(draw(course, marks, width, reading));
  });
  observer.observe(frame);
  return h(
    "figure",
    {},
    frame,
    h("figcaption", { class: "legend" },
      h("span", { class: "key observed" }, t("chart.observed")),
      h("span", { class: "key above" }, t("chart.above")),
      h("span", { class: "key expected" }, t("chart.expected"))),
    reading,
    table(course),
  );
}

function draw(course, marks, width, reading) {
  const start = new Date(course.start).getTime();
  const inner = width - LEFT - RIGHT;
  const bins = binned(course, Math.max(1, Math.ceil((course.observed.length * LEAST_BAR) / inner)));
  const top = nice(Math.max(1, ...bins.map((bin) => Math.max(bin.observed ?? 0, bin.expected ?? 0))));
  const x = (minute) => LEFT + (minute / course.observed.length) * inner;
  const y = (count) => HEIGHT - BOTTOM - (count / top) * (HEIGHT - TOP - BOTTOM);
  const onset = new Date(marks[0].time).getTime();
  const svg = s(
    "svg",
    { width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, role: "img", "aria-label": summary(course, marks) },
    levels(top).map((level) => [
      s("line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: y(level), y2: y(level) }),
      s("text", { x: LEFT - 8, y: y(level) + 4, "text-anchor": "end" }, number(level)),
    ]),
    times(start, course.observed.length, inner).map((minute) =>
      s("text", { x: x(minute), y: HEIGHT - 8, "text-anchor": "middle" }, clock(start + minute * MINUTE)),
    ),
    bins.map((bin) => bars(bin, x, y, start + bin.to * MINUTE > onset)),
    s("path", { class: "expected", d: expectedPath(bins, x, y) }),
    marks.map((mark, n) => flag(mark, x((new Date(mark.time).getTime() - start) / MINUTE), n, width)),
  );
  svg.addEventListener("pointermove", (event) => {
    const minute = ((event.offsetX - LEFT) / inner) * course.observed.length;
    const bin = bins.find((one) => minute >= one.from && minute < one.to);
    if (bin && bin.observed !== null) reading.textContent = told(start, bin);
  });
  return svg;
}

function told(start, bin) {
  return t("chart.reading", {
    when: clock(start + bin.from * MINUTE),
    observed: number(bin.observed),
    expected: number(bin.expected ?? 0),
  });
}

/** Minutes taken together where they are too many for the width; the mean of each bin. */
function binned(course, size) {
  const bins = [];
  for (let from = 0; from < course.observed.length; from += size) {
    const to = Math.min(from + size, course.observed.length);
    bins.push({ from, to, observed: mean(course.observed.slice(from, to)), expected: mean(course.expected.slice(from, to)) });
  }
  return bins;
}

function mean(counts) {
  const known = counts.filter((count) => count !== null);
  return known.length ? known.reduce((sum, count) => sum + count, 0) / known.length : null;
}

/** The part above the expected stands out from the onset on; before it, it is noise. */
function bars(bin, x, y, isUp) {
  if (!bin.observed) return null;
  const left = x(bin.from);
  const width = Math.max(1, x(bin.to) - left - (x(bin.to) - left > 4 ? 1 : 0));
  const usual = isUp ? Math.min(bin.observed, bin.expected ?? 0) : bin.observed;
  return [
    s("rect", { class: "usual", x: left, y: y(usual), width, height: y(0) - y(usual) }),
    bin.observed > usual && s("rect", { class: "above", x: left, y: y(bin.observed), width, height: y(usual) - y(bin.observed) }),
  ];
}

function expectedPath(bins, x, y) {
  let path = "";
  for (const bin of bins) {
    if (bin.expected === null) continue;
    path += `${path ? "L" : "M"}${x(bin.from).toFixed(1)} ${y(bin.expected).toFixed(1)}H${x(bin.to).toFixed(1)}`;
  }
  return path;
}

function flag(mark, at, row, width) {
  if (at < LEFT - 1 || at > width - RIGHT + 1) return null;
  // Away from the other one's line, where there is room.
  const toLeft = at > (row ? width - LABEL : width / 2);
  return s(
    "g",
    { class: `flag ${mark.kind}` },
    s("line", { x1: at, x2: at, y1: 10 + row * 16, y2: HEIGHT - BOTTOM }),
    s("text", { x: at + (toLeft ? -5 : 5), y: 14 + row * 16, "text-anchor": toLeft ? "end" : "start" }, `${mark.label} ${clock(mark.time)}`),
  );
}

function nice(most) {
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 4, 5, 10].map((factor) => factor * power).find((level) => level >= most);
}

function levels(top) {
  return top < 2 ? [0, top] : [0, top / 2, top];
}

function times(start, minutes, inner) {
  const most = Math.max(1, Math.floor(inner / 64));
  const step = STEPS.find((one) => minutes / one <= most) ?? STEPS.at(-1);
  // On round times of the clock of the reader.
  const offset = -new Date(start).getTimezoneOffset();
  const first = (step - ((Math.floor(start / MINUTE) + offset) % step)) % step;
  const found = [];
  for (let minute = first; minute <= minutes; minute += step) found.push(minute);
  return found;
}

function summary(course, marks) {
  const known = course.observed.map((count, n) => ({ count, n })).filter(({ count }) => count !== null);
  const peak = known.reduce((best, one) => (one.count > best.count ? one : best));
  return t("chart.summary", {
    from: stamp(course.start),
    to: clock(new Date(course.start).getTime() + course.observed.length * MINUTE),
    most: number(peak.count),
    when: clock(new Date(course.start).getTime() + peak.n * MINUTE),
    expected: number(course.expected[peak.n] ?? 0),
    marks: marks.map((mark) => `${mark.label} ${clock(mark.time)}`).join(", "),
  });
}

function table(course) {
  const start = new Date(course.start).getTime();
  const rows = course.observed.map((count, n) =>
    count === null
      ? null
      : h("tr", {}, h("th", { scope: "row" }, clock(start + n * MINUTE)), h("td", {}, number(count)), h("td", {}, number(course.expected[n]))),
  );
  return h(
    "details",
    { "data-key": "chart-table" },
    h("summary", { "data-key": "chart-summary" }, t("chart.table")),
    scrolling(t("chart.table"), head("chart.minute", "chart.observed", "chart.expected"), h("tbody", {}, rows)),
  );
}

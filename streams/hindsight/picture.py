"""An account as an SVG that fits a phone and a desktop: no script, and all text is data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from agents.detect.trace import Decision, Trace
from schemas.times import MINUTE_MS, format_ms
from streams.hindsight.account import Account, Course, full_height
from windows.scan import LENGTHS
from windows.texts import clean

_WIDTH, _LEFT, _RIGHT = 480, 44, 468
_HIGH, _LOW, _SMALL = 170, 130, 44
"""Heights of the reports, of the scores and of another theme's reports."""
_INK, _FAINT, _BAND, _EXPECTED, _BARS = "#222222", "#767676", "#d6e4f0", "#2b6ca3", "#444444"
_ALARM = "#b3261e"
_SCALES = ("#7a4fa3", "#2b6ca3", "#2f7d4f", "#a06a00", "#5b5b5b")
"""Of the time scales, the shortest first."""
_DECISIONS: dict[Decision, tuple[str, str]] = {
    "low": ("#f1cf7a", "up, but below the threshold"),
    "muted": ("#9a9a8c", "muted"),
    "habit": ("#b9a3d6", "usual at this time of day"),
    "small": ("#8fb8de", "too few reports or people"),
    "beside": ("#c9c9c9", "too little beside others"),
    "opened": ("#b3261e", "incident opened"),
    "updated": ("#e0635a", "incident updated"),
    "part": ("#f3b5b0", "part of an open incident"),
    "resolved": ("#2f7d4f", "incident resolved"),
}
_LETTERS = 62
"""That fit a line of small type."""


def picture(account: Account) -> bytes:
    """The SVG document, UTF-8."""
    lead = account.courses[0]
    root = Element("svg", xmlns="http://www.w3.org/2000/svg", role="img")
    root.set("font-family", "system-ui, -apple-system, 'Noto Sans', 'Noto Sans CJK SC', sans-serif")
    title = (
        account.incident.incident.title
        if account.incident
        else f"{account.product}: {lead.theme.words}"
    )
    SubElement(root, "title").text = _plain(title, 200)
    ground = SubElement(root, "rect", width="100%", height="100%", fill="#ffffff")
    ground.tail = "\n"
    _text(root, 12, 26, title, size=15, weight="600", most=50)
    _text(root, 12, 46, _subtitle(account), colour=_FAINT)
    top = _reports(root, lead, 78, _HIGH)
    top = _scores(root, lead.traces, top + 48)
    top = _decisions(root, lead.traces, top + 34)
    for course in account.courses[1:]:
        top = _other(root, course, top + 26)
    height = top + 16
    root.set("viewBox", f"0 0 {_WIDTH} {height:g}")
    root.set("width", "100%")
    root.set("height", "100%")
    root.set("preserveAspectRatio", "xMidYMin meet")
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _subtitle(account: Account) -> str:
    traces = account.courses[0].traces
    day = format_ms(traces[0].minute * MINUTE_MS)[:10]
    named = f"theme {account.courses[0].theme.cluster_id}"
    if account.incident:
        named = f"incident {account.incident.incident.incident_id}"
    return f"{day}, UTC · {named}"


def _reports(root: Element, course: Course, top: float, height: float) -> float:
    """Reports of every minute over what is usual; the lower edge."""
    traces = course.traces
    most = full_height([t.count for t in traces], [t.high for t in traces])
    x, y = _across(traces), _down(top, height, most)
    _text(root, _LEFT, top - 8, "reports a minute", colour=_BARS)
    _text(root, _LEFT + 122, top - 8, "expected", colour=_EXPECTED)
    _text(root, _LEFT + 188, top - 8, "usual range: 95 of 100 minutes", colour=_FAINT)
    upper = [(x(t.minute), y(t.high)) for t in traces]
    lower = [(x(t.minute), y(t.low)) for t in reversed(traces)]
    _path(root, [*upper, *lower], fill=_BAND, closed=True)
    bars = [
        point
        for t in traces
        for point in ((x(t.minute - 0.5), y(t.count)), (x(t.minute + 0.5), y(t.count)))
    ]
    _path(root, bars, stroke=_BARS, width=1.4)
    _path(root, [(x(t.minute), y(t.expected)) for t in traces], stroke=_EXPECTED, width=1.8)
    _axis(root, top, height, most)
    _times(root, traces, top + height)
    return top + height


def _scores(root: Element, traces: Sequence[Trace], top: float) -> float:
    """The score of every time scale beside the threshold; the lower edge."""
    threshold = max(t.threshold.score for t in traces)
    most = max(1.3 * threshold, *(t.score for t in traces))
    x, y = _across(traces), _down(top, _LOW, most)
    _text(root, _LEFT, top - 8, "score over")
    for place, (length, colour) in enumerate(zip(LENGTHS, _SCALES, strict=True)):
        scored = [{s.window_minutes: s.score for s in t.scales}.get(length, 0.0) for t in traces]
        points = [(x(t.minute), y(value)) for t, value in zip(traces, scored, strict=True)]
        _path(root, points, stroke=colour, width=1.6)
        _text(root, _LEFT + 80 + 32 * place, top - 8, f"{length}", colour=colour)
    _text(root, _LEFT + 240, top - 8, "min")
    _text(root, _LEFT + 310, top - 8, "opens an incident", colour=_ALARM)
    line = [(x(t.minute), y(t.threshold.score)) for t in traces]
    _path(root, line, stroke=_ALARM, width=1.4, dashes="5 3")
    _axis(root, top, _LOW, most)
    return top + _LOW


def _decisions(root: Element, traces: Sequence[Trace], top: float) -> float:
    """What was decided minute by minute, with a legend; the lower edge."""
    x = _across(traces)
    _text(root, _LEFT, top - 8, "decided")
    SubElement(
        root, "rect", x=f"{_LEFT}", y=f"{top:g}", width=f"{_RIGHT - _LEFT}", height="14",
        fill="#eeeeee",
    )  # fmt: skip
    wide = max(2.0, x(traces[0].minute + 1) - x(traces[0].minute))
    for trace in traces:
        if trace.decision in _DECISIONS:
            colour, _ = _DECISIONS[trace.decision]
            left = f"{x(trace.minute - 0.5):.2f}"
            SubElement(
                root, "rect", x=left, y=f"{top:g}", width=f"{wide:.2f}", height="14", fill=colour
            )
    made = {trace.decision for trace in traces}
    shown = [look for decision, look in _DECISIONS.items() if decision in made]
    top += 32
    for place, (colour, words) in enumerate(shown):
        across, down = _LEFT + 212 * (place % 2), top + 20 * (place // 2)
        SubElement(
            root, "rect", x=f"{across}", y=f"{down - 10:g}", width="12", height="12", fill=colour
        )
        _text(root, across + 18, down, words)
    return top + 20 * ((len(shown) + 1) // 2) - 20 if shown else top - 18


def _other(root: Element, course: Course, top: float) -> float:
    """A theme of the same incident, small; the lower edge."""
    traces = course.traces
    most = full_height([t.count for t in traces], [t.expected for t in traces])
    x, y = _across(traces), _down(top, _SMALL, most)
    _text(root, _LEFT, top - 6, f"also: {course.theme.words}", most=_LETTERS)
    _path(root, [(x(t.minute), y(t.count)) for t in traces], stroke=_BARS, width=1.2)
    _path(root, [(x(t.minute), y(t.expected)) for t in traces], stroke=_EXPECTED, width=1.2)
    _axis(root, top, _SMALL, most)
    return top + _SMALL


def _across(traces: Sequence[Trace]) -> Callable[[float], float]:
    first, last = traces[0].minute - 0.5, traces[-1].minute + 0.5
    return lambda minute: _LEFT + (_RIGHT - _LEFT) * (minute - first) / (last - first)


def _down(top: float, height: float, most: float) -> Callable[[float], float]:
    return lambda value: top + height * (1 - min(value, most) / most)


def _axis(root: Element, top: float, height: float, most: float) -> None:
    bottom = top + height
    _path(root, [(_LEFT, bottom), (_RIGHT, bottom)], stroke=_FAINT, width=1)
    for value, at in ((most, top + 10), (0, bottom)):
        _text(root, _LEFT - 6, at, f"{value:.0f}", colour=_FAINT, anchor="end")


def _times(root: Element, traces: Sequence[Trace], top: float) -> None:
    x, last = _across(traces), len(traces) - 1
    for place, anchor in ((0, "start"), (last // 2, "middle"), (last, "end")):
        trace = traces[place]
        clock = format_ms(trace.minute * MINUTE_MS)[11:16]
        _text(root, x(trace.minute), top + 16, clock, colour=_FAINT, anchor=anchor)


def _path(
    root: Element,
    points: Sequence[tuple[float, float]],
    *,
    stroke: str = "none",
    fill: str = "none",
    width: float = 1,
    dashes: str = "none",
    closed: bool = False,
) -> None:
    steps = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    path = SubElement(root, "path", d=f"M{steps}{'Z' * closed}", fill=fill, stroke=stroke)
    path.set("stroke-width", f"{width:g}")
    path.set("stroke-dasharray", dashes)


def _text(
    root: Element,
    x: float,
    y: float,
    words: str,
    *,
    size: int = 13,
    colour: str = _INK,
    weight: str = "400",
    anchor: str = "start",
    most: int = _LETTERS,
) -> None:
    said = SubElement(root, "text", x=f"{x:.1f}", y=f"{y:.1f}", fill=colour)
    said.set("font-size", str(size))
    said.set("font-weight", weight)
    said.set("text-anchor", anchor)
    said.text = _plain(words, most)


def _plain(words: str, most: int) -> str:
    """Without what XML forbids and screens obey; a Chinese character takes the room of two."""
    room = most
    kept: list[str] = []
    for character in clean(words):
        room -= 2 if character >= "ᄀ" else 1
        if room < 0:
            return "".join(kept) + "…"
        kept.append(character)
    return "".join(kept)

"""Charts as SVG that needs nothing else: no script, no font, no network."""

from collections.abc import Callable, Sequence
from html import escape

from sinks.reviews.figures import Series

WIDTH, HEIGHT = 640, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 6, 10, 24
_TICKS = 3


def columns(series: Series, title: str) -> str:
    """A column for each night, the last one in another colour, and the mean of those before."""
    most = _rounded(max(series.reviews, default=0))
    frame = _Frame(len(series.days), most)
    parts = [frame.grid(lambda value: f"{value:,}")]
    for n, (day, count) in enumerate(zip(series.days, series.reviews, strict=True)):
        css = "now" if n == len(series.days) - 1 else "past"
        parts.append(frame.bar(n, 0, count, css, f"{day}: {count:,}"))
    if series.mean is not None:
        y = frame.y(series.mean)
        parts.append(
            f'<line class="mean" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        )
    parts.append(frame.days(series.days))
    return _svg(parts, title)


def shares(parts_of: Sequence[tuple[str, Series]], title: str) -> str:
    """For each night a column of 100 %, in the parts named, from the bottom up."""
    if not parts_of:
        return ""
    days = parts_of[0][1].days
    frame = _Frame(len(days), 100)
    parts = [frame.grid(lambda value: f"{value} %")]
    for n, day in enumerate(days):
        total = sum(series.reviews[n] for _, series in parts_of)
        low = 0.0
        for name, series in parts_of:
            share = 100 * series.reviews[n] / total if total else 0.0
            said = f"{day}: {name} {share:.0f} % ({series.reviews[n]:,})"
            parts.append(frame.bar(n, low, low + share, name, said))
            low += share
    parts.append(frame.days(days))
    return _svg(parts, title)


def spark(series: Series) -> str:
    """A small line over the nights, without words; what it says stands beside it."""
    most = max(series.reviews, default=0) or 1
    step = 80 / max(1, len(series.reviews) - 1)
    points = [
        f"{n * step:.1f},{18 - 16 * count / most:.1f}" for n, count in enumerate(series.reviews)
    ]
    return (
        '<svg class="spark" viewBox="-2 0 84 20" aria-hidden="true">'
        f'<polyline points="{" ".join(points)}"/></svg>'
    )


def gauge(value: float, usual: float | None, most: float, css: str) -> str:
    """A bar of `value` out of `most`, with a mark where it usually ends."""
    scale = 100 / most if most else 0.0
    mark = f'<i style="left:{min(100.0, usual * scale):.1f}%"></i>' if usual is not None else ""
    return f'<span class="gauge {css}"><b style="width:{value * scale:.1f}%"></b>{mark}</span>'


class _Frame:
    """Where things are in a chart of so many columns, with values from 0 to `most`."""

    def __init__(self, columns: int, most: int) -> None:
        self._step = (WIDTH - _LEFT - _RIGHT) / max(1, columns)
        self._most = max(1, most)

    def y(self, value: float) -> float:
        return HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * value / self._most

    def bar(self, n: int, low: float, high: float, css: str, said: str) -> str:
        top, bottom = self.y(high), self.y(low)
        x, width = _LEFT + n * self._step + 1, max(1.0, self._step - 2)
        return (
            f'<rect class="{escape(css)}" x="{x:.1f}" y="{top:.1f}" width="{width:.1f}"'
            f' height="{max(0.0, bottom - top):.1f}"><title>{escape(said)}</title></rect>'
        )

    def grid(self, words: Callable[[int], str]) -> str:
        parts = []
        for tick in range(_TICKS + 1):
            value = self._most * tick // _TICKS
            y = self.y(value)
            parts.append(f'<line x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
            parts.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}">{words(value)}</text>')
        return f'<g class="grid">{"".join(parts)}</g>'

    def days(self, days: Sequence[str]) -> str:
        """The last day, and each week before it."""
        parts = []
        for n in range(len(days) - 1, -1, -7):
            x = _LEFT + (n + 0.5) * self._step
            end = "end" if n == len(days) - 1 and n else "middle"
            x = WIDTH - _RIGHT if end == "end" else max(x, _LEFT + 12)
            parts.append(
                f'<text style="text-anchor:{end}" x="{x:.1f}" y="{HEIGHT - 6}">{days[n][5:]}</text>'
            )
        return f'<g class="days">{"".join(parts)}</g>'


def _rounded(most: int) -> int:
    """Up to what divides well into ticks."""
    step = 10 ** max(0, len(str(most)) - 2)
    unit = _TICKS * step
    return max(_TICKS, -(-most // unit) * unit)


def _svg(parts: Sequence[str], title: str) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">'
        f"{''.join(parts)}</svg>"
    )

"""The top of the page: whether to act, the night in six figures, and the four weeks."""

from html import escape

from sinks.reviews.figures import Series
from streams.reviews.report import charts
from streams.reviews.report.charts import Columns
from streams.reviews.report.facts import SENTIMENTS, Facts
from streams.reviews.report.markup import fact, key, section, text
from streams.reviews.report.verdict import HEADS, Verdict, calm
from streams.reviews.report.words import Clock, about, counted, money, percent, round_percent, took

_SHORT = 90
"""Characters: no name of a product pushes the rest off the screen."""
_SIGNS = {"alarm": "!", "attention": "?", "quiet": "✓"}


def judged(facts: Facts, found: Verdict, clock: Clock) -> str:
    """What to look at first, each with a link to where it is told."""
    body = f"<p>{escape(calm(facts, clock))}</p>"
    if found.notices:
        items = "".join(
            f'<li class="{one.level}"><a href="#{one.place}"><b>{text(one.text, _SHORT)}</b>'
            f"{f' ({text(one.more, _SHORT)})' * bool(one.more)}</a></li>"
            for one in found.notices
        )
        body = f"<ul>{items}</ul>"
    return (
        f'<div class="verdict {found.level}"><h2><span class="sign" aria-hidden="true">'
        f"{_SIGNS[found.level]}</span>{HEADS[found.level]}</h2>{body}</div>"
    )


def tiles(facts: Facts) -> str:
    """The night in six figures."""
    volume, negative = facts.volume, facts.compared(facts.sentiment("negative"))
    usual = f"usually {about(volume.mean)}" if volume.mean is not None else "the first night"
    often = "of all reviews" if negative.usual is None else f"usually {percent(negative.usual)}"
    copied = sum(one.reviews for one in facts.campaigns)
    account, coverage = facts.account, facts.coverage
    cost = f"cost {money(account.cost)}" if account.asked else "no language model"
    cells = [
        ("history", f"{volume.today:,}", "reviews", usual, ""),
        ("history", percent(negative.share), "negative", often, ""),
        ("tickets", f"{len(facts.tickets):,}", "tickets", severities(facts), ""),
        ("campaigns", f"{len(facts.campaigns):,}", "campaigns", counted(copied, "review"), ""),
        ("night", _covered(facts), "accounted for", left(facts), "bad" * bool(coverage.missing)),
        ("night", took(sum(account.seconds.values())), "time of the night", cost, ""),
    ]
    items = "".join(
        f'<li class="{css}"><a href="#{place}"><span>{what}</span><strong>{value}</strong>'
        f"<small>{note}</small></a></li>"
        for place, value, what, note, css in cells
    )
    return f'<ul class="tiles">{items}</ul>'


def severities(facts: Facts) -> str:
    """Tickets by severity, the worst first."""
    names = ("critical", "error", "warning", "info")
    counts = {name: sum(one.severity == name for one in facts.tickets) for name in names}
    return ", ".join(f"{count:,} {name}" for name, count in counts.items() if count) or "none"


def _covered(facts: Facts) -> str:
    found = facts.coverage
    return percent(1 - abs(found.missing) / found.read) if found.read else "none read"


def left(facts: Facts) -> str:
    """Of the records that were read, those without a whole label."""
    found = facts.coverage
    parts = {
        "missing": found.missing,
        "left open": sum(found.open.values()),
        "refused": sum(found.refused.values()),
    }
    return ", ".join(f"{n:,} {what}" for what, n in parts.items() if n) or "all labelled"


def history(facts: Facts) -> str:
    """Volume and sentiment of each night, and the sentiment of this one."""
    figures = [_sentiments(facts)]
    if facts.nights_before:
        negative = facts.sentiment("negative")
        volume = [float(count) for count in facts.volume.reviews]
        usual = facts.compared(negative).usual
        figures = [
            _columns(facts, "Reviews a day", "all", volume, facts.volume.mean),
            _columns(facts, "Negative, of all reviews", "bad", facts.shares(negative), usual),
            *figures,
        ]
    head = "Against the last four weeks" if facts.nights_before else "Sentiment"
    return section("history", head, f'<div class="figures">{"".join(figures)}</div>')


def _columns(facts: Facts, title: str, css: str, values: list[float], usual: float | None) -> str:
    words, scale = (about, about) if css == "all" else (percent, round_percent)
    by_day = dict(zip(facts.volume.days, values, strict=True))
    of = facts.calendar
    chart = Columns(of, [by_day.get(day) for day in of], usual, css, words, scale)
    said = f"{title}: {words(values[-1])}, usually {words(usual or 0.0)}"
    gap = "; grey: no night" if len(of) > len(facts.volume.days) else ""
    return (
        f"<figure><figcaption>{title}</figcaption>{charts.columns(chart, said)}"
        f'<p class="soft legend">dashed: usual{gap}</p></figure>'
    )


def _sentiments(facts: Facts) -> str:
    found = {name: facts.compared(facts.sentiment(name)) for name in SENTIMENTS}
    bars = ""
    if facts.volume.today:
        today = [(name, one.share) for name, one in found.items()]
        bars = f"<p>on this day</p>{charts.stacked(today, 'sentiment of this day')}"
    if facts.nights_before:
        before = [(name, one.usual or 0.0) for name, one in found.items()]
        bars += f"<p>usually</p>{charts.stacked(before, 'sentiment of the days before')}"
    lines = "".join(
        fact(
            f"{key(name)}{name}",
            f"{percent(one.share)}"
            + (f" <small>usually {percent(one.usual)}</small>" if one.usual is not None else ""),
        )
        for name, one in found.items()
    )
    return (
        f'<figure><figcaption>Sentiment</figcaption><div class="bars">{bars}</div>'
        f'<dl class="facts">{lines}</dl></figure>'
    )


def subtitle(facts: Facts, zone: str) -> str:
    """Of when, of where, against what."""
    parts = [f"times in {text(zone, _SHORT)}", f"from {text(facts.account.source, _SHORT)}"]
    if facts.nights_before:
        missed = len(facts.calendar) - len(facts.volume.days)
        gap = f" ({counted(missed, 'day')} without one)" if missed else ""
        parts.append(f"compared with {counted(facts.nights_before, 'night')} before{gap}")
    else:
        parts.append("the first night")
    return " · ".join(parts)


def spark_of(facts: Facts, series: Series) -> str:
    """Its share over the nights."""
    return charts.spark(facts.shares(series)) if facts.nights_before else ""

"""What reviews say: what rose, why they are bad, and what they speak of."""

from collections.abc import Sequence

from agents.reviews.rises import MIN_DAYS
from sinks.reviews.figures import Complaints, Quote, Risen, Series
from streams.reviews.report import charts
from streams.reviews.report.facts import Facts
from streams.reviews.report.markup import NAME, key, product, quotation, text
from streams.reviews.report.overview import spark_of
from streams.reviews.report.verdict import Name, still_early
from streams.reviews.report.words import Clock, about, counted, percent

_RISEN, _ASPECTS, _OPENED = 12, 14, 3


def risen(facts: Facts, name: Name) -> str:
    """What is spoken of more than in the nights before."""
    if facts.nights_before < MIN_DAYS:
        return f"<p>{still_early(facts)}</p>"
    found = facts.risen[:_RISEN]
    if not found:
        return "<p>Nothing, beyond chance.</p>"
    most = max(max(one.reviews, one.expected) for one in found)
    rows = "".join(_risen(one, most, name) for one in found)
    return f'<ul class="rows rose">{rows}</ul>{_more(len(facts.risen) - _RISEN, "rose")}'


def _risen(one: Risen, most: float, name: Name) -> str:
    where = "all products" if one.product is None else product(one.product)
    bar = charts.gauge(one.reviews, one.expected, most, one.polarity)
    return (
        f"<li><p>{key(one.polarity)}<b>{text(name(one.attribute), NAME)}</b>, {one.polarity}<br>"
        f"<small>{where}</small></p><p>{bar}</p><p><b>{one.lift:.1f} times</b><br>"
        f"<small>{one.reviews:,} instead of {about(one.expected)}</small></p></li>"
    )


def complaints(found: Sequence[Complaints], name: Name, clock: Clock) -> str:
    """Why reviews of a product are bad, in their words; the first products unfolded."""
    if not found:
        return "<p>No review is negative.</p>"
    return "".join(_product(one, n < _OPENED, name, clock) for n, one in enumerate(found))


def _product(one: Complaints, is_open: bool, name: Name, clock: Clock) -> str:
    causes = "".join(
        f"<div><h4>{text(name(each.attribute), NAME)} <small>"
        f"{counted(each.reviews, 'review')}</small></h4>"
        f"{''.join(_quote(quote, clock) for quote in each.quotes)}</div>"
        for each in one.about
    )
    share = percent(one.negative / one.reviews) if one.reviews else "0 %"
    return (
        f"<details{' open' * is_open}><summary><b>{product(one.product)}</b>"
        f" <small>{one.negative:,} of {one.reviews:,} negative ({share})</small></summary>"
        f'<div class="causes">{causes or "<p>They name no attribute.</p>"}</div></details>'
    )


def _quote(quote: Quote, clock: Clock) -> str:
    why = f"why: {text(quote.cause)}<br>" if quote.cause else ""
    below = f"{why}{clock.moment(quote.time)} · {text(quote.source, NAME)}"
    return quotation(quote.text, below)


def aspects(facts: Facts, name: Name) -> str:
    """What reviews speak of, the most complained of first, beside what is usual."""
    by = {(one.name, one.polarity): one for one in facts.aspects}
    order = sorted(
        {of for (of, polarity), one in by.items() if polarity != "neutral" and one.today},
        key=lambda of: (-_today(by, of, "negative"), -_today(by, of, "positive"), of),
    )
    if not order:
        return "<p>No review names an attribute.</p>"
    shown = [
        facts.compared(by[of, polarity])
        for of in order[:_ASPECTS]
        for polarity in ("negative", "positive")
        if (of, polarity) in by
    ]
    most = max(max(one.today, one.expected or 0.0) for one in shown)
    rows = "".join(
        f"<li><p><b>{text(name(of), NAME)}</b>{_trend(facts, by.get((of, 'negative')))}</p>"
        f"{_side(facts, by.get((of, 'negative')), most, 'negative')}"
        f"{_side(facts, by.get((of, 'positive')), most, 'positive')}</li>"
        for of in order[:_ASPECTS]
    )
    note = ""
    if facts.nights_before:
        note = (
            '<p class="soft">The mark: as many as usual, among as many reviews. The line: the'
            " share of complaints, night by night.</p>"
        )
    more = _more(len(order) - _ASPECTS, "are in review_days")
    return f'<ul class="rows spoken">{rows}</ul>{more}{note}'


def _today(by: dict[tuple[str, str], Series], of: str, polarity: str) -> int:
    return by[of, polarity].today if (of, polarity) in by else 0


def _trend(facts: Facts, series: Series | None) -> str:
    return spark_of(facts, series) if series else ""


def _side(facts: Facts, series: Series | None, most: float, polarity: str) -> str:
    found = facts.compared(series) if series else None
    count = found.today if found else 0
    expected = found.expected or 0.0 if found else 0.0
    usual = f" <small>usually {about(expected)}</small>" if facts.nights_before else ""
    bar = charts.gauge(count, expected or None, most, polarity)
    return f"<p>{key(polarity)}{count:,} {polarity}{usual}{bar}</p>"


def _more(number: int, what: str) -> str:
    return f'<p class="soft">{number:,} more {what}.</p>' if number > 0 else ""

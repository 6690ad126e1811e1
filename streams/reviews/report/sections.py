"""The parts of the morning's page; whatever comes from people is escaped."""

from collections.abc import Callable, Sequence
from html import escape

from schemas.reviews import RiskTicket
from sinks.reviews.figures import Campaign, Complaints, Quote, Risen, Series
from streams.reviews.report import charts
from streams.reviews.report.facts import Facts

Name = Callable[[str], str]
"""What people call an attribute."""
SENTIMENTS = ("negative", "mixed", "neutral", "positive")
_ASPECTS = 14
_TICKETS = 40
_PRODUCTS = 10


def tiles(facts: Facts) -> str:
    """The night in six figures."""
    found = facts.volume
    bad = facts.sentiments.get("negative")
    usual = f"usually {found.mean:,.0f}" if found.mean is not None else "the first night"
    cells = [
        (f"{found.today:,}", "reviews", usual),
        (_percent(bad, found), "negative", _usual_percent(bad, found)),
        (f"{len(facts.tickets):,}", "tickets", _severities(facts.tickets)),
        (f"{len(facts.campaigns):,}", "campaigns", f"{_members(facts.campaigns):,} reviews"),
        (f"{sum(facts.coverage.open.values()):,}", "left open", "for a language model"),
        (f"{sum(facts.coverage.refused.values()):,}", "refused", "with a reason"),
    ]
    items = (
        f"<li><strong>{value}</strong>{what}<br><small>{note}</small></li>"
        for value, what, note in cells
    )
    return f'<ul class="tiles">{"".join(items)}</ul>'


def history(facts: Facts) -> str:
    """Volume and sentiment of each night."""
    parts = [(name, facts.sentiments[name]) for name in SENTIMENTS if name in facts.sentiments]
    keys = "".join(f'<span class="key {name}"></span>{name}' for name, _ in parts)
    return (
        '<div class="pair"><figure style="margin:0"><h3>Reviews a day</h3>'
        f"{charts.columns(facts.volume, 'reviews a day')}</figure>"
        f'<figure style="margin:0"><h3>Sentiment {keys}</h3>'
        f"{charts.shares(parts, 'sentiment of each day')}</figure></div>"
    )


def risen(facts: Facts, name: Name) -> str:
    """What is spoken of more than in the nights before."""
    if not facts.nights_before:
        return "<p>This is the first night: there is nothing yet to compare with.</p>"
    found = [*facts.risen, *facts.risen_products]
    if not found:
        return f"<p>Nothing beyond chance, against {facts.nights_before} nights before.</p>"
    rows = "".join(_risen(one, name) for one in found)
    head = _head("what", "of", ("today", 1), ("expected", 1), ("times", 1))
    return f'<table class="stack">{head}<tbody>{rows}</tbody></table>'


def _risen(one: Risen, name: Name) -> str:
    return (
        f"<tr><td>{_said(name(one.attribute), one.polarity)}</td>"
        f"<td>{escape(one.product) if one.product is not None else 'all products'}</td>"
        f"{_n('today', f'{one.reviews:,}')}{_n('expected', f'{one.expected:,.1f}')}"
        f"{_n('times', f'{one.lift:.1f}')}</tr>"
    )


def aspects(facts: Facts, name: Name) -> str:
    """What reviews speak of, bad and good, beside what is usual."""
    shown = [one for one in facts.aspects if one.polarity in ("negative", "positive")]
    if not shown:
        return "<p>No attribute was named.</p>"
    order = list(dict.fromkeys(one.name for one in shown))[:_ASPECTS]
    by = {(one.name, one.polarity): one for one in shown}
    most = max(max(one.today, one.mean or 0.0) for one in shown)
    rows = "".join(
        f"<tr><td>{escape(name(of))}</td>"
        + _gauge(by.get((of, "negative")), most, "negative")
        + _gauge(by.get((of, "positive")), most, "positive")
        + "</tr>"
        for of in order
    )
    head = _head("attribute", ("bad", 1), "", ("good", 1), "")
    return (
        f'<div class="wide"><table>{head}<tbody>{rows}</tbody></table></div>'
        '<p class="soft">The mark is the mean of the nights before.</p>'
    )


def _gauge(series: Series | None, most: float, css: str) -> str:
    today = series.today if series else 0
    bar = charts.gauge(today, series.mean if series else None, most, css)
    return f'<td class="n">{today:,}</td><td style="width:32%">{bar}</td>'


def complaints(found: Sequence[Complaints], name: Name) -> str:
    """Why reviews of a product are bad, in their words."""
    if not found:
        return "<p>No product has negative reviews.</p>"
    return "".join(_product(one, name) for one in found[:_PRODUCTS])


def _product(one: Complaints, name: Name) -> str:
    about = "".join(
        f"<p>{_said(name(each.attribute), 'negative')} <small>{each.reviews:,} reviews</small></p>"
        + "".join(map(_quote, each.quotes))
        for each in one.about
    )
    share = 100 * one.negative / one.reviews if one.reviews else 0.0
    head = (
        f"<h3>{escape(one.product) or 'no product named'} <small>{one.negative:,} of"
        f" {one.reviews:,} negative ({share:.0f} %)</small></h3>"
    )
    return head + (about or '<p class="soft">They name no attribute.</p>')


def _quote(quote: Quote) -> str:
    return (
        f"<blockquote>{escape(quote.text)}<small>{escape(quote.source)},"
        f" {quote.time[11:16]} UTC</small></blockquote>"
    )


def campaigns(found: Sequence[Campaign]) -> str:
    """Who has written what, and when."""
    if not found:
        return "<p>None was found.</p>"
    return "".join(
        f"<h3>{escape(one.ticket.title)}</h3><p>{one.reviews:,} reviews by {one.authors:,}"
        f" authors of {escape(', '.join(one.products)) or 'no product named'},"
        f" {one.first[:16].replace('T', ' ')} to {one.last[:16].replace('T', ' ')} UTC;"
        f" {escape(one.ticket.reason)}</p>"
        + "".join(f"<blockquote>{escape(text)}</blockquote>" for text in one.ticket.quotes)
        + f'<p class="soft">Authors: {escape(", ".join(one.ticket.authors[:12]))}</p>'
        for one in found
    )


def tickets(found: Sequence[RiskTicket]) -> str:
    """The worst first."""
    if not found:
        return "<p>None. Nobody has to look at anything.</p>"
    rows = "".join(
        f'<tr><td><span class="tag {one.severity}">{one.severity}</span></td>'
        f"<td>{escape(one.title)}<br><small>{escape(one.reason)}</small></td>"
        f"{_n('reviews', f'{one.reviews:,}')}"
        f'<td class="n" data-of="due">{one.due[:16].replace("T", " ")}</td>'
        f"<td><small>{escape(one.ticket_id)}</small></td></tr>"
        for one in found[:_TICKETS]
    )
    more = len(found) - _TICKETS
    rest = f'<p class="soft">and {more:,} more in risk_tickets</p>' if more > 0 else ""
    head = _head("", "what", ("reviews", 1), ("due (UTC)", 1), "ticket")
    return f'<table class="stack">{head}<tbody>{rows}</tbody></table>{rest}'


def night(facts: Facts) -> str:
    """Coverage, cost and time."""
    account, coverage = facts.account, facts.coverage
    rows = [("read", coverage.read), ("labelled", coverage.labelled)]
    rows += [(f"open: {reason}", count) for reason, count in coverage.open.items()]
    rows += [(f"refused: {reason}", count) for reason, count in coverage.refused.items()]
    if coverage.missing:
        rows.append(("not accounted for", coverage.missing))
    cells = "".join(
        f'<tr><td>{escape(what)}</td><td class="n">{count:,}</td></tr>' for what, count in rows
    )
    spent = ", ".join(f"{stage} {seconds:,.1f} s" for stage, seconds in account.seconds.items())
    asked = (
        f"{account.asked:,} reviews put to a language model, {account.answered:,} answered;"
        f" {account.calls:,} calls, {account.tokens_in:,} tokens in and {account.tokens_out:,} out,"
        f" cost {account.cost:,.2f}"
        if account.asked
        else "no language model was asked"
    )
    return (
        f'<div class="pair"><table><tbody>{cells}</tbody></table><div><p>{asked};'
        f" {account.left_to_rules:,} uncertain ones were left to rules.</p>"
        f"<p>{escape(spent)}</p><p><small>code {escape(account.code)}, rules"
        f" {escape(account.rules)}, models {escape(account.models)}; from"
        f" {escape(account.source)}; {escape(account.start[:16])} to {escape(account.end[:16])}"
        f" UTC</small></p></div></div>"
    )


def _said(name: str, polarity: str) -> str:
    return f'<span class="key {polarity}"></span>{escape(name)}, {polarity}'


def _head(*titles: str | tuple[str, int]) -> str:
    cells = (
        f'<th class="n">{title[0]}</th>' if isinstance(title, tuple) else f"<th>{title}</th>"
        for title in titles
    )
    return f"<thead><tr>{''.join(cells)}</tr></thead>"


def _n(of: str, value: str) -> str:
    return f'<td class="n" data-of="{of}">{value}</td>'


def _percent(series: Series | None, volume: Series) -> str:
    return f"{100 * series.today / volume.today:.1f} %" if series and volume.today else "0 %"


def _usual_percent(series: Series | None, volume: Series) -> str:
    if series is None or series.mean is None or not volume.mean:
        return "of all reviews"
    return f"usually {100 * series.mean / volume.mean:.1f} %"


def _severities(found: Sequence[RiskTicket]) -> str:
    names = ("critical", "error", "warning", "info")
    counts = {name: sum(one.severity == name for one in found) for name in names}
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "none"


def _members(found: Sequence[Campaign]) -> int:
    return sum(one.reviews for one in found)

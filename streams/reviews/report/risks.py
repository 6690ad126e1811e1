"""Tickets and campaigns: what somebody has to look at, and who wrote it when."""

from collections.abc import Sequence

from schemas.reviews import RiskTicket
from sinks.reviews.figures import Campaign
from streams.reviews.report.markup import NAME, fact, names, quotation, text
from streams.reviews.report.words import Clock, counted

_TICKETS, _CAMPAIGNS = 40, 20
_SOURCES, _AUTHORS = 5, 12
_TITLE = 200
"""Characters."""


def tickets(found: Sequence[RiskTicket], clock: Clock) -> str:
    """The worst first, each with what it takes to look into it."""
    if not found:
        return "<p>None. Nobody has to look at anything.</p>"
    rows = "".join(_ticket(one, clock) for one in found[:_TICKETS])
    return f'<ul class="rows tickets">{rows}</ul>{_more(len(found) - _TICKETS, "risk_tickets")}'


def _ticket(one: RiskTicket, clock: Clock) -> str:
    lines = [fact("written", clock.span(one.first, one.last))]
    if one.authors:
        lines.append(fact("authors", names(one.authors, _AUTHORS)))
    lines.append(fact("reviews", names(one.sources, _SOURCES)))
    lines.append(fact("ticket", text(one.ticket_id, NAME)))
    return (
        f'<li><p><span class="tag {one.severity}">{one.severity}</span></p>'
        f"<p><b>{text(one.title, _TITLE)}</b><br><small>{text(one.reason)}</small></p>"
        f'<p class="due"><small>due</small> {clock.moment(one.due)}</p>'
        f"<details><summary>quotes and authors</summary>{_quotes(one)}"
        f'<dl class="facts">{"".join(lines)}</dl></details></li>'
    )


def campaigns(found: Sequence[Campaign], clock: Clock) -> str:
    """Who has written what, of which products, and when."""
    if not found:
        return "<p>None was found.</p>"
    rows = "".join(_campaign(one, clock) for one in found[:_CAMPAIGNS])
    return f"{rows}{_more(len(found) - _CAMPAIGNS, 'risk_tickets')}"


def _campaign(one: Campaign, clock: Clock) -> str:
    why = "".join(f"<li>{text(reason)}</li>" for reason in one.ticket.reason.split("; ") if reason)
    who = counted(one.authors, "author")
    if one.ticket.authors:
        who += f": {names(one.ticket.authors, _AUTHORS)}"
    lines = (
        fact("who", who),
        fact("when", clock.span(one.first, one.last)),
        fact("what", f"{counted(one.reviews, 'review')} of {_products(one)}"),
        fact("why", f"<ul>{why}</ul>"),
        fact("ticket", text(one.ticket.ticket_id, NAME)),
    )
    return (
        f'<article><h3>{text(one.ticket.title, _TITLE)} <span class="tag {one.ticket.severity}">'
        f'{one.ticket.severity}</span></h3><dl class="facts">{"".join(lines)}</dl>'
        f"{_quotes(one.ticket)}</article>"
    )


def _products(one: Campaign) -> str:
    return names([name for name in one.products if name], len(one.products)) or "no product named"


def _quotes(one: RiskTicket) -> str:
    return "".join(map(quotation, one.quotes))


def _more(number: int, table: str) -> str:
    return f'<p class="soft">{number:,} more are in {table}.</p>' if number > 0 else ""

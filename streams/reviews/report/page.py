"""The morning's page: one HTML file that needs nothing else."""

from base64 import b64encode
from hashlib import sha256
from importlib.resources import files

from streams.reviews.report import accounting, opinions, overview, risks
from streams.reviews.report.facts import Facts
from streams.reviews.report.markup import section
from streams.reviews.report.verdict import Name, verdict
from streams.reviews.report.words import Clock, long_day


def page(facts: Facts, name: Name) -> str:
    """The whole page; `name`: what people call an attribute."""
    style = (files("streams.reviews.report") / "style.css").read_text(encoding="utf-8")
    account = facts.account
    clock = Clock(account.zone)
    parts = (
        overview.judged(facts, verdict(facts, name, clock), clock),
        overview.tiles(facts),
        overview.history(facts),
        section("rose", "What rose", opinions.risen(facts, name)),
        section("tickets", "Tickets", risks.tickets(facts.tickets, clock)),
        section("bad", "Why reviews are bad", opinions.complaints(facts.complaints, name, clock)),
        section("campaigns", "Campaigns", risks.campaigns(facts.campaigns, clock)),
        section("spoken", "What reviews speak of", opinions.aspects(facts, name)),
        section("night", "The night", accounting.night(facts, clock)),
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(style)}">'
        '<meta name="referrer" content="no-referrer">'
        f"<title>Reviews of {account.date}</title><style>{style}</style></head><body><main>"
        f"<header><h1>Reviews of {long_day(account.date)}</h1>"
        f'<p class="soft">{overview.subtitle(facts, clock.name)}</p></header>'
        f"{''.join(parts)}</main></body></html>\n"
    )


def _policy(style: str) -> str:
    """Should ever a text get through the escaping, it finds a page that runs and fetches nothing,
    and has the one style that we gave it."""
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"

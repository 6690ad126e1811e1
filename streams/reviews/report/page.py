"""The morning's page: one HTML file that needs nothing else."""

from importlib.resources import files

from streams.reviews.report import sections
from streams.reviews.report.facts import Facts
from streams.reviews.report.sections import Name

# Should ever a text get through the escaping, it finds a page that runs and fetches nothing.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page(facts: Facts, name: Name) -> str:
    """The whole page; `name`: what people call an attribute."""
    style = (files("streams.reviews.report") / "style.css").read_text(encoding="utf-8")
    account = facts.account
    title = f"Reviews of {account.date}"
    before = (
        f"against {facts.nights_before} nights before" if facts.nights_before else "first night"
    )
    parts = [
        ("What rose", sections.risen(facts, name)),
        ("Tickets", sections.tickets(facts.tickets)),
        ("Why reviews are bad", sections.complaints(facts.complaints, name)),
        ("Campaigns", sections.campaigns(facts.campaigns)),
        ("What reviews speak of", sections.aspects(facts, name)),
        ("The night", sections.night(facts)),
    ]
    body = "".join(f"<section><h2>{head}</h2>{part}</section>" for head, part in parts)
    alarm = ""
    if facts.coverage.missing:
        alarm = (
            f'<p class="alarm">{abs(facts.coverage.missing):,} records are not accounted for: run'
            f" groundswell reviews run --date {account.date} again.</p>"
        )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"<title>{title}</title><style>{style}</style></head><body><main><h1>{title}</h1>"
        f'<p class="soft">{account.zone}, {before}</p>{alarm}'
        f"{sections.tiles(facts)}{sections.history(facts)}{body}</main></body></html>\n"
    )

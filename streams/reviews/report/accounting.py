"""The end of the page: every record accounted for, what was asked and spent, and how long."""

from streams.reviews.report import charts
from streams.reviews.report.facts import Facts
from streams.reviews.report.markup import NAME, fact, text
from streams.reviews.report.words import Clock, counted, money, percent, took


def night(facts: Facts, clock: Clock) -> str:
    """Coverage, cost and time."""
    parts = (
        ("Every record accounted for", _coverage(facts)),
        ("Asked of a language model", _asked(facts)),
        ("Time", _seconds(facts)),
    )
    figures = "".join(
        f"<figure><figcaption>{head}</figcaption>{part}</figure>" for head, part in parts
    )
    return f'<div class="figures">{figures}</div>{_versions(facts, clock)}'


def _coverage(facts: Facts) -> str:
    found = facts.coverage
    lines = [("read", found.read), ("labelled", found.labelled)]
    lines += [(f"open: {text(why, NAME)}", count) for why, count in found.open.items()]
    lines += [(f"refused: {text(why, NAME)}", count) for why, count in found.refused.items()]
    if found.missing:
        lines.append(("<b>not accounted for</b>", found.missing))
    bar = ""
    if found.read:
        shares = {
            "labelled": found.labelled,
            "open": sum(found.open.values()),
            "refused": sum(found.refused.values()),
            "missing": max(0, found.missing),
        }
        whole = max(found.read, sum(shares.values()))
        parts = [(css, count / whole) for css, count in shares.items()]
        bar = charts.stacked(parts, f"{percent(found.labelled / whole)} labelled")
    return f"{bar}{_list(lines)}"


def _asked(facts: Facts) -> str:
    account = facts.account
    if not account.asked:
        left = ""
        if account.left_to_rules:
            many = counted(account.left_to_rules, "review", "reviews")
            left = f" {many} of which the rules were not sure stayed with the rules."
        return f"<p>None was asked; the rules and the small models labelled alone.{left}</p>"
    counts = [
        ("questions", account.asked),
        ("answered", account.answered),
        ("left to rules", account.left_to_rules),
        ("calls", account.calls),
        ("tokens in", account.tokens_in),
        ("tokens out", account.tokens_out),
    ]
    return _list(counts, fact("cost", f"<b>{money(account.cost)}</b>"))


def _seconds(facts: Facts) -> str:
    spent = facts.account.seconds
    if not spent:
        return "<p>Nobody has taken the time.</p>"
    lines = "".join(fact(text(stage, NAME), took(each)) for stage, each in spent.items())
    whole = fact("<b>in all</b>", f"<b>{took(sum(spent.values()))}</b>")
    return f'<dl class="facts">{lines}{whole}</dl>'


def _versions(facts: Facts, clock: Clock) -> str:
    account = facts.account
    said = {"code": account.code, "rules": account.rules, "models": account.models}
    parts = [f"the day: {clock.span(account.start, account.end)}"]
    parts += [f"{what} {text(version)}" for what, version in said.items() if version]
    return f'<p class="soft">{" · ".join(parts)}</p>'


def _list(lines: list[tuple[str, int]], more: str = "") -> str:
    body = "".join(fact(what, f"{count:,}") for what, count in lines)
    return f'<dl class="facts">{body}{more}</dl>'

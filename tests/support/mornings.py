"""Facts of a morning without a database: a quiet one, but for what is given."""

from collections.abc import Sequence
from typing import Any

import msgspec

from sinks.reviews.figures import Campaign, Complaint, Complaints, Coverage, Quote, Risen, Series
from streams.reviews.report.facts import Facts
from tests.support.nights import DATE, account, ticket
from tests.support.weeks import day

BACK = 10
"""Nights before."""


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</style><style>*{display:none}</style>",
    "</bdi></p></li></ul></main><iframe src=//evil.example>",
    "javascript:alert(1)",
    "&lt;script&gt;&#60;b&#62;",
    "\u202egnp.exe\u202c\u2066\u2069\u200f\u061c",
    "W" * 900,
    "差" * 300,
    "مرحبا\u202bשלום",
    "a\x00b\x1b[31mc\x07\u2028\ufeff\ud800",
    "Z" + "\u0336\u035b\u0321" * 60,
    "%s {0} {name} $x \\",
    "",
]
"""What people write."""


def series(name: str, counts: Sequence[int], polarity: str = "", gaps: int = 0) -> Series:
    """Of the last days; so many `gaps` before the last one."""
    backs = [*range(len(counts) - 1 + gaps, gaps, -1), 0]
    return Series(name, tuple(map(day, backs)), tuple(counts), polarity)


def steady(today: int, before: int, nights: int = BACK) -> list[int]:
    """The same on all nights before."""
    return [before] * nights + [today]


def rise(product: str | None, attribute: str, polarity: Any = "negative") -> Risen:
    """From 20 to 60 reviews."""
    return Risen(product, attribute, polarity, 60, 20.4, 60.0, 20.4, 2.9, 30.0)


def facts(**given: Any) -> Facts:
    """1,000 reviews a night, a tenth negative; fields as given."""
    volume = given.pop("volume", series("", steady(1_000, 1_000)))
    nights = len(volume.days) - 1
    fields: dict[str, Any] = {
        "account": account([], read=volume.today, labelled=volume.today, seconds={"check": 75.0}),
        "coverage": Coverage(volume.today, volume.today, {}, {}),
        "volume": volume,
        "sentiments": {
            "negative": series("negative", steady(100, 100, nights)),
            "positive": series("positive", steady(900, 900, nights)),
        },
        "statuses": {"labelled": series("labelled", steady(1_000, 1_000, nights))},
        "aspects": [],
        "risen": [],
        "complaints": [],
        "campaigns": [],
        "tickets": [],
    }
    return Facts(**fields | given)


def hostile(text: str) -> Facts:
    """A night in which it stands wherever a text of others can stand."""
    at = f"{DATE}T01:00:00.000Z"
    one = ticket(
        text,
        kind="campaign",
        title=text,
        product=text,
        reason=text,
        authors=(text,) * 60,
        sources=(text,) * 60,
        quotes=(text,) * 3,
    )
    versions: dict[str, Any] = {
        "code": text,
        "rules": text,
        "models": text,
        "source": text,
        "zone": text,
    }
    about = Complaint(text, 3, (Quote(text, at, text, text),) * 3)
    return facts(
        account=account([], asked=3, seconds={text: 3.0}, **versions),
        coverage=Coverage(1_000, 900, {text: 50}, {text: 50}),
        aspects=[series(text, steady(60, 20), "negative")],
        risen=[rise(None, text), rise(text, text, "positive")],
        complaints=[Complaints(text, 9, 3, (about, about))],
        tickets=[msgspec.structs.replace(one, ticket_id="b", severity="critical"), *[one] * 11],
        campaigns=[Campaign(one, 60, 60, (text, text), at, at)],
    )

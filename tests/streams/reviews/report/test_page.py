import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from schemas.reviews import Aspect
from sinks.reviews.figures import Complaint, Complaints, Coverage, Quote
from streams.reviews.report.facts import facts_of
from streams.reviews.report.page import page
from tests.support.mornings import HOSTILE, facts, hostile, rise, series, steady
from tests.support.nights import DATE, label, ticket
from tests.support.weeks import store

_VOID = {"meta", "br", "link", "img", "input"}
# What the page is made of; a text adds nothing to it.
_TAGS = {
    *("html", "head", "meta", "title", "style", "body", "main", "header", "section", "article"),
    *("h1", "h2", "h3", "h4", "p", "ul", "li", "a", "b", "i", "bdi", "br", "span", "strong"),
    *("small", "div", "dl", "dt", "dd", "figure", "figcaption", "blockquote", "details"),
    *("summary", "svg", "g", "rect", "line", "text", "polyline"),
}
_ATTRIBUTES = {
    *("lang", "charset", "name", "content", "http-equiv", "id", "class", "href", "open", "role"),
    *("aria-label", "aria-hidden", "viewbox", "height", "width", "x", "y", "x1", "x2", "y1", "y2"),
    *("text-anchor", "points"),
}


class Read(HTMLParser):
    """The page as a browser sees it: tags, attributes, ids, and what is left open."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.ids: list[str] = []
        self.links: set[str] = set()
        self.text = ""
        self.bad: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        self.bad += self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        values = dict(attrs)
        if "id" in values:
            self.ids.append(values["id"] or "")
        if "href" in values:
            self.links.add(values["href"] or "")
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.bad.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def sound(html: str) -> Read:
    """The page, if it is whole and made of nothing but our own pieces."""
    found = Read(html)
    assert found.bad == []
    assert found.tags <= _TAGS
    assert found.attributes <= _ATTRIBUTES
    assert max(Counter(found.ids).values()) == 1
    assert found.links <= {f"#{place}" for place in found.ids}
    html.encode()
    return found


def named(attribute: str) -> str:
    return {"quality": "quality of make"}.get(attribute, attribute)


def test_a_night_with_everything(shop: Path) -> None:
    html = page(facts_of(shop, DATE), named)
    text = " ".join(sound(html).text.split())
    for told in (
        "Reviews of Friday, 20 November 2026",
        "Act now",
        "1 critical ticket, due Sat 21 Nov 04:00",
        "compared with 17 nights before (3 days without one)",
        "Complaints about logistics rose",
        "3 left open, 4 refused",
        "quality of make",
        "9 authors: new-0, new-1",
        "Fri 20 Nov 11:10 to 12:07",
        "near_copies: 24 texts of 9 authors",
        "why: parcel late, no answer to questions",
        "refused: not_utf8",
        "cost0.04",
        "left to rules6",
        "in all2 min 4 s",
    ):
        assert told in text, told


def test_the_same_night_is_the_same_page(shop: Path) -> None:
    assert page(facts_of(shop, DATE), named) == page(facts_of(shop, DATE), named)


def test_it_runs_and_fetches_nothing(shop: Path) -> None:
    html = page(facts_of(shop, DATE), named)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy[1]
    assert not re.search(r"https?:|//|url\(|@import|<script|<link", html)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_what_people_write_is_text(text: str) -> None:
    html = page(hostile(text), str)
    sound(html)
    assert not re.search("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x09\x0b-\x1f]", html)
    assert "W" * 500 not in html


def test_a_text_is_shown_as_it_was_written() -> None:
    quote = Quote("shop:1", f"{DATE}T00:00:00.000Z", "5 < 6 & \"so\" 'it' is <b>")
    found = facts(complaints=[Complaints("a & b", 9, 3, (Complaint("price", 3, (quote,)),))])
    text = sound(page(found, str)).text
    assert "5 < 6 & \"so\" 'it' is <b>" in text
    assert "a & b" in text


def test_a_first_night(tmp_path: Path) -> None:
    labels = [label(f"shop:{n}", author=f"u-{n}") for n in range(4)]
    html = page(facts_of(store(tmp_path, DATE, labels), DATE), named)
    text = sound(html).text
    assert "This is the first night" in text
    assert "usually" not in text
    assert 'class="plot"' not in html


def test_a_night_without_reviews(tmp_path: Path) -> None:
    text = sound(page(facts_of(store(tmp_path, DATE, []), DATE), named)).text
    assert "No review was read" in text
    assert "Nobody has to look at anything" in text
    assert "No review names an attribute" in text
    assert "nan" not in text


def test_a_night_that_was_refused_whole(tmp_path: Path) -> None:
    labels = [label(f"shop:{n}", status="refused", reason="no_text") for n in range(4)]
    text = sound(page(facts_of(store(tmp_path, DATE, labels), DATE), named)).text
    assert "4 records were refused" in text
    assert "refused: no_text" in text


def test_records_without_a_row_are_an_alarm(tmp_path: Path) -> None:
    file = store(tmp_path, DATE, [label("shop:1")], read=1_205, labelled=1_205)
    html = page(facts_of(file, DATE), named)
    text = " ".join(sound(html).text.split())
    assert 'class="verdict alarm"' in html
    assert "1,204 reviews have no label and no reason" in text
    assert "not accounted for1,204" in text
    assert "accounted for0.1 %1,204 missing" in text


def test_a_million_reviews_and_more_of_everything_than_is_shown() -> None:
    many = steady(1_000_000, 980_000)
    quotes = (Quote("shop:1", f"{DATE}T00:00:00.000Z", "很慢" * 100),) * 3
    about = tuple(Complaint(f"a{n}", 90_000 - n, quotes) for n in range(3))
    given: dict[str, Any] = {
        "sentiments": {"negative": series("negative", steady(120_000, 118_000))},
        "coverage": Coverage(1_000_000, 999_999, {}, {"not_utf8": 1}),
        "aspects": [series(f"a{n}", steady(90_000 - n, 90_000), "negative") for n in range(300)],
        "risen": [rise(f"product {n}", f"a{n}") for n in range(400)],
        "tickets": [ticket(f"t{n}", quotes=("差" * 300,) * 3) for n in range(5_000)],
        "complaints": [Complaints(f"product {n}", 9_000, 900, about) for n in range(10)],
    }
    html = page(facts(volume=series("", many), **given), str)
    text = sound(html).text
    for told in ("1,000,000", "4,960 more are in risk_tickets", "286 more", "388 more rose"):
        assert told in text, told
    assert len(html.encode()) < 500_000


def test_an_aspect_is_of_one_polarity_only(tmp_path: Path) -> None:
    labels = [label(aspects=(Aspect("taste", "neutral", "味道"),), sentiment="neutral")]
    text = sound(page(facts_of(store(tmp_path, DATE, labels), DATE), named)).text
    assert "No review names an attribute" in text

from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.detect.trace import Trace
from streams.hindsight.picture import picture
from tests.streams.hindsight.made import account, course, scored, trace

SVG = "{http://www.w3.org/2000/svg}"
SHAPES = {SVG + name for name in ("svg", "title", "rect", "path", "text")}
STORY = [
    trace(0),
    trace(1, count=6),
    scored(2, 15.0, "opened", incident_id="i"),
    scored(3, 9.0, "part", incident_id="i"),
    trace(4, decision="resolved", incident_id="i"),
]


def drawn(*traces: Trace, words: str = "payment stuck", product: str = "wallet") -> Element:
    return fromstring(picture(account(course(*traces, words=words), product=product)))


def texts(root: Element) -> list[str]:
    return [found.text or "" for found in root.iter(SVG + "text")]


def test_it_tells_the_story() -> None:
    root = drawn(*STORY)
    said = texts(root)
    assert said[0] == "wallet: payment stuck"
    assert "2026-01-05, UTC · theme abc" in said
    assert {"incident opened", "part of an open incident", "incident resolved"} <= set(said)
    assert "usual at this time of day" not in said
    assert {"2", "5", "15", "30", "60", "min"} <= set(said)
    assert {"08:00", "08:04"} <= set(said)


def test_it_fits_every_screen() -> None:
    root = drawn(*STORY)
    assert (root.get("width"), root.get("height")) == ("100%", "100%")
    left, top, width, height = map(float, (root.get("viewBox") or "").split())
    assert (left, top) == (0, 0)
    for shape in root.iter(SVG + "text"):
        assert 0 <= float(shape.get("x") or -1) <= width
        assert 0 <= float(shape.get("y") or -1) <= height
    for path in root.iter(SVG + "path"):
        points = (path.get("d") or "").strip("MZ").split("L")
        for x, y in (map(float, point.split()) for point in points):
            assert 0 <= x <= width
            assert 0 <= y <= height


def test_other_themes_of_an_incident_are_drawn_below() -> None:
    one = fromstring(picture(account(course(*STORY))))
    two = fromstring(picture(account(course(*STORY), course(*STORY, words="login slow"))))
    assert "also: login slow" in texts(two)
    heights = [float((root.get("viewBox") or "").split()[3]) for root in (one, two)]
    assert heights[1] > heights[0] + 40


def test_one_minute_is_enough() -> None:
    assert "up, but below the threshold" in texts(drawn(scored(0, 6.0)))


HOSTILE = (
    "<script>alert(1)</script>",
    "]]><svg onload='alert(1)'>",
    "&lt;b&gt; & \" ' \x00\x1b[31m",
    "a" * 5_000,
    "支付" * 900,
)


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_words(words: str) -> None:
    root = drawn(*STORY, words=words, product=words)
    assert {shape.tag for shape in root.iter()} <= SHAPES
    names = {name for shape in root.iter() for name in shape.attrib}
    assert not [name for name in names if name.startswith("on") or "href" in name]
    assert all(len(text) <= 63 for text in texts(root))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_makes_a_well_formed_picture(words: str, product: str) -> None:
    assert {shape.tag for shape in drawn(*STORY, words=words, product=product).iter()} <= SHAPES


def test_a_long_text_is_cut_where_the_screen_ends() -> None:
    title = texts(drawn(*STORY, words="支付" * 40))[0]
    assert title.endswith("…")
    assert 20 <= len(title) <= 36

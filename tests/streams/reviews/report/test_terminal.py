import re
from io import StringIO
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from sinks.reviews.figures import Coverage
from streams.reviews.report.facts import Facts, facts_of
from streams.reviews.report.terminal import tell
from tests.support.mornings import HOSTILE, facts, hostile, series
from tests.support.nights import DATE


def told(found: Facts, *, colour: bool = False, width: int = 80) -> str:
    out = StringIO()
    console = Console(
        file=out, width=width, force_terminal=colour, color_system="standard" if colour else None
    )
    tell(found, console, str)
    return out.getvalue()


def test_a_night_with_everything(shop: Path) -> None:
    said = told(facts_of(shop, DATE))
    lines = [line.rstrip() for line in said.splitlines()]
    assert lines[0] == "Reviews of Friday, 20 November 2026"
    assert lines[2] == "Act now"
    assert lines[3].startswith("!  1 critical ticket, due Sat 21 Nov 04:00 (human: injury")
    for part in (
        "-  Complaints about logistics rose (",
        "labelled, 3 left open, 4 refused",
        "time       2 min 4 s  cost 0.04, 38 of 41 answered",
        "logistics, negative  all products",
        "critical  due Sat 21 Nov 04:00  human: injury: 2 reviews of 电热水壶 1.7L",
        "Fri 20 Nov 11:10 to 12:07  9 authors  attack campaign",
    ):
        assert part in said, part
    assert len(lines) < 50
    assert "\x1b" not in said


def test_no_line_is_wider_than_the_terminal(shop: Path) -> None:
    for width in (80, 100):
        said = told(facts_of(shop, DATE), width=width)
        assert max(cell_len(line) for line in said.splitlines()) <= width


def test_colour_adds_nothing_that_the_words_do_not_say(shop: Path) -> None:
    coloured = told(facts_of(shop, DATE), colour=True)
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == told(facts_of(shop, DATE))


def test_a_quiet_first_night() -> None:
    said = told(facts(volume=series("", [1_000])))
    assert "Nothing out of the ordinary" in said
    assert "the first night" in said
    assert "no language model asked" in said
    assert "Campaigns" not in said


def test_a_lost_record_and_no_review() -> None:
    said = told(facts(coverage=Coverage(1_000, 990, {}, {})))
    assert "!  10 reviews have no label and no reason" in said
    assert "990 labelled, 10 missing" in said
    none = told(facts(volume=series("", [0]), coverage=Coverage(0, 0, {}, {})))
    assert "No review was read" in none


@pytest.mark.parametrize("text", [*HOSTILE, "[bold red]x[/] [link=file:///x]"])
def test_what_people_write_is_text(text: str) -> None:
    said = told(hostile(text))
    assert all(line.isprintable() for line in said.splitlines())
    assert max(map(cell_len, said.splitlines())) <= 80
    assert "and 4 more" in said
    assert ("[bold red]" in said) == ("[bold red]" in text)

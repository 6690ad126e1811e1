"""What can be said of the page without a browser: its words and its colours."""

import json
import re
from pathlib import Path
from typing import get_args

import pytest

from agents.incidents.categories import categories
from agents.incidents.guesses import change_kind, of_leading_log, of_log, of_past, of_surge
from agents.llm.schema import CATEGORIES
from schemas.causes import Confidence, PastIncident, RcaStatus, RisenTemplate
from schemas.errors import Reason
from schemas.incidents import Severity, Status
from schemas.topics import CHANNELS
from sinks import console

STATIC = Path(console.__file__).parent / "static"
SCRIPTS = {path.name: path.read_text(encoding="utf-8") for path in STATIC.glob("*.js")}
WORDS: dict[str, dict[str, str]] = {
    name: json.loads((STATIC / "i18n" / f"{name}.json").read_text(encoding="utf-8"))
    for name in ("en", "zh")
}
PLURALS = {"people_one"}
PAST = PastIncident("p", "slow", "", "", 0.9, "")
RISEN = RisenTemplate("t1", "pool exhausted", 9, 0.1, 3)
GUESSES = [of_surge(), of_past([PAST]), of_leading_log([RISEN]), of_log(RISEN)]
OF_GUESSES = [guess.category for guess in GUESSES if guess]
OF_CHANGES = [change_kind(word) for word in ("flag", "config", "release", "?")]
CSS = (STATIC / "console.css").read_text(encoding="utf-8")
LIGHT, DARK = (
    dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))
    for block in re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
)
TONES = get_args(Severity)
TEXT = [
    *((name, ground) for name in ("ink", "muted", "accent") for ground in ("ground", "surface")),
    *((tone, ground) for tone in TONES for ground in ("ground", "surface", f"{tone}-tint")),
    *((name, f"{tone}-tint") for tone in TONES for name in ("ink", "muted")),
    ("on-accent", "accent"),
]


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_of_contrast() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_text_can_be_read_and_controls_be_seen(palette: dict[str, str]) -> None:
    for text, ground in TEXT:
        assert contrast(palette[text], palette[ground]) >= 4.5, (text, ground)
    for edge in ("strong-line", "accent", *TONES):
        assert contrast(palette[edge], palette["surface"]) >= 3, edge


def test_both_palettes_have_the_same_colours() -> None:
    assert LIGHT.keys() == DARK.keys()
    assert not re.findall(r"#[0-9a-f]{3,6}\b", CSS.partition("[data-tone=")[2])


def test_both_languages_say_the_same() -> None:
    assert WORDS["en"].keys() - PLURALS == WORDS["zh"].keys()
    for key, words in WORDS["zh"].items():
        assert set(re.findall(r"\{\w+\}", words)) == set(re.findall(r"\{\w+\}", WORDS["en"][key]))


def test_every_word_that_is_asked_for_is_there() -> None:
    html = "".join(path.read_text(encoding="utf-8") for path in STATIC.glob("*.html"))
    asked = set(re.findall(r'data-t(?:-label)?="([\w.-]+)"', html))
    for script in SCRIPTS.values():
        asked |= set(re.findall(r'\bt\("([\w.-]+)"', script))
        asked |= {f"section.{key}" for key in re.findall(r'\bsection\(\s*"([\w-]+)"', script)}
        for keys in re.findall(r"\bhead\(([^)]*)\)", script):
            asked |= set(re.findall(r'"([\w.-]+)"', keys))
    assert len(asked) > 100
    assert asked <= WORDS["en"].keys()


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("severity", TONES),
        ("status", get_args(Status)),
        ("rca", get_args(RcaStatus)),
        ("confidence", get_args(Confidence)),
        ("channel", CHANNELS.values()),
        ("reason", list(Reason)),
        ("category", [*categories(), *CATEGORIES, *OF_GUESSES, *OF_CHANGES]),
    ],
)
def test_every_code_of_the_contract_has_a_name(kind: str, codes: list[str]) -> None:
    for code in codes:
        assert f"{kind}.{code}" in WORDS["en"]


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_parse_no_text(name: str) -> None:
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|new Function", SCRIPTS[name]
    )
    assert SCRIPTS[name].count("\n") < 300


def test_nothing_comes_from_elsewhere() -> None:
    for path in STATIC.rglob("*.*"):
        addresses = set(re.findall(r"(?:https?:)?//[\w.]+\.\w+", path.read_text(encoding="utf-8")))
        assert {address for address in addresses if "www.w3.org" not in address} == set(), path

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.models.lines import Lines
from agents.records.errors import BadPack
from agents.records.guessing import MOST_LINES, Guesser
from agents.records.pack import BUNDLED, Pack
from agents.records.parsed import Note, Parsed, Section

PACK = Pack.load()
BARE = "老人咳嗽三天来看病。\n两周后门诊复查胸片，不适随诊。\n注意休息，多饮水。"
RUN_ON = "诊断：1.肺炎 2.高血压病\n2周后门诊复查血常规，不适随诊。"


def parsed(text: str) -> Parsed:
    return Parsed(Note(text), PACK.headings.sections(text))


def guessed(text: str) -> list[tuple[str, str]]:
    return [(one.kind, text[one.body : one.end]) for one in PACK.guesser.sections(parsed(text))]


def test_advice_of_a_note_without_headings_is_found() -> None:
    assert guessed(BARE) == [
        ("other", "老人咳嗽三天来看病。\n"),
        ("advice", "两周后门诊复查胸片，不适随诊。\n注意休息，多饮水。"),
    ]


def test_advice_behind_a_list_of_diagnoses_is_found() -> None:
    assert guessed(RUN_ON) == [
        ("diagnosis", "1.肺炎 2.高血压病\n"),
        ("advice", "2周后门诊复查血常规，不适随诊。"),
    ]


@pytest.mark.parametrize("heading", ["家族史", "过敏史", "既往史", "现病史"])
def test_under_other_headings_the_heading_holds(heading: str) -> None:
    text = f"{heading}：2周后门诊复查血常规，不适随诊。"
    assert PACK.guesser.sections(parsed(text)) == parsed(text).sections


def test_what_is_no_advice_leaves_a_note_as_it_is() -> None:
    text = "老人咳嗽三天，无发热。\n父亲有高血压。"
    assert PACK.guesser.sections(parsed(text)) == parsed(text).sections


@pytest.mark.parametrize("text", ["", "\n", "。", "复查"])
def test_short_texts(text: str) -> None:
    assert PACK.guesser.sections(parsed(text)) is not None


def test_of_a_very_long_note_the_first_lines_are_guessed() -> None:
    text = "两周后门诊复查胸片，不适随诊。\n" * (2 * MOST_LINES)
    sections = PACK.guesser.sections(parsed(text))
    assert len(sections) == 1


@settings(deadline=None)
@given(st.lists(st.sampled_from([*BARE.split("\n"), "诊断：肺炎", "家族史：父亲胃癌", "", "x"])))
def test_sections_cover_the_note_without_gaps(lines: list[str]) -> None:
    text = "\n".join(lines)
    told = parsed(text)
    sections = PACK.guesser.sections(told)
    edges = [one.start for one in sections] + [len(text)]
    assert edges[0] == 0 or not sections
    assert [one.end for one in sections] == edges[1:]
    assert all(one.start <= one.body <= one.end for one in sections)
    kept = {one for one in told.sections if one.kind in ("family", "allergy")}
    assert kept <= set(sections)


def test_a_pack_without_its_model_is_refused(tmp_path: Path) -> None:
    for one in BUNDLED.iterdir():
        if one.is_file() and one.name != "lines.onnx":
            (tmp_path / one.name).write_bytes(one.read_bytes())
    with pytest.raises(BadPack, match=r"lines\.onnx"):
        Pack.load(tmp_path)


def test_a_section_is_cut_only_at_lines() -> None:
    guesser = Guesser(Lines(BUNDLED))
    told = parsed(RUN_ON)
    starts = {one.start for one in told.sentences} | {one.start for one in told.sections}
    assert {one.start for one in guesser.sections(told)} <= starts
    assert isinstance(guesser.sections(told)[0], Section)

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.models.classifier import Floats
from agents.models.contexts import BEFORE, BEHIND, Context, Contexts
from agents.models.mentions import Mentions
from agents.records.errors import BadPack
from agents.records.extraction import Extractor
from agents.records.guard import DISEASE, HERE, Guard, context, readings
from agents.records.pack import BUNDLED, Pack
from agents.records.parsed import Note, Parsed
from schemas.records import Diagnosis, FamilyHistory, Span

PACK = Pack.load()
ALWAYS, NEVER = -1.0, 2.0


def seen(text: str, name: str, which: int = 0) -> str:
    parsed = Parsed(Note(text), PACK.headings.sections(text))
    start = text.index(name)
    return readings(parsed, PACK.lexicon, Span(start, start + len(name)))[which]


def read(text: str, least: float) -> dict[str, str]:
    pack = replace(PACK, guard=Guard(Mentions(BUNDLED), least=least))
    return {
        one.name: one.certainty
        for one in Extractor(pack).read(Note(text))
        if isinstance(one, Diagnosis | FamilyHistory)
    }


def test_only_the_clause_is_seen_without_names_and_numbers() -> None:
    before, behind = seen("没有发热，有高血压、糖尿病12年，吃药。", "高血压").split(HERE)
    assert before == "有"
    assert behind[1] == chr(ord(DISEASE) + 0x20000)
    assert len(behind) == len("、◇0年,")


def test_names_of_diseases_make_no_difference() -> None:
    assert seen("外婆得过肺癌和高血压。", "肺癌") == seen("外婆得过胃癌和糖尿病。", "胃癌")


def test_the_side_of_words_makes_a_difference() -> None:
    assert seen("没有高血压", "高血压") != seen("高血压没有", "高血压")


def test_the_second_reading_has_what_stands_around_and_where_it_stands() -> None:
    text = "我爸有胃癌，高血压他也有，糖尿病没有。"
    around = seen(text, "高血压", 1)
    assert around == seen(text.replace("胃癌", "肺癌"), "高血压", 1)
    assert around != seen(text.replace("我爸", "我"), "高血压", 1)
    assert around != seen(text.replace("没有", "也有"), "高血压", 1)
    assert seen("无，高血压", "高血压", 1) != seen("无高血压", "高血压", 1)
    assert seen("高血压，无", "高血压", 1) != seen("无，高血压", "高血压", 1)


@pytest.mark.parametrize(
    "text", ["高血压", "\n高血压\n", "高血压。", "𠮷高血压𠮷", "高血压\U0010ffff"]
)
def test_a_mention_at_the_edge(text: str) -> None:
    assert HERE in seen(text, "高血压")


def test_a_doubt_makes_what_is_confirmed_uncertain_and_nothing_else() -> None:
    text = "有高血压10年。无糖尿病。父亲患胃癌。冠心病待排。"
    told, doubted = read(text, NEVER), read(text, ALWAYS)
    assert told["高血压"] == "confirmed"
    assert doubted == told | {"高血压": "uncertain"}


@pytest.mark.parametrize(
    "text",
    [
        "患者有高血压10年。",
        "护士：高血压呢？\n患者：有的。",
        "高血压，没有糖尿病。",
    ],
)
def test_what_is_said_of_the_patient_in_so_many_words_is_not_doubted(text: str) -> None:
    assert read(text, ALWAYS)["高血压"] == "confirmed"


def test_a_list_that_the_next_clause_denies_is_doubted() -> None:
    assert read("高血压，都没有的。", ALWAYS)["高血压"] != "confirmed"


class _Encoder:
    """Holds everything for denied, and says what it was asked."""

    def __init__(self, least: float) -> None:
        self.card = SimpleNamespace(known=0.5, least=least)
        self.asked: list[Context] = []

    def denied(self, contexts: list[Context], first: Floats) -> Floats:
        self.asked += contexts
        return np.ones_like(first)


def test_what_n_grams_leave_open_the_encoder_reads_and_nothing_else() -> None:
    parsed = Parsed(Note("有高血压10年。都说没有糖尿病的。"), ())
    spans = [Span(1, 4), Span(12, 15)]
    mentions = Mentions(BUNDLED)
    first = [mentions.denied(list(readings(parsed, PACK.lexicon, span))).mean() for span in spans]
    assert first[0] < first[1]
    encoder = _Encoder(float(np.mean(first)))
    guard = Guard(mentions, cast("Contexts", encoder))
    assert guard.doubted(parsed, PACK.lexicon, spans) == [False, True]
    assert encoder.asked == [context(parsed, spans[1])]
    assert guard.least == 0.5


def test_the_encoder_sees_the_words_around_a_name_as_far_as_it_reads() -> None:
    text = f"{'甲' * BEFORE}乙高血压丙{'丁' * BEHIND}"
    seen = context(Parsed(Note(text), ()), Span(BEFORE + 1, BEFORE + 4))
    assert seen == Context("甲" * (BEFORE - 1) + "乙", "高血压", "丙" + "丁" * (BEHIND - 1))


def test_plain_notes_are_not_doubted() -> None:
    text = "既往高血压病史10年，糖尿病5年。诊断：1.冠心病 2.高血压"
    assert read(text, PACK.guard.least) == read(text, NEVER)


def test_a_pack_without_its_model_is_refused(tmp_path: Path) -> None:
    for one in BUNDLED.iterdir():
        if one.is_file() and one.name != "mentions.onnx":
            (tmp_path / one.name).write_bytes(one.read_bytes())
    with pytest.raises(BadPack, match=r"mentions\.onnx"):
        Pack.load(tmp_path)


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_read(before: str, behind: str) -> None:
    text = f"{before}高血压{behind}"
    assert HERE in seen(text, "高血压")
    assert (
        len(
            Guard(Mentions(BUNDLED)).doubted(
                Parsed(Note(text), ()), PACK.lexicon, [Span(len(before), len(before) + 3)]
            )
        )
        == 1
    )


def test_of_very_many_mentions_the_last_are_doubted_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agents.records.guard._MOST", 1)
    parsed = Parsed(Note("高血压10年。糖尿病5年。"), ())
    spans = [Span(0, 3), Span(7, 10)]
    assert Guard(Mentions(BUNDLED)).doubted(parsed, PACK.lexicon, spans) == [False, True]

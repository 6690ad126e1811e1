from pathlib import Path

import msgspec
import pytest

from agents.models.card import Card, model_bytes, read
from agents.models.errors import BadModel
from agents.models.lines import CARD, Lines
from agents.records.pack import BUNDLED
from tests.support.leaks import assert_room_for_a_mark


@pytest.fixture(scope="module")
def lines() -> Lines:
    return Lines(BUNDLED)


@pytest.fixture(scope="module")
def card() -> Card:
    return read(BUNDLED / CARD)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("三个月后复查肝功能，不适随诊", "advice"),
        ("氨氯地平 5mg 口服 每日一次", "medication"),
        ("父亲患胃癌，母亲体健", "family"),
        ("否认药物及食物过敏史", "allergy"),
        ("双肺呼吸音清，未闻及干湿性啰音", "exam"),
        ("1.冠心病 2.高血压病3级", "diagnosis"),
        ("Repeat HbA1c in 3 months", "advice"),
    ],
)
def test_plain_lines_are_known(line: str, kind: str, lines: Lines) -> None:
    (guess,) = lines.guess([line])
    assert guess.kind == kind
    assert guess.probability > 0.5


def test_no_lines_and_empty_lines(lines: Lines) -> None:
    assert lines.guess([]) == []
    assert len(lines.guess(["", "\n\t", "一\n二"])) == 3


def test_a_line_is_judged_alike_alone_and_among_others(lines: Lines) -> None:
    told = ["低盐低脂饮食", "胸痛三小时", "WBC 12.1×10^9/L"]
    assert lines.guess(told) == [one for line in told for one in lines.guess([line])]


def test_the_file_leaves_room_for_a_fingerprint(card: Card) -> None:
    assert_room_for_a_mark(model_bytes(card, BUNDLED))


def test_the_file_is_between_1_and_5_megabytes(card: Card) -> None:
    assert 1_000_000 <= len(model_bytes(card, BUNDLED)) <= 5_000_000


def test_the_card_says_where_it_comes_from_and_how_good_it_is(card: Card) -> None:
    assert all(len(one.sha256) == 64 and one.licence and one.rows for one in card.trained_on)
    assert card.made
    assert card.limits
    assert {one.measure for one in card.figures} >= {"accuracy", "accuracy of what is known"}


def test_a_card_of_another_task_is_refused(tmp_path: Path, card: Card) -> None:
    other = msgspec.structs.replace(card, task="intents")
    (tmp_path / CARD).write_bytes(msgspec.json.encode(other))
    with pytest.raises(BadModel, match="not of lines"):
        Lines(tmp_path)

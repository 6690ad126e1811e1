import random
from pathlib import Path
from typing import Any

import pytest

from agents.llm.batch_results import MOST_LINE
from agents.reviews.asking.choosing import Choice, Chosen
from agents.reviews.asking.cost import Prices
from streams.errors import OperatorError
from streams.reviews.asking import account_of, take
from tests.agents.llm.hostile import ATTACKS
from tests.agents.reviews.asking.labels import FRAME, said
from tests.streams.reviews.asking.nights import (
    DATE,
    answered,
    expired,
    exported,
    line_of,
    night,
    questions_of,
    requests_in,
    taken,
)
from tests.support.model_server import completion


def _lines(asked: list[dict[str, Any]]) -> list[bytes]:
    """One of each kind for eight requests, and some of nobody."""
    refusal = completion(None, refusal="no")
    return [
        answered(asked[0]),
        line_of(asked[1], response=completion('{"abstain": true}')),
        answered(asked[2], "no JSON"),
        line_of(asked[3], response={"status_code": 200, "body": refusal}),
        expired(asked[4]),
        line_of(asked[5], response={"status_code": 500, "body": None}),
        line_of(asked[6], response={"status_code": 200, "body": completion("{", finish="length")}),
        answered({"custom_id": "somebody-else"}),
        answered({"custom_id": asked[7]["custom_id"][:-1] + "9"}),
        b"\n",
        b"no JSON\n",
    ]


def test_every_line_and_every_request_is_accounted_for(tmp_path: Path) -> None:
    questions = questions_of(8)
    with night(tmp_path) as folder:
        found = taken(folder, tmp_path / "r", *_lines(requests_in(exported(folder, questions))))
        assert found.new == {
            "answered": 2, "malformed": 2, "refused": 1, "expired": 1, "failed": 1,
        }  # fmt: skip
        assert (found.lines, found.unknown, found.unreadable, found.known) == (10, 2, 1, 0)
        chosen = Chosen(
            tuple(Choice(one.source, one.key, one.asks, 0.5) for one in questions),
            frozenset(),
            False,
        )
        account = account_of(folder, DATE, chosen, FRAME, Prices(2.0, 8.0), {})
        assert account.ends == {
            "asked": 8, "answered": 1, "abstained": 1, "malformed": 2, "refused": 1, "expired": 1,
            "failed": 1, "missing": 1,
        }  # fmt: skip
        assert account.cost.calls == 5
        assert account.cost.money > 0
        assert account.measure.calls == 4


def test_order_and_number_of_files_are_of_no_account(tmp_path: Path) -> None:
    questions = questions_of(8)
    known = []
    for turn in range(4):
        with night(tmp_path / str(turn)) as folder:
            (folder.path / "seed").write_text("7")
            asked = requests_in(exported(folder, questions))
            other = answered(asked[0], said(cause="完全不同"))
            lines = [*_lines(asked), expired(asked[0]), other, answered(asked[4])]
            random.Random(turn).shuffle(lines)
            paths = [tmp_path / f"{turn}.{n}" for n in range(3)]
            for n, path in enumerate(paths):
                path.write_bytes(b"".join(lines[n::3]))
            take(folder, paths, DATE, FRAME)
            known.append(folder.settled())
    assert len(known[0]) == 7
    assert known == [known[0]] * 4
    assert {one.outcome for one in known[0].values()} == {
        "answered", "malformed", "refused", "failed",
    }  # fmt: skip


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    with night(tmp_path) as folder:
        lines = _lines(requests_in(exported(folder, questions_of(8))))
        taken(folder, tmp_path / "r", *lines)
        before = (folder.path / "answers.ndjson").read_bytes()
        again = taken(folder, tmp_path / "r", *lines, *lines)
        assert (again.new, again.known) == ({}, 14)
        assert (folder.path / "answers.ndjson").read_bytes() == before


def test_a_file_that_breaks_off_is_taken_as_far_as_it_goes(tmp_path: Path) -> None:
    with night(tmp_path) as folder:
        asked = requests_in(exported(folder, questions_of(3)))
        whole = b"".join(map(answered, asked))
        cut = taken(folder, tmp_path / "r", whole[:-40])
        assert (cut.new, cut.unreadable) == ({"answered": 2}, 1)
        rest = taken(folder, tmp_path / "r", whole)
        assert (rest.new, rest.known) == ({"answered": 1}, 2)


def test_a_file_may_have_a_mark_and_other_ends_of_line(tmp_path: Path) -> None:
    with night(tmp_path) as folder:
        asked = requests_in(exported(folder, questions_of(2)))
        lines = [answered(one).rstrip() + b"\r\n" for one in asked]
        found = taken(folder, tmp_path / "r", b"\xef\xbb\xbf", *lines, b"\r\n")
        assert found.new == {"answered": 2}


@pytest.mark.parametrize("more", [-1, 0, 1, MOST_LINE, 3 * MOST_LINE + 7])
def test_a_flood_in_a_line_ends_only_that_request(tmp_path: Path, more: int) -> None:
    with night(tmp_path) as folder:
        asked = requests_in(exported(folder, questions_of(2)))
        room = MOST_LINE - len(answered(asked[0], ""))
        flood = answered(asked[0], "x" * (room + more))
        assert len(flood) == MOST_LINE + more
        found = taken(folder, tmp_path / "r", flood, answered(asked[1]))
        assert found.new == {"malformed": 1, "answered": 1}
        assert found.lines == 2


def test_an_answer_to_one_review_is_never_that_to_another(tmp_path: Path) -> None:
    """Words of one review under the name of another are in no label."""
    with night(tmp_path) as folder:
        one, two = questions_of(2)
        asked = requests_in(exported(folder, [one, two]))
        words = {"attribute": "quality", "polarity": "negative", "words": "第0件衣服收到就开线了"}
        taken(folder, tmp_path / "r", answered(asked[1], said(aspects=[words])))
        end = folder.settled()[two.key]
        assert end.answer is not None
        assert (end.answer.aspects, end.answer.dropped) == ((), 1)


def test_hostile_results_stop_nothing(tmp_path: Path) -> None:
    with night(tmp_path) as folder:
        asked = requests_in(exported(folder, questions_of(len(ATTACKS))))
        lines = []
        for request, attack in zip(asked, ATTACKS, strict=True):
            lines += [answered(request, attack.text), attack.text.encode() + b"\n"]
        found = taken(folder, tmp_path / "r", *lines)
        assert sum(found.new.values()) == len(ATTACKS)
        assert set(found.new) == {"malformed"}


def test_what_is_no_file_is_told_in_one_line(tmp_path: Path) -> None:
    with night(tmp_path) as folder:
        for paths in ([], [tmp_path / "missing"], [tmp_path]):
            with pytest.raises(OperatorError) as error:
                take(folder, paths, DATE, FRAME)
            assert "\n" not in str(error.value)


def test_results_of_another_night_are_unknown(tmp_path: Path) -> None:
    with night(tmp_path / "1") as one:
        asked = requests_in(exported(one, questions_of(3)))
    with night(tmp_path / "2") as other:
        exported(other, questions_of(0))
        assert taken(other, tmp_path / "r", *map(answered, asked)).unknown == 3

import json
from hashlib import sha256
from pathlib import Path

import jsonschema
import pytest

from agents.llm.batch import MOST_ID, key_in
from agents.llm.settings import Limits
from agents.reviews.asking.cost import Prices
from streams.errors import OperatorError
from streams.reviews.asking import Exported, Sizes, export
from streams.reviews.asking.manifest import load_manifest
from tests.agents.reviews.asking.labels import FRAME, said
from tests.streams.reviews.asking.nights import (
    DATE,
    MODEL,
    answered,
    expired,
    exported,
    line_of,
    night,
    questions_of,
    requests_in,
    taken,
)


def test_one_review_a_request_in_the_form_that_servers_take(tmp_path: Path) -> None:
    questions = questions_of(25)
    with night(tmp_path) as folder:
        paths = exported(folder, questions, requests=10)
        assert [path.name for path in paths] == [f"{DATE}.1-00{n}.jsonl" for n in (1, 2, 3)]
        requests = requests_in(paths)
        assert len({one["custom_id"] for one in requests}) == 25
        assert all(len(one["custom_id"]) <= MOST_ID for one in requests)
        for one, asked in zip(requests, questions, strict=True):
            assert (one["method"], one["url"]) == ("POST", "/v1/chat/completions")
            assert key_in(one["custom_id"]) == (asked.key, 1)
            body = one["body"]
            assert body["model"] == "qwen3"
            assert [message["role"] for message in body["messages"]] == ["system", "user"]
            form = body["response_format"]["json_schema"]
            assert form["strict"]
            jsonschema.validate(said(), form["schema"])
        texts = [one["body"]["messages"][1]["content"] for one in requests]
        assert all(sum(f"第{n}件" in text for n in range(25)) == 1 for text in texts)


def test_the_manifest_says_what_is_in_the_files(tmp_path: Path) -> None:
    questions = questions_of(25)
    with night(tmp_path) as folder:
        paths = exported(folder, questions, requests=10)
        manifest = load_manifest(folder, "", "")
        assert (manifest.date, manifest.model, manifest.rounds) == (DATE, "qwen3", 1)
        for path, file in zip(paths, manifest.files, strict=True):
            assert file.name == path.name
            assert file.sha256 == sha256(path.read_bytes()).hexdigest()
            assert file.bytes == path.stat().st_size
            assert file.requests == len(file.keys)
        assert [key for file in manifest.files for key in file.keys] == [q.key for q in questions]


def test_again_gives_the_same_files_even_if_they_were_damaged(tmp_path: Path) -> None:
    questions = questions_of(25)
    with night(tmp_path) as folder:
        paths = exported(folder, questions, requests=10)
        before = {path: path.read_bytes() for path in folder.batches.iterdir()}
        paths[0].unlink()
        paths[1].write_bytes(b"cut")
        assert exported(folder, questions, requests=10) == paths
        assert {path: path.read_bytes() for path in folder.batches.iterdir()} == before


def test_a_run_that_was_killed_before_its_manifest_leaves_nothing_behind(tmp_path: Path) -> None:
    with night(tmp_path) as folder:
        exported(folder, questions_of(25), requests=5)
        (folder.batches / "manifest.json").unlink()
        paths = exported(folder, questions_of(25), requests=10)
        assert sorted(folder.batches.glob("*.jsonl")) == paths


def test_what_waits_for_results_is_not_asked_again(tmp_path: Path) -> None:
    with night(tmp_path) as folder:
        first = exported(folder, questions_of(5))
        second = exported(folder, questions_of(8))
        assert [path.name for path in second] == [f"{DATE}.2-001.jsonl"]
        assert len(requests_in(second)) == 3
        assert exported(folder, questions_of(8)) == [*first, *second]


def test_only_what_has_no_end_yet_goes_out_again(tmp_path: Path) -> None:
    questions = questions_of(8)
    with night(tmp_path) as folder:
        asked = requests_in(exported(folder, questions))
        refusal = {"choices": [{"message": {"content": None, "refusal": "no"}}]}
        taken(
            folder,
            tmp_path / "out.jsonl",
            answered(asked[0]),
            expired(asked[1]),
            line_of(asked[2], response={"status_code": 500, "body": None}),
            answered(asked[3], "no JSON"),
            line_of(asked[4], response={"status_code": 200, "body": refusal}),
            line_of(asked[5], response={"status_code": 400, "body": None}),
            answered(asked[6])[:-30],
        )
        again = requests_in(exported(folder, questions))
        keys = [key_in(one["custom_id"]) for one in again]
        assert keys == [(questions[n].key, 2) for n in (1, 2, 5, 6, 7)]
        for one, place in zip(again, (1, 2, 5, 6, 7), strict=True):
            assert one["body"] == asked[place]["body"]
        # The same error of the second round is news: its file has come back.
        taken(folder, tmp_path / "error.jsonl", *map(expired, again))
        third = requests_in(exported(folder, questions))
        assert [key_in(one["custom_id"])[1] for one in third] == [3] * 5
        taken(folder, tmp_path / "out3.jsonl", *map(answered, third))
        assert exported(folder, questions) == []
        more = requests_in(exported(folder, questions, again=True))
        assert [key_in(one["custom_id"])[0] for one in more] == [questions[3].key, questions[4].key]


def test_a_batch_that_is_given_up_is_asked_anew_and_still_welcome(tmp_path: Path) -> None:
    questions = questions_of(3)
    with night(tmp_path) as folder:
        asked = requests_in(exported(folder, questions))
        second = exported(folder, questions, lost=True)
        assert len(requests_in(second)) == 3
        assert exported(folder, questions) == second
        assert taken(folder, tmp_path / "late.jsonl", answered(asked[0])).new == {"answered": 1}
        assert folder.settled()[questions[0].key].round == 1


def test_the_budget_of_the_night_bounds_the_files(tmp_path: Path) -> None:
    questions, prices, limits = questions_of(10), Prices(), Limits(calls=6)

    def out(asked: int) -> Exported:
        return export(folder, DATE, questions[:asked], MODEL, FRAME, night=limits, prices=prices)

    with night(tmp_path) as folder:
        first = out(4)
        assert first.left == {}
        # What is in flight will be paid for.
        second = out(10)
        assert len(requests_in(second.paths)) == 2
        assert second.left == {one.key: "budget_spent" for one in questions[6:]}
        assert out(10).paths == (*first.paths, *second.paths)
        # What expired has cost nothing.
        taken(folder, tmp_path / "error", *map(expired, requests_in(first.paths)))
        third = out(10)
        assert len(requests_in(third.paths)) == 4
        assert len(third.left) == 4
        sent = requests_in((*second.paths, *third.paths))
        taken(folder, tmp_path / "out", *map(answered, sent))
        assert (out(10).paths, len(out(10).left)) == ((), 4)


def test_a_file_too_small_for_a_request(tmp_path: Path) -> None:
    with night(tmp_path) as folder, pytest.raises(OperatorError, match="does not fit"):
        exported(folder, questions_of(1), sizes=Sizes(bytes=100))


@pytest.mark.parametrize("sizes", [{"requests": 0}, {"requests": 50_001}, {"bytes": 200_000_001}])
def test_no_file_is_larger_than_servers_take(sizes: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="batch file"):
        Sizes(**sizes)


def test_no_questions_no_files(tmp_path: Path) -> None:
    with night(tmp_path) as folder:
        assert exported(folder, []) == []
        assert list(folder.batches.iterdir()) == []


def test_the_lines_are_json_of_one_line_each(tmp_path: Path) -> None:
    with night(tmp_path) as folder:
        (path,) = exported(folder, questions_of(3))
        body = path.read_bytes()
        assert body.endswith(b"\n")
        assert all(json.loads(line) for line in body.splitlines())

import json
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from agents.models.errors import BadModel
from agents.models.tags import Tags
from agents.records.extraction import Extractor
from agents.records.pack import Pack
from agents.records.parsed import Note
from edge.errors import Unsound
from edge.updates import selftest
from schemas.records import Diagnosis, Item, Span
from tests.support.packages import fill, whole

TEXT = "否认高血压。"


def reader(_: Pack) -> selftest.Reader:
    def read(note: Note) -> tuple[Item, ...]:
        start = note.text.find("高血压")
        if start < 0:
            return ()
        span = Span(start, start + 3)
        return (Diagnosis(span=span, sentence=span, name="高血压", certainty="refuted"),)

    return read


def golden(folder: Path, *items: Mapping[str, object], text: str = TEXT) -> Path:
    line = json.dumps({"text": text, "items": items}, ensure_ascii=False)
    fill(folder, whole(2) | {selftest.GOLDEN: f"{line}\n".encode()})
    return folder


def test_what_must_be_found_is_found(tmp_path: Path) -> None:
    wanted = {"kind": "diagnosis", "words": "高血压", "certainty": "refuted", "code": ""}
    assert selftest.check(golden(tmp_path, wanted), reader) == 1


@pytest.mark.parametrize(
    "wanted",
    [
        {"kind": "diagnosis", "words": "糖尿病"},
        {"kind": "diagnosis", "words": "高血压", "certainty": "confirmed"},
        {"kind": "allergy", "words": "高血压"},
        {"kind": "diagnosis", "words": "高血压", "no_such_field": None},
    ],
)
def test_what_is_read_otherwise_is_unsound(tmp_path: Path, wanted: dict[str, object]) -> None:
    with pytest.raises(Unsound, match="line 1"):
        selftest.check(golden(tmp_path, wanted), reader)


def test_what_may_not_leave_is_taken_out(tmp_path: Path) -> None:
    line = {"text": "患者张伟，男，血压高。", "hidden": ["张伟"]}
    fill(tmp_path, whole(2) | {selftest.GOLDEN: json.dumps(line).encode()})
    assert selftest.check(tmp_path, reader) == 1
    fill(tmp_path, {selftest.GOLDEN: json.dumps({**line, "hidden": ["张伟", "血压"]}).encode()})
    with pytest.raises(Unsound, match="line 1: '血压' would leave"):
        selftest.check(tmp_path, reader)


def test_a_model_of_tags_that_cannot_be_read_is_unsound(tmp_path: Path) -> None:
    fill(tmp_path, whole(2) | {"tags.onnx": b"no model"})
    with pytest.raises(Unsound, match=r"tags\.onnx"):
        selftest.check(tmp_path, reader)


def test_a_model_of_tags_that_fails_is_unsound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    golden(tmp_path, {"kind": "diagnosis", "words": "高血压", "certainty": "refuted"})

    def fails(*_: object) -> None:
        raise BadModel("tags.onnx fails")

    monkeypatch.setattr(Tags, "read", fails)
    with pytest.raises(Unsound, match=r"tags\.onnx fails"):
        selftest.check(tmp_path, lambda pack: Extractor(pack).read)


@pytest.mark.parametrize(
    "said", [b"{", b"[]", b'{"text": 1}', b"\xff", b'{"text": "x", "items": [1]}']
)
def test_spoilt_notes_are_unsound(tmp_path: Path, said: bytes) -> None:
    fill(tmp_path, whole(2) | {selftest.GOLDEN: said})
    with pytest.raises(Unsound):
        selftest.check(tmp_path, reader)


def test_in_a_process_of_its_own(tmp_path: Path) -> None:
    good = {"kind": "diagnosis", "words": "高血压", "certainty": "refuted"}
    golden(tmp_path / "good", good)
    selftest.run(tmp_path / "good")
    golden(tmp_path / "other", {**good, "certainty": "confirmed"})
    with pytest.raises(Unsound, match="line 1: diagnosis '高血压' not found"):
        selftest.run(tmp_path / "other")
    fill(tmp_path / "bad", {"pack.toml": b"version = 2"})
    with pytest.raises(Unsound, match="names no version"):
        selftest.run(tmp_path / "bad")


def test_one_that_hangs_or_crashes_is_unsound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for code, says in (
        ("import time; time.sleep(60)", "did not end"),
        ("import os; os.abort()", "exit -6"),
    ):
        command = [sys.executable, "-c", code]
        monkeypatch.setattr("edge.guard.child", lambda _, command=command: command)
        with pytest.raises(Unsound, match=says):
            selftest.run(tmp_path, patience_s=0.5)

"""`groundswell edge demo` from its beginning to Ctrl-C, and what it is made of."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from agents.records.extraction import Extractor
from agents.records.pack import Pack
from agents.records.parsed import Note
from edge.updates import selftest
from schemas.records import Result
from streams.edge.demonstration.device import Run
from streams.edge.demonstration.house import tampered
from streams.edge.demonstration.looking import Sheet
from streams.edge.demonstration.packs import FIRST, MODEL, TEST, VALUE, write_pack
from streams.edge.demonstration.reaching import reach
from streams.edge.demonstration.telling import Shown
from tests.streams.cli.running import run
from tests.support.talking import TalkProcess
from tests.support.waiting import until

PROMISES = 18
PATIENCE = 200.0
"""Seconds; it takes 50 on a quiet machine."""
SUMMARY = """\
This is no diagnosis: check the source.

Medication now
- 二甲双胍 0.5g · 2026-09-08 (d-0a:1-4 d-0b:2-5)

Abnormal results
- [abnormal] 肌酐 104 μmol/L↑ (d-0a:9-10)

Family (relatives, not the patient)
- 父亲：胃癌 (d-0a:7-9)
"""


class EdgeDemo(TalkProcess):
    words = ("edge", "demo", "--stay")


@pytest.mark.slow
@pytest.mark.broker
@pytest.mark.timeout(PATIENCE + 60)
def test_all_of_it_holds_and_ctrl_c_leaves_nothing(
    bootstrap: str, prefix: str, tmp_path: Path
) -> None:
    demo = EdgeDemo(bootstrap, prefix, tmp_path)
    try:
        until(lambda: "Ctrl-C ends it" in demo.said(), "it stays", PATIENCE)
        children = demo.children()
        assert demo.end(signal.SIGINT) == 0
    finally:
        demo.close()
    said = demo.said()
    assert f"{PROMISES} of {PROMISES} held" in said
    assert "✗" not in said
    # The page's own process, and nobody else's.
    assert len(children) == 1
    assert not children[0].is_running()
    assert (demo.on_kafka(), demo.files()) == ([], [])
    assert "Traceback" not in said


@pytest.mark.slow
@pytest.mark.broker
def test_ended_before_its_time_it_leaves_nothing(
    bootstrap: str, prefix: str, tmp_path: Path
) -> None:
    demo = EdgeDemo(bootstrap, prefix, tmp_path)
    try:
        until(lambda: "vault create" in demo.said(), "the device is set up")
        until(lambda: bool(demo.children()), "it imports")
        children = demo.children()
        assert demo.on_kafka()
        assert demo.end(signal.SIGINT) == 130
    finally:
        demo.close()
    assert not any(child.is_running() for child in children)
    assert (demo.on_kafka(), demo.files()) == ([], [])
    assert "Traceback" not in demo.said()


@pytest.mark.parametrize(("held", "code"), [(True, 0), (False, 1)])
def test_it_succeeds_only_if_all_held(
    monkeypatch: pytest.MonkeyPatch, held: bool, code: int
) -> None:
    shown = [Shown("one", True, ""), Shown("two", held, "")]
    monkeypatch.setattr("streams.edge.demonstration.run_demo", lambda *_: shown)
    assert run("edge", "demo", "--no-stay", "--bootstrap", "127.0.0.1:1").exit_code == code


def test_that_nothing_was_shown_is_no_success(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.edge.demonstration.run_demo", lambda *_: [])
    assert run("edge", "demo", "--no-stay", "--bootstrap", "127.0.0.1:1").exit_code == 1


def test_packs_differ_and_work(tmp_path: Path) -> None:
    packs = {number: write_pack(tmp_path / str(number), number) for number in (FIRST, 2, 3)}
    assert len({(folder / MODEL).read_bytes() for folder in packs.values()}) == 3
    for number, folder in packs.items():
        pack = Pack.load(folder)
        assert pack.version == str(number)
        assert selftest.check(folder, lambda pack: Extractor(pack).read) == 5 + (number > FIRST)
        items = Extractor(pack).read(Note(f"辅助检查：血钾 4.6mmol/L，{TEST} {VALUE}。"))
        read = [(one.name, one.interpretation) for one in items if isinstance(one, Result)]
        assert ((TEST, "H") in read) == (number > FIRST)


def test_a_summary_is_looked_at_line_by_line() -> None:
    sheet = Sheet.of(Run("summary", 0, SUMMARY, ""))
    assert sheet.is_sourced
    assert sheet.told == "3 of 3"
    assert sheet.under("胃癌") == ("Family (relatives, not the patient)",)
    assert sheet.under("肺炎") == ()
    assert sheet.under("二甲双胍") == ("Medication now",)
    assert (sheet.result("肌酐"), sheet.result("血钾")) == (SUMMARY.splitlines()[6], None)
    assert not Sheet.of(Run("summary", 0, SUMMARY.replace(" (d-0a:7-9)", ""), "")).is_sourced
    assert not Sheet.of(Run("summary", 1, SUMMARY, "")).is_sourced
    assert not Sheet.of(Run("summary", 0, "", "")).is_sourced


def test_only_with_the_guard_a_connection_does_not_come() -> None:
    free, guarded = reach(guarded=False), reach(guarded=True)
    assert free == ("connected", True)
    assert not guarded.came
    assert "nothing was sent" in guarded.said


def test_a_stick_is_tampered_with_by_one_byte_a_file(tmp_path: Path) -> None:
    differences = tmp_path / "stick" / "targets" / "differences"
    differences.mkdir(parents=True)
    (differences / "a").write_bytes(b"xyz")
    copy = tampered(tmp_path / "stick", tmp_path / "copy")
    assert (copy / "targets/differences/a").read_bytes() == b"xxz"
    assert (differences / "a").read_bytes() == b"xyz"

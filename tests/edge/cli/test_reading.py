"""`groundswell-edge summary|search|reminders`: for a terminal and for scripts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from edge.cli import Unguarded, main
from edge.cli.summary import written
from schemas.records import Line, Problem, Source, Span, Summary
from tests.support.edge import PASSPHRASE, document, edge, found, make_vault
from tests.support.edge_page import fill

PLACE = (Source("d-1", Span(3, 5)),)
TYPED = f"{PASSPHRASE}\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with make_vault(tmp_path) as vault:
        patient = fill(vault)
        vault.documents.add(document(patient.id), [found()])
    return tmp_path / "edge"


def id_of(home: Path) -> str:
    return edge("patients", "list", home=home, typed=TYPED).stdout.partition("\t")[0]


def summary_of(text: str, mark: str = "") -> Summary:
    line = Line(text, PLACE, "2026-03-02", mark=mark)  # type: ignore[arg-type]
    problem = Problem(text, "E11", "chronic", (line,))
    return Summary(
        "p", 1, "2026-03-02", "2025", (), (line,), (), (problem,), (), (), (), (), (), "1"
    )


def test_a_summary_says_where_each_line_was_read(home: Path) -> None:
    done = edge("summary", id_of(home), home=home, typed=TYPED)
    assert done.exit_code == 0, done.output
    rows = done.stdout.splitlines()
    assert rows[0] == "本摘要不作诊断，请核对原文。"
    lines = [row for row in rows if row.startswith("- ")]
    assert lines
    assert all(":" in row.rpartition("(")[2] for row in lines)
    assert (
        "Allergies" in edge("summary", id_of(home), "--lang", "en", home=home, typed=TYPED).stdout
    )


def test_a_summary_for_a_script(home: Path) -> None:
    patient = id_of(home)
    done = edge("summary", patient, "--json", home=home, typed=TYPED)
    made = msgspec.json.decode(done.stdout, type=Summary)
    assert (made.patient, made.documents) == (patient, 4)
    last = edge("vault", "audit", home=home, typed=TYPED).stdout
    assert f"exported  {patient}" in last


def test_no_such_patient_is_one_line(home: Path) -> None:
    done = edge("summary", "p-nobody", home=home, typed=TYPED)
    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1
    assert "patients list" in done.stderr


@pytest.mark.parametrize(
    "text",
    [
        "<b>x</b>",
        "[x](http://evil.example)",
        "# x",
        "- x",
        "1. x",
        "`x` *x* _x_",
        "a | b",
        "![x](y)",
    ],
)
def test_nothing_of_a_document_is_markup(text: str) -> None:
    made = written(summary_of(text), "en", markdown=True)
    rows = [row.removeprefix("- ") for row in made.splitlines() if "d-1" in row]
    assert len(rows) == 2
    for row in rows:
        for sign in "<[`*_|!":
            assert sign not in row.replace(f"\\{sign}", "")
        assert not row.startswith(("#", "-", "1. "))
        assert "://" not in row


def test_nothing_of_a_document_steers_a_terminal() -> None:
    made = written(summary_of("\x1b[31mx\x07\u202e\n- forged", "critical"), "zh", markdown=False)
    assert not {"\x1b", "\x07", "\u202e"} & set(made)
    assert not any(row.startswith("- forged") for row in made.splitlines())
    assert "文件中未提及过敏，不等于没有过敏。" in made


def test_words_are_found_and_the_exit_code_says_so(home: Path) -> None:
    done = edge("search", "利格列汀", home=home, typed=TYPED)
    assert done.exit_code == 0
    assert len(done.stdout.splitlines()) == 2
    assert edge("search", "没有的词", home=home, typed=TYPED).exit_code == 1
    hidden = edge("search", "-", home=home, typed=f"{TYPED}利格列汀\n")
    assert hidden.stdout == done.stdout


def test_reminders_from_an_import_to_a_calendar(home: Path, tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text(
        "姓名：陈秀英 性别：女 出生日期：1962-04-05 病历号：H9001\n就诊日期：2026-05-01\n"
        "诊断：2型糖尿病\n建议：一个月后复查肌酐。",
        encoding="utf-8",
    )
    assert edge("import", note, home=home, typed=TYPED).exit_code == 0
    rows = edge("reminders", "list", home=home, typed=TYPED).stdout.splitlines()
    assert rows
    name, *_, patient, _, _ = rows[0].split("\t")
    done = edge("reminders", "edit", name, "--due", "2026-12-24", home=home, typed=TYPED)
    assert done.exit_code == 0, done.output
    soon = edge("reminders", "list", "--until", "2026-12-24", home=home, typed=TYPED).stdout
    assert f"{name}\t2026-12-24" in soon
    assert edge("reminders", "done", name, "--on", "x", home=home, typed=TYPED).exit_code == 1
    assert edge("reminders", "done", name, home=home, typed=TYPED).exit_code == 0
    file = tmp_path / "a.ics"
    made = edge("reminders", "calendar", file, "--patient", patient, home=home, typed=TYPED)
    assert made.exit_code == 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert "陈秀英".encode() not in file.read_bytes()
    assert file.read_bytes().startswith(b"BEGIN:VCALENDAR")


@pytest.mark.parametrize("day", ["31.12.2026", "2026-3-5", ""])
def test_a_day_that_is_none_is_said_and_does_not_hide_what_is_due(home: Path, day: str) -> None:
    done = edge("reminders", "list", "--until", day, home=home, typed=TYPED)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "2026-05-31" in done.stderr


@pytest.mark.parametrize("words", [("search", "x"), ("reminders", "calendar", "a.ics")])
def test_a_patient_nobody_knows_is_said(home: Path, words: tuple[str, ...]) -> None:
    done = edge(*words, "--patient", "p-none", home=home, typed=TYPED)
    assert done.exit_code == 1
    assert "no patient has this id" in done.stderr


def test_words_in_another_encoding_are_said_in_a_line(home: Path) -> None:
    runner = CliRunner(env={"GROUNDSWELL_EDGE_HOME": str(home)})
    typed = TYPED.encode() + "利格列汀\n".encode("gb18030")
    done = runner.invoke(main, ["search", "-"], input=typed, obj=Unguarded())
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
    assert "UTF-8" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="needs a disk that is full")
@pytest.mark.parametrize("closed", [False, True])
def test_a_full_disk_and_a_closed_input_are_one_line(home: Path, closed: bool) -> None:
    words = ["summary", "p-none"] if closed else ["vault", "status"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            ["/bin/sh", "-c", 'exec "$0" -m edge "$@" <&-', sys.executable, *words],
            env={**os.environ, "GROUNDSWELL_EDGE_HOME": str(home)},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert ("no passphrase" if closed else "No space left") in done.stderr

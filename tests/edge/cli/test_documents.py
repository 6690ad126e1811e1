"""`groundswell-edge import` and `documents`, from the outside."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.edge import PASSPHRASE, USER, edge, make_vault
from tests.support.papers import docx_of, paragraph, pdf_with_lines

ROOT = Path(__file__).parents[3]
HEAD = "姓名：王测试 性别：男 出生日期：1961-03-02 病案号：007"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    make_vault(tmp_path).close()
    return tmp_path / "edge"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "papers"
    (made / "deeper").mkdir(parents=True)
    (made / "a.txt").write_bytes(f"{HEAD}\n门诊，头晕。".encode("gb18030"))
    (made / "b.pdf").write_bytes(pdf_with_lines([HEAD, "胸痛一天。"]))
    (made / "c.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    (made / "deeper" / "d.docx").write_bytes(docx_of(paragraph(HEAD) + paragraph("乏力。")))
    (made / ".hidden").write_text("x")
    (made / "link.txt").symlink_to("/etc/passwd")
    return made


def rows(output: str) -> list[list[str]]:
    return [line.split("\t") for line in output.splitlines() if "\t" in line]


def typed(*lines: str) -> str:
    return "\n".join((PASSPHRASE, *lines))


def test_a_folder_file_by_file(home: Path, folder: Path) -> None:
    first = edge("import", folder, home=home, typed=typed())
    found = rows(first.stdout)
    assert [(row[0], Path(row[3]).name) for row in found] == [
        ("imported", "a.txt"), ("imported", "b.pdf"), ("refused", "c.doc"), ("imported", "d.docx"),
    ]  # fmt: skip
    assert len({row[2] for row in found if row[2]}) == 1
    assert "new patient" in found[0][4]
    assert "另存为 .docx" in found[2][4]
    assert first.exit_code == 1
    assert "3 imported, 0 known, 1 refused" in first.stderr

    (folder / "c.doc").unlink()
    again = edge("import", folder, home=home, typed=typed())
    assert [row[0] for row in rows(again.stdout)] == ["known"] * 3
    assert again.exit_code == 0


def test_list_show_delete(home: Path, folder: Path) -> None:
    edge("import", folder / "b.pdf", home=home, typed=typed())
    (row,) = rows(edge("documents", "list", home=home, typed=typed()).stdout)
    document, patient = row[:2]
    assert row[3] == "pdf"
    assert edge("documents", "show", document, home=home, typed=typed()).stdout.splitlines() == [
        HEAD, "胸痛一天。",
    ]  # fmt: skip
    assert edge("documents", "show", "--items", document, home=home, typed=typed()).exit_code == 0
    listed = edge("documents", "list", "--patient", patient, home=home, typed=typed())
    assert document in listed.stdout
    assert edge("documents", "list", "--patient", "p-0", home=home, typed=typed()).exit_code == 1
    assert edge("documents", "delete", document, "--yes", home=home, typed=typed()).exit_code == 0
    assert rows(edge("documents", "list", home=home, typed=typed()).stdout) == []
    assert edge("documents", "show", document, home=home, typed=typed()).exit_code == 1


def test_pasted_text(home: Path) -> None:
    pasted = edge("import", "-", home=home, typed=typed(HEAD, "头晕三天。", ""))
    assert rows(pasted.stdout)[0][0] == "imported"
    assert pasted.exit_code == 0


def test_a_day_for_what_names_none(home: Path) -> None:
    told = edge("import", "-", home=home, typed=typed(HEAD, "头晕三天。", ""))
    assert "import it again with one" in told.stdout
    again = ("import", "-", "--date", "2026-02-03")
    assert (
        rows(edge(*again, home=home, typed=typed(HEAD, "头晕三天。", "")).stdout)[0][0] == "known"
    )
    ((_, _, date, *_),) = rows(edge("documents", "list", home=home, typed=typed()).stdout)
    assert date == "2026-02-03"
    wrong = edge("import", "-", "--date", "3.2.2026", home=home, typed=typed())
    assert wrong.exit_code == 2
    assert "a day is 2026-05-31" in wrong.stderr


def test_unsure_asks(home: Path, tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("头晕三天。", encoding="utf-8")
    unsure = edge("import", note, home=home, typed=typed())
    assert unsure.exit_code == 1
    assert "--patient" in rows(unsure.stdout)[0][4]
    patient = edge("patients", "add", "赵六", home=home, typed=typed()).stdout.strip()
    named = edge("import", note, "--patient", patient, home=home, typed=typed())
    assert rows(named.stdout)[0][2] == patient
    assert edge("import", note, "--sure", home=home, typed=typed()).exit_code == 2


def test_a_name_cannot_steer_the_terminal(home: Path, tmp_path: Path) -> None:
    evil = tmp_path / "a\x1b[2J\tb\nc.txt"
    evil.write_bytes(b"\x00")
    shown = edge("import", evil, home=home, typed=typed()).stdout
    assert "\x1b" not in shown
    assert len(shown.splitlines()) == 1
    assert len(rows(shown)[0]) == 5


def test_a_patient_cannot_steer_the_terminal(home: Path, tmp_path: Path) -> None:
    name = "张\x1b]0;x\x07\u202e三\x9b"
    patient = {
        "resourceType": "Patient", "id": "p", "name": [{"text": name}],
        "identifier": [{"value": "7\x1b]0;x\x07"}],
    }  # fmt: skip
    told = base64.b64encode("诊断：高血压。".encode()).decode()
    paper = {
        "resourceType": "DocumentReference", "description": "a\x1b]0;x\x07",
        "content": [{"attachment": {"contentType": "text/plain", "data": told}}],
    }  # fmt: skip
    bundle = {"resourceType": "Bundle", "entry": [{"resource": one} for one in (patient, paper)]}
    (tmp_path / "evil.json").write_text(json.dumps(bundle))
    made = edge("import", tmp_path / "evil.json", home=home, typed=typed())
    became, _, who, *_ = rows(made.stdout)[0]
    assert became == "imported"
    for words in (("patients", "list"), ("patients", "show", who), ("documents", "list")):
        shown = edge(*words, home=home, typed=typed()).stdout
        assert shown.replace("\n", "").replace("\t", "").isprintable()


def test_a_name_in_no_encoding_of_ours_is_imported(home: Path, tmp_path: Path) -> None:
    """As a stick of another system has it."""
    papers = tmp_path / "papers"
    papers.mkdir()
    (papers / os.fsdecode("病历1.txt".encode("gb18030"))).write_text(f"{HEAD}\n头晕三天。")
    done = edge("import", papers, home=home, typed=typed())
    assert rows(done.stdout)[0][0] == "imported"
    assert edge("documents", "list", home=home, typed=typed()).stdout.endswith("\t1\n")


def test_a_name_too_long_is_a_line(home: Path) -> None:
    done = edge("import", "a" * 300, home=home, typed=typed())
    assert (done.exit_code, rows(done.stdout)[0][0]) == (1, "refused")


def test_under_the_guard(home: Path, folder: Path, tmp_path: Path) -> None:
    """As a doctor runs it: the guard lets the reader start, and no file appears anywhere."""
    spare = tmp_path / "spare"
    spare.mkdir()
    passphrase = tmp_path / "passphrase"
    passphrase.write_text(PASSPHRASE)
    ended = subprocess.run(
        [sys.executable, "-m", "edge", "import", str(folder), "--home", str(home), "--user", USER,
         "--passphrase-file", str(passphrase)],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(spare)},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode == 1, ended.stderr
    assert "3 imported, 0 known, 1 refused" in ended.stderr
    assert "王测试" not in ended.stdout + ended.stderr
    assert list(spare.iterdir()) == []

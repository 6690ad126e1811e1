import json
from pathlib import Path

from tests.streams.cli.running import fail, run
from tests.support.articles import written


def test_our_own_articles_are_right() -> None:
    result = run("knowledge", "check", "--today", "2026-11-21")
    assert (result.exit_code, result.stdout) == (0, "162 articles, nothing wrong\n")


def test_findings_are_lines_and_exit_code_1(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(written(intents='["no"]', valid_to="2026-12-01"))
    (tmp_path / "b.md").write_bytes(b"\xff")
    result = run("knowledge", "check", str(tmp_path), "--today", "2026-11-21")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "a.md:6: there is no intent no",
        "a.md:9: expires on 2026-12-01, and no other version follows: renew or remove it",
        "b.md:1: is not UTF-8 at byte 0",
    ]


def test_links_are_asked_only_when_online_is_asked(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(written(body="## x\n\n[a](http://127.0.0.1:1/x) costs."))
    assert run("knowledge", "check", str(tmp_path)).exit_code == 0
    result = run("knowledge", "check", str(tmp_path), "--online")
    assert result.exit_code == 1
    assert result.stdout == "a.md:13: dead link: http://127.0.0.1:1/x: it is an address inside\n"


def test_a_question_is_answered_in_its_language() -> None:
    result = run("knowledge", "search", "怎么解冻银行卡", "--today", "2026-11-21")
    assert result.exit_code == 0
    assert "sure    card-freeze#unfreeze  临时冻结银行卡" in result.stdout
    result = run("knowledge", "search", "lost card", "--json", "--most", "1")
    assert json.loads(result.stdout)["title"] == "A lost or stolen card"


def test_what_nothing_fits_is_said() -> None:
    result = run("knowledge", "search", "!!!")
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", "nothing fits\n")


def test_articles_of_ones_own_are_listed_and_searched(tmp_path: Path) -> None:
    (tmp_path / "old.md").write_text(written(valid_to="2026-06-30"))
    (tmp_path / "new.md").write_text(written(valid_from="2026-07-01"))
    result = run("knowledge", "list", "--dir", str(tmp_path), "--today", "2026-11-21")
    assert result.stdout.splitlines() == [
        "fees  en  expired 2026-06-30  fees  What a card costs",
        "fees  en  valid  fees  What a card costs",
    ]
    result = run("knowledge", "search", "card costs", "--dir", str(tmp_path))
    assert "fees#price" in result.stdout


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "no such folder" in fail("knowledge", "check", str(tmp_path / "gone"))

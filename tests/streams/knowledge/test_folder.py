from pathlib import Path

import pytest

from agents.assistant.knowledge.markdown import MOST_BYTES
from streams.knowledge.folder import NoArticles, read_folder
from tests.support.articles import written


def test_articles_and_what_lies_beside_them_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "fees.md").write_text(written(), encoding="utf-8")
    (tmp_path / "en" / "form.pdf").write_bytes(b"x")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.md").write_text("x")
    (tmp_path / ".hidden.md").write_text("x")
    read = read_folder(tmp_path)
    assert read.texts == {"en/fees.md": written()}
    assert read.others == {"en/form.pdf"}
    assert read.links is None
    assert read.findings == []


def test_what_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    root = tmp_path / "articles"
    root.mkdir()
    (root / "a.md").write_bytes(b"\xff\xfe")
    (root / "b.md").write_bytes(b"x" * (MOST_BYTES + 1))
    (root / "c.md").symlink_to(secret)
    (root / "d.md").mkdir()
    (root / "folder").symlink_to(tmp_path)
    read = read_folder(root)
    assert read.texts == {}
    assert [str(one) for one in read.findings] == [
        "a.md:1: is not UTF-8 at byte 0",
        "b.md:1: longer than 64 kB: part it",
        "c.md:1: no plain file: links and devices are not read",
    ]


def test_a_table_of_deep_links_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("x")
    table = tmp_path / "links.toml"
    table.write_text('[pages]\ncards = { link = "mybank://cards", zh = "卡", en = "Cards" }\n')
    assert read_folder(tmp_path).links == frozenset({"mybank://cards"})
    for wrong in ("pages = 1", "[pages]\nx = 1", "[", "[pages]\nx = {}"):
        table.write_text(wrong)
        with pytest.raises(NoArticles, match=r"links\.toml"):
            read_folder(tmp_path)


def test_a_folder_that_holds_none_is_named(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "gone"):
        with pytest.raises(NoArticles, match=path.name):
            read_folder(path)

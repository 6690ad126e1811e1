"""What the shop says in files of its own: what it changes, and what is said of a broken one."""

from pathlib import Path

import pytest

from sinks.errors import Misconfigured
from streams.reviews.options import DueHours, RulesOptions
from streams.reviews.rules import read_rules


def test_words_of_the_shop_come_on_top_of_ours_or_stand_alone(tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("紫色海豚\n", encoding="utf-8")
    both = read_rules(RulesOptions(banned=(str(words),)))
    alone = read_rules(RulesOptions(banned=(str(words),), starter=False))
    assert both.banned.find("有紫色海豚卖")
    assert both.banned.find("澳门赌场上线啦")
    assert alone.banned.find("有紫色海豚卖")
    assert not alone.banned.find("澳门赌场上线啦")


def test_whatever_the_shop_changes_is_another_version(tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("紫色海豚\n", encoding="utf-8")
    found = [
        read_rules(RulesOptions()),
        read_rules(RulesOptions(banned=(str(words),))),
        read_rules(RulesOptions(starter=False)),
        read_rules(RulesOptions(due_hours=DueHours(critical=6))),
    ]
    assert len({one.version for one in found}) == len(found)
    assert read_rules(RulesOptions()).version == found[0].version


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("banned.toml", b"[[category]\n"),
        ("banned.txt", "电击棍".encode("utf-16")),
    ],
)
def test_a_broken_list_is_named(tmp_path: Path, name: str, content: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(Misconfigured, match=name):
        read_rules(RulesOptions(banned=(str(file),)))


@pytest.mark.parametrize("content", ["[[attribute]\n", "colour = 3\n"])
def test_a_broken_taxonomy_is_named(tmp_path: Path, content: str) -> None:
    file = tmp_path / "own.toml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(Misconfigured, match=r"own\.toml"):
        read_rules(RulesOptions(taxonomy=str(file)))


def test_a_list_that_went_away_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"cannot read .*gone\.txt"):
        read_rules(RulesOptions(banned=(str(tmp_path / "gone.txt"),)))

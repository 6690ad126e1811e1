import re
from dataclasses import fields
from pathlib import Path

import pytest

from sinks.errors import Misconfigured
from streams.reviews.config import ReviewsConfig, example, read_config
from streams.reviews.options import DueHours
from streams.reviews.sources.options import (
    KINDS,
    Columns,
    DuckOptions,
    FilesOptions,
    PostgresOptions,
    TopicOptions,
)

ENVIRON = {"REVIEWS_URL": "postgresql://u:s3cret@h/d", "TABLES_URL": "postgresql://u:s3cret@h/t"}
HEAD = 'zone = "Asia/Shanghai"\n'
FILES = HEAD + '[source]\nkind = "files"\npath = "a.csv"\n'
DUCK = HEAD + '[source]\nkind = "duckdb"\nfile = "a.duckdb"\n'


def read(folder: Path, text: str) -> ReviewsConfig:
    file = folder / "reviews.toml"
    file.write_text(text, encoding="utf-8")
    return read_config(file, ENVIRON)


def test_the_example_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, example())
    assert isinstance(found.source, FilesOptions)
    assert found.source.path == f"{tmp_path}/exports/*.csv"
    assert found.outputs.folder == f"{tmp_path}/nights"
    assert found.outputs.parquet
    assert found.rules.due_hours == DueHours()


def test_every_line_of_the_example_that_is_commented_out_holds(tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "own.txt").write_text("x\n")
    (tmp_path / "taxonomy.toml").write_text("")
    (tmp_path / "sentiment.json").write_text("")
    text = re.sub(r"(?m)^# (?=\w+ = |\[)", "", example())
    head, source, rest = re.split(r"(?m)^(?=\[source\]|\[columns\])", text)
    kinds = source.split("kind = ")[1:]
    assert [re.match(r'"(\w+)"', kind)[1] for kind in kinds] == list(KINDS)  # type: ignore[index]
    for kind in kinds:
        columns = rest
        if "topic" in kind[:8]:
            columns = rest[rest.index("[rules]") :]
        found = read(tmp_path, f"{head}[source]\nkind = {kind}\n{columns}")
        assert found.outputs.postgres is not None
        assert "s3cret" not in repr(found)


def test_what_is_left_out_has_a_default(tmp_path: Path) -> None:
    found = read(tmp_path, FILES)
    assert found.columns == Columns()
    assert found.out == tmp_path / "nights"
    assert found.model.ask == "live"
    assert found.outputs.postgres is None
    assert not found.outputs.topics
    assert len(fields(found)) == 8


def test_each_kind_says_what_it_needs(tmp_path: Path) -> None:
    for kind in KINDS:
        with pytest.raises(Misconfigured, match=r"\[source\] needs the key \w+.*: \S"):
            read(tmp_path, f'{HEAD}[source]\nkind = "{kind}"\n')


def test_a_source_of_every_kind(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgresql://u:s3cret@h/d\n")
    by_id = '[columns]\nid = "id"\n'
    duck = read(tmp_path, f'{DUCK}table = "main.reviews"\n{by_id}').source
    assert duck == DuckOptions(file=f"{tmp_path}/a.duckdb", table="main.reviews")
    source = '[source]\nkind = "postgres"\nurl_file = "url"\nquery = "SELECT 1"\n'
    postgres = read(tmp_path, f"{HEAD}{source}{by_id}").source
    assert isinstance(postgres, PostgresOptions)
    assert postgres.url.reveal() == "postgresql://u:s3cret@h/d"
    topic = read(tmp_path, f'{HEAD}[source]\nkind = "topic"\ntopics = ["feedback.app"]\n').source
    assert topic == TopicOptions(topics=("feedback.app",))


def test_rules_name_files_that_are_there(tmp_path: Path) -> None:
    lists = tmp_path / "lists"
    lists.mkdir()
    for name in ("b.txt", "a.txt", "c.toml"):
        (lists / name).write_text("x\n")
    rules = '[rules]\nbanned = ["lists/c.toml", "lists/*.txt", "lists/a.txt"]\n'
    found = read(tmp_path, f"{FILES}{rules}[rules.due_hours]\ncritical = 1\n").rules
    assert [Path(name).name for name in found.banned] == ["c.toml", "a.txt", "b.txt"]
    assert (found.due_hours.critical, found.due_hours.error) == (1, 24)


def test_a_folder_with_a_name_like_a_pattern(tmp_path: Path) -> None:
    folder = tmp_path / "a{b}[c]*"
    folder.mkdir()
    (folder / "own.txt").write_text("x\n")
    found = read(folder, FILES.replace("a.csv", "{date}.csv") + '[rules]\nbanned = ["*.txt"]\n')
    assert found.rules.banned == (f"{folder}/own.txt",)
    assert isinstance(found.source, FilesOptions)
    assert found.source.is_dated


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[a", r"reviews\.toml is not TOML: "),
        ("", r"\[source\] needs a kind: write one of files, duckdb, postgres, topic|needs the key"),
        ('[source]\nkind = "files"\npath = "a"', r"toml: needs the key zone: the shop's time zone"),
        ('zone = "Mars"', r"toml: zone: there is no time zone 'Mars': write one such as"),
        (HEAD, r"\[source\] needs a kind: write one of files, duckdb, postgres, topic"),
        (HEAD + 'source = "files"', r"source is a table: write \[source\]"),
        (HEAD + "[source]\nkind = 3", r"\[source\] kind: there is no 3: write one of files"),
        (HEAD + "out = 3", r"toml: out: Expected `str`, got `int`"),
        (HEAD + "sauce = 3", r"toml: sauce: there is no such key; it knows zone, out, \[source\]"),
        (FILES + "[sauce]", r"there is no table \[sauce\]; it knows \[source\], \[columns\]"),
        (FILES + "folder = 3", r"\[source\] folder: there is no such key; it knows name.*, path"),
        (FILES + 'encoding = "klingon"', r"\[source\] encoding: there is no 'klingon': write utf"),
        (FILES + 'encoding = "rot13"', r"\[source\] encoding: there is no 'rot13'"),
        (FILES + 'delimiter = ";;"', r"\[source\] delimiter: Expected `str` of length <= 1"),
        (FILES + "delimiter = '\"'", r"\[source\] delimiter: write one such as ;"),
        (FILES.replace("a.csv", "{day}"), r"\[source\] path: \{date\} or \{date:%Y%m%d\} is all"),
        (FILES.replace("a.csv", "{date"), r"\[source\] path: \{date\} or"),
        (FILES.replace("a.csv", "{date.year}"), r"\[source\] path: \{date\} or"),
        (FILES + '[columns]\ntxt = "a"', r"\[columns\] txt: there is no such key; it knows text"),
        (FILES + "[columns]\ntext = []", r"\[columns\] text: name the column of the text"),
        (FILES + '[columns]\ntime = ""', r"\[columns\] time: name the column of the time"),
        (FILES + '[columns]\ntime_format = "%H:%M"', r"\[columns\] time_format: .*whole date"),
        (FILES + '[columns]\ntime_format = "%Q"', r"\[columns\] time_format: "),
        (FILES + '[columns]\ntime_zone = "CET/PET"', r"\[columns\] time_zone: there is no time"),
        (FILES + "[columns]\nrating_scale = 0", r"\[columns\] rating_scale: Expected .* > 0"),
        (
            FILES + '[columns]\naccount_days = "a"\naccount_created = "b"',
            r"\[columns\] account_created and account_days: one of them",
        ),
        (DUCK + 'table = "a"', r"\[columns\] needs the key id: a night that runs again"),
        (DUCK, r"\[source\] write either table or query"),
        (DUCK + 'table = "a"\nquery = "b"', r"\[source\] write either table or query"),
        (
            HEAD + '[source]\nkind = "postgres"\ntable = "a"\nurl = "s3cret s3cret"',
            r"\[source\] url is no address: write postgresql://",
        ),
        (
            HEAD + '[source]\nkind = "postgres"\ntable = "a"\nurl_env = "NONE"',
            r"\[source\] url_env: set the variable NONE",
        ),
        (
            HEAD + '[source]\nkind = "topic"\ntopics = ["a"]\n[columns]\ntext = "b"',
            r"\[columns\] text: a topic's messages say what is what; leave it",
        ),
        (HEAD + '[source]\nkind = "topic"\ntopics = []', r"\[source\] topics: Expected"),
        (FILES + '[rules]\nbanned = ["none/*.txt"]', r"\[rules\] banned: there is no file .*none"),
        (FILES + '[rules]\ntaxonomy = "none.toml"', r"\[rules\] taxonomy: there is no file .*none"),
        (FILES + "[rules.due_hours]\nfatal = 1", r"\[rules\.due_hours\] fatal: there is no such"),
        (FILES + "[rules.due_hours]\nerror = 0", r"\[rules\.due_hours\] error: Expected .* > 0"),
        (FILES + '[model]\nask = "often"', r"\[model\] ask: .*; write live, batch or never"),
        (FILES + "[model]\nbatch_requests = 50001", r"\[model\] batch_requests: Expected"),
        (FILES + '[outputs]\ntopics = "yes"', r"\[outputs\] topics: Expected `bool`"),
        (
            FILES + "[outputs.postgres]",
            r"\[outputs\.postgres\] needs the key url, url_file or url_",
        ),
        (
            FILES + '[outputs.postgres]\nurl_env = "TABLES_URL"\nschema = "a b"',
            r"\[outputs\.postgres\] schema: Expected",
        ),
    ],
)
def test_what_is_wrong_is_told_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(Misconfigured, match=said) as raised:
        read(tmp_path, text)
    assert "\n" not in str(raised.value)
    assert "s3cret" not in str(raised.value)
    assert str(tmp_path / "reviews.toml") in str(raised.value)


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"cannot read .*none\.toml: No such file"):
        read_config(tmp_path / "none.toml", {})

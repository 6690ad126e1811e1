"""The file of the reviews: where they come from, what is looked for, where the results go."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from sinks.errors import Misconfigured
from sinks.options import convert, read_toml, reveal
from sinks.reviews.options import OutputOptions
from sinks.tables.postgres import PostgresOptions as PostgresOutput
from streams.reviews.day import zone_of
from streams.reviews.errors import BadDate
from streams.reviews.options import DueHours, ModelOptions, RulesOptions
from streams.reviews.patterns import absolute, matches
from streams.reviews.sources.options import (
    KINDS,
    Columns,
    DuckOptions,
    FilesOptions,
    SourceOptions,
    TopicOptions,
)

_TABLES = ("source", "columns", "rules", "model", "outputs")
_OF_TOPICS = ("rating_scale",)
"""What `[columns]` may say of a topic: the rest is fixed by its messages."""


class _Shop(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stands above the tables."""

    zone: Annotated[str, Meta(description="the shop's time zone, such as Asia/Shanghai")]
    out: Annotated[
        str, Meta(min_length=1, description="folder of the nights, from this file on")
    ] = "nights"

    def __post_init__(self) -> None:
        try:
            zone_of(self.zone)
        except BadDate as error:
            raise ValueError(f"zone: {error}") from None


@dataclass(frozen=True)
class ReviewsConfig:
    """What the file says; every path is absolute."""

    file: Path
    zone: ZoneInfo
    out: Path
    source: SourceOptions
    columns: Columns
    rules: RulesOptions
    model: ModelOptions
    outputs: OutputOptions


def read_config(path: Path, environ: Mapping[str, str]) -> ReviewsConfig:
    """Read and check it.

    Paths in it start from its folder. A secret may stand in a file of its own (KEY_file) or in
    `environ` (KEY_env). Raises Misconfigured, which names file, table and key.
    """
    path = path.absolute()
    given = read_toml(path)
    tables = {name: _table(path, given, name) for name in _TABLES}
    for name, table in given.items():
        if isinstance(table, dict):
            raise Misconfigured(f"{path}: there is no table [{name}]; it knows {_listed()}")
    shop = convert(f"{path}:", given, _Shop, [f"[{name}]" for name in _TABLES])
    source = _source(path, tables["source"], environ)
    out = path.parent / Path(shop.out).expanduser()
    return ReviewsConfig(
        file=path,
        zone=zone_of(shop.zone),
        out=out,
        source=source,
        columns=_columns(path, tables["columns"], source),
        rules=_rules(path, tables["rules"]),
        model=convert(f"{path}: [model]", tables["model"], ModelOptions),
        outputs=_outputs(path, tables["outputs"], out, environ),
    )


def example() -> str:
    """A file to start from, every line explained."""
    return (files("streams.reviews") / "example.toml").read_text(encoding="utf-8")


def _listed() -> str:
    return ", ".join(f"[{name}]" for name in _TABLES)


def _table(path: Path, given: dict[str, Any], name: str) -> dict[str, Any]:
    table = given.pop(name, {})
    if not isinstance(table, dict):
        raise Misconfigured(f"{path}: {name} is a table: write [{name}]")
    return table


def _source(path: Path, table: dict[str, Any], environ: Mapping[str, str]) -> SourceOptions:
    where = f"{path}: [source]"
    kind = table.pop("kind", None)
    if not isinstance(kind, str) or kind not in KINDS:
        said = "needs a kind" if kind is None else f"kind: there is no {kind!r}"
        raise Misconfigured(f"{where} {said}: write one of {', '.join(KINDS)}")
    reveal(where, table, KINDS[kind], path.parent, environ)
    options = convert(where, table, KINDS[kind], ["kind"])
    if isinstance(options, FilesOptions):
        folder = str(path.parent).replace("{", "{{").replace("}", "}}")
        return replace(options, path=absolute(Path(folder), options.path))
    if isinstance(options, DuckOptions):
        return replace(options, file=_absolute(path, options.file))
    return options


def _columns(path: Path, table: dict[str, Any], source: SourceOptions) -> Columns:
    where = f"{path}: [columns]"
    if isinstance(source, TopicOptions):
        for key in table:
            if key not in _OF_TOPICS:
                raise Misconfigured(f"{where} {key}: a topic's messages say what is what; leave it")
    columns = convert(where, table, Columns)
    if not columns.id and not isinstance(source, FilesOptions | TopicOptions):
        raise Misconfigured(
            f"{where} needs the key id: a night that runs again must know each review again"
        )
    return columns


def _rules(path: Path, table: dict[str, Any]) -> RulesOptions:
    where = f"{path}: [rules]"
    hours = _table(path, table, "due_hours")
    due = convert(f"{path}: [rules.due_hours]", hours, DueHours)
    rules = convert(where, table, RulesOptions, ["due_hours"])
    banned: list[str] = []
    for pattern in rules.banned:
        whole = absolute(path.parent, pattern)
        found = [str(file) for file in matches(whole) if file.is_file()]
        if not found:
            raise Misconfigured(f"{where} banned: there is no file {_absolute(path, pattern)}")
        banned += [file for file in found if file not in banned]
    named = {key: getattr(rules, key) for key in ("taxonomy", "sentiment_model")}
    single = {key: _absolute(path, name) for key, name in named.items() if name}
    for key, file in single.items():
        if not Path(file).is_file():
            raise Misconfigured(f"{where} {key}: there is no file {file}")
    return replace(rules, banned=tuple(banned), due_hours=due, **single)


def _outputs(
    path: Path, table: dict[str, Any], out: Path, environ: Mapping[str, str]
) -> OutputOptions:
    where = f"{path}: [outputs.postgres]"
    postgres = _table(path, table, "postgres") if "postgres" in table else None
    outputs = convert(f"{path}: [outputs]", table, OutputOptions, ["postgres"])
    made = None
    if postgres is not None:
        reveal(where, postgres, PostgresOutput, path.parent, environ)
        made = convert(where, postgres, PostgresOutput)
    folder = str(out / Path(outputs.folder).expanduser())
    return replace(outputs, folder=folder, postgres=made)


def _absolute(path: Path, name: str) -> str:
    return str(path.parent / Path(name).expanduser())

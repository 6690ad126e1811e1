"""The file of the receivers: one TOML table each, named as its metrics and its group are."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, ClassVar, Protocol

import msgspec
from msgspec import Meta

from schemas.incidents import Severity
from sinks.errors import Misconfigured
from sinks.options import convert, read_toml, reveal
from sinks.sink import Sink

TYPES = {
    "alertmanager": "sinks.alertmanager:AlertmanagerSink",
    "dingtalk": "sinks.dingtalk:DingTalkSink",
    "duckdb": "sinks.tables.duck:DuckSink",
    "feishu": "sinks.feishu:FeishuSink",
    "pagerduty": "sinks.pagerduty:PagerDutySink",
    "parquet": "sinks.tables.parquet:ParquetSink",
    "postgres": "sinks.tables.postgres:PostgresSink",
    "slack": "sinks.slack:SlackSink",
    "webhook": "sinks.webhook:WebhookSink",
    "wecom": "sinks.wecom:WeComSink",
}
"""Imported when a table asks for one: a receiver's packages are needed by those who use it."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,40}")


class Common(msgspec.Struct, frozen=True, kw_only=True):
    """What every table may say."""

    min_severity: Annotated[Severity, Meta(description="tell nothing below it")] = "info"
    products: Annotated[
        tuple[str, ...], Meta(description="tell of these products only; empty: of all")
    ] = ()
    max_per_minute: Annotated[
        Annotated[int, Meta(ge=0)] | None,
        Meta(description="most messages of a minute; 0: any number"),
    ] = None


class SinkType(Protocol):
    """What stands behind an entry of `TYPES`."""

    Options: ClassVar[type[Any]]
    per_minute: ClassVar[int]

    def __call__(self, name: str, options: Any) -> Sink: ...


@dataclass(frozen=True)
class Receiver:
    """One table of the file; `per_minute` as `sinks.pacing.Pacer` has it."""

    name: str
    type: str
    sink: Sink
    common: Common
    per_minute: int


def read_receivers(path: Path, environ: Mapping[str, str]) -> list[Receiver]:
    """Every receiver of the file, in its order, none of them started.

    A secret may stand in a file of its own (KEY_file, from the folder of this file on) or in
    `environ` (KEY_env) instead. Raises Misconfigured.
    """
    tables = read_toml(path)
    if not tables:
        raise Misconfigured(f"{path} names no receiver: write a table such as [on-call]")
    return [_receiver(path, name, table, environ) for name, table in tables.items()]


def _receiver(path: Path, name: str, table: Any, environ: Mapping[str, str]) -> Receiver:
    where = f"{path}: [{name}]"
    if not _NAME.fullmatch(name):
        raise Misconfigured(f"{where}: name it with letters, digits, - and _, 41 at most")
    if not isinstance(table, dict):
        raise Misconfigured(f"{path}: {name} stands outside of a table: write [NAME] above it")
    kind = table.get("type")
    if not isinstance(kind, str) or kind not in TYPES:
        given = "needs a type" if kind is None else f"type: there is no {kind!r}"
        raise Misconfigured(f"{where} {given}: write one of {', '.join(TYPES)}")
    module, _, attribute = TYPES[kind].partition(":")
    made: SinkType = getattr(import_module(module), attribute)
    shared = {k: v for k, v in table.items() if k in Common.__struct_fields__}
    own = {k: v for k, v in table.items() if k not in shared and k != "type"}
    common = convert(where, shared, Common)
    reveal(where, own, made.Options, path.parent, environ)
    sink = made(name, convert(where, own, made.Options, Common.__struct_fields__))
    most = common.max_per_minute
    return Receiver(name, kind, sink, common, made.per_minute if most is None else most)

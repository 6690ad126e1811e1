"""The file of the receivers: one TOML table each, named as its metrics and its group are."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import (
    Annotated,
    Any,
    ClassVar,
    Literal,
    Protocol,
    TypeVar,
    get_args,
    get_origin,
    get_type_hints,
)

import msgspec
from msgspec import Meta

from schemas.incidents import Severity
from sinks.cluster import Secret, decode_secret
from sinks.errors import Misconfigured
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

S = TypeVar("S", bound=msgspec.Struct)

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,40}")
_AT = re.compile(r" - at (?:`key` in )?`\$\.?(.*)`$")
_MISSING = re.compile(r"missing required field `(\w+)`")
_UNKNOWN = re.compile(r"contains unknown field `(\w+)`")


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
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Misconfigured(f"cannot read {path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Misconfigured(f"{path} is not TOML: {error}") from None
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
    common = _convert(where, shared, Common)
    also = Common.__struct_fields__
    sink = made(name, options_of(where, own, made.Options, path.parent, environ, also))
    most = common.max_per_minute
    return Receiver(name, kind, sink, common, made.per_minute if most is None else most)


def options_of(
    where: str,
    table: Mapping[str, Any],
    options: type[S],
    folder: Path,
    environ: Mapping[str, str],
    also: tuple[str, ...] = (),
) -> S:
    """A table of a file in `folder`, its secrets in their places; `also` are other keys it knows.

    Raises Misconfigured, which begins with `where`.
    """
    own = dict(table)
    _reveal(where, own, options, folder, environ)
    return _convert(where, own, options, also)


def _reveal(
    where: str,
    table: dict[str, Any],
    options: type[msgspec.Struct],
    folder: Path,
    environ: Mapping[str, str],
) -> None:
    """Put each secret in the place of the file or variable that holds it."""
    for key in _secrets(options):
        given = [k for k in (key, f"{key}_file", f"{key}_env") if k in table]
        if len(given) > 1:
            raise Misconfigured(f"{where} {' and '.join(given)}: one of them is enough")
        if f"{key}_file" in table:
            file = folder / str(table.pop(f"{key}_file"))
            try:
                table[key] = file.read_text(encoding="utf-8").strip()
            except OSError as error:
                raise Misconfigured(
                    f"{where} {key}_file: cannot read {file}: {error.strerror}"
                ) from None
            except UnicodeDecodeError:
                raise Misconfigured(f"{where} {key}_file: {file} is not text") from None
        elif f"{key}_env" in table:
            variable = str(table.pop(f"{key}_env"))
            if not environ.get(variable):
                raise Misconfigured(f"{where} {key}_env: set the variable {variable}")
            table[key] = environ[variable]


def _secrets(options: type[msgspec.Struct]) -> list[str]:
    return [key for key, hint in get_type_hints(options).items() if hint is Secret]


def _convert(where: str, table: dict[str, Any], struct: type[S], also: tuple[str, ...] = ()) -> S:
    try:
        return msgspec.convert(table, struct, dec_hook=decode_secret)
    except msgspec.ValidationError as error:
        raise Misconfigured(f"{where} {_say(str(error), struct, also)}") from None


def _say(reason: str, struct: type[msgspec.Struct], also: tuple[str, ...]) -> str:
    """The key, and what to write."""
    secrets = _secrets(struct)
    if missing := _MISSING.search(reason):
        key = missing[1]
        other = f", {key}_file or {key}_env" if key in secrets else ""
        return f"needs the key {key}{other}: {_meaning(struct, key)}"
    if unknown := _UNKNOWN.search(reason):
        known = [*struct.__struct_fields__, *also]
        return f"{unknown[1]}: there is no such key; it knows {', '.join(known)}"
    at = _AT.search(reason)
    if not at or not at[1]:
        return reason.removesuffix(" - at `$`")
    return f"{at[1]}: {reason[: at.start()]}{_choices(struct, at[1])}"


def _choices(struct: type[msgspec.Struct], key: str) -> str:
    """What may be written there, if it is one of a few words."""
    hint = get_type_hints(struct).get(key)
    if get_origin(hint) is not Literal:
        return ""
    *others, last = get_args(hint)
    return f"; write {', '.join(others)} or {last}"


def _meaning(struct: type[msgspec.Struct], key: str) -> str:
    hint = get_type_hints(struct, include_extras=True)[key]
    found = [meta.description for meta in get_args(hint)[1:] if meta.description]
    return found[-1] if found else "it has no default"

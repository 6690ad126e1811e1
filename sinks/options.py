"""Tables of a TOML file as structs: secrets from where they are kept, errors that say what to mend.

A key of type `Secret` may stand in a file of its own (KEY_file, from the folder of the file on) or
in a variable (KEY_env) instead.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

import msgspec

from sinks.cluster import Secret, decode_secret
from sinks.errors import Misconfigured

S = TypeVar("S", bound=msgspec.Struct)

_AT = re.compile(r" - at (?:`key` in )?`\$\.?(.*)`$")
_MISSING = re.compile(r"missing required field `(\w+)`")
_UNKNOWN = re.compile(r"contains unknown field `(\w+)`")


def read_toml(path: Path) -> dict[str, Any]:
    """What the file says. Raises Misconfigured."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Misconfigured(f"cannot read {path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Misconfigured(f"{path} is not TOML: {error}") from None


def reveal(
    where: str,
    table: dict[str, Any],
    options: type[msgspec.Struct],
    folder: Path,
    environ: Mapping[str, str],
) -> None:
    """Put each secret in the place of the file or variable that holds it. Raises Misconfigured."""
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


def convert(where: str, table: Mapping[str, Any], struct: type[S], others: Sequence[str] = ()) -> S:
    """The table as the struct; `others` are keys that are read elsewhere. Raises Misconfigured."""
    try:
        return msgspec.convert(table, struct, dec_hook=decode_secret)
    except msgspec.ValidationError as error:
        raise Misconfigured(f"{where} {_say(str(error), struct, others)}") from None


def _say(reason: str, struct: type[msgspec.Struct], others: Sequence[str]) -> str:
    """The key, and what to write."""
    secrets = _secrets(struct)
    if missing := _MISSING.search(reason):
        key = missing[1]
        other = f", {key}_file or {key}_env" if key in secrets else ""
        return f"needs the key {key}{other}: {_meaning(struct, key)}"
    if unknown := _UNKNOWN.search(reason):
        known = [*struct.__struct_fields__, *others]
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

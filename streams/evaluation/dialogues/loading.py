"""Reads the scripts: ours, or those of a folder."""

import tomllib
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import msgspec

from streams.errors import OperatorError
from streams.evaluation.dialogues.script import Script, is_held_out


class BadScript(OperatorError):
    """Mend the script that is named."""


class _File(msgspec.Struct, forbid_unknown_fields=True):
    script: list[Script]


def scripts(folder: Path | None = None) -> list[Script]:
    """All scripts in order of file and place; without a folder our own. Raises BadScript."""
    found: dict[str, Script] = {}
    for file in _files(folder or files("streams.evaluation") / "sets" / "dialogues"):
        for script in _read(file):
            if script.name in found:
                raise BadScript(f"{file.name}: {script.name!r} is there twice")
            if folder is None and script.held_out != is_held_out(script.name):
                wanted = str(is_held_out(script.name)).lower()
                raise BadScript(f"{file.name}: {script.name!r} must have held_out = {wanted}")
            found[script.name] = script
    if not found:
        raise BadScript(f"no *.toml with scripts in {folder}")
    return list(found.values())


def _files(folder: Traversable) -> Iterator[Traversable]:
    try:
        yield from sorted(
            (file for file in folder.iterdir() if file.name.endswith(".toml")),
            key=lambda file: file.name,
        )
    except OSError as error:
        raise BadScript(f"cannot read {folder}: {error.strerror}") from None


def _read(file: Traversable) -> list[Script]:
    try:
        plain = tomllib.loads(file.read_text(encoding="utf-8"))
        return msgspec.convert(plain, _File).script
    except OSError as error:
        raise BadScript(f"cannot read {file.name}: {error.strerror}") from None
    except (ValueError, msgspec.ValidationError) as error:
        raise BadScript(f"{file.name}: {error}{_named(file, str(error))}") from None


def _named(file: Traversable, message: str) -> str:
    """The name of the script at `$.script[N]`, which nobody likes to count."""
    _, found, rest = message.partition("$.script[")
    number = rest.partition("]")[0]
    if not (found and number.isdecimal()):
        return ""
    one = tomllib.loads(file.read_text(encoding="utf-8"))["script"][int(number)]
    return f" ({one.get('name')})" if isinstance(one, dict) else ""

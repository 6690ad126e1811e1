"""Reads settings from a TOML file and the environment; wrong ones stop the start."""

import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args, get_type_hints

import msgspec

from sinks.cluster import decode_secret
from streams.settings.errors import SettingsError
from streams.settings.product import ProductSettings
from streams.settings.settings import Settings

ENV = "GROUNDSWELL_"
FILE = "GROUNDSWELL_CONFIG"


def load(
    environ: Mapping[str, str] | None = None, overrides: Mapping[str, Any] | None = None
) -> Settings:
    """Defaults, then the file named by GROUNDSWELL_CONFIG, then GROUNDSWELL_*, then `overrides`.

    Raises SettingsError, which names the setting and where it came from.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    origin: dict[str, str] = {}
    if path := environ.get(FILE):
        for name, value in _read(Path(path)).items():
            values[name], origin[name] = value, path
    for name in Settings.__struct_fields__:
        if (given := environ.get(ENV + name.upper())) is not None:
            values[name], origin[name] = given, ENV + name.upper()
            if isinstance(_default(name), tuple):
                values[name] = [part.strip() for part in given.split(",")] if given else []
    for name, value in (overrides or {}).items():
        if value is not None:
            values[name], origin[name] = value, "--" + name.replace("_", "-")
    _check(values, origin)
    return _convert(values)


def _check(values: Mapping[str, Any], origin: Mapping[str, str]) -> None:
    """One at a time, so that the message can name the setting."""
    for name, value in values.items():
        for path, part in _parts(name, value):
            try:
                _convert(part)
            except msgspec.ValidationError as error:
                reason = str(error).split(" - at")[0]
                raise SettingsError(f"setting {path} (from {origin[name]}): {reason}") from None


def _parts(name: str, value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """What can be wrong by itself: its dotted name, and settings with it alone."""
    if name != "products" or not isinstance(value, dict):
        yield name, {name: value}
        return
    for product, table in value.items():
        for key, one in table.items() if isinstance(table, dict) else ():
            yield f"{name}.{product}.{key}", {name: {product: {key: one}}}
        yield f"{name}.{product}", {name: {product: table}}


def _convert(values: Mapping[str, Any]) -> Settings:
    return msgspec.convert(values, Settings, strict=False, dec_hook=decode_secret)


def _default(name: str) -> Any:
    return getattr(Settings(), name)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{FILE} names {path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not TOML: {error}") from None


def table() -> Iterator[tuple[str, str, str, str]]:
    """(name, environment variable, default, meaning) of every setting, for the documentation.

    Those of one product have no variable.
    """
    for name, meaning in _meanings(Settings):
        if name == "products":
            for own, what in _meanings(ProductSettings):
                default = str(getattr(ProductSettings(), own) or "")
                yield f"products.NAME.{own}", "", default, what
        else:
            yield name, ENV + name.upper(), str(_default(name)), meaning


def _meanings(settings: type[msgspec.Struct]) -> Iterator[tuple[str, str]]:
    hints = get_type_hints(settings, include_extras=True)
    for name in settings.__struct_fields__:
        meanings = [m.description for m in get_args(hints[name])[1:] if m.description]
        yield name, meanings[-1]

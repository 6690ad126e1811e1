"""The words of the simulation, read from the TOML files in `data/`."""

import tomllib
from functools import cache
from importlib.resources import files

import msgspec


class Words(msgspec.Struct, frozen=True):
    """Templates or terms per language; `log` are those of error logs."""

    zh: tuple[str, ...] = ()
    en: tuple[str, ...] = ()
    log: tuple[str, ...] = ()


class Problem(msgspec.Struct, frozen=True):
    """Something that can break; `kinds` empty: in every kind of product."""

    key: str
    category: str
    service: str
    terms: Words
    zh: tuple[str, ...]
    en: tuple[str, ...]
    log: tuple[str, ...]
    causes: tuple[str, ...]
    kinds: tuple[str, ...] = ()


class Background(msgspec.Struct, frozen=True):
    """What customers write when nothing is broken; `rating` in stars."""

    key: str
    rating: int
    zh: tuple[str, ...]
    en: tuple[str, ...]
    kinds: tuple[str, ...] = ()


class Log(msgspec.Struct, frozen=True):
    """An error log that is always there, or, with `terms`, a job that fails every night."""

    key: str
    service: str
    level: str
    log: tuple[str, ...]
    terms: tuple[str, ...] = ()


class ProductKind(msgspec.Struct, frozen=True):
    """A kind of product; `chinese_share` is the share of its users who write Chinese."""

    name: str
    chinese_share: float
    services: tuple[str, ...]
    features: Words
    pages: Words


class Vocabulary(msgspec.Struct, frozen=True):
    """All words."""

    problem: tuple[Problem, ...]
    background: tuple[Background, ...]
    log: tuple[Log, ...]
    job: tuple[Log, ...]
    product: tuple[ProductKind, ...]
    around: dict[str, dict[str, tuple[str, ...]]]
    cities: Words
    contact: Words
    trace: Words
    spam: Words
    changes: dict[str, tuple[str, ...]]


@cache
def load_vocabulary() -> Vocabulary:
    """Read the files once; lists of the same name in several files are joined in file order."""
    joined: dict[str, object] = {}
    folder = files("streams.simulation") / "data"
    tables = [file for file in folder.iterdir() if file.name.endswith(".toml")]
    for file in sorted(tables, key=lambda file: file.name):
        for name, value in tomllib.loads(file.read_text(encoding="utf-8")).items():
            known = joined.get(name)
            joined[name] = known + value if isinstance(known, list) else value
    return msgspec.convert(joined, Vocabulary)

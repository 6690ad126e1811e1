"""Sentence encoders of others, pinned: fetched from where Kafka comes from, checked, opened."""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from agents.models.encoder import MODEL, TOKENIZER, Encoder
from agents.models.errors import BadModel
from schemas.turns import Lang
from streams.broker.jars import Jar, fetch, sha256
from streams.broker.paths import cache_of
from streams.errors import OperatorError

_GROUP = "dev.langchain4j:langchain4j-embeddings-"
_VERSION = "1.11.0-beta19"


class FetchEncoders(OperatorError):
    """Name a folder that can be written, or run `groundswell assistant encoders`."""


@dataclass(frozen=True)
class Pinned:
    """An encoder within a jar; `licence`: of its weights, `sha256`: of its model file."""

    name: str
    licence: str
    jar: Jar
    sha256: str


PINNED: dict[Lang, Pinned] = {
    "en": Pinned(
        "all-minilm-l6-v2-q",
        "Apache-2.0",
        Jar(
            f"{_GROUP}all-minilm-l6-v2-q:{_VERSION}",
            "4e85413837836172dbf634c5640e500e373aa720fea7e401e6a7a84157f92b31",
        ),
        "afdb6f1a0e45b715d0bb9b11772f032c399babd23bfc31fed1c170afc848bdb1",
    ),
    "zh": Pinned(
        "bge-small-zh-v1.5-q",
        "MIT",
        Jar(
            f"{_GROUP}bge-small-zh-v15-q:{_VERSION}",
            "379c43d20453aac45ed71445b65834f1e57b4e1de93047d1c97f855adbb990dd",
        ),
        "15b717c382bcb518ba457b93ea6850ede7f4f1cd8937454aa06972366cd19bcc",
    ),
}


def default_folder() -> Path:
    """`encoders` in GROUNDSWELL_CACHE, else in ~/.cache/groundswell."""
    return cache_of(os.environ) / "encoders"


def fetch_encoders(folder: Path, report: Callable[[str], None]) -> None:
    """A folder for each language, with what `Encoder` reads; what is there already stays.

    Raises CheckNetworkError, DistrustMirrorError, FreeDiskError or FetchEncoders.
    """
    missing = {lang: one for lang, one in PINNED.items() if not _is_there(folder / lang, one)}
    if not missing:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix="fetching-") as scratch:
            jars = [one.jar for one in missing.values()]
            files = fetch(jars, Path(scratch), report, what="encoders")
            for (lang, one), file in zip(missing.items(), files, strict=True):
                _unpack(file, one.name, folder / lang)
    except OSError as error:
        raise FetchEncoders(f"cannot write to {folder}: {error.strerror}") from None


def fetched_encoders() -> dict[Lang, Encoder]:
    """Those in the default folder, for evaluation; none if nobody fetched them."""
    place = default_folder()
    return (
        open_encoders(str(place))
        if any((place / lang / MODEL).is_file() for lang in PINNED)
        else {}
    )


def open_encoders(folder: str) -> dict[Lang, Encoder]:
    """By language; none if no folder is named. Raises FetchEncoders."""
    if not folder:
        return {}
    there = _held(Path(folder))
    if not there:
        raise FetchEncoders(
            f"no encoder in {folder} (assistant_encoders): run groundswell assistant encoders"
        )
    try:
        return {lang: Encoder(Path(folder) / lang) for lang in there}
    except BadModel as error:
        raise FetchEncoders(f"{error} (assistant_encoders)") from None


def _held(folder: Path) -> list[Lang]:
    return [lang for lang in PINNED if (folder / lang / MODEL).is_file()]


def _is_there(folder: Path, one: Pinned) -> bool:
    model = folder / MODEL
    return (folder / TOKENIZER).is_file() and model.is_file() and sha256(model) == one.sha256


def _unpack(jar: Path, name: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(jar) as packed:
        # The model last: who finds it finds all.
        for within, called in ((f"{name}-tokenizer.json", TOKENIZER), (f"{name}.onnx", MODEL)):
            aside = folder / f"{called}.part"
            with packed.open(within) as source, aside.open("wb") as target:
                shutil.copyfileobj(source, target)
            aside.replace(folder / called)

"""The files of notes and passages: our own in `sets/records`, and what an operator names."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from streams.evaluation import record_passages
from streams.evaluation.record_sets import BadNotes, GoldNote, parse

SETS = files("streams.evaluation") / "sets" / "records"
_TUNE = "-tune.txt"


def own_sets() -> list[GoldNote]:
    """Every note of ours of which all facts are written down, by file. Raises BadNotes."""
    return _files(one for one in _listed(SETS) if not _of_passages(one))


def own_passages() -> list[GoldNote]:
    """Every passage of ours, by file. Raises BadNotes."""
    return _files(filter(_of_passages, _listed(SETS)))


def read(data: Path | Traversable) -> list[GoldNote]:
    """The notes and passages of a file, or of the .txt files of a folder. Raises BadNotes."""
    return _files(_listed(data) if data.is_dir() else [data])


def tune_files() -> list[Path | Traversable]:
    """Those of ours that rules and models may be chosen on, by name."""
    return [one for one in _listed(SETS) if one.name.endswith(_TUNE)]


def hands() -> dict[str, list[GoldNote]]:
    """Their notes, by who wrote them. Raises BadNotes."""
    notes = {place.name.removesuffix(_TUNE): read(place) for place in tune_files()}
    return {hand: [one for one in some if one.half == "tune"] for hand, some in notes.items()}


def _listed(folder: Path | Traversable) -> list[Path | Traversable]:
    named = [one for one in folder.iterdir() if one.name.endswith(".txt")]
    return sorted(named, key=lambda one: one.name)


def _of_passages(path: Path | Traversable) -> bool:
    return path.name.startswith(record_passages.PREFIXES)


def _files(paths: Iterable[Path | Traversable]) -> list[GoldNote]:
    """Ids are unique among all."""
    notes: dict[str, GoldNote] = {}
    for path in paths:
        try:
            content = path.read_text(encoding="utf-8")
        except OSError as error:
            raise BadNotes(f"cannot read {path}: {error.strerror}") from None
        except UnicodeDecodeError:
            raise BadNotes(f"{path} is not UTF-8") from None
        form = record_passages.parse if _of_passages(path) else parse
        for one in form(content, str(path)):
            if one.id in notes:
                raise BadNotes(f"{path}: there is a {one.id} already")
            notes[one.id] = one
    if not notes:
        raise BadNotes("no notes: give a file, or a folder with .txt files, of lines === ID | …")
    return list(notes.values())

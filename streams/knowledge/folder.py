"""A bank's folder of articles, read with bounds."""

import os
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from agents.assistant.knowledge.article import Finding
from agents.assistant.knowledge.markdown import MOST_BYTES
from streams.errors import OperatorError

MOST_FILES = 5_000
LINKS = "links.toml"


class NoArticles(OperatorError):
    """Name a folder with articles."""


class Folder(NamedTuple):
    """`texts` by path with `/`; `others` are files that articles may link to; `links`: the bank's
    own table of deep links, None if it has none.
    """

    texts: dict[str, str]
    others: frozenset[str]
    links: frozenset[str] | None
    findings: list[Finding]


class _Link(msgspec.Struct, frozen=True):
    link: str


class _Links(msgspec.Struct, frozen=True):
    pages: dict[str, _Link]


def read_folder(root: Path) -> Folder:
    """All `*.md` files below, none that is hidden or a link to elsewhere. Raises NoArticles."""
    if not root.is_dir():
        raise NoArticles(f"{root}: no such folder; name one with *.md files")
    texts: dict[str, str] = {}
    others: set[str] = set()
    findings: list[Finding] = []
    for path in _files(root):
        name = path.relative_to(root).as_posix()
        if path.suffix != ".md":
            others.add(name)
            continue
        if len(texts) >= MOST_FILES:
            raise NoArticles(f"{root}: more than {MOST_FILES} articles")
        text = _text(path)
        if isinstance(text, str):
            texts[name] = text
        else:
            findings.append(Finding(name, 1, text[0]))
    if not texts and not findings:
        raise NoArticles(f"{root}: there are no *.md files in it")
    return Folder(texts, frozenset(others), _links(root), findings)


def _files(root: Path) -> Iterator[Path]:
    # Links to folders are not entered.
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                yield Path(folder) / name


def _text(path: Path) -> str | tuple[str]:
    """The text, or why there is none."""
    if path.is_symlink() or not path.is_file():
        return ("no plain file: links and devices are not read",)
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        return (f"cannot be read: {error.strerror}",)
    if len(raw) > MOST_BYTES:
        return (f"longer than {MOST_BYTES // 1024} kB: part it",)
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        return (f"is not UTF-8 at byte {error.start}",)


def _links(root: Path) -> frozenset[str] | None:
    path = root / LINKS
    if not path.is_file():
        return None
    try:
        table = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _Links)
    except (OSError, ValueError, msgspec.ValidationError) as error:
        raise NoArticles(
            f'{path}: {error}; write name = {{ link = "..." }} under [pages]'
        ) from None
    return frozenset(one.link for one in table.pages.values())

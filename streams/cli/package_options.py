"""What the publisher's commands share: its folders, its keys, and where packages go."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from streams.cli.options import cluster, connect

if TYPE_CHECKING:
    from sinks.cluster import Secret
    from streams.edge.keys import Ask, KeyFolder
    from streams.edge.repository import Repository
    from streams.edge.signing import Desk

F = TypeVar("F", bound=Callable[..., Any])
_FOLDER = click.Path(file_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, exists=True, path_type=Path)


def repository_option(command: F) -> F:
    """`--repository`; the command gets the folder, which is named if none is given."""
    return click.option(
        "--repository",
        "place",
        metavar="DIR",
        type=_FOLDER,
        callback=lambda _, __, given: given or _home("packages"),
        help="The publisher's own folder, with all releases: keep copies of it (default: `packages`"
        " in GROUNDSWELL_HOME or ~/.local/state/groundswell).",
    )(command)


def keys_option(command: F) -> F:
    """`--keys` and `--passphrase-file`."""
    command = click.option(
        "--passphrase-file",
        "passphrases",
        metavar="FILE",
        type=_FILE,
        multiple=True,
        help="Its first line is tried on every key; without it each is asked for.",
    )(command)
    return click.option(
        "--keys",
        metavar="DIR",
        type=_FOLDER,
        callback=lambda _, __, given: given or _home("package-keys"),
        help="Where the keys are that no other holder has (default: `package-keys`, likewise).",
    )(command)


def where(command: F) -> F:
    """`--folder`, or the topic."""
    return cluster(
        click.option(
            "--folder",
            "out",
            metavar="OUT",
            type=_FOLDER,
            help="Write the files into OUT, for a stick or a web server, and not to the topic.",
        )(command)
    )


def _home(name: str) -> Path:
    from streams.broker import default_home

    return default_home().parent / name


def now() -> datetime:
    """This machine's clock."""
    return datetime.now(UTC)


class Passphrases:
    """Of files, which are tried on every key, or typed for each; what was typed is remembered."""

    def __init__(self, files: Iterable[Path]) -> None:
        """Raises NoKeys."""
        from streams.edge.keys import read_passphrases

        self._known = tuple(read_passphrases(files))
        self._typed: dict[str, Secret] = {}

    def ask(self, name: str) -> tuple[Secret, ...]:
        """To open a key; none if it is left to its holder. Raises NoKeys."""
        if self._known or name in self._typed:
            return self._known or (self._typed[name],)
        word = self._read(f"passphrase of {name} (empty: its holder signs)", default="")
        return (word,) if word else ()

    def choose(self, name: str) -> Secret:
        """Of a new key. Raises NoKeys."""
        if self._known:
            return self._known[0]
        prompt = f"new passphrase of {name}"
        self._typed[name] = self._read(prompt, confirmation_prompt=True)
        return self._typed[name]

    @staticmethod
    def _read(prompt: str, **options: Any) -> Secret:
        from sinks.cluster import Secret
        from streams.edge.errors import NoKeys

        if not sys.stdin.isatty():
            raise NoKeys("no passphrase: type it at a terminal, or name --passphrase-file")
        return Secret(
            click.prompt(prompt, hide_input=True, show_default=False, err=True, **options)
        )


def desk(
    repository: Repository,
    folder: KeyFolder,
    ask: Ask,
    days: dict[str, int] | None = None,
    *,
    root: bool = False,
) -> Desk:
    """With every key that is here and opens; those of root only if `root`, or if one waits.

    Raises NoKeys, WrongPassphrase.
    """
    from streams.edge.errors import WrongPassphrase
    from streams.edge.keys import ROLES
    from streams.edge.signing import DAYS, Desk

    needed = root or repository.waiting("root").exists()
    signers = folder.signers(ROLES if needed else ROLES[1:], ask)
    if not signers:
        raise WrongPassphrase(f"no passphrase opens any key in {folder.folder}")
    return Desk(repository, signers, now(), {**DAYS, **(days or {})})


def send(
    repository: Repository, folder: Path | None, bootstrap: str | None, prefix: str | None
) -> str:
    """Publish what is signed; one line about it. Raises OperatorError, SinkError."""
    from schemas.topics import PACKAGES
    from streams.edge import mirror, topic
    from streams.edge.tree import Tree
    from streams.settings import load

    tree = Tree(repository, now())
    if folder is not None:
        written, removed = mirror.publish(tree, folder)
        return f"{folder}: {written} files written, {removed} removed"
    settings = load(overrides={"bootstrap": bootstrap, "prefix": prefix})
    written, removed = topic.publish(tree, connect(settings), settings.prefix)
    name = settings.topic(PACKAGES)
    return f"topic {name}: {written} files written, {removed} removed"

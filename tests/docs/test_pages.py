"""What the pages tell people to type, set and open is there."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from streams.cli import main
from streams.settings import Settings

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
NO_SETTINGS = {"CONFIG", "HOME", "CACHE", "DATA", "EDGE_GATEWAY", "EDGE_HOME"}
"""Variables that are read elsewhere."""

_FENCE = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`((?:groundswell|docker compose)[^`]*)`")
_OURS = re.compile(r"(?:^|[ /])groundswell ([a-z].*)")
_COMPOSE = re.compile(r"docker compose (?:run --rm(?: --volume \S+)?|exec(?: -T)?) ([\w-]+) (.*)")


def commands(text: str) -> Iterator[list[str]]:
    """Words after `groundswell` of every command line, options of the shell left out."""
    lines = [line for block in _FENCE.findall(text) for line in joined(block).splitlines()]
    for line in [*lines, *_INLINE.findall(" ".join(_FENCE.sub("", text).split("\n")))]:
        inside = _COMPOSE.search(line)
        # `exec` needs the program's name, `run` adds it.
        found = _OURS.search(inside[2] if inside and "exec" in line else line)
        words = f"{inside[2]}" if inside and "exec" not in line else found and found[1]
        if words:
            yield shlex.split(words.split(" > ")[0].split(" | ")[0], comments=True)


def joined(block: str) -> str:
    return re.sub(r"\\\n\s*", " ", block)


def check(words: list[str]) -> None:
    """The command exists, and so do its options. AssertionError."""
    command: click.Command = main
    context = click.Context(command)
    rest = list(words)
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        names = rest.pop(0).split("|")
        found = [command.get_command(context, name) for name in names]
        assert all(found), f"there is no {' '.join(words)}"
        command = found[0] or command
    known = {option for param in command.params for option in param.opts + param.secondary_opts}
    known |= {"--help", "-h", "--version"}
    given = {word.split("=")[0].strip("[]") for word in rest if word.startswith(("--", "[--"))}
    assert given <= known, f"groundswell {' '.join(words)}: it knows {sorted(known)}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_commands_exist(page: Path) -> None:
    for words in commands(page.read_text(encoding="utf-8")):
        check(words)


def test_a_command_that_is_none_is_found() -> None:
    text = "\n```\n$ groundswell incidents ack ID\ngroundswell sinks run --confg x\n```\n"
    right, wrong = commands(text)
    check(right)
    with pytest.raises(AssertionError, match="--confg"):
        check(wrong)
    with pytest.raises(AssertionError, match="there is no"):
        check(["incidents", "acknowledge"])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_settings_exist(page: Path) -> None:
    named = re.findall(r"GROUNDSWELL_([A-Z_]*[A-Z])", page.read_text(encoding="utf-8"))
    known = {name.upper() for name in Settings.__struct_fields__} | NO_SETTINGS
    # A family of them is written with its first words: GROUNDSWELL_CHANGES_...
    families = {name[:n] for name in known for n, sign in enumerate(name) if sign == "_"}
    assert set(named) <= known | families


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target), link


def anchors(page: Path) -> set[str]:
    """What the headings of a page are called in links."""
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_page_can_be_reached_from_the_readme() -> None:
    seen: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in seen:
            continue
        seen.add(page)
        links = re.findall(r"\]\(([^)#\s]+\.md)", page.read_text(encoding="utf-8"))
        waiting += [(page.parent / link).resolve() for link in links if "://" not in link]
    assert seen >= set(PAGES)

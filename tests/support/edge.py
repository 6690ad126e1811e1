"""A device for a test: a clock that is set, and a vault that opens at once."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from click.testing import CliRunner, Result

from edge.cli import Unguarded, main
from edge.settings import Home, Host
from edge.vault import Cost, Vault
from schemas.records import Diagnosis, Document, Item, Span

CHEAP = Cost(memory_kib=64, iterations=1, lanes=1)
"""Of one try: as little as Argon2 allows, nearly."""
USER = "doctor"
PASSPHRASE = "a horse in the ward"
TEXT = "患者2型糖尿病10年，HbA1c 8.2%。\n否认高血压。肌酐 132 μmol/L，建议三个月后复查。"


@dataclass
class Clock:
    """Both clocks of a host, in ms."""

    wall: int = 1_800_000_000_000
    steady: int = 0
    host: Host = field(init=False)

    def __post_init__(self) -> None:
        self.host = Host(lambda: self.wall, lambda: self.steady, os.urandom)

    def wait(self, ms: int) -> None:
        """Both go on."""
        self.wall += ms
        self.steady += ms


def make_vault(folder: Path, clock: Clock | None = None) -> Vault:
    """A new one, open."""
    host = (clock or Clock()).host
    return Vault.create(Home(folder / "edge"), USER, PASSPHRASE, host, cost=CHEAP)


def document(patient: str, text: str = TEXT, date: str = "2026-03-01") -> Document:
    """A visit."""
    return Document("", patient, date, "门诊病历", text, "")


def found(text: str = TEXT, words: str = "2型糖尿病") -> Item:
    """A diagnosis where these words stand."""
    start = text.index(words)
    span = Span(start, start + len(words))
    return Diagnosis(span=span, sentence=span, name=words, term=words, code="E11")


def edge(*arguments: str | Path, home: Path, typed: str = "") -> Result:
    """Run a command in this process, without the guard, which could not be taken off again."""
    runner = CliRunner(env={"GROUNDSWELL_EDGE_HOME": str(home)})
    return runner.invoke(main, [str(one) for one in arguments], input=typed, obj=Unguarded())

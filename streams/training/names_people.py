"""Made-up names of every shape, for texts that teach the model of names."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from random import Random
from typing import Final

import rjieba

from agents.records.redaction.tables import Tables

MOULDS: Final = files("streams.training") / "names.toml"
_LATIN: Final = re.compile(r"[A-Za-z]")


class People:
    """Makes up names of every shape; none is that of somebody we know."""

    def __init__(self, tables: Tables) -> None:
        give = tomllib.loads(MOULDS.read_text("utf-8"))["give"]
        self._usual = sorted(tables.usual)
        self._rare = sorted(tables.surnames)
        self._compound = sorted(tables.compound)
        self._core, self._given = sorted(tables.given_core), sorted(tables.given)
        self._shapes: list[str] = give["shapes"].split()
        self._pets: list[str] = give["pets"].split()
        self._minority: list[str] = give["minority"].split()
        self._parts = sorted({one for one in tables.parts if len(one) < 4})
        self._latin: list[str] = give["latin"].split()
        words = rjieba.Jieba()
        family = (a + b for a in self._usual for b in self._given)
        self._words = [one for one in family if words.has_word(one)]
        self._given_words = [
            a + b for a in self._core for b in self._core if a != b and words.has_word(a + b)
        ]
        self._tables = tables

    def words(self, random: Random) -> list[str]:
        """Words that are names elsewhere."""
        return random.choices((*self._words, *self._given_words), k=random.choice((4, 6, 8)))

    def spaced(self, random: Random) -> str:
        """The whole name with gaps."""
        gap = random.choice(" 　")
        return gap.join(
            (self.surname(random), *random.sample(self._core, random.choice((1, 1, 2))))
        )

    def surname(self, random: Random) -> str:
        """Mostly a usual one."""
        return random.choice(self._usual if random.random() < 0.75 else self._rare)

    def given(self, random: Random) -> str:
        """Two signs, or a word."""
        chance = random.random()
        if chance < 0.4:
            return random.choice(self._given_words)
        some = self._core if chance < 0.92 else self._given
        return random.choice(some) + random.choice(some)

    def whole(self, random: Random) -> str:
        """Family name and given name; some are words."""
        chance = random.random()
        if chance < 0.2:
            return random.choice(self._words)
        if chance < 0.26:
            return random.choice(self._compound) + random.choice(self._core)
        if chance < 0.32:
            return self.foreign(random)
        if chance < 0.5:
            return self.surname(random) + random.choice(self._core + self._given)
        return self.surname(random) + self.given(random)

    def short(self, random: Random) -> str:
        """A given name or a pet name."""
        chance = random.random()
        if chance < 0.35:
            return self.given(random)
        if chance < 0.65:
            return random.choice(self._pets)
        if chance < 0.72:
            return self.foreign(random)
        sign = random.choice(self._core if random.random() < 0.7 else self._given)
        return random.choice(self._shapes).replace("?", sign)

    def foreign(self, random: Random) -> str:
        """As others' names are written in Chinese signs."""
        if random.random() < 0.4:
            return random.choice(self._parts) + random.choice(["", random.choice(self._parts)])
        return "".join(random.choices(self._minority, k=random.choice((2, 3, 3, 4))))

    def latin(self, random: Random) -> str:
        """One or two words."""
        words = random.sample(self._latin, random.choice((1, 1, 2)))
        chance = random.random()
        made = " ".join(words)
        return made.title() if chance < 0.8 else made.upper() if chance < 0.9 else made

    def anybody(self, random: Random) -> str:
        """Of any shape."""
        chance = random.random()
        if chance < 0.06:
            return self.latin(random)
        if chance < 0.07:
            return self.surname(random) + self.latin(random)
        return self.whole(random) if chance < 0.5 else self.short(random)

    def another(self, name: str, random: Random) -> str:
        """A name in place of another one in a text."""
        if _LATIN.search(name):
            return self.latin(random)
        if len(name) == 1:
            return self.surname(random)
        if name in self._tables.compound:
            return random.choice((random.choice(self._compound), self.surname(random)))
        if name[0] in self._tables.surnames and len(name) < 4:
            return self.whole(random) if random.random() < 0.8 else self.short(random)
        return self.short(random) if random.random() < 0.8 else self.whole(random)

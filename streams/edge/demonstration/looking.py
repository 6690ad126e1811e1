"""Looking at a printed summary, as whoever checks it would."""

from __future__ import annotations

import re
from typing import NamedTuple

from streams.edge.demonstration.device import Run

_SOURCED = re.compile(r" \(d-[0-9a-f]+:\d+-\d+(?: d-[0-9a-f]+:\d+-\d+)*\)$")


class Sheet(NamedTuple):
    """Headings to the lines under them; empty if the command failed."""

    parts: dict[str, tuple[str, ...]]

    @classmethod
    def of(cls, run: Run) -> Sheet:
        """Of `summary --lang en`."""
        parts: dict[str, tuple[str, ...]] = {}
        head = ""
        for line in run.out.splitlines() if run.code == 0 else ():
            if line.startswith("- "):
                parts[head] = (*parts.get(head, ()), line)
            elif line:
                head = line
        return cls(parts)

    @property
    def _lines(self) -> list[str]:
        return [line for lines in self.parts.values() for line in lines]

    @property
    def is_sourced(self) -> bool:
        """Whether every line says where it was read."""
        return bool(self._lines) and all(_SOURCED.search(line) for line in self._lines)

    @property
    def told(self) -> str:
        """How many do."""
        return f"{sum(1 for line in self._lines if _SOURCED.search(line))} of {len(self._lines)}"

    def under(self, word: str) -> tuple[str, ...]:
        """The headings under which a line has this word."""
        return tuple(head for head, lines in self.parts.items() if any(word in o for o in lines))

    def result(self, test: str) -> str | None:
        """The line of a result that is abnormal."""
        return next((one for one in self.parts.get("Abnormal results", ()) if test in one), None)

"""Reading notes on a device: a process on one core that starts, loads the pack, and reads.

Notes of 1,000 characters, cut and joined from our own, Chinese. Start: from that of Python to the
first note read, without the vault; the files are in the system's cache. Resident: the greatest. On
the processor: without waiting for others. Goals: p99 10 ms, 300 MB, 1.5 s. Needs no Kafka:
`python -m tests.bench.edge_reading`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from streams.evaluation.record_files import own_sets
from tests.bench.results import Bench, Goal, Result, percentile

_CHARACTERS = 1000
_GOAL_MS, _GOAL_MB, _GOAL_S = 10.0, 300.0, 1.5
_STARTS = 5

# Read in a process of its own, so that what the bench itself imports does not count.
_READER = """
import json, sys, time
begun = float(sys.argv[1])
from agents.records.extraction import Extractor
from agents.records.folding import fold
from agents.records.pack import Pack
from agents.records.parsed import Note, Parsed
notes = [Note(text, "2025-03-02", "male", "1960") for text in json.load(sys.stdin)]
pack = Pack.load()
extractor = Extractor(pack)
items = len(extractor.read(notes[0]))
first = time.time() - begun
rounds = int(sys.argv[2])
spent, busy, guessing, tagging, items = [], [], [], [], 0
for _ in range(rounds):
    for note in notes:
        at, own = time.perf_counter(), time.thread_time()
        items += len(extractor.read(note))
        spent.append(1e3 * (time.perf_counter() - at))
        busy.append(1e3 * (time.thread_time() - own))
for note in notes * rounds:
    parsed = Parsed(note, pack.headings.sections(note.text))
    at = time.perf_counter()
    pack.guesser.sections(parsed)
    guessing.append(1e3 * (time.perf_counter() - at))
    folded = fold(note.text)
    at = time.perf_counter()
    pack.tags.read(folded)
    tagging.append(1e3 * (time.perf_counter() - at))
peak = next(l for l in open("/proc/self/status") if l.startswith("VmHWM")).split()[1]
told = dict(first=first, spent=spent, busy=busy, guessing=guessing, tagging=tagging)
told |= dict(items=items, mb=int(peak) / 1e3)
json.dump(told, sys.stdout)
"""


class _Told(msgspec.Struct):
    """Milliseconds of each note, `busy` on the processor; seconds to the first; resident MB."""

    first: float
    spent: list[float]
    busy: list[float]
    guessing: list[float]
    tagging: list[float]
    items: int
    mb: float


def run(bench: Bench) -> list[Result]:
    """Milliseconds a note, megabytes and seconds to the first note."""
    notes = _notes(bench.count(60, 20))
    rounds = bench.count(10, 2) if bench.events is None else 1
    starts = [_read(notes[:1], 0) for _ in range(_STARTS)]
    told = _read(notes, rounds)
    first = sorted(one.first for one in starts)[_STARTS // 2]
    p99 = percentile(told.spent, 99)
    rows: list[dict[str, str | int | float]] = [
        {"step": name, "times": len(ms), "p50 ms": percentile(ms, 50), "p99 ms": percentile(ms, 99),
         "greatest ms": max(ms)}
        for name, ms in (("a note of 1,000 characters", told.spent),
                         ("of it on the processor", told.busy),
                         ("of it the line model", told.guessing),
                         ("of it the tag model", told.tagging))
    ]  # fmt: skip
    goals = [
        Goal("a note, p99 ms", p99, _GOAL_MS),
        Goal("resident, MB", told.mb, _GOAL_MB),
        Goal("start to first note, s, median", first, _GOAL_S),
    ]
    load = os.getloadavg()[0]
    many = f"{told.items / max(1, len(told.spent)):.0f} items a note"
    return [Result(f"Reading on one core, {many}; load {load:.1f}", rows, goals)]


def _notes(count: int) -> list[str]:
    """Each begins elsewhere among our notes, evenly apart, and goes on with the next ones."""
    texts = [one.note.text for one in own_sets() if one.lang == "zh"]
    made = []
    for start in range(count):
        text = ""
        at = start * len(texts) // count
        while len(text) < _CHARACTERS:
            text += texts[at % len(texts)] + "\n"
            at += 1
        made.append(text[:_CHARACTERS])
    return made


def _read(notes: list[str], rounds: int) -> _Told:
    core = str(min(os.sched_getaffinity(0)))
    made = subprocess.run(
        ["taskset", "-c", core, sys.executable, "-c", _READER, str(time.time()), str(rounds)],
        input=json.dumps(notes), capture_output=True, text=True, check=True, cwd=Path.cwd(),
    )  # fmt: skip
    return msgspec.json.decode(made.stdout, type=_Told)


if __name__ == "__main__":
    from rich.console import Console

    with tempfile.TemporaryDirectory() as directory:
        console = Console(highlight=False)
        for result in run(Bench("", Path(directory), 7, False, None, console)):
            result.show(console)

"""Plays a script against an assistant and a bank of its own; chance is seeded."""

import random
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from traceback import extract_tb

import msgspec

from agents.assistant.answer import show_nothing
from agents.assistant.bank import CoreBank
from schemas.conduct import AuditRecord
from schemas.sessions import Session
from schemas.tools import WriteCall
from schemas.turns import Reply, Turn
from streams.assistant.answering import Answering, ToolsOf
from streams.bank.embedded import EmbeddedBank, prepare
from streams.bank.people import day_of
from streams.evaluation.dialogues.customer import Customer, Doing
from streams.evaluation.dialogues.faults import ShakenBank
from streams.evaluation.dialogues.script import Script
from streams.evaluation.dialogues.transcript import WRONG_TOUCH, Step, Transcript, Written

DEADLINE_MS = 2_000
_CRASHES, _COMES_TWICE, _MOVES = 0.12, 0.15, 0.3
"""Shares of turns: a worker dies with it, it comes again, another worker takes the session."""
_encode = msgspec.json.Encoder().encode
_session = msgspec.json.Decoder(Session).decode
_call: msgspec.json.Decoder[WriteCall] = msgspec.json.Decoder(WriteCall)

Toolboxes = Callable[[CoreBank, Callable[[], int]], ToolsOf]
"""A worker's: a bank and a clock in epoch milliseconds."""


@dataclass(frozen=True)
class Staff:
    """Who plays beside the customers."""

    assistant: Answering
    toolboxes: Toolboxes


@contextmanager
def theatre(start_ms: int) -> Iterator[Path]:
    """A bank as it is at the start of every dialogue, to be copied."""
    with tempfile.TemporaryDirectory(prefix="groundswell-dialogues-") as folder:
        file = Path(folder) / "bank.sqlite"
        prepare(file, start_ms)
        with closing(sqlite3.connect(file)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        yield file


async def play(
    script: Script, staff: Staff, house: Path, start_ms: int, chance: random.Random | None
) -> Transcript:
    """The whole dialogue. Without `chance` nothing happens but the script and its faults."""
    with tempfile.TemporaryDirectory(dir=house.parent) as folder:
        file = Path(folder) / "bank.sqlite"
        shutil.copy(house, file)
        stage = _Stage(script, staff, chance, start_ms)
        bank = EmbeddedBank(file, stage.clock)
        try:
            await stage.run(ShakenBank(bank, script.faults, chance))
        finally:
            await bank.close()
        return Transcript(
            script,
            tuple(stage.steps),
            tuple(_writes(file, stage)),
            tuple(stage.audit),
            tuple(stage.mishaps + _touched(house, file, script)),
        )


@dataclass
class _Stage:
    script: Script
    staff: Staff
    chance: random.Random | None
    now_ms: int
    steps: list[Step] = field(default_factory=list)
    audit: list[AuditRecord] = field(default_factory=list)
    mishaps: list[str] = field(default_factory=list)
    kept: bytes = b""
    strong_ms: int = 0
    turn_of: dict[str, int] = field(default_factory=dict)
    began: float = field(default_factory=monotonic)

    def clock(self) -> int:
        """Epoch milliseconds: the time of the play, which goes on while a turn is answered."""
        return self.now_ms + round((monotonic() - self.began) * 1000)

    async def run(self, bank: ShakenBank) -> None:
        customer = Customer(self.script, day_of(self.now_ms))
        tools = self._worker(bank)
        reply: Reply | None = None
        while doing := customer.next(reply):
            bank.turn += 1
            turn = self._turn(doing, bank.turn)
            try:
                if self._happens(_CRASHES):
                    await self._answer(turn, tools, saves=False)
                    tools = self._other(bank, tools)
                started = monotonic()
                reply = await self._answer(turn, tools)
                seconds = monotonic() - started
                if self._happens(_COMES_TWICE):
                    await self._again(turn, tools, reply)
            except Exception as error:
                place = extract_tb(error.__traceback__)[-1]
                what = f"{type(error).__name__}: {error} ({place.filename}:{place.lineno})"
                self.mishaps.append(f"turn {bank.turn}: {what}")
                return
            self.steps.append(Step(doing.move, turn, doing.shown, reply, seconds))
            self.turn_of |= bank.sent
            if self._happens(_MOVES):
                tools = self._other(bank, tools)

    async def _answer(self, turn: Turn, tools: ToolsOf, *, saves: bool = True) -> Reply:
        """Without `saves` the worker dies before anything is kept but what had to be at once."""
        self.began = monotonic()
        until = self.began + DEADLINE_MS / 1000

        def left_ms() -> float:
            return (until - monotonic()) * 1000

        async def keep(session: Session) -> None:
            self.kept = _encode(session)

        answer = await self.staff.assistant.answer(
            _session(self.kept) if self.kept else None,
            turn,
            tools(turn, self.now_ms + DEADLINE_MS),
            now_ms=self.now_ms,
            today=day_of(self.now_ms),
            left_ms=left_ms,
            keep=keep,
            words=None,
            partly=show_nothing,
        )
        if saves:
            self.audit += answer.audit
            if answer.session is not None:
                self.kept = _encode(answer.session)
            written = b"".join(
                [self.kept, *map(_encode, answer.audit), _encode(answer.interaction)]
            )
            self.mishaps += [
                f"turn {turn.turn}: a number that was typed is kept: {number}"
                for number in _long_numbers(turn.text)
                if number.encode() in written
            ]
        return answer.reply

    async def _again(self, turn: Turn, tools: ToolsOf, reply: Reply) -> None:
        second = await self._answer(turn, tools)
        if (second.status, second.text) != ("duplicate", reply.text):
            self.mishaps.append(f"turn {turn.turn} came twice and was answered anew: {second.text}")

    def _turn(self, doing: Doing, number: int) -> Turn:
        seconds = self.chance.uniform(4, 40) if self.chance else 10
        self.now_ms += round(doing.wait * 60_000 + seconds * 1000)
        if doing.strong:
            self.strong_ms = self.now_ms - 1000
        return Turn(
            session="s-" + self.script.name[:50].rjust(16, "0"),
            turn=f"turn-{number}",
            tenant=self.script.tenant,
            user=self.script.customer,
            text=doing.text,
            choice=doing.choice,
            strong_ms=self.strong_ms,
        )

    def _worker(self, bank: CoreBank) -> ToolsOf:
        return self.staff.toolboxes(bank, self.clock)

    def _other(self, bank: CoreBank, tools: ToolsOf) -> ToolsOf:
        return tools if self.script.one_worker else self._worker(bank)

    def _happens(self, share: float) -> bool:
        return bool(self.chance and self.chance.random() < share)


def _long_numbers(text: str) -> list[str]:
    """Of cards, phones and people; no amounts."""
    return re.findall(r"(?<!\d)\d{11,}(?!\d)(?! ?(?:元|yuan))", text)


def _writes(file: Path, stage: _Stage) -> Iterator[Written]:
    """The end state: every effect of everybody, as the bank has it."""
    with closing(sqlite3.connect(file)) as db:
        rows = db.execute("SELECT tenant, customer, call, key FROM writes ORDER BY at_ms, key")
        for tenant, customer, call, key in rows.fetchall():
            turn = stage.turn_of.get(key, 0)
            yield Written(tenant, customer, _call.decode(call), key, turn)


def _touched(before: Path, after: Path, script: Script) -> list[str]:
    """Rows of anybody else that are not as they were, and effects that the writes do not tell."""
    me, rows = (script.tenant, script.customer), _changed(before, after)
    others = sorted(
        {f"{WRONG_TOUCH} {row[0]}/{row[1]} in {row[2]}" for row in rows if row[:2] != me}
    )
    tables = {table for tenant, customer, table in rows if (tenant, customer) == me}
    if bool(tables - {"writes"}) != ("writes" in tables):
        others.append(f"{WRONG_TOUCH} this customer: {', '.join(sorted(tables))} only")
    return others


def _changed(before: Path, after: Path) -> set[tuple[str, str, str]]:
    """Tenant, customer and table of every row that is not as it was."""
    with closing(sqlite3.connect(after)) as db:
        db.execute("ATTACH ? AS was", (str(before),))
        tables = db.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'").fetchall()
        return {
            (tenant, customer, name)
            for (name,) in tables
            for new, old in (("main", "was"), ("was", "main"))
            for tenant, customer in db.execute(
                f"SELECT tenant, customer FROM (SELECT * FROM {new}.{name} EXCEPT"
                f" SELECT * FROM {old}.{name})"
            )
        }

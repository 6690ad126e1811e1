"""Plays and judges many scripts, side by side, several times over."""

import asyncio
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from streams.bank.people import Person, day_of
from streams.bank.seed import seed as customers
from streams.evaluation.dialogues.canonical import canonical
from streams.evaluation.dialogues.judge import WRONG_WRITE, judge
from streams.evaluation.dialogues.loading import BadScript
from streams.evaluation.dialogues.manners import Context, Failure
from streams.evaluation.dialogues.script import Script
from streams.evaluation.dialogues.stage import DEADLINE_MS, Staff, play, theatre
from streams.evaluation.dialogues.transcript import Transcript

_SIDE_BY_SIDE = 6
_SLACK_S = 0.25
"""Other dialogues run beside it on the same core."""
_DAY = datetime(2026, 11, 20, tzinfo=UTC)
_HOURS = (6.0, 12.0)
"""Of that day (14 to 20 h at the bank), within which a run begins."""


class Judged(NamedTuple):
    """A dialogue and what is wrong with it."""

    transcript: Transcript
    failures: tuple[Failure, ...]

    @property
    def script(self) -> Script:
        """What was played."""
        return self.transcript.script

    @property
    def wrong_writes(self) -> int:
        """Effects that nobody asked for."""
        return sum(failure.cause == WRONG_WRITE for failure in self.failures)

    def lines(self) -> Iterator[str]:
        """For people."""
        yield f"{self.script.name} ({self.script.manner}, {self.script.customer})"
        yield from self.transcript.lines()
        for failure in self.failures:
            at = f"turn {failure.turn}: " if failure.turn else ""
            yield f"   ! {failure.cause}: {at}{failure.what}"


def run(
    scripts: Sequence[Script],
    staff: Staff,
    seed: int | None,
    done: Callable[[Judged], None] = lambda _: None,
) -> list[Judged]:
    """One run over all scripts, in their order; without a seed nothing happens by chance.

    Raises BadScript if a script is of a customer whom the demo bank does not have.
    """
    return asyncio.run(_run(scripts, staff, seed, done))


async def _run(
    scripts: Sequence[Script], staff: Staff, seed: int | None, done: Callable[[Judged], None]
) -> list[Judged]:
    hour = random.Random(seed).uniform(*_HOURS) if seed is not None else _HOURS[0]
    start_ms = round((_DAY.timestamp() + hour * 3600) * 1000)
    people = customers(start_ms)
    room = asyncio.Semaphore(_SIDE_BY_SIDE)
    with theatre(start_ms) as house:

        async def one(script: Script) -> Judged:
            context = _context(script, people, start_ms)
            chance = random.Random(f"{seed}/{script.name}") if seed is not None else None
            async with room:
                transcript = await play(script, staff, house, start_ms, chance)
            judged = Judged(transcript, tuple(judge(transcript, context)))
            done(judged)
            return judged

        return list(await asyncio.gather(*map(one, scripts)))


def _context(script: Script, people: Sequence[tuple[str, Person]], start_ms: int) -> Context:
    whose = (script.tenant, script.customer)
    me = next((person for tenant, person in people if (tenant, person.id) == whose), None)
    if me is None:
        raise BadScript(f"{script.name}: the demo bank has no {'/'.join(whose)}")
    mine = _known(me)
    others = [person for tenant, person in people if (tenant, person.id) != whose]
    cards = {card.id: card.last4 for card in me.cards}
    secrets = frozenset(secret for one in others for secret in _secrets(one) if secret not in mine)
    return Context(day_of(start_ms), DEADLINE_MS / 1000 + _SLACK_S, cards, secrets)


def _secrets(one: Person) -> Iterator[str]:
    """What only this customer may see: the name, balances and bills that are not round."""
    yield canonical(one.name)
    amounts = [account.balance for account in one.accounts]
    amounts += [card.due_amount for card in one.cards]
    for amount in amounts:
        if abs(amount) > 1000_00 and amount % 100_00:
            yield canonical(f"{abs(amount) / 100:.2f}")


def _known(me: Person) -> set[str]:
    """What this customer may see of others, or has in common with them."""
    names = {canonical(moved.counterparty) for moved in me.transactions}
    amounts = [abs(moved.amount) for moved in me.transactions]
    amounts += [a.balance for a in me.accounts] + [a.available for a in me.accounts]
    return names | {canonical(me.name)} | {canonical(f"{one / 100:.2f}") for one in amounts}

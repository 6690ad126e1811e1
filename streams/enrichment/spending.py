"""What the language model has cost before the start, by the commands that told of it."""

from collections import defaultdict
from collections.abc import Iterable
from operator import attrgetter

from agents.llm.budget import Spending
from schemas.commands import Explain, Relate


def spent(history: Iterable[tuple[Relate | Explain, int]]) -> list[Spending]:
    """Every question with what it came to, oldest first, of commands in their order.

    A call that was announced and never answered for counts as what it may have cost.
    """
    paid: list[Spending] = []
    announced: defaultdict[str, list[Spending]] = defaultdict(list)
    for command, at_ms in history:
        if not isinstance(command, Explain):
            continue
        spending = Spending(command.incident_id, at_ms, command.cost)
        calls = announced[command.incident_id]
        if command.rca.status == "pending":
            calls.append(spending)
            continue
        # Its own calls are the last; those before it belong to a process that died over them.
        del calls[max(0, len(calls) - command.cost.calls) :]
        paid.append(spending)
    left = (call for calls in announced.values() for call in calls)
    return sorted((*paid, *left), key=attrgetter("at_ms"))

"""The tools of a worker of production, over whatever bank a dialogue has."""

from collections.abc import Callable

from agents.assistant.bank import CoreBank
from schemas.turns import Turn
from streams.assistant.answering import ToolsOf
from streams.bank.toolbox import BankToolbox
from streams.bank.tools import Tools
from streams.metrics import Metrics


def toolboxes(bank: CoreBank, clock: Callable[[], int]) -> ToolsOf:
    """Those of a new worker: it remembers nothing and trusts every tool."""
    tools = Tools(bank, clock, Metrics())

    def of(turn: Turn, deadline_ms: int) -> BankToolbox:
        return BankToolbox(tools, turn.tenant, turn.user, deadline_ms)

    return of

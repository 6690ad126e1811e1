"""The table of docs/incidents.md that says how incidents live, against how they do."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agents.incidents.lifecycle import Incidents, Revision
from agents.incidents.rules import IncidentRules
from schemas.causes import Rca
from schemas.commands import (
    Acknowledge,
    Command,
    Explain,
    Feedback,
    Note,
    Relate,
    Resolve,
    Silence,
)
from schemas.incidents import Related
from streams.settings import Settings
from tests.agents.incidents.made import (
    NO_SLICE,
    NOON,
    RULES,
    calm,
    last,
    opened,
    outbreak,
    people,
    quiet_until,
)

PAGE = Path(__file__).parents[2] / "docs" / "incidents.md"
LIFE = PAGE.read_text(encoding="utf-8").partition("## The life of an incident")[2]
ROWS = [
    tuple(cell.strip() for cell in line.strip("|").split("|"))
    for line in LIFE.splitlines()
    if line.startswith("| ")
][1:]
MODEL = replace(RULES, model=True)


def say(kind: type[Command], by: str = "bo", **said: Any) -> Command:
    _, incident = opened()
    return kind(incident_id=incident.incident_id, by=by, **said)


ACK = say(Acknowledge, "ana")
SOLVED = say(Resolve, "ana", text="rolled back 7.2.0")
SILENCE = say(Silence, minutes=30)
OTHERS = tuple(Related(f"o-{n}", "shop", "other", ("time",)) for n in (1, 2))
AWAY = Rca("failed", "model", (), (), "it is away")


def begun(*commands: Command, rules: IncidentRules = RULES, **different: Any) -> Incidents:
    """An open incident that has been told something."""
    incidents, _ = opened(rules, **different)
    for command in commands:
        assert incidents.tell(command, NOON)
    return incidents


def after(command: Command, *before: Command) -> Revision | None:
    return begun(*before).tell(command, NOON + 1)


def over() -> Incidents:
    """It has resolved by itself, after 15 minutes."""
    incidents = begun()
    quiet_until(incidents, 15)
    return incidents


EVENTS: dict[str, Callable[[], Revision | None]] = {
    "its theme is up": lambda: Incidents(RULES).step(outbreak()),
    "the same, within `cooldown_minutes`": lambda: over().step(outbreak(20)),
    "what is beyond the expected has doubled": lambda: begun().step(outbreak(5, count=80.0)),
    "its severity rises": lambda: begun(authors=people(10)).step(outbreak(5)),
    "for whom becomes clear": lambda: begun(slice=NO_SLICE).step(outbreak(2)),
    "quiet for": lambda: last(begun(), *(calm(n) for n in range(1, 16))),
    "`ack`, again as well": lambda: after(ACK, ACK),
    "`ack_minutes`": lambda: begun(ACK).step(outbreak(60)),
    "`resolve`": lambda: after(SOLVED),
    "`silence`": lambda: after(SILENCE),
    "the same": lambda: over().tell(SILENCE, NOON + 16),
    "its minutes are over": lambda: begun(ACK, SILENCE).step(outbreak(31)),
    "`silence` with 0 minutes": lambda: after(say(Silence, minutes=0), SILENCE),
    "`note`": lambda: over().tell(say(Note, text="hm"), NOON + 16),
    "`feedback`": lambda: after(say(Feedback, useful=True)),
    "`relate`": lambda: after(say(Relate, related=OTHERS)),
    "`explain`": lambda: begun(rules=MODEL).tell(say(Explain, rca=AWAY), NOON + 1),
    "10 minutes without an answer": lambda: begun(rules=MODEL).step(outbreak(10)),
    "`ack` or `resolve`": lambda: over().tell(ACK, NOON + 16),
    "a command that changes nothing": lambda: after(say(Silence, minutes=0)),
}


@pytest.mark.parametrize(("row", "event"), list(zip(ROWS, EVENTS, strict=True)), ids=EVENTS)
def test_the_table_says_what_happens(row: tuple[str, ...], event: str) -> None:
    said, _, status, reason, stage = row
    assert said.startswith(event)
    revision = EVENTS[event]()
    if status == "no revision":
        assert revision is None
        return
    assert revision is not None
    incident = revision.incident
    assert f"`{revision.stage}`" == stage
    assert incident.status in re.findall(r"`(\w+)`", status) or status == "as before"
    if reason != "the same":
        told = re.findall(r"`([^`]+)`", reason)
        assert any(bare(incident.change_reason).startswith(bare(one)) for one in told)


def bare(reason: str) -> str:
    """Without its numbers and times."""
    return re.sub(r"[\d:.TZ-]*\d[\d:.TZ-]*", "N", reason.strip())


def test_the_numbers_in_it_are_the_defaults() -> None:
    given = dict(re.findall(r"`(\w+_minutes)` \((\d+)\)", str(ROWS)))
    assert len(given) == 4
    for name, minutes in given.items():
        assert getattr(Settings(), name) == int(minutes)

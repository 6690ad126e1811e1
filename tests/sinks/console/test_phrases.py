"""What our own code says in English has a Chinese form, and a text of others has none."""

import re
from collections.abc import Iterable

import msgspec
import pytest

from agents.incidents import handling
from agents.incidents.lapse import PENDING
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
from schemas.incidents import Incident, Related
from tests.agents.incidents.made import NO_SLICE, last, opened, outbreak, people, quiet_until, told
from tests.sinks.console.test_pages import STATIC
from windows.slices import verdict

PHRASES = msgspec.json.decode((STATIC / "i18n" / "phrases.json").read_bytes(), type=dict[str, str])
FORMS = {"n": r"[\d.]+", "m": r"[\d.]+", "severity": "[a-z]+", "when": r"\S+"}
"""As `i18n.js` reads them."""


def pattern(english: str) -> str:
    parts = re.split(r"\{(\w+)\}", english)
    names = [FORMS.get(name, ".+?") for name in parts[1::2]]
    texts = [re.escape(text) for text in parts[::2]]
    return texts[0] + "".join(
        f"({name}){text}" for name, text in zip(names, texts[1:], strict=True)
    )


def is_known(text: str) -> bool:
    return any(re.fullmatch(pattern(english), text) for english in PHRASES)


def commands(name: str) -> Iterable[Command]:
    other = Related("i-2", "video", "slow", ("time",))
    who = {"incident_id": name, "by": "Ana, B"}
    yield Acknowledge(**who)
    yield Note(**who, text="asked the bank")
    yield Silence(**who, minutes=10)
    yield Silence(**who, minutes=0)
    yield Feedback(**who, useful=True)
    yield Feedback(**who, useful=False)
    yield Relate(**who, related=(other,))
    yield Relate(**who, related=(other, msgspec.structs.replace(other, incident_id="i-3")))
    skipped = Rca("skipped_budget", "model", (), (), "the calls of this day are spent: 30")
    yield Explain(incident_id=name, by="Ana, B", rca=skipped)
    yield Resolve(**who, text="rolled back, all well")


def revisions() -> list[Incident]:
    """One of every reason that the lifecycle has."""
    found = []
    incidents, first = opened(slice=NO_SLICE)
    found += [first, *(told(incidents, one) for one in commands(first.incident_id))]
    incidents, first = opened(IncidentRules(model=True))
    grown = incidents.step(outbreak(5, count=130.0, authors=people(105)))
    assert grown
    found += [first, grown.incident]
    told(incidents, Acknowledge(incident_id=first.incident_id, by="Ana, B"), 5)
    told(incidents, Silence(incident_id=first.incident_id, by="bo", minutes=9), 5)
    later = [outbreak(n, count=130.0, authors=people(105)) for n in range(6, 80)]
    found += [step.incident for facts in later if (step := incidents.step(facts))]
    found.append(quiet_until(incidents, 94, 80))
    again = last(incidents, outbreak(95))
    assert again
    return [*found, again.incident]


def test_every_reason_of_the_lifecycle_is_known() -> None:
    reasons = {one.change_reason for one in revisions()}
    whole = " | ".join(sorted(reasons))
    for word in (
        "opened",
        "grew",
        "rose to",
        "timed out",
        "silence",
        "quiet",
        "rose again",
        "note",
    ):
        assert word in whole
    for reason in reasons:
        assert is_known(reason) or all(map(is_known, reason.split(", "))), reason


def test_every_other_word_of_ours_is_known() -> None:
    said = [text for one in revisions() for text in texts(one)]
    said.append(PENDING)
    assert len(set(said)) > 5
    assert [text for text in said if not is_known(text)] == []


def texts(one: Incident) -> list[str]:
    own = [one.severity_reason, one.rca.reason, one.grouping.reason, one.impact.basis]
    return [text for text in [*own, one.observed.baseline] if text]


def test_why_no_slice_is_named_is_known() -> None:
    assert is_known(verdict(("os",), ()).reason)


@pytest.mark.parametrize("text", ["支付失败", "grew", "opened at all reports", "resolved by"])
def test_what_others_say_stays_as_it_is(text: str) -> None:
    assert not is_known(text)


def test_a_form_has_what_the_english_one_has() -> None:
    for english, chinese in PHRASES.items():
        assert set(re.findall(r"\{\w+\}", chinese)) == set(re.findall(r"\{\w+\}", english))


def test_what_people_said_is_not_taken_for_a_part_of_ours() -> None:
    _, first = opened()
    command = Resolve(incident_id=first.incident_id, by="Ana", text="x, note by bo")
    reason = handling.resolve(first, command).change_reason
    assert is_known(reason)

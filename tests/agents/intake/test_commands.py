from dataclasses import dataclass
from typing import Any

import pytest

from agents.intake.commands import CommandIntake
from agents.intake.rules import IntakeRules
from agents.intake.source import Output
from schemas.causes import Hypothesis, Rca
from schemas.commands import (
    MAX_COMMAND_BYTES,
    Acknowledge,
    Command,
    Cost,
    Explain,
    Note,
    Relate,
    Resolve,
    encode_command,
)
from schemas.incidents import Related
from schemas.signals import Commanded, decode_signal, encode_signal
from schemas.state import IntakeHead
from schemas.times import MINUTE_MS, format_ms

NOW = 1_767_600_000_000


@dataclass
class Record:
    offset: int
    value: bytes | None
    timestamp: int = NOW
    key: bytes | None = None
    headers: tuple[tuple[str, bytes], ...] = ()


def intake(head: IntakeHead | None = None) -> CommandIntake:
    return CommandIntake("incidents.commands", 0, IntakeRules(), head)


def note(text: str = "look", **fields: Any) -> Note:
    return Note(**{"incident_id": "i1", "by": "ana", "text": text, **fields})


def explain(cost: Cost) -> Explain:
    rca = Rca("failed", "model", (), (), None)
    return Explain(incident_id="i1", by="enrich", rca=rca, cost=cost)


def fed(*values: Command | bytes | None, source: CommandIntake | None = None) -> Output:
    raw = [v if v is None or isinstance(v, bytes) else encode_command(v) for v in values]
    return (source or intake()).feed([Record(n, value) for n, value in enumerate(raw)])


def only(command: Command) -> Command:
    (signal,) = fed(command).signals
    assert isinstance(signal, Commanded)
    return signal.command


def test_commands_go_on_at_once_in_their_order() -> None:
    out = fed(note("one"), note("two"))
    assert out.signals == [
        Commanded("incidents.commands", 0, n, note(text, at=format_ms(NOW)))
        for n, text in enumerate(("one", "two"), 1)
    ]
    assert out.head is not None
    assert (out.head.next_offset, out.head.resume_offset, out.head.sequence) == (2, 2, 2)
    assert out.head.counters.accepted == 2


def test_a_command_has_its_number_however_the_records_come() -> None:
    """A crash before the head was durable: the same commands again, in other batches."""
    records = [Record(n, encode_command(note(str(n))), NOW + n * MINUTE_MS) for n in range(6)]
    records[2].value = b"{"
    whole = intake().feed(records).signals
    again, head = [], None
    for cut in (slice(0, 1), slice(1, 4), slice(4, 6)):
        source = intake(head)
        out = source.feed(records[cut])
        again += out.signals
        head = out.head
    assert again == whole
    assert [signal.sequence for signal in whole] == [1, 2, 3, 4, 5]
    # What the head covers is not said twice.
    assert intake(head).feed(records).signals == []


def test_nobody_waits_for_it() -> None:
    assert not CommandIntake.is_waited_for
    assert not any(not isinstance(signal, Commanded) for signal in fed(note()).signals)


def test_words_are_without_personal_data_and_what_is_invisible() -> None:
    said = only(note("call\u200b 138 1234 5678\n\nor eve@example.com", by="a\u202ena "))
    assert isinstance(said, Note)
    assert (said.by, said.text) == ("ana", "call [phone] or [email]")
    over = only(Resolve(incident_id="i1\u200b", by="bo", text="\u200b"))
    assert isinstance(over, Resolve)
    assert (over.incident_id, over.text) == ("i1", "")


def test_words_of_a_model_are_cleaned_as_well() -> None:
    wild = "see\u200b 138 1234 5678 " + "x" * 1_100
    one = Hypothesis(wild, "release\u200b", "high", ("e1\u200b",) * 30, wild)
    rca = Rca("ok", "model", (one,) * 21, ("look",) * 30, wild, (wild,), wild)
    place, cost = {"os\u200b": "ios" + "x" * 200}, Cost(2, 1_800, 200, 0.4)
    said = only(Explain(incident_id="i1", by="enrich", rca=rca, place=place, cost=cost))
    assert isinstance(said, Explain)
    assert (said.place, said.cost) == ({"os": "ios" + "x" * 125}, cost)
    assert len(said.rca.hypotheses) == len(said.rca.next_steps) == 20
    (first, *_) = said.rca.hypotheses
    assert first.cause.startswith("see [phone] xxx")
    assert max(map(len, (first.cause, first.cause_zh, said.rca.reason or ""))) <= 1_000
    assert (first.category, first.evidence_ids) == ("release", ("e1",) * 20)
    assert len(said.rca.category) <= 128
    other = Related("i2\u200b", "wallet", wild, ("time",))
    told = only(Relate(incident_id="i1", by="enrich", related=(other,), head_incident_id="\u200b"))
    assert isinstance(told, Relate)
    assert (told.related[0].incident_id, told.head_incident_id) == ("i2", None)
    assert told.related[0].title.startswith("see [phone]")


@pytest.mark.parametrize(
    "command",
    [
        note(by="\ufdfa" * 64),
        note(by="a@b.co " * 9),
        note("\ufdfa" * 1_000),
        Acknowledge(incident_id="\ufdfa" * 128, by="ana"),
        Relate(
            incident_id="i1",
            by="enrich",
            related=(Related("\ufdfa" * 128, "\ufdfa", "\ufdfa" * 999, ("time",)),),
            head_incident_id="\ufdfa" * 128,
        ),
    ],
)
def test_what_grows_when_it_is_cleaned_can_be_read_by_those_it_is_handed_to(
    command: Command,
) -> None:
    (signal,) = fed(command).signals
    assert decode_signal(encode_signal(signal)) == signal


@pytest.mark.parametrize("ms", [10**15, 2**62, -(2**62), -1])
def test_a_record_of_no_time_is_refused_and_the_next_one_goes_on(ms: int) -> None:
    records = [Record(0, encode_command(note()), ms), Record(1, encode_command(note()))]
    out = intake().feed(records)
    assert [letter.reason for letter, _ in out.refused] == ["time_out_of_range"]
    assert len(out.signals) == 1


def test_ids_with_many_digits_are_no_telephone_numbers() -> None:
    name = "1381234567812345-13812345678"
    assert only(Acknowledge(incident_id=name, by="ana")).incident_id == name


def test_its_time_is_its_own_or_that_of_the_record() -> None:
    assert only(note()).at == format_ms(NOW)
    early = format_ms(NOW - 3_600_000)
    assert only(note(at=early)).at == early


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "empty_text"),
        (b"", "empty_text"),
        (b"{", "not_json"),
        (b"\xff", "invalid_utf8"),
        (b"{}", "wrong_type"),
        (b'{"action":"delete","incident_id":"i","by":"a"}', "wrong_type"),
        (b'{"action":"note","incident_id":"i","by":"a","text":""}', "wrong_type"),
        (b"x" * (MAX_COMMAND_BYTES + 1), "message_too_large"),
        (encode_command(note(by="\u200b")), "empty_text"),
        (encode_command(note("\u200b")), "empty_text"),
        (encode_command(note(incident_id="\u200b")), "empty_text"),
        (encode_command(note(at=format_ms(NOW + 600_000))), "future"),
        (encode_command(note(at="2026-99-99T99:99:99.999Z")), "time_out_of_range"),
        (encode_command(note(at="1999-01-01T00:00:00.000Z")), "time_out_of_range"),
        (b'{"action":"silence","incident_id":"i","by":"a","minutes":-1}', "wrong_type"),
        (b'{"action":"silence","incident_id":"i","by":"a","minutes":10081}', "wrong_type"),
        (encode_command(explain(Cost(calls=-1))), "wrong_type"),
        (encode_command(explain(Cost(tokens_in=10**13))), "wrong_type"),
        (encode_command(explain(Cost(tokens_out=-1))), "wrong_type"),
        (encode_command(explain(Cost(money=-0.1))), "wrong_type"),
        (encode_command(explain(Cost(money=float("nan")))), "wrong_type"),
    ],
)
def test_what_is_no_command_is_refused_and_the_next_one_goes_on(
    value: bytes | None, reason: str
) -> None:
    out = fed(value, note())
    ((letter, record),) = out.refused
    assert (letter.reason, letter.id) == (reason, "incidents.commands-0@0")
    assert record.value == value
    assert [signal.sequence for signal in out.signals] == [1]
    assert out.head is not None
    assert out.head.counters.refused == {reason: 1}

import pytest

from schemas.commands import Acknowledge, Command, Feedback, Note, Resolve, Silence
from sinks.console.telling import ACTIONS, Misspoken, command_of


@pytest.mark.parametrize(
    ("action", "body", "command"),
    [
        ("ack", b'{"by": " Mei "}', Acknowledge(incident_id="i", by="Mei")),
        ("ack", b"{}", Acknowledge(incident_id="i", by="console")),
        ("ack", b'{"by": "  "}', Acknowledge(incident_id="i", by="console")),
        ("resolve", b'{"text": " it "}', Resolve(incident_id="i", by="console", text="it")),
        ("silence", b'{"minutes": 60}', Silence(incident_id="i", by="console", minutes=60)),
        ("note", b'{"text": "<b>x</b>"}', Note(incident_id="i", by="console", text="<b>x</b>")),
        ("feedback", b'{"useful": false}', Feedback(incident_id="i", by="console", useful=False)),
    ],
)  # fmt: skip
def test_what_people_say_becomes_a_command(action: str, body: bytes, command: Command) -> None:
    assert command_of("i", action, body) == command


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("ack", b""),
        ("ack", b"[]"),
        ("ack", b"nonsense"),
        ("ack", b"\xff"),
        ("ack", b'{"by": 7}'),
        ("ack", b'{"by": "' + b"x" * 65 + b'"}'),
        ("silence", b"{}"),
        ("silence", b'{"minutes": -1}'),
        ("silence", b'{"minutes": 100000}'),
        ("silence", b'{"minutes": "60"}'),
        ("note", b'{"text": "   "}'),
        ("note", b'{"text": "' + b"x" * 1001 + b'"}'),
        ("feedback", b'{"useful": "yes"}'),
        ("explain", b'{"rca": {}}'),
    ],
)
def test_what_does_not_fit_is_named(action: str, body: bytes) -> None:
    with pytest.raises(Misspoken, match=r"\w"):
        command_of("i", action, body)


def test_nobody_can_date_it_back_or_speak_of_another_incident() -> None:
    body = b'{"at": "2020-01-01T00:00:00.000Z", "incident_id": "other", "action": "resolve"}'
    assert command_of("i", "ack", body) == Acknowledge(incident_id="i", by="console")


def test_people_can_do_five_things() -> None:
    assert ACTIONS == ("ack", "resolve", "silence", "note", "feedback")

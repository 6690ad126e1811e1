"""What is written of an answer beside the session."""

from collections.abc import Callable, Iterator

import msgspec

from agents.assistant.answer import Answer
from schemas.topics import ACTIONS, AUDIT, INTERACTIONS
from sinks.kafka import Message

_encode = msgspec.json.Encoder().encode


def conduct(answer: Answer, session: str, topic: Callable[[str], str]) -> Iterator[Message]:
    """Audit, actions and interaction; `topic` gives the full name of one."""
    for record in answer.audit:
        yield Message(topic(AUDIT), _encode(record), record.user.encode())
    key = session.encode()
    for action in answer.actions:
        yield Message(topic(ACTIONS), _encode(action), key)
    if answer.interaction is not None:
        yield Message(topic(INTERACTIONS), _encode(answer.interaction), key)

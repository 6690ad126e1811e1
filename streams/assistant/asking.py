"""One turn of a person at a terminal."""

import secrets
from dataclasses import dataclass
from pathlib import Path

import msgspec

from schemas.errors import NotOurs
from schemas.topics import REPLIES, REQUESTS
from schemas.turns import Answered, Reply, Turn
from sinks.clock import now_ms
from sinks.cluster import Cluster
from sinks.files import save
from streams.admin import TopicAdmin
from streams.broker import default_home
from streams.errors import OperatorError
from streams.metrics import Metrics
from streams.requests import Requester
from streams.requests.headers import TENANT
from streams.requests.places import shared_place
from streams.settings import Settings

LAST = "last"
NEW = "new"
_MOST_REMEMBERED = 50
_answered = msgspec.json.Decoder(Answered).decode


class BadTurn(OperatorError):
    """Say it otherwise."""


@dataclass(frozen=True)
class Asked:
    """`text` is a choice's id if `choice`; `session` an id, `new` or `last`."""

    text: str
    session: str
    tenant: str
    user: str
    lang: str
    choice: bool
    strong: bool


async def ask_once(
    settings: Settings, cluster: Cluster, asked: Asked, timeout: float
) -> tuple[Reply, bytes]:
    """The reply, and as it came. Raises BadTurn, RequestError, NoBroker, TopicsDiffer."""
    memory = default_home().parent / "asked.json"
    turn = _turn(asked, memory)
    places = TopicAdmin(cluster, settings.prefix).partitions(REPLIES)
    requester = Requester(
        cluster,
        settings.topic(REQUESTS),
        settings.topic(REPLIES),
        shared_place(places),
        Metrics(),
    )
    await requester.start()
    try:
        raw = await requester.ask(
            turn.session.encode(),
            msgspec.json.encode(turn),
            deadline_ms=now_ms() + int(timeout * 1000),
            headers=[(TENANT, turn.tenant.encode())],
        )
    finally:
        await requester.close(0.0)
    _remember(memory, turn)
    return reply_of(raw), raw


def reply_of(raw: bytes) -> Reply:
    """Raises NotOurs."""
    try:
        reply = _answered(raw)
    except msgspec.DecodeError as error:
        raise NotOurs(f"no reply: {error}") from None
    if not isinstance(reply, Reply):
        raise NotOurs("a part where a reply should be")
    return reply


def _turn(asked: Asked, memory: Path) -> Turn:
    session = asked.session
    if session == LAST:
        session = _remembered(memory).get(f"{asked.tenant}/{asked.user}", NEW)
    if session == NEW:
        session = secrets.token_urlsafe(24)
    fields = {
        "session": session,
        "turn": secrets.token_urlsafe(12),
        "tenant": asked.tenant,
        "user": asked.user,
        "choice" if asked.choice else "text": asked.text,
        "lang": asked.lang,
        "strong_ms": now_ms() if asked.strong else 0,
    }
    try:
        return msgspec.convert(fields, Turn)
    except msgspec.ValidationError as error:
        raise BadTurn(f"this cannot be said: {error}") from None


def _remembered(memory: Path) -> dict[str, str]:
    try:
        return msgspec.json.decode(memory.read_bytes(), type=dict[str, str])
    except (OSError, msgspec.DecodeError):
        return {}


def _remember(memory: Path, turn: Turn) -> None:
    sessions = _remembered(memory)
    sessions.pop(name := f"{turn.tenant}/{turn.user}", None)
    sessions[name] = turn.session
    kept = dict(list(sessions.items())[-_MOST_REMEMBERED:])
    memory.parent.mkdir(parents=True, exist_ok=True)
    save(memory, [msgspec.json.encode(kept)], mode=0o600)

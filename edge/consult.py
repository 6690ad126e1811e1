"""A question about a patient: answered here, or, agreed to once, asked outside without the patient.

What a record says is never asked outside. A question of general knowledge may be: its draft shows
the very bytes that would leave and what was taken out, and each needs a consent of its own.
"""

from __future__ import annotations

import hashlib
import subprocess
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from agents.models.errors import BadModel
from agents.records.folding import fold, is_visible
from agents.records.pack import Pack
from agents.records.questions import Intent, classify
from agents.records.redaction import Redactor
from edge import guard
from edge.errors import Unfit
from schemas.records import Line, Patient, Secret, Span, Summary

MOST_ASKED = 2_000
"""Characters, as the gateway takes."""
SECONDS = 2.0
_START_SECONDS = 3.0
"""For the child to begin and end."""
_MOST_TOLD = 256 << 10
_ROOT = Path(__file__).parents[1]
_LEAST_DAYS, _MORE_DAYS = 30, 700

Outcome = Literal["answered", "local", "no consent", "refused", "unreachable", "strange"]
"""local: it is of the record, or no question of health, and nothing was to leave."""


class Context(NamedTuple):
    """What a question is about. `random`: that many unpredictable bytes."""

    patient: Patient
    summary: Summary
    pack: Pack
    random: Callable[[int], bytes]


class Taken(Secret, frozen=True):
    """Words that do not leave, and of which kind they are."""

    kind: str
    words: str


class Doubt(Secret, frozen=True):
    """What may be an identifier: where it stands in the text as drafted, its kind, its mark."""

    span: Span
    kind: str
    mark: str


class Draft(Secret, frozen=True):
    """`body`: exactly the bytes that would leave, empty if nothing may; `text`: as a person reads.

    `lines`: what the record itself says. `drafted`: the text before anybody removed a doubt;
    `hidden`: which of `doubts` a person removed.
    """

    intent: Intent
    text: str
    body: bytes
    taken: tuple[Taken, ...]
    lines: tuple[Line, ...]
    drafted: str = ""
    doubts: tuple[Doubt, ...] = ()
    hidden: frozenset[int] = frozenset()

    @property
    def digest(self) -> str:
        """Of the bytes, SHA-256, hex: what the audit keeps."""
        return hashlib.sha256(self.body).hexdigest()


class Piece(NamedTuple):
    """Of a draft's text. `number`: of the doubt that stands there, as words or as its mark."""

    text: str
    number: int | None = None


class Gateway(NamedTuple):
    """Where it is asked: `https://...`; `ca_file` None: whom the system trusts."""

    address: str
    token_file: Path
    ca_file: Path | None = None


class Consent:
    """A person's yes to the bytes of one draft, good for one question. It is never kept."""

    def __init__(self, draft: Draft) -> None:
        self._draft: Draft | None = draft

    def spend(self, draft: Draft) -> bool:
        """Whether it is for this draft and was not used before; it is used now."""
        given, self._draft = self._draft, None
        return given is draft


class Answer(Secret, frozen=True):
    """`text`, `sources`: from outside, plain text; empty, only `lines` of the record answer."""

    outcome: Outcome
    lines: tuple[Line, ...]
    text: str = ""
    sources: tuple[str, ...] = ()


def prepare(question: str, context: Context) -> Draft:
    """What it asks, what the record says, and what would leave. Raises Unfit."""
    pack, patient = context.pack, context.patient
    # What is shown is then all that would leave, and nothing stands hidden within a name.
    question = visible(question)
    if not question.strip() or len(question) > MOST_ASKED:
        raise Unfit(
            f"问题须为 1 至 {MOST_ASKED:,} 个字符", f"a question has 1 to {MOST_ASKED:,} characters"
        )
    intent = classify(question, pack)
    lines = pack.questions.answer(question, intent, context.summary)
    if intent.scope != "general":
        return Draft(intent, "", b"", (), lines)
    days = _LEAST_DAYS + int.from_bytes(context.random(4), "big") % _MORE_DAYS
    try:
        made = Redactor(pack.redaction, pack.tags).redact(question, patient, days=-days)
    except BadModel:
        raise Unfit(
            "找个人信息的模型出错，问题不能发出：请更新规则",
            "the model that finds identifiers fails, so nothing may leave: update the rules",
        ) from None
    if _names(patient, made.text):
        raise Unfit(
            "患者的姓名或编号未能去除：请换一种说法",
            "the patient's name or number could not be taken out: ask in other words",
        )
    taken = tuple(Taken(one.kind, question[one.span.start : one.span.end]) for one in made.removed)
    doubts = tuple(
        Doubt(Span(one.at, one.at + one.span.end - one.span.start), one.kind, one.mark)
        for one in made.perhaps
    )
    return hide(Draft(intent, "", b"", taken, lines, made.text, doubts), frozenset())


def hide(draft: Draft, hidden: frozenset[int]) -> Draft:
    """Another draft: of these doubts the marks stand there, all other words. Raises Unfit."""
    if not hidden <= set(range(len(draft.doubts))):
        raise Unfit("没有这个编号", f"no mark has this number: there are {len(draft.doubts)}")
    made = msgspec.structs.replace(draft, hidden=hidden)
    text = "".join(one.text for one in pieces(made))
    if len(text) > MOST_ASKED:
        raise Unfit(
            f"问题须为 1 至 {MOST_ASKED:,} 个字符", f"a question has 1 to {MOST_ASKED:,} characters"
        )
    body = msgspec.json.encode({"text": text})
    return msgspec.structs.replace(made, text=text, body=body)


def pieces(draft: Draft) -> Iterator[Piece]:
    """Its text, cut where a doubt begins and ends; joined, they are what would leave."""
    done = 0
    for number, one in enumerate(draft.doubts):
        yield Piece(draft.drafted[done : one.span.start])
        words = draft.drafted[one.span.start : one.span.end]
        yield Piece(one.mark if number in draft.hidden else words, number)
        done = one.span.end
    yield Piece(draft.drafted[done:])


def ask(
    draft: Draft,
    consent: Consent | None,
    gateway: Gateway,
    note: Callable[[str], None],
    seconds: float = SECONDS,
) -> Answer:
    """The answer from outside, else the record's. `note`: told the digest before anything leaves.

    Raises what `note` raises: then nothing has left.
    """
    if not draft.body:
        return Answer("local", draft.lines)
    if consent is None or not consent.spend(draft):
        return Answer("no consent", draft.lines)
    note(draft.digest)
    told = _send(draft.body, gateway, seconds)
    if told is None or told.status != "answered":
        return Answer(told.status if told else "unreachable", draft.lines)
    sources = tuple(visible(one) for one in told.sources)
    return Answer("answered", draft.lines, visible(told.text), sources)


def visible(text: str) -> str:
    """Without characters that steer a terminal, or that nobody sees; other spaces as plain ones."""
    return "".join(c if c == "\n" or is_visible(c) else " " if c.isspace() else "" for c in text)


class _Told(msgspec.Struct, frozen=True):
    """As edge.messenger has it, which imports what this process may not."""

    status: Literal["answered", "refused", "unreachable", "strange"]
    text: str = ""
    sources: tuple[str, ...] = ()


class _Order(msgspec.Struct, frozen=True):
    address: str
    token_file: str
    ca_file: str
    seconds: float


def _send(body: bytes, gateway: Gateway, seconds: float) -> _Told | None:
    """By a child that gets these bytes and the address; None: it did not come back in time."""
    order = _Order(
        gateway.address, str(gateway.token_file), str(gateway.ca_file or ""), seconds
    )  # fmt: skip
    child = subprocess.Popen(
        guard.child("edge.messenger"),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd="/",
        env={"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"},
        start_new_session=True,
    )  # fmt: skip
    try:
        said, _ = child.communicate(
            msgspec.json.encode(order) + b"\n" + body, seconds + _START_SECONDS
        )
    except subprocess.TimeoutExpired:
        return None
    finally:
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
    if child.returncode or len(said) > _MOST_TOLD:
        return None
    try:
        return msgspec.json.decode(said, type=_Told)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _names(patient: Patient, text: str) -> bool:
    """Whether the text still has what the device knows of its patient."""
    bare = _bare(text)
    return any(len(one) > 1 and one in bare for one in map(_bare, (patient.name, patient.number)))


def _bare(text: str) -> str:
    """Folded, without spaces and accents."""
    parts = unicodedata.normalize("NFD", "".join(fold(text).split()))
    return "".join(c for c in parts if not unicodedata.combining(c))

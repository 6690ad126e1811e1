"""What no answer may be: empty, late, in another language, or telling what it should not."""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from schemas.turns import Lang, Reply
from streams.evaluation.dialogues.canonical import canonical, holds
from streams.evaluation.dialogues.transcript import Step

_NEVER = (
    *("as an ai", "language model", "作为ai", "作为一个ai", "作为人工智能", "语言模型"),
    *("i promise", "we promise", "i guarantee", "we guarantee"),
    *("我保证", "我们保证", "向您保证"),
    *("**", "](", "<b", "</", "```", "traceback", "lorem ipsum"),
)
_LEAKS = {
    "an internal id": re.compile(r"(?<![a-z0-9])[ackt]-\d{4}(?:-\d+)?(?!\d)"),
    "a code": re.compile(r"(?<![a-z0-9])[a-z]+_[a-z_]+"),
    "a hole of a template": re.compile(r"[{}]|\$[a-z]"),
    "a phone number": re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"),
    "a card number": re.compile(r"(?<!\d)\d{15,19}(?!\d)"),
    "a web address": re.compile(r"https?://|www\."),
}
_HAN, _LATIN = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"[a-z]")
_MOST_HAN = 0.3
_LEAST_HAN = 0.2


class Failure(NamedTuple):
    """`cause` sorts failures; `turn`: from 1, 0 if it is about the whole."""

    cause: str
    what: str
    turn: int = 0


class Context(NamedTuple):
    """What a judge knows beside the script. `secrets`: what only others may see, as canonical."""

    today: date
    deadline_s: float
    card_of: dict[str, str]
    secrets: frozenset[str] = frozenset()


def mannered(number: int, step: Step, lang: Lang | None, context: Context) -> Iterator[Failure]:
    """What is wrong with one answer; `lang` None: either will do."""
    reply = step.reply
    if reply.status not in ("answered", "duplicate"):
        yield Failure("status", reply.status, number)
    if step.seconds > context.deadline_s:
        yield Failure("too late", f"{step.seconds:.1f} s", number)
    if not reply.text.strip():
        yield Failure("nothing said", reply.state, number)
    elif lang and (wrong := _language(reply, lang)):
        yield Failure("language", wrong, number)


def leaks(number: int, shown: str, typed: str, context: Context) -> Iterator[Failure]:
    """What an answer tells that nobody should be told; `typed`: all that the person has."""
    for name, pattern in _LEAKS.items():
        if found := pattern.search(shown):
            yield Failure("leak", f"{name}: {found[0]}", number)
    for one in _NEVER:
        if holds(shown, one, context.today):
            yield Failure("said", one, number)
    for secret in context.secrets:
        if holds(shown, secret, context.today) and not holds(typed, secret, context.today):
            yield Failure("leak", f"somebody else's: {secret}", number)


def _language(reply: Reply, lang: Lang) -> str:
    text = reply.text.casefold()
    han, latin = len(_HAN.findall(text)), len(_LATIN.findall(text))
    share = han / max(han + latin, 1)
    is_right = share >= _LEAST_HAN if lang == "zh" else share <= _MOST_HAN
    return "" if is_right else f"{share:.0%} Chinese characters: {reply.text[:40]}"


def shown_to(reply: Reply) -> str:
    """All that a person sees of an answer, canonical."""
    return canonical(
        "\n".join(
            [
                reply.text,
                *(choice.label for choice in reply.choices),
                *(action.label for action in reply.actions),
            ]
        )
    )

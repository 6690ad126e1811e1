"""Whether a message answers what was asked: by a value, by a number alone, by a button's words."""

import re

from agents.assistant.picking import choose
from agents.assistant.reading import Slots
from agents.assistant.subject import enter
from agents.assistant.talk import Talk

_WANTED = {
    "card": ("last4", "card_kind", "ordinal"),
    "service": ("service", "ordinal"),
    "amount": ("amount",),
    "days": ("days",),
    "kind": ("limit_kind", "ordinal"),
    "txn": ("amount", "merchant", "since", "ordinal", "reference", "last4"),
    "window": ("window", "ordinal"),
    "reference": ("reference",),
}
"""What a message must name to answer the question of a step."""
_DIGITS = re.compile(r"\d{1,9}")
_REFERENCE = re.compile(r"(?=.*\d)[A-Za-z0-9_.:-]{4,64}")
_FOUR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_SHORT_NO, _SHORT_CARD = 40, 16
_NO = re.compile(
    r"^(?:我|先|暂时|还是|那)*(?:不|别)(?!对|是|到|了解|懂|明白)|^(?:please )?(?:don'?t|do not)\b"
    r"|不用了|算了|等一下|等等|等会|先别|找到了|取消|打住"
    r"|never ?mind|\bwait\b|hold on|\bstop\b|\bcancel\b|changed? my mind|forget it|found it",
    re.I,
)
_NOT_NO = re.compile(r"(?:不|别).{0,2}取消|(?:don'?t|do not|not) (?:\w+ )?cancel", re.I)


def step_of(talk: Talk) -> str:
    return talk.flow.step if talk.flow is not None else ""


def answers(talk: Talk) -> bool:
    """Whether the message names what was asked for."""
    slots = talk.reading.slots
    return any(getattr(slots, name) not in (None, "") for name in _WANTED.get(step_of(talk), ()))


def of_use(talk: Talk) -> Slots:
    """What the message names, without what is a subject and no value here ("transfer")."""
    name, slots = talk.flow.name if talk.flow is not None else "", talk.reading.slots
    return slots._replace(
        limit_kind=slots.limit_kind if name in ("limit", "limits") else "",
        service=slots.service if name == "unbind" else "",
        window=slots.window if name == "callback" else "",
    )


def bare(talk: Talk) -> bool:
    """A number or a reference alone means what was asked for."""
    step = step_of(talk)
    if step == "reference" and _REFERENCE.fullmatch(talk.said):
        enter(talk)
        talk.slots["reference"] = talk.said
        return True
    digits = _FOUR.findall(talk.said)
    short = len(talk.said) <= _SHORT_CARD and not talk.reading.slots.last4
    if step == "card" and len(digits) == 1 and short:
        enter(talk)
        talk.slots["last4"] = digits[0]
        return True
    if not _DIGITS.fullmatch(talk.said):
        return False
    value = int(talk.said)
    if step == "amount" and talk.reading.slots.amount is None:
        enter(talk)
        talk.slots |= {"amount": value * 100, "by": 0}
    elif step == "days" and talk.reading.slots.days is None:
        enter(talk)
        talk.slots["days"] = value
    else:
        return False
    return True


def by_label(talk: Talk) -> bool:
    """The words of one button."""
    if talk.flow is None or len(talk.said) < 2 or not talk.before.replies:
        return False
    said = talk.said.casefold()
    digits = _FOUR.findall(said) if step_of(talk) == "card" else []
    fitting = [
        one.id
        for one in talk.before.replies[-1].choices
        if (said in one.label.casefold() or any(four in one.label for four in digits))
        and one.id.startswith(f"{talk.flow.step}:")
    ]
    if len(fitting) != 1:
        return False
    enter(talk)
    choose(talk, *fitting[0].split(":", 1))
    return True


def declines(talk: Talk) -> bool:
    """A short message with a "do not" or a "wait" in it, at a proposal: the safe reading is no."""
    asked = step_of(talk) in ("confirm", "step_up") or "skip" in talk.offered("")
    return (
        asked
        and len(talk.said) <= _SHORT_NO
        and _NO.search(talk.said) is not None
        and _NOT_NO.search(talk.said) is None
        and talk.reading.slots == Slots()
    )

"""What a language model has found in a message, as far as it stands there."""

import re
from decimal import Decimal
from typing import Literal

import msgspec

from agents.assistant.reading import Slots
from agents.assistant.wording.figures import Figure, figures, plainly
from schemas.tools import MOST_MINOR, LimitKind
from windows.texts import clean

CardKind = Literal["", "debit", "credit"]
_MOST_DAYS = 90
_MOST_NAME = 64
_REFERENCE = re.compile(r"(?=.*\d)[A-Za-z0-9_.:-]{4,64}")
_LAST4 = re.compile(r"\d{4}")
_CARD_KINDS: dict[CardKind, re.Pattern[str]] = {
    "debit": re.compile(r"借记|储蓄|工资卡|\bdebit|\bsavings|\bcurrent"),
    "credit": re.compile(r"信用|贷记|\bcredit"),
}
_LIMIT_KINDS: dict[LimitKind | Literal[""], re.Pattern[str]] = {
    "transfer": re.compile(r"转账|转帐|汇款|转出|\btransfer|\bsend"),
    "purchase": re.compile(r"消费|支付|刷卡|购物|买|\bpurchas|\bspend|\bpay|\bbuy|\bshop"),
    "cash": re.compile(r"取现|取款|现金|提现|取钱|\bcash|\bwithdraw|\batm\b"),
}
_SERVICES = {
    "wechat": re.compile(r"微信|\bwe ?chat|\bweixin"),
    "alipay": re.compile(r"支付宝|\bali ?pay"),
    "unionpay": re.compile(r"云闪付|银联|\bunion ?pay"),
    "paypal": re.compile(r"\bpaypal|贝宝"),
    "apple": re.compile(r"\bapple ?pay|苹果"),
}


class SaidSlots(msgspec.Struct, frozen=True):
    """As the model gives them: words of the message."""

    amount: str = ""
    last4: str = ""
    card_kind: str = ""
    limit_kind: str = ""
    days: str = ""
    merchant: str = ""
    service: str = ""
    reference: str = ""


def slots_of(said: SaidSlots, text: str, joint: str) -> Slots:
    """Those that the message names itself; the others are dropped. `joint`: of the prompt."""
    seen = plainly(text)
    named = figures(seen)

    def literal(words: str) -> str:
        words = " ".join(clean(words.replace(joint, " "))[:_MOST_NAME].split())
        return words if words and plainly(words) in seen else ""

    reference = literal(said.reference)
    return Slots(
        amount=_amount(said.amount, named),
        last4=said.last4 if _digits_in(said.last4, seen) else "",
        card_kind=_card_kind(said.card_kind, seen),
        limit_kind=_limit_kind(said.limit_kind, seen),
        days=_days(said.days, named),
        merchant=literal(said.merchant),
        service=_service(literal(said.service) or said.service, seen),
        reference=reference if _REFERENCE.fullmatch(reference) else "",
    )


def _amount(said: str, named: list[Figure]) -> int | None:
    """In minor units; only money that the message has as money, or as a bare number."""
    value = _only(said, ("", "CNY"))
    if not any(one.value == value and one.unit in ("", "CNY") for one in named):
        return None
    if not re.fullmatch(r"\d+(\.\d{1,2})?", value):
        return None
    minor = int(Decimal(value) * 100)
    return minor if 0 < minor <= MOST_MINOR else None


def _days(said: str, named: list[Figure]) -> int | None:
    value = _only(said, ("", "day"))
    if not value.isdigit() or not any((one.value, one.unit) == (value, "day") for one in named):
        return None
    return int(value) if 0 < int(value) <= _MOST_DAYS else None


def _only(said: str, units: tuple[str, ...]) -> str:
    """The one figure of these words; empty if there are none, more, or of another unit."""
    found = figures(plainly(said[:_MOST_NAME]))
    return found[0].value if len(found) == 1 and found[0].unit in units else ""


def _digits_in(said: str, seen: str) -> bool:
    return bool(_LAST4.fullmatch(said)) and re.search(rf"(?<!\d){said}(?!\d)", seen) is not None


def _card_kind(said: str, seen: str) -> CardKind:
    kinds = (kind for kind, form in _CARD_KINDS.items() if kind == said and form.search(seen))
    return next(kinds, "")


def _limit_kind(said: str, seen: str) -> LimitKind | Literal[""]:
    kinds = (kind for kind, form in _LIMIT_KINDS.items() if kind == said and form.search(seen))
    return next(kinds, "")


def _service(said: str, seen: str) -> str:
    """Its name in small Latin letters, as the bank has it, if the message names it."""
    told = plainly(said[:_MOST_NAME])
    for name, form in _SERVICES.items():
        if (told == name or form.search(told)) and form.search(seen):
            return name
    return ""

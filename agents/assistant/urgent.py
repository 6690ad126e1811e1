"""A card, or somebody's money, that must be made safe, in whatever words."""

import re

from agents.assistant.understanding.folding import said as read
from agents.assistant.understanding.refusals import refused

_CARD = "卡|钱包|card|wallet"
_GONE = "丢了|丢失|不见了|被偷|挂失|lost|stolen|missing"
_STOP = "冻结|freeze|block"
_IT = "(?:它|这张|那张|掉)|(?:freeze|block) it"
_LOST = re.compile(rf"(?:{_GONE}).{{0,12}}(?:{_CARD})|(?:{_CARD}).{{0,12}}(?:{_GONE})", re.I)
_FREEZE = re.compile(
    rf"(?:{_STOP}).{{0,12}}(?:{_CARD})|(?:{_CARD}).{{0,12}}(?:{_STOP})|冻结{_IT}", re.I
)


_SCAM = re.compile(
    r"安全账户|(?:公安|警察|检察院|法院|客服|领导|老师|网友).{0,20}(?:让|叫|要)我.{0,10}(?:转|汇|打)"
    r"|(?:被|遭).{0,4}骗|骗(?:了我|走|子)|诈骗|刷单|safe account|scam|swindl|\btricked me\b"
    r"|(?:police|officer|caller|someone|somebody).{0,30}(?:told|asked|made) me to"
    r" (?:send|move|transfer|pay|wire)",
    re.I,
)


def urgent_intent(said: str) -> str:
    """What is wanted if it is that, else empty: all that comes of it is the offer to freeze.

    For messages that are otherwise unsure.
    """
    if _SCAM.search(said):
        return "fraud"
    if _LOST.search(said):
        return "card_lost"
    wanted = _FREEZE.search(said) and not refused("freeze_card", read(said).folded)
    return "freeze_card" if wanted else ""


_PLAIN = {
    # No \b: beside Chinese it finds no border.
    "balance": re.compile(
        r"余额|(?:还有|还剩|有)多少钱|balance|my accounts?$"
        r"|how much (?:money )?(?:is|do i have|have i)\b.{0,20}(?:savings|account|left)",
        re.I,
    ),
    "human": re.compile(r"经理|主管|manager|supervisor", re.I),
    "limits": re.compile(r"限额|(?<![a-z])limits?(?![a-z])", re.I),
    "transactions": re.compile(r"流水|交易明细|(?<![a-z])transactions", re.I),
    "repayment_date": re.compile(r"还款日|账单日|due date", re.I),
    "unbind_card": re.compile(r"解绑|解除绑定|unbind|unlink", re.I),
}
_PLAIN_MOST = 120


def plain_intent(said: str) -> str:
    """What a short message names in so many words, whatever else is in it; else empty.

    For messages that are otherwise unsure: all that comes of it is a fact or an offer.
    """
    if len(said) > _PLAIN_MOST:
        return ""
    found = [name for name, words in _PLAIN.items() if words.search(said)]
    return found[0] if len(found) == 1 else ""


_SENT = "转账|汇款|还款|(?<![a-z])transfer|repayment|credit card payment"
_STUCK = "|".join(
    (
        "卡住|没到|未到|没成功|失败|退回|被拦",
        "stuck|bounced|failed|did(?:n.t| not) go|rejected|returned",
    )
)
_TROUBLED = re.compile(rf"(?:{_SENT}).{{0,24}}(?:{_STUCK})", re.I)


def tells_of_a_failed_transfer(said: str) -> bool:
    """Whether a transfer or a repayment has not gone through: that is answered by facts."""
    return _TROUBLED.search(said) is not None

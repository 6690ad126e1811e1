"""What a person says not to do: a card that is not to be frozen is not to be frozen."""

from __future__ import annotations

from agents.assistant.understanding.folding import pattern

# Not 要不要 or 想不想, which ask.
_NOT = (
    r"(?:千万别|可别|别|(?<!要)不要|(?<!用)不用|(?<!想)不想|不必|不需要|无需|不打算|甭|勿|没让|没要|没叫|谁让|谁叫)"
    r"(?:再|又|先|给|帮|把|将|我|你们?|的|这|那|张|银行|信用|储蓄|工资|卡|去|来|急着|随便|办|做|想|要|说|提高|限额){0,9}"
)
_NOT_EN = (
    r"\b(?:don'?t|do not|never|no need|not asking|did(?:n'?t| not) (?:ask|want)|shouldn'?t)"
    r" (?:(?:you|to|want|wanna|need|please|ever|have|wish|ask|like|just|yet|go|and|be) ){0,4}"
)
_DEEDS = {
    "freeze_card": ("冻|锁|停用|停卡|停了|挂起", r"freez|lock|block|suspend|disabl|froz"),
    "unbind_card": (
        "解绑|解除|取消绑|解掉|移除|删",
        "unbind|unlink|remov|disconnect|detach|unbound",
    ),
    "card_lost": ("挂失|报失", "report"),
    "raise_limit": ("提|调|加|涨|升", "rais|increas|lift|chang|bump"),
    "cash_limit": ("提|调|加|涨|升", "rais|increas|lift|chang|bump"),
    "close_account": ("销|注销|关|取消|作废", "clos|cancel|delet"),
    "call_back": ("打|回|联系|来电", "call|ring|phon"),
    "human": ("转|人工|找|客服", "transfer|connect|put|talk|speak"),
    "complaint": ("投诉|举报", "complain|fil|lodg"),
    "dispute": ("投诉|申诉|拒付|争议", "disput|challeng|contest"),
}
_REFUSED = {
    intent: pattern(f"{_NOT}(?:{deeds})(?!吗|么|不)|{_NOT_EN}(?:{in_english})")
    for intent, (deeds, in_english) in _DEEDS.items()
}


def refused(intent: str, folded: str) -> bool:
    """Whether a folded message says that what this intent is for is not to be done."""
    rule = _REFUSED.get(intent)
    return rule is not None and rule.search(folded) is not None

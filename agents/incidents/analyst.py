"""The rule analyst: a hypothesis and next steps from the facts, without any model."""

import re
from collections.abc import Sequence

from agents.incidents.words import where
from schemas.causes import Evidence, Hypothesis, NearChange, Rca
from schemas.incidents import Slice

_CATEGORIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("security", ("盗", "诈骗", "泄露", "hack", "fraud", "stolen", "phishing", "breach")),
    ("payment", ("支付", "付款", "扣款", "转账", "退款", "pay", "charge", "refund", "transfer")),
    ("login", ("登录", "验证码", "密码", "login", "sign in", "password", "otp", "oauth", "token")),
    ("crash", ("闪退", "崩溃", "crash", "freeze", "null", "segfault", "exception")),
    ("latency", ("卡", "慢", "转圈", "超时", "slow", "timeout", "lag", "latency", "loading")),
    ("delivery", ("物流", "快递", "配送", "delivery", "parcel", "shipping", "courier")),
    ("content", ("视频", "图片", "播放", "字幕", "video", "picture", "playback", "content")),
)
# An English word at its beginning: "pay" stands in payment, and not in display.
_FOUND = {
    name: re.compile("|".join(rf"(?<![a-z]){w}" if w.isascii() else w for w in words))
    for name, words in _CATEGORIES
}
_STEPS = {
    "security": "Ask security to check sign-ins and recent permission changes.",
    "payment": "Check the payment gateway's error rate and the last settlement run.",
    "login": "Check the identity provider, code delivery and token lifetimes.",
    "crash": "Open the crash reports of the slice and compare them with the previous version.",
    "latency": "Compare latency by dependency for the slice before and after the onset.",
    "delivery": "Ask the carriers for an outage and check the tracking feed.",
    "content": "Check the content delivery network and the latest catalogue import.",
    "other": "Read the evidence and look for what it shares that no attribute records.",
}


def category(terms: Sequence[str], evidence: Sequence[Evidence]) -> str:
    """The category whose words occur most often in the terms and the evidence."""
    text = " ".join([*terms, *(item.text.lower() for item in evidence)])
    best, most = "other", 0
    for name, pattern in _FOUND.items():
        found = len(pattern.findall(text))
        if found > most:
            best, most = name, found
    return best


def analyse(
    terms: Sequence[str],
    evidence: Sequence[Evidence],
    changes: Sequence[NearChange],
    place: Slice,
) -> Rca:
    """Words for what the facts say; `degraded` because no model was asked."""
    kind = category(terms, evidence)
    steps = [_STEPS[kind]]
    cited = tuple(item.id for item in evidence[:3])
    if changes:
        near = changes[0]
        minutes = near.minutes_before_onset
        when = f"{minutes} min before" if minutes >= 0 else f"{-minutes} min after"
        cause = f"«{near.summary}» happened {when} the onset"
        guess = Hypothesis(cause, "change", "medium" if minutes >= 0 else "low", (near.id, *cited))
        steps.insert(0, f"Review or roll back: {near.summary}")
    elif not place.abstained:
        cause = f"Something that only concerns {where(place.attributes)}"
        guess = Hypothesis(cause, kind, "low", cited)
    else:
        return Rca("degraded", "rules", (), tuple(steps), "no change and no slice explains it")
    return Rca("degraded", "rules", (guess,), tuple(steps), "rules only: no language model asked")

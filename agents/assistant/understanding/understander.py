"""Reads a message: acts and slots by rules, the intent by a small model."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

from agents.assistant.reading import Reading
from agents.assistant.understanding.acts import heard
from agents.assistant.understanding.folding import said
from agents.assistant.understanding.mood import upset
from agents.assistant.understanding.refusals import refused
from agents.assistant.understanding.slots import slots
from agents.models.card import read as read_card
from agents.models.encoded import EncodedIntents
from agents.models.encoder import Encoder
from agents.models.intents import OUT_OF_SCOPE, Intents
from schemas.turns import Lang

MODELS = ("intents-zh", "intents-en")
_OTHERS = 3
_LIKELY = 0.02
_REFUSED = 0.3
"""How likely at most somebody wants what they say is not to be done."""
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LATIN = re.compile("[A-Za-z]")
_WIDTH = 3
"""A Chinese character says as much as three letters."""
_LETTERS = re.compile(r"[^\W\d_]")
# What fills a slot and says nothing else: the answer to a question.
_FILLER = """
    rmb yuan cny usd dollars? bucks k w 千 万 百 亿 半 元 块钱 块 毛 尾号 号 第 个 张 笔 最后 前 后 那 这 的 卡 天 周 月 年 日 号 选 要 就
    一 二 两 三 四 五 六 七 八 九 十 零 幺 昨天 前天 今天 明天 昨晚 上 本 下 最近 星期 礼拜 上午 下午 晚上 早上 中午 现在 微信 支付宝
    苹果支付 美团 京东 抖音 云闪付 信用 储蓄 借记 是 和 到 吧 呢 从 apple google wechat alipay pay credit debit card the one ending in
    first second third fourth last my for a an this on monday tuesday wednesday thursday friday saturday sunday january
    february march april may june july august september october november december days? weeks? months? years? ago
    now today yesterday tomorrow morning afternoon evening from to and between please just only use option number no
    two three four five six seven eight nine ten twenty thirty fifty half hundred thousand million grand
"""  # noqa: E501
# What people say while they think: neither yes nor no, nor out of scope.
_THINKING = re.compile(r"(?:[嗯恩额呃哦噢唔啊]|\b(?:u+[hm]+|h+m+|e+r+m?|mh?m+)\b|[\s,.~])+")
_BETWEEN = r"[\d\s.,:;!¥$%#*/+()-]"
_ONLY_SLOTS = re.compile(
    f"{_BETWEEN}*+(?>(?:{'|'.join(sorted(set(_FILLER.split()), key=len, reverse=True))}){_BETWEEN}*+)*+"  # noqa: E501
)


class Understander:
    """Implements `agents.assistant.reading.Understanding`; one thread."""

    def __init__(
        self, models: tuple[Intents, Intents], seconds: Mapping[Lang, EncodedIntents] = {}
    ) -> None:
        """`seconds`: who is asked about what a model is not sure of."""
        self._models: dict[Lang, Intents] = {"zh": models[0], "en": models[1]}
        self._seconds = seconds

    @classmethod
    def load(cls, encoders: Mapping[Lang, Encoder] = {}) -> Understander:
        """With the models of the package. Raises BadModel."""
        return cls(_ours(), {lang: _second(lang, one) for lang, one in encoders.items()})

    def read(self, text: str, today: date, lang: Lang | Literal[""] = "") -> Reading:
        """What a message means. Raises nothing but BadModel."""
        message = said(text)
        spoken = language(message.text, lang)
        act, rest = heard(message.folded)
        angry = upset(message)
        found = slots(message, today)
        plain = Reading(spoken, "", 0.0, act=act, slots=found, upset=angry)
        if not rest.strip() or not _LETTERS.search(rest):
            return plain._replace(confidence=1.0 if act else 0.0, sure=bool(act))
        if _THINKING.fullmatch(rest):
            return plain._replace(sure=False)
        if len(rest) <= 60 and _ONLY_SLOTS.fullmatch(rest):
            return plain._replace(sure=bool(act))
        model = self._models[spoken]
        card, second = model.card, self._seconds.get(spoken)
        told = model.probabilities([rest])
        ranked = _ranked(card.labels, told[0].tolist())
        best, confidence = ranked[0]
        if second is not None and (best == OUT_OF_SCOPE or confidence < card.sure):
            card = second.card
            ranked = _ranked(card.labels, second.probabilities([rest], told)[0].tolist())
            best, confidence = ranked[0]
        known = best != OUT_OF_SCOPE and confidence >= card.known
        if not act and refused(best, message.folded):
            confidence = min(confidence, _REFUSED)
        others = tuple(one for one in ranked[known:] if one[0] != OUT_OF_SCOPE)[:_OTHERS]
        return plain._replace(
            intent=best if known else "",
            confidence=confidence,
            others=others,
            # What corrects or gives up something may say no more than that.
            known=known or bool(act),
            sure=known and confidence >= card.sure,
        )


def _ranked(labels: Sequence[str], chances: Sequence[float]) -> list[tuple[str, float]]:
    """The best one, and the next ones that are likely; of equals the first."""
    likely = [i for i, chance in enumerate(chances) if chance >= _LIKELY]
    likely.sort(key=chances.__getitem__, reverse=True)
    best = likely[: _OTHERS + 1] or [chances.index(max(chances))]
    return [(labels[i], round(chances[i], 4)) for i in best]


def language(text: str, before: Lang | Literal[""] = "") -> Lang:
    """The language of a clean message; `before`: of the session, for what has no letters."""
    han = len(_HAN.findall(text))
    latin = len(_LATIN.findall(text))
    if not han and not latin:
        return before or "zh"
    if not han and before == "zh" and latin <= 2:
        return "zh"
    return "zh" if han * _WIDTH >= latin or (han and before == "zh") else "en"


def _second(lang: Lang, encoder: Encoder) -> EncodedIntents:
    folder = files("agents.models") / "data"
    return EncodedIntents(read_card(folder / f"intents-{lang}-encoded.json"), folder, encoder)


@cache
def _ours() -> tuple[Intents, Intents]:
    folder = files("agents.models") / "data"
    zh, en = (Intents(read_card(folder / f"{name}.json"), folder) for name in MODELS)
    return zh, en

"""What those who copy a text change about it, by hand or by a program."""

from __future__ import annotations

import re
from random import Random

from streams.reviews.simulation.vocabulary import Language, pick

_SYNONYMS: dict[Language, tuple[tuple[str, ...], ...]] = {
    "zh": (
        ("很", "非常", "特别", "超级", "挺"),
        ("不错", "挺好", "很棒", "可以"),
        ("快递", "物流", "发货"),
        ("客服", "店家", "卖家"),
        ("喜欢", "满意", "中意"),
        ("推荐", "安利"),
        ("买", "入手", "购"),
        ("好看", "漂亮", "颜值高"),
        ("质量", "品质", "做工"),
        ("收到", "拿到", "到手"),
        ("便宜", "实惠", "划算"),
        ("差", "烂", "糟糕"),
        ("已经", "都"),
        ("没有", "没"),
    ),
    "en": (
        (" really ", " very ", " super ", " so "),
        (" good", " great", " nice"),
        (" bought ", " ordered ", " got "),
        (" fast", " quick"),
        (" love ", " like ", " adore "),
        (" bad", " terrible", " awful"),
        (" broke", " failed", " gave up"),
        (" the ", " this "),
        (" and ", " & "),
        (" wife", " husband", " partner"),
        (" recommend", " suggest"),
    ),
}
_EMOJI = ("👍", "❤️", "😊", "🌹", "💯", "😘", "✨")
_AROUND: dict[Language, tuple[str, ...]] = {
    "zh": (
        "亲测，",
        "真的，",
        "说实话",
        "家人们，",
        "嗯",
        "哈哈",
        "总之",
        "宝子们",
        "强烈",
        "姐妹们冲",
    ),
    "en": ("honestly, ", "guys, ", "wow. ", "ok so ", "fyi ", "trust me, ", "update: ", "lol "),
}
_CUT = re.compile(r"(?<=[，。！；,.!;])\s*")


def edit(text: str, language: Language, random: Random, strength: int) -> str:
    """The text with up to `strength` changes of each kind: 1 light, 2 medium, 3 heavy."""
    for _ in range(strength * 2):
        text = _reword(text, language, random)
    parts = [part for part in _CUT.split(text) if part]
    if strength > 1 and len(parts) > 2 and random.random() < 0.25 * strength:
        first = int(random.random() * (len(parts) - 1))
        parts[first], parts[first + 1] = parts[first + 1], parts[first]
    if strength > 1 and len(parts) > 3 and random.random() < 0.2 * strength:
        del parts[int(random.random() * len(parts))]
    text = ("" if language == "zh" else " ").join(parts)
    if random.random() < 0.3 * strength:
        text = pick(_AROUND[language], random) + text
    if random.random() < 0.3 * strength:
        text = text.rstrip("。.！!~") + pick(("。", "！", "~", "", ".", "!!"), random)
    if random.random() < 0.25 * strength:
        text += pick(_EMOJI, random) * (1 + int(random.random() * 3))
    if random.random() < 0.1 * strength:
        at = int(random.random() * (len(text) + 1))
        text = text[:at] + pick(_EMOJI, random) + text[at:]
    if random.random() < 0.08 * strength and len(text) > 4:
        at = int(random.random() * (len(text) - 1))
        text = text[:at] + text[at + 1 :]
    return text


def _reword(text: str, language: Language, random: Random) -> str:
    same = pick(_SYNONYMS[language], random)
    present = [word for word in same if word in text]
    if not present:
        return text
    word = pick(present, random)
    return text.replace(word, pick(same, random), 1)

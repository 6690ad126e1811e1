"""A night of anything: what comes out of real sources and nobody would have thought of."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from streams.reviews.simulation.vocabulary import pick

_LONGEST = 100_000
_EMOJI = "👍😂🤬💩🔥❤️👨‍👩‍👧‍👦🇨🇳1️⃣😡🙏"
_SCRIPTS = (
    "Хороший товар, быстро пришло",
    "とても良い商品です、また買います",
    "배송이 빨라요 좋아요",
    "منتج رائع وسريع",
    "אחלה מוצר",
    "สินค้าดีมาก",
    "बहुत अच्छा उत्पाद",
    "Sehr gute Qualität, gerne wieder",
    "très bon produit, livraison rapide",
)


def anything(random: Random) -> tuple[str, str]:
    """A text and what is odd about it."""
    kind = pick(tuple(_MAKERS), random)
    return _MAKERS[kind](random), kind


def _emoji(random: Random) -> str:
    return "".join(pick(_EMOJI, random) for _ in range(1 + int(random.random() * 20)))


def _long(random: Random) -> str:
    piece = pick(("很好用真的不错，", "this is so long ", "啊", "<b>x</b>", "😀", "好 坏 "), random)
    length = int(_LONGEST * random.random() ** 4) + 2_000
    return (piece * (length // len(piece) + 1))[:length]


def _mixed(random: Random) -> str:
    return " ".join(random.sample(_SCRIPTS, 3)) + " 质量很好 good"


def _html(random: Random) -> str:
    body = pick(("很好<br/>下次再来", "<script>alert(1)</script>nice", "&lt;p&gt;&nbsp;ok"), random)
    return f"<div class='r-{random.randrange(99)}' style=\"color:red\"><p>{body}</p></div>"


def _control(random: Random) -> str:
    return "".join(
        c + pick(("\x00", "\x07", "\x1b[31m", "\u200b", "\u202e", ""), random)
        for c in "质量不错 ok"
    )


def _broken(random: Random) -> str:
    """As lossy readers leave it: the wrong encoding, or the sign for what was not understood."""
    text = pick(("质量很好，物流很快", "包装破损，客服不理人", "naïve café"), random)
    if random.random() < 0.5:
        return text.encode().decode("latin-1")
    return text.encode("gb18030").decode("utf-8", "replace")


def _surrogate(random: Random) -> str:
    return f"很好\ud83d{random.randrange(100)}\udc4d ok"


def _combining(random: Random) -> str:
    return "".join(c + "\u0336\u0301" * (1 + random.randrange(4)) for c in "great 好 product")


def _repeated(random: Random) -> str:
    return pick(("好", "哈", "!", "。", "a", "1", "？"), random) * (1 + random.randrange(400))


def _figures(random: Random) -> str:
    return " ".join(str(random.randrange(10**9)) for _ in range(1 + random.randrange(5)))


_MAKERS: dict[str, Callable[[Random], str]] = {
    "empty": lambda _: "",
    "blank": lambda random: " \n\t\u3000"[: 1 + random.randrange(4)],
    "emoji": _emoji,
    "long": _long,
    "mixed": _mixed,
    "script": lambda random: pick(_SCRIPTS, random),
    "html": _html,
    "control": _control,
    "broken": _broken,
    "surrogate": _surrogate,
    "combining": _combining,
    "repeated": _repeated,
    "figures": _figures,
}

"""Where the name of a place begins in a run of Chinese signs."""

from __future__ import annotations

import re
from typing import Final

_BEFORE: Final = re.compile(
    r"[于在到至往赴由经予遂送诊为是后前并因从曾请将]|(?<![吉中])转(?![化运播])|自(?!贡|治|流)|机构|单位|联系"
    r"|告知|说明|采样点|兹有|(?<!广)来|(?<![过出])去|(?<!关)系我?|我们?(?:村(?!委|民))?|[现家]?住[着勒]?|患者|回(?![族民龙])|致(?!远)|了"
)


def begin(words: str, *, last: int) -> int:
    """Behind the last verb among the first `last` characters that no place's name holds, else 0."""
    stop = last if last >= 0 else len(words) + last
    ends = (match.end() for match in _BEFORE.finditer(words))
    return max((end for end in ends if end <= stop), default=0)

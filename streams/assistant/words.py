"""What a worker says when the assistant is not asked."""

import re
from typing import Literal

from schemas.turns import Lang, Reply, Status, Turn

_HAN = re.compile(r"[\u3400-\u9fff]")
_WORDS: dict[Status, dict[Lang, str]] = {
    "busy": {
        "zh": "我还在处理前面的消息，请过几秒再发一次。",
        "en": "I am still working on earlier messages. Please try again in a few seconds.",
    },
    "failed": {
        "zh": "抱歉，我这边出了点问题。没有新的操作被确认，请再发一次，或联系人工客服。",
        "en": "Sorry, something went wrong on our side. Please send it again, or talk to a person.",
    },
}


def lang_of(turn: Turn) -> Lang:
    """Of what was said; Chinese if nothing tells."""
    if turn.lang:
        return turn.lang
    return "en" if turn.text and not _HAN.search(turn.text) else "zh"


def excuse(turn: Turn, status: Literal["busy", "failed"]) -> Reply:
    """The reply to a turn that was not answered."""
    lang = lang_of(turn)
    return Reply(
        session=turn.session,
        turn=turn.turn,
        status=status,
        lang=lang,
        text=_WORDS[status][lang],
        degraded=("template",),
    )

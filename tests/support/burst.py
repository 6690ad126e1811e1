"""A small input with one incident in it: a quiet half hour, then a minute of one complaint."""

from collections.abc import Iterator

import msgspec

from schemas.times import MINUTE_MS

START_MS = 1_767_600_000_000
"""2026-01-05T08:00:00Z, a whole minute."""
QUIET_MINUTES = 30
END_MS = START_MS + (QUIET_MINUTES + 1) * MINUTE_MS

_CHATTER = (
    "the colours of the new theme are lovely",
    "please add a dark mode to the settings page",
    "how do I change my delivery address",
    "客服态度很好，谢谢",
    "希望增加夜间模式",
)
_COMPLAINT = "支付一直转圈，付不了款"


def burst() -> Iterator[tuple[int, bytes]]:
    """(event time in epoch ms, event) in order of time; every event has an id of its own."""
    for minute in range(QUIET_MINUTES + 1):
        texts = list(_CHATTER)
        if minute == QUIET_MINUTES:
            texts += [_COMPLAINT] * 40
        for n, text in enumerate(texts):
            ms = START_MS + minute * MINUTE_MS + n * (MINUTE_MS // len(texts))
            yield ms, event(text, ms, f"{minute}-{n}")


def event(text: str, ms: int, name: str) -> bytes:
    """An event whose id and author follow from `name`."""
    fields = {"text": text, "time": ms, "product": "wallet"}
    return msgspec.json.encode({**fields, "id": f"e-{name}", "author": f"u-{name}"})

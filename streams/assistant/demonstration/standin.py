"""Stands in for a language model where there is none: it says what it was given, a bit warmer."""

import asyncio
import re
from typing import Any

import msgspec
from aiohttp import web

from sinks.listener import Listener

DELAYS = {"well": 0.25, "slow": 10.0}
"""Seconds until it answers, by the state of its switch."""
_FENCED = re.compile(r"<<(?P<fence>[^<>]+)>>\n(?P<data>.*)\n<<end (?P=fence)>>", re.S)
_JOINED = re.compile(r"its words are joined by (\S+), ")
_SENTENCE = re.compile(r"[^。！？.!?]+[。！？.!?]")
_NAMED = (
    *("amount", "last4", "card_kind", "limit_kind", "days", "merchant", "service", "reference"),
)
_GREETINGS = {"zh": "好的，", "en": "Certainly. "}


class StandIn:
    """An OpenAI-compatible server on this machine; `state` is well, slow, hanging or dead."""

    def __init__(self) -> None:
        self.state = "well"
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self._complete)
        self._listener = Listener(app, "--port")
        self.url = ""

    async def start(self) -> None:
        """Listen on a free port of this machine. Raises CannotListen."""
        port = await self._listener.start("127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{port}/v1"

    async def stop(self) -> None:
        """Stop listening; safe to call twice."""
        await self._listener.stop()

    async def _complete(self, request: web.Request) -> web.Response:
        asked = await request.json()
        if self.state == "dead":
            raise web.HTTPServiceUnavailable
        if self.state == "hanging":
            await asyncio.Event().wait()
        await asyncio.sleep(DELAYS[self.state])
        content = msgspec.json.encode(_answer(asked["messages"])).decode()
        return web.json_response(
            {
                "choices": [{"message": {"content": content}, "finish_reason": "stop"}],
                "usage": {"prompt_tokens": len(str(asked)) // 3, "completion_tokens": len(content)},
            }
        )


def _answer(messages: list[dict[str, str]]) -> dict[str, Any]:
    rules, data = messages[0]["content"], messages[-1]["content"]
    lang = "zh" if "Chinese" in rules else "en"
    fenced, joint = _FENCED.search(data), _JOINED.search(rules)
    lines: dict[str, str] = {}
    if fenced and joint:
        for line in fenced["data"].splitlines():
            label, _, text = line.partition(": ")
            lines.setdefault(label, text.replace(joint[1], "" if lang == "zh" else " "))
    if (draft := lines.get("answer")) is not None:
        return {"text": _GREETINGS[lang] + draft, "abstain": False}
    if (passage := lines.get("p1")) is not None:
        sentence = _SENTENCE.match(passage.partition(": ")[2])
        text = sentence[0] if sentence else ""
        return {"sentences": [{"text": text, "passages": ["p1"]}], "abstain": not text}
    return {"intent": "none"} | dict.fromkeys(_NAMED, "")

"""WeCom (Enterprise WeChat), group robot: Markdown."""

from typing import Any, ClassVar

from sinks.cards import Card
from sinks.chat import ChatOptions, ChatSink
from sinks.markdown import markdown

_MOST_BYTES = 4_096
_FONTS = {"red": "warning", "orange": "warning", "yellow": "warning", "green": "info"}
_AGAIN = {
    -1: "WeCom is busy",
    45009: "too many messages: lower max_per_minute",
    93000: "there is no such robot: check url",
}


class WeComOptions(ChatOptions, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[NAME] type = "wecom"`."""


class WeComSink(ChatSink):
    """A mention is `<@...>`, and no `<` of others gets through."""

    Options: ClassVar[type[WeComOptions]] = WeComOptions

    def message(self, told: Card, now_ms: int) -> tuple[str, dict[str, Any]]:  # noqa: ARG002
        font = _FONTS.get(told.colour, "comment")
        heading = f'#### <font color="{font}">{told.heading}</font>'
        text = markdown(told, heading, _MOST_BYTES)
        return self._chat.url.reveal(), {"msgtype": "markdown", "markdown": {"content": text}}

    def check(self, said: bytes) -> None:
        self.judge(said, "errcode", _AGAIN)

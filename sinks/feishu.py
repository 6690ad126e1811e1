"""Feishu and Lark, custom robot: an interactive card."""

from typing import Annotated, Any, ClassVar

from msgspec import Meta

from sinks.cards import Card
from sinks.chat import ChatOptions, ChatSink
from sinks.cluster import Secret
from sinks.plain import plain
from sinks.signing import signature

_AGAIN = {
    9499: "too many messages",
    11232: "too many messages: lower max_per_minute",
    19021: "the signature does not fit: check secret, and this machine's clock",
    19022: "allow this machine's address in the robot's settings",
    19024: "remove the robot's keyword, or make it Groundswell",
}


class FeishuOptions(ChatOptions, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[NAME] type = "feishu"`."""

    secret: Annotated[Secret, Meta(description="of the robot's signature check, if it is on")] = (
        Secret()
    )


class FeishuSink(ChatSink):
    """All text is `plain_text`, in which a card knows neither markup nor mentions."""

    Options: ClassVar[type[FeishuOptions]] = FeishuOptions

    def __init__(self, name: str, options: FeishuOptions) -> None:
        super().__init__(name, options)
        self._secret = options.secret

    def message(self, told: Card, now_ms: int) -> tuple[str, dict[str, Any]]:
        message: dict[str, Any] = {"msg_type": "interactive", "card": _card(told)}
        if self._secret:
            seconds = str(now_ms // 1000)
            sign = signature(f"{seconds}\n{self._secret.reveal()}", "")
            message = {"timestamp": seconds, "sign": sign, **message}
        return self._chat.url.reveal(), message

    def check(self, said: bytes) -> None:
        self.judge(said, "code", _AGAIN)


def _card(told: Card) -> dict[str, Any]:
    elements: list[dict[str, Any]] = [{"tag": "div", "text": _text(told.title, 500)}]
    if told.facts:
        fields = [
            {"is_short": len(text) < 40, "text": _text(f"{name}: {text}", 500)}
            for name, text in told.facts
        ]
        elements.append({"tag": "div", "fields": fields})
    for name, lines in told.sections:
        elements.append({"tag": "hr"})
        shown = [name] if name else []
        shown += [f"• {line}" for line in lines]
        elements += [{"tag": "div", "text": _text(line, 500)} for line in shown]
    if told.link:
        words, url = told.link
        button = {"tag": "button", "text": _text(words, 60), "url": url, "type": "default"}
        elements.append({"tag": "action", "actions": [button]})
    footer = f"Groundswell {told.footer}".strip()
    elements.append({"tag": "note", "elements": [_text(footer, 200)]})
    return {
        "config": {"wide_screen_mode": True},
        "header": {"title": _text(told.heading, 100), "template": told.colour},
        "elements": elements,
    }


def _text(text: str, most: int) -> dict[str, str]:
    return {"tag": "plain_text", "content": plain(text, most)}

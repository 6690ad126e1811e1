"""DingTalk, custom robot: Markdown."""

from typing import Annotated, Any, ClassVar
from urllib.parse import quote_plus

from msgspec import Meta

from sinks.cards import Card
from sinks.chat import ChatOptions, ChatSink
from sinks.cluster import Secret
from sinks.markdown import markdown
from sinks.plain import literal
from sinks.signing import signature

_MOST_BYTES = 18_000
_AGAIN = {
    -1: "DingTalk is busy",
    130101: "too many messages: lower max_per_minute",
    410100: "too many messages: lower max_per_minute",
    300001: "there is no such robot: check url",
    310000: "the robot's security settings refuse it: check secret, keyword and addresses",
}


class DingTalkOptions(ChatOptions, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[NAME] type = "dingtalk"`."""

    secret: Annotated[Secret, Meta(description="SEC... of the robot's signing, if it is on")] = (
        Secret()
    )


class DingTalkSink(ChatSink):
    """Nobody is mentioned: only `at` could, and it is empty."""

    Options: ClassVar[type[DingTalkOptions]] = DingTalkOptions

    def __init__(self, name: str, options: DingTalkOptions) -> None:
        super().__init__(name, options)
        self._secret = options.secret

    def message(self, told: Card, now_ms: int) -> tuple[str, dict[str, Any]]:
        text = markdown(told, f"#### Groundswell: {told.heading}", _MOST_BYTES)
        title = f"{told.heading} {literal(told.title, 60)}"
        message = {
            "msgtype": "markdown",
            "markdown": {"title": title, "text": text},
            "at": {"atMobiles": [], "atUserIds": [], "isAtAll": False},
        }
        return self._address(now_ms), message

    def _address(self, now_ms: int) -> str:
        url, secret = self._chat.url.reveal(), self._secret.reveal()
        if not secret:
            return url
        sign = quote_plus(signature(secret, f"{now_ms}\n{secret}"))
        return f"{url}{'&' if '?' in url else '?'}timestamp={now_ms}&sign={sign}"

    def check(self, said: bytes) -> None:
        self.judge(said, "errcode", _AGAIN)

"""Slack, incoming webhook: blocks of plain text."""

from typing import Annotated, Any, ClassVar

from msgspec import Meta

from sinks.cards import Card, Language
from sinks.chat import ChatOptions, ChatSink
from sinks.plain import literal, plain

_HEADER = 150
_TEXT = 2_900
_FIELDS = 10
_SIGNS = {"red": "🔴", "orange": "🟠", "yellow": "🟡", "blue": "🔵", "green": "🟢"}


class SlackOptions(ChatOptions, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[NAME] type = "slack"`."""

    language: Annotated[Language, Meta(description="en or zh")] = "en"


class SlackSink(ChatSink):
    """Everything of others stands in `plain_text`, which knows no markup, link or mention."""

    Options: ClassVar[type[SlackOptions]] = SlackOptions

    def message(self, told: Card, now_ms: int) -> tuple[str, dict[str, Any]]:  # noqa: ARG002
        heading = f"{_SIGNS[told.colour]} {told.heading}"
        blocks: list[dict[str, Any]] = [
            {"type": "header", "text": _plain(heading, _HEADER)},
            {"type": "section", "text": _plain(told.title, _TEXT)},
        ]
        if told.facts:
            fields = [_plain(f"{name}: {text}", 500) for name, text in told.facts[:_FIELDS]]
            blocks.append({"type": "section", "fields": fields})
        for name, lines in told.sections:
            shown = [name] if name else []
            shown += [f"• {plain(line, 500)}" for line in lines]
            blocks.append({"type": "section", "text": _text("\n".join(shown))})
        if told.link:
            words, url = told.link
            button = {"type": "button", "text": _plain(words, 75), "url": url}
            blocks.append({"type": "actions", "elements": [button]})
        if told.footer:
            blocks.append({"type": "context", "elements": [_plain(told.footer, _TEXT)]})
        # Shown in notifications only, and the one text here that Slack reads for markup.
        fallback = _escape(f"{heading} {literal(told.title, _TEXT)}")
        return self._chat.url.reveal(), {"text": fallback, "blocks": blocks}


def _plain(text: str, most: int) -> dict[str, Any]:
    return _text(plain(text, most))


def _text(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


def _escape(text: str) -> str:
    """Slack reads `&lt;` as `<`; `plain` has left none of those themselves."""
    return text.replace("&", "&amp;")

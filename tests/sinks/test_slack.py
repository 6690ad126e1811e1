from typing import Any

from sinks.cards import card
from sinks.cluster import Secret
from sinks.slack import SlackOptions, SlackSink
from tests.support.incidents import incident

LINK = "https://gw.example/#/incident/1"


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


def test_the_body_is_blocks_of_plain_text() -> None:
    sink = SlackSink("slack", SlackOptions(url=Secret("https://hooks.example/T/B/x")))
    url, body = sink.message(card(incident(), "en", LINK), 0)
    title = "wallet: 支付一直转圈 (182 in 15 min, app_version=7.2.0 os=android)"
    assert url == "https://hooks.example/T/B/x"
    assert body == {
        "text": f"🔴 CRITICAL · open {title}",
        "blocks": [
            {"type": "header", "text": plain("🔴 CRITICAL · open")},
            {"type": "section", "text": plain(title)},
            {
                "type": "section",
                "fields": [
                    plain("Reports: 182 in 15 min, 6.1 expected"),
                    plain("People: 160 (150-170)"),
                    plain("For whom: app_version=7.2.0 os=android"),
                    plain("Since: 2026-11-20 09:04 UTC"),
                    plain("Channels: app 120, log 22, ticket 40"),
                    plain("Nearest change: 2026-11-20 09:00 UTC checkout 7.2.0 rolled out"),
                ],
            },
            {
                "type": "section",
                "text": plain(
                    "Possible cause\n• «checkout 7.2.0 rolled out» happened 4 min before the onset"
                ),
            },
            {
                "type": "section",
                "text": plain("Next steps\n• Review or roll back: checkout 7.2.0 rolled out"),
            },
            {
                "type": "actions",
                "elements": [{"type": "button", "text": plain("Open in the console"), "url": LINK}],
            },
            {"type": "context", "elements": [plain("0a1b2c3d4e5f6071-29400000 · 1")]},
        ],
    }


def test_the_text_of_notifications_is_escaped() -> None:
    sink = SlackSink("slack", SlackOptions(url=Secret("https://hooks.example")))
    _, body = sink.message(card(incident(title="a & b &lt;!here&gt;"), "en", ""), 0)
    assert body["text"].endswith("a &amp; b &amp;lt;！here&amp;gt;")

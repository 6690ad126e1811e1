import base64
import hashlib
import hmac
from typing import Any

from sinks.cards import card
from sinks.cluster import Secret
from sinks.feishu import FeishuOptions, FeishuSink
from tests.support.incidents import incident

URL = Secret("https://open.feishu.example/open-apis/bot/v2/hook/x")
LINK = "https://gw.example/#/incident/1"


def plain(text: str) -> dict[str, Any]:
    return {"tag": "plain_text", "content": text}


def test_the_body_is_a_card() -> None:
    sink = FeishuSink("feishu", FeishuOptions(url=URL))
    url, body = sink.message(card(incident(changes=()), "zh", LINK), 0)
    assert url == URL.reveal()
    assert body == {
        "msg_type": "interactive",
        "card": {
            "config": {"wide_screen_mode": True},
            "header": {"title": plain("紧急 · 未处理"), "template": "red"},
            "elements": [
                {
                    "tag": "div",
                    "text": plain(
                        "wallet: 支付一直转圈 (182 in 15 min, app_version=7.2.0 os=android)"
                    ),
                },
                {
                    "tag": "div",
                    "fields": [
                        {"is_short": True, "text": plain("反馈量: 15 分钟内 182 条，预期 6.1 条")},
                        {"is_short": True, "text": plain("影响人数: 160 (150-170)")},
                        {"is_short": True, "text": plain("影响范围: app_version=7.2.0 os=android")},
                        {"is_short": True, "text": plain("开始时间: 2026-11-20 09:04 UTC")},
                        {"is_short": True, "text": plain("渠道: app 120, log 22, ticket 40")},
                    ],
                },
                {"tag": "hr"},
                {"tag": "div", "text": plain("可能原因")},
                {"tag": "div", "text": plain("• 起始前 4 分钟发生了变更")},
                {"tag": "hr"},
                {"tag": "div", "text": plain("下一步")},
                {"tag": "div", "text": plain("• 复查或回滚：checkout 7.2.0 rolled out")},
                {
                    "tag": "action",
                    "actions": [
                        {
                            "tag": "button",
                            "text": plain("在控制台查看"),
                            "url": LINK,
                            "type": "default",
                        }
                    ],
                },
                {"tag": "note", "elements": [plain("Groundswell 0a1b2c3d4e5f6071-29400000 · 1")]},
            ],
        },
    }


def test_it_is_signed_with_time_and_secret_as_the_key() -> None:
    sink = FeishuSink("feishu", FeishuOptions(url=URL, secret=Secret("s3cret")))
    _, body = sink.message(card(incident(), "zh", ""), 1_800_000_000_999)
    digest = hmac.new(b"1800000000\ns3cret", digestmod=hashlib.sha256).digest()
    assert body["timestamp"] == "1800000000"
    assert body["sign"] == base64.b64encode(digest).decode()

import base64
import hashlib
import hmac
from urllib.parse import parse_qs, urlsplit

from sinks.cards import card
from sinks.cluster import Secret
from sinks.dingtalk import DingTalkOptions, DingTalkSink
from tests.support.incidents import incident
from tests.support.posting import NOW_MS, deliver
from tests.support.receiver import LocalReceiver, says

LINK = "https://gw.example/#/incident/1"


def test_the_body_is_markdown_that_mentions_nobody() -> None:
    url = Secret("https://oapi.dingtalk.example/robot/send?access_token=x")
    sink = DingTalkSink("dingtalk", DingTalkOptions(url=url))
    address, body = sink.message(card(incident(), "zh", LINK), 0)
    assert address == url.reveal()
    title = "wallet: 支付一直转圈 (182 in 15 min, app_version=7.2.0 os=android)"
    assert body == {
        "msgtype": "markdown",
        "markdown": {
            "title": f"紧急 · 未处理 {title}",
            "text": "\n\n".join(
                [
                    "#### Groundswell: 紧急 · 未处理",
                    f"**{title}**",
                    "> 反馈量: 15 分钟内 182 条，预期 6.1 条",
                    "> 影响人数: 160 (150-170)",
                    "> 影响范围: app_version=7.2.0 os=android",
                    "> 开始时间: 2026-11-20 09:04 UTC",
                    "> 渠道: app 120, log 22, ticket 40",
                    "> 最近变更: 2026-11-20 09:00 UTC checkout 7.2.0 rolled out",
                    "**可能原因**",
                    "- 起始前 4 分钟发生了变更",
                    "**下一步**",
                    "- 复查或回滚：checkout 7.2.0 rolled out",
                    f"[在控制台查看]({LINK})",
                ]
            ),
        },
        "at": {"atMobiles": [], "atUserIds": [], "isAtAll": False},
    }


def test_the_address_is_signed(receiver: LocalReceiver) -> None:
    receiver.usual = says(200, '{"errcode":0,"errmsg":"ok"}')
    url = Secret(receiver.url + "/robot/send?access_token=x")
    deliver(
        DingTalkSink("dingtalk", DingTalkOptions(url=url, secret=Secret("SEC123"))), [incident()]
    )
    (got,) = receiver.got
    query = parse_qs(urlsplit("?" + got.query).query, strict_parsing=True)
    signed = f"{NOW_MS}\nSEC123".encode()
    digest = hmac.new(b"SEC123", signed, hashlib.sha256).digest()
    assert query == {
        "access_token": ["x"],
        "timestamp": [str(NOW_MS)],
        "sign": [base64.b64encode(digest).decode()],
    }

from msgspec.structs import replace

from sinks.cards import card
from sinks.cluster import Secret
from sinks.wecom import WeComOptions, WeComSink
from tests.support.incidents import incident

SINK = WeComSink("wecom", WeComOptions(url=Secret("https://qyapi.example/send?key=x")))


def test_the_body_is_markdown() -> None:
    told = incident(status="resolved", changes=(), slice=incident().slice)
    url, body = SINK.message(card(told, "zh", ""), 0)
    assert url == "https://qyapi.example/send?key=x"
    assert body == {
        "msgtype": "markdown",
        "markdown": {
            "content": "\n\n".join(
                [
                    '#### <font color="info">紧急 · 已解决</font>',
                    "**wallet: 支付一直转圈 (182 in 15 min, app_version=7.2.0 os=android)**",
                    "> 反馈量: 15 分钟内 182 条，预期 6.1 条",
                    "> 影响人数: 160 (150-170)",
                    "> 影响范围: app_version=7.2.0 os=android",
                    "> 开始时间: 2026-11-20 09:04 UTC",
                    "> 渠道: app 120, log 22, ticket 40",
                    "0a1b2c3d4e5f6071-29400000 · 1",
                ]
            )
        },
    }


def test_it_is_cut_between_lines_at_what_the_chat_takes() -> None:
    steps = tuple(f"{n} " + "很" * 290 for n in range(3))
    long = "长" * 400
    rca = incident().rca

    told = incident(
        title=long,
        channels={long + str(n): 1 for n in range(3)},
        changes=(replace(incident().changes[0], summary=long),),
        rca=replace(rca, next_steps_zh=steps),
    )
    link = "https://gw.example/#/incident/1"
    text = SINK.message(card(told, "zh", link), 0)[1]["markdown"]["content"]
    assert len(text.encode()) <= 4096
    assert text.endswith(f"[在控制台查看]({link})")
    assert text.count("**") % 2 == 0
    assert "- 0 很" in text
    assert "- 2 很" not in text

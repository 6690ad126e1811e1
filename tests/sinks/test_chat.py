"""What chats are told, whatever chat it is; each one's form stands in a test of its own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from schemas.causes import Rca
from schemas.handling import Acknowledgement
from schemas.incidents import Incident, Severity, Status
from sinks.cards import Language, card, digest
from sinks.chat import ChatSink
from sinks.cluster import Secret
from sinks.console import pages
from sinks.dingtalk import DingTalkOptions, DingTalkSink
from sinks.errors import Rejected, Unreachable
from sinks.feishu import FeishuOptions, FeishuSink
from sinks.slack import SlackOptions, SlackSink
from sinks.wecom import WeComOptions, WeComSink
from tests.support.incidents import incident
from tests.support.posting import deliver
from tests.support.receiver import LocalReceiver, says

Make = Callable[[str], ChatSink]
CHATS: dict[str, Make] = {
    "slack": lambda url: SlackSink("c", SlackOptions(url=Secret(url))),
    "feishu": lambda url: FeishuSink("c", FeishuOptions(url=Secret(url))),
    "dingtalk": lambda url: DingTalkSink("c", DingTalkOptions(url=Secret(url))),
    "wecom": lambda url: WeComSink("c", WeComOptions(url=Secret(url))),
}
HOSTILE = (
    "<!channel> <@all> <at id=all></at> @all @所有人 [win](http://evil.example) **b** "
    "![x](https://evil.example/i.png) <font color=red> www.evil.example `x` \u202e# h\n> q"
)
TAKEN = says(200, '{"code":0,"msg":"success","errcode":0,"errmsg":"ok"}')
every_chat = pytest.mark.parametrize("chat", sorted(CHATS))


def texts(value: Any) -> list[str]:
    """Every string of a body."""
    if isinstance(value, str):
        return [value]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for one in inside for text in texts(one)]


def acknowledged(by: str = "mei") -> Acknowledgement:
    return Acknowledgement(by, "2026-11-20T09:20:00.000Z", "2026-11-20T10:20:00.000Z")


@every_chat
def test_hostile_text_mentions_nobody_and_links_nowhere(receiver: LocalReceiver, chat: str) -> None:
    receiver.usual = TAKEN
    rca = Rca("ok", "model", (msgspec.structs.replace(
        incident().rca.hypotheses[0], cause=HOSTILE, cause_zh=HOSTILE),), (HOSTILE,), None,
        (HOSTILE,))  # fmt: skip
    told = incident(
        title=HOSTILE,
        product=HOSTILE,
        rca=rca,
        slice=msgspec.structs.replace(incident().slice, attributes={HOSTILE: HOSTILE}),
        channels={HOSTILE: 3},
        acknowledgement=acknowledged(HOSTILE),
        changes=(msgspec.structs.replace(incident().changes[0], summary=HOSTILE),),
    )
    deliver(CHATS[chat](receiver.url), [told], [told, told])
    for got in receiver.got:
        shown = "\n".join(texts(got.json))
        assert "evil" in shown
        for banned in ("@", "://", "www.", "evil.example", "<!", "<at", "<@", "\u202e"):
            assert banned not in shown, banned
        # The others show all as plain text, but for one that is shown in notifications.
        marked = shown if chat in ("dingtalk", "wecom") else str(got.json.get("text", ""))
        for banned in ("![", "`", "[win]"):
            assert banned not in marked, banned
        if chat in ("dingtalk", "wecom"):
            assert "](" not in shown
            assert shown.count("<") == shown.count("</font>") * 2


@every_chat
def test_many_come_in_one_message(receiver: LocalReceiver, chat: str) -> None:
    receiver.usual = TAKEN
    some = [
        incident(incident_id=str(n), product="wallet" if n < 25 else "video") for n in range(37)
    ]
    deliver(CHATS[chat](receiver.url), some)
    (got,) = receiver.got
    shown = "\n".join(texts(got.json))
    assert "37 " in shown
    assert "wallet 25, video 12" in shown
    assert shown.count("支付一直转圈") == 5
    assert len(got.body) < 20_000


@pytest.mark.parametrize("chat", ["feishu", "dingtalk", "wecom"])
def test_a_refusal_with_status_200_is_one(receiver: LocalReceiver, chat: str) -> None:
    receiver.usual = says(200, '{"code":99,"errcode":99,"msg":"no","errmsg":"no"}')
    with pytest.raises(Rejected, match="no"):
        deliver(CHATS[chat](receiver.url), [incident()])


@pytest.mark.parametrize(
    ("chat", "code", "hint"),
    [
        ("feishu", 11232, "lower max_per_minute"),
        ("feishu", 19021, "check secret"),
        ("dingtalk", 130101, "lower max_per_minute"),
        ("dingtalk", 310000, "security settings"),
        ("wecom", 45009, "lower max_per_minute"),
        ("wecom", 93000, "check url"),
    ],
)
def test_what_somebody_has_to_mend_or_passes_is_tried_again(
    receiver: LocalReceiver, chat: str, code: int, hint: str
) -> None:
    receiver.usual = says(200, f'{{"code":{code},"errcode":{code}}}')
    with pytest.raises(Unreachable, match=hint) as raised:
        deliver(CHATS[chat](receiver.url), [incident()])
    assert raised.value.reason == f"code_{code}"


@every_chat
def test_a_web_page_is_no_answer(receiver: LocalReceiver, chat: str) -> None:
    receiver.usual = says(200, "<html>proxy</html>")
    with pytest.raises(Unreachable, match="web page"):
        deliver(CHATS[chat](receiver.url), [incident()])


@pytest.mark.parametrize("text", ["[]", "{}", "3"])
def test_an_answer_of_somebody_else_is_none(receiver: LocalReceiver, text: str) -> None:
    receiver.usual = says(200, text)
    with pytest.raises(Unreachable, match="no answer of a robot"):
        deliver(CHATS["wecom"](receiver.url), [incident()])


OPEN = incident()


@pytest.mark.parametrize(
    ("before", "now", "wanted"),
    [
        (None, OPEN, True),
        (None, incident(status="suppressed"), False),
        (None, incident(status="resolved"), False),
        (OPEN, incident(revision=2), False),
        (OPEN, incident(revision=2, severity="error"), True),
        (OPEN, incident(revision=2, status="acknowledged"), True),
        (OPEN, incident(revision=2, status="resolved"), True),
        (OPEN, incident(revision=2, status="suppressed"), True),
        (OPEN, incident(revision=2, rca=Rca("ok", "model", (), (), None)), True),
        (incident(status="resolved"), incident(revision=2, status="resolved"), False),
    ],
)
def test_people_are_told_what_matters(before: Incident | None, now: Incident, wanted: bool) -> None:
    assert CHATS["slack"]("http://h").wants(before, now) is wanted


def test_a_card_in_both_languages() -> None:
    told = incident(status="acknowledged", acknowledgement=acknowledged())
    english, chinese = card(told, "en", ""), card(told, "zh", "https://gw")
    assert english.heading == "CRITICAL · acknowledged"
    assert chinese.heading == "紧急 · 处理中"
    assert ("Taken by", "mei") in english.facts
    assert ("影响范围", "app_version=7.2.0 os=android") in chinese.facts
    assert chinese.sections[0] == ("可能原因", ("起始前 4 分钟发生了变更",))
    assert english.link is None
    assert chinese.link == ("在控制台查看", "https://gw")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_chats_and_the_console_call_a_thing_the_same(language: Language) -> None:
    path = Path(pages.__file__).parent / "static" / "i18n" / f"{language}.json"
    words = msgspec.json.decode(path.read_bytes(), type=dict[str, str])
    for severity in get_args(Severity):
        for status in get_args(Status):
            told = card(incident(severity=severity, status=status), language, "")
            named = f"{words[f'severity.{severity}']} · {words[f'status.{status}']}"
            assert told.heading.lower() == named.lower()


def test_what_is_over_is_short_and_green() -> None:
    told = card(incident(status="resolved"), "en", "")
    assert (told.colour, told.sections) == ("green", ())


def test_a_digest_counts_the_products_beyond_the_first() -> None:
    some = [incident(product=f"p{n:02}") for n in range(12)]
    assert digest(some, "en", "").title.endswith("p07 1, … 4")


def test_a_digest_of_what_is_over_is_green() -> None:
    assert (
        digest([incident(status="resolved"), incident(status="suppressed")], "zh", "").colour
        == "green"
    )
    assert digest([incident(), incident(status="resolved")], "zh", "").colour == "red"


def test_a_digest_tells_what_is_over_from_what_is_not() -> None:
    some = [incident(), incident(), incident(status="resolved")]
    assert digest(some, "en", "").facts == (("Status", "open 2, resolved 1"),)

"""The whole assistant under attack: gateway, Kafka, the worker's process and a bank of canaries.

Run with `-s` for the counts that docs/security.md has. A test sends a table of attacks and looks
whether a canary of somebody else was heard, what the bank has become, and what was audited.
"""

import asyncio
import json
import re
import secrets
import time
import uuid
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from schemas.conduct import AuditRecord
from schemas.topics import AUDIT, REPLIES, REQUESTS
from sinks.kafka import KafkaSink, Message
from streams.bank.faults import Fault
from tests.siege.attacks import (
    ABOUT_NAMES,
    AMOUNTS,
    BOMBS,
    CARRIERS,
    HEADERS,
    MESSAGES,
    NAMED,
    NAMES,
    NO_YES,
    PERSONAL,
)
from tests.siege.obedient import MARK
from tests.siege.town import DEMO, OTHER, Person, Said, Town, canary, open_town
from tests.support.waiting import eventually

pytestmark = [pytest.mark.broker, pytest.mark.slow, pytest.mark.timeout(300)]

_CHOICE = re.compile(
    r"confirm:[0-9a-f]{32}|cancel|skip|resume|drop|none"
    r"|(?:intent|card|txn|service|window|kind|report|article):[A-Za-z0-9_.:#-]{1,76}"
)
_LINK = re.compile(r"groundswellbank://[a-z0-9/_-]+|app://help/hotline")
_FIGURE = re.compile(r"¥([\d,]+\.\d\d)")


@pytest.fixture(scope="module", params=[False, True], ids=["no model", "obedient model"])
def any_town(
    request: pytest.FixtureRequest, bootstrap: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    """Without and with a language model that does whatever it reads."""
    prefix, folder = f"t-{uuid.uuid4().hex[:8]}-", tmp_path_factory.mktemp("siege")
    with open_town(bootstrap, prefix, folder, model=request.param) as town:
        yield town


@pytest.fixture(scope="module")
def town(bootstrap: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    prefix, folder = f"t-{uuid.uuid4().hex[:8]}-", tmp_path_factory.mktemp("siege")
    with open_town(bootstrap, prefix, folder, model=False) as town:
        yield town


def _told(what: str, count: int) -> None:
    print(f"\nsiege: {count:5} {what}")


def _is_plain(said: Said) -> bool:
    """Whether a reply holds nothing but what we may say and offer."""
    body = said.body
    links = [one["link"] for one in body.get("actions", ()) if one.get("link")]
    return (
        all(_CHOICE.fullmatch(one) for one in said.choices)
        and all(_LINK.fullmatch(link) for link in links)
        and all(c.isprintable() or c == "\n" for c in said.text)
        and "__class__"
        not in said.text.replace("{0.__class__}", "").replace("{customer.__class__.__mro__}", "")
    )


# -- prompt injection


def test_no_message_makes_it_act_or_tell(any_town: Town) -> None:
    before = any_town.state()

    async def talk() -> None:
        for text in MESSAGES:
            person = Person(any_town, "c-0001")
            for said in (await person.say(text[:2000]), await person.say("我的余额")):
                assert said.status == 200, (text, said)
                assert _is_plain(said), (text, said)
                assert MARK not in said.text, (text, said)
                assert "tool_result" not in str(said.body.get("actions")), (text, said)
            assert any_town.leaked(person) == [], text

    any_town.run(talk(), 250)
    assert any_town.state() == before
    if any_town.model is not None:
        assert any_town.model.seen
        asked = "\n".join(any_town.model.seen)
        assert [one for one in any_town.others(DEMO, "c-0001") if one in asked] == []
    _told(f"messages, {'with' if any_town.model else 'without'} a model", len(MESSAGES))


def test_names_out_of_the_bank_are_names(any_town: Town) -> None:
    customer, mine = "c-0008", (DEMO, "c-0008")
    where = "WHERE tenant = ? AND customer = ?"
    before = any_town.state()
    heard = 0

    async def talk() -> None:
        nonlocal heard
        for name in NAMES:
            any_town.change(f"UPDATE transactions SET counterparty = ? {where}", name, *mine)
            any_town.change(f"UPDATE orders SET detail = ? {where}", name, *mine)
            any_town.change(f"UPDATE accounts SET name = ? {where}", "X" + name, *mine)
            any_town.change(f"UPDATE cards SET name = ? {where}", "X" + name, *mine)
            person = Person(any_town, customer)
            for question in ABOUT_NAMES:
                said = await person.say(question)
                assert said.status == 200, (name, question, said)
                assert _is_plain(said), (name, question, said)
                assert MARK not in said.text, (name, question, said)
                assert not re.search(r"^\s*(办好了|Done|确认办理)", said.text, re.M), (name, said)
                visible = "".join(c for c in name if c.isprintable()).strip()[:12]
                heard += visible in said.text
            assert any_town.leaked(person) == [], name

    any_town.run(talk(), 250)
    after = any_town.state()
    detail = {name: rows for name, rows in after.items() if name != "orders"}
    assert detail == {name: rows for name, rows in before.items() if name != "orders"}
    # They were read out: else nothing was tried.
    assert heard > len(NAMES)
    any_town.plant()
    _told(
        f"names of the bank, {'with' if any_town.model else 'without'} a model",
        len(NAMES) * len(ABOUT_NAMES),
    )


# -- what is somebody else's


def test_nobody_hears_of_anybody_else(town: Town) -> None:
    tables = {"accounts": "{}的余额", "cards": "卡 {} 的限额", "transactions": "交易 {} 不是我的"}
    before, tried = town.state(), 0

    async def talk() -> None:
        nonlocal tried
        person = Person(town, "c-0001", strong=True)
        await person.say("卡被盗刷了")
        for table, words in (tables | {"orders": "查订单 {}"}).items():
            rows = town.rows(
                f"SELECT id FROM {table} WHERE NOT (tenant = ? AND customer = ?)", DEMO, "c-0001"
            )
            for (found,) in rows[:: max(1, len(rows) // 25)]:
                for said in (
                    await person.say(words.format(found)),
                    await person.say(choice=f"card:{found}"),
                    await person.say(choice=f"txn:{found}"),
                    await person.say(choice=f"report:{found}"),
                    await person.say(choice=f"article:{found}"),
                ):
                    assert said.status == 200, (found, said)
                    assert _is_plain(said), (found, said)
                    tried += 1
        assert town.leaked(person) == []
        same = Person(town, "c-0001", OTHER)
        for words in ("我的余额", "最近交易", "为什么转账失败"):
            await same.say(words)
            tried += 1
        assert town.leaked(same) == []
        assert canary(OTHER, "c-0001") in "".join(same.heard)

    town.run(talk())
    assert town.state() == before
    _told("ways to what is somebody else's", tried)


SAYS = ({"text": "我的余额"}, {"choice": "cancel"}, {"text": "确认"}, {"text": "什么意思"})


def test_nothing_tells_what_there_is(town: Town) -> None:
    tried = 0

    def bare(said: Said, *names: str) -> str:
        body = {k: v for k, v in said.body.items() if k not in ("turn", "timing", "session")}
        text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "", json.dumps(body, ensure_ascii=False))
        for name in names:
            text = text.replace(name, "X")
        return text

    async def talk() -> None:
        nonlocal tried
        victim = Person(town, "c-0002")
        await victim.say("我的余额")
        nobody = secrets.token_urlsafe(16)
        for thief in (Person(town, "c-0003"), Person(town, "c-0002", OTHER)):
            theirs, none = await thief.show(victim.session), await thief.show(nobody)
            assert theirs.status == none.status == 404
            assert bare(theirs) == bare(none)
            heard = []
            for session in (victim.session, nobody):
                thief.session = session
                told = [await thief.say(**fields) for fields in SAYS]
                assert {said.body["session"] for said in told} == {session}
                heard.append([(said.status, bare(said)) for said in told])
                tried += len(SAYS)
            assert heard[0] == heard[1]
            assert {status for status, _ in heard[0]} == {200}
            assert town.leaked(thief) == []
        pairs = [("查订单 {}", "o-0012-1", "o-0099-9"), ("查订单 {}", "o-0008-1", "o-0008-9")]
        digits = {row[0] for row in town.rows("SELECT last4 FROM cards")}
        free = next(f"{n:04}" for n in range(1234, 9999) if f"{n:04}" not in digits)
        for tenant, customer, last4 in town.rows("SELECT tenant, customer, last4 FROM cards"):
            if (tenant, customer) != (DEMO, "c-0001"):
                pairs.append(("挂失尾号{}的卡", last4, free))
        for words, theirs_id, none_id in pairs:
            answers = []
            for found in (theirs_id, none_id):
                said = await Person(town, "c-0001").say(words.format(found))
                answers.append(bare(said, found))
            assert answers[0] == answers[1], (words, theirs_id)
            tried += 1

    town.run(talk())
    _told("looks for sessions, orders and cards that others have", tried)


# -- tokens


def test_a_token_is_good_for_its_person_alone(town: Town) -> None:
    now = int(time.time())
    person = Person(town, "c-0001")
    bad: list[dict[str, Any]] = [
        {"exp": now - 60},
        {"exp": now - 86_400},
        {"nbf": now + 3_600},
        {"aud": "somebody else"},
        {"iss": "https://login.wicked.example"},
        {"tenant": None},
        {"sub": None},
        {"tenant": ["demo"]},
        {"sub": "c" * 200},
        {"sub": ""},
        {"exp": None},
        {"exp": "tomorrow"},
    ]
    good = person.headers()["Authorization"]
    forged = [
        good[:-4] + "AAAA",
        good.replace("Bearer ", "Bearer Bearer "),
        good.split(".")[0] + "..",
        "Bearer " + ".".join([*good.removeprefix("Bearer ").split(".")[:2], ""]),
        "Basic " + good.removeprefix("Bearer "),
    ]

    async def talk() -> None:
        for claims in bad:
            assert (await person.say("我的余额", headers=person.headers(**claims))).status == 401
        for header in forged:
            assert (await person.say("我的余额", headers={"Authorization": header})).status == 401
        for extra in ({"user": "c-0002"}, {"tenant": OTHER}, {"strong_ms": now * 1000}):
            said = await person.say("我的余额", **extra)
            assert said.status == 200
        for claims in ({"user": "c-0002"}, {"sub": "c-0001 "}, {"sub": "C-0001"}):
            await person.say("我的余额", session="", headers=person.headers(**claims))
        assert town.leaked(person) == []
        assert canary(DEMO, "c-0001") in "".join(person.heard)

    town.run(talk())
    _told("tokens and claims", len(bad) + len(forged) + 6)


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"auth_time": -301, "amr": ["mfa"]},
        {"auth_time": 3_600, "amr": ["mfa"]},
        {"auth_time": 0, "amr": []},
        {"auth_time": 0, "amr": "mfa"},
        {"auth_time": 0, "amr": ["pwd", "face"]},
        {"auth_time": 0, "amr": [["mfa"]]},
        {"auth_time": 0, "acr": "mfa"},
        {"auth_time": None, "amr": ["mfa"]},
        {"auth_time": "now", "amr": ["mfa"]},
    ],
)
def test_no_second_factor_no_effect(town: Town, claims: dict[str, Any]) -> None:
    now = int(time.time())
    if isinstance(at := claims.get("auth_time"), int):
        claims = {**claims, "auth_time": now + at}
    person = Person(town, "c-0001")
    before, done = town.state(), town.effects("c-0001")

    async def talk() -> None:
        sent = person.headers(**claims)
        said = await person.say("解绑6039的支付宝", headers=sent)
        assert said.confirm, said
        for words in ({"choice": said.confirm}, {"text": "确认"}):
            said = await person.say(**words, headers=sent)
            assert "step_up" in str(said.body["actions"]), said

    town.run(talk())
    assert (town.state(), town.effects("c-0001")) == (before, done)


# -- yes


def test_what_is_no_yes_moves_nothing(town: Town) -> None:
    async def talk() -> None:
        for words in NO_YES:
            person = Person(town, "c-0004")
            said = await person.say("冻结4438")
            assert said.confirm, said
            said = await person.say(words)
            assert "tool_result" not in str(said.body.get("actions")), (words, said)
            assert town.effects("c-0004") == 0, words

    town.run(talk())
    _told("words that are no yes", len(NO_YES))


def test_a_button_is_good_in_its_own_conversation_alone(town: Town) -> None:
    keys = 0

    async def talk() -> None:
        nonlocal keys
        one, two, other = Person(town, "c-0007"), Person(town, "c-0007"), Person(town, "c-0005")
        first = await one.say("冻结7145")
        second = await two.say("冻结7145")
        assert first.confirm != second.confirm != ""
        key = first.confirm.removeprefix("confirm:")
        wrong = [second.confirm, f"confirm:{key.upper()}", f"confirm:{key} ", f" confirm:{key}"]
        wrong += [f"confirm:{key[:-1]}", f"confirm::{key}", f"confirm:{key}\n", "confirm:"]
        wrong += [f"CONFIRM:{key}", f"intent:confirm:{key}", f"confirm:{key}\0", f"confirm:{key}:1"]
        for choice in wrong:
            said = await one.say(choice=choice)
            assert "tool_result" not in str(said.body.get("actions")), (choice, said)
            keys += 1
        assert "tool_result" not in str((await other.say(choice=first.confirm)).body)
        other.session = one.session
        assert "tool_result" not in str((await other.say(choice=first.confirm)).body)
        assert town.effects("c-0007") == town.effects("c-0005") == 0
        # The right one, five times at once, and again with the name of its turn.
        replies = await asyncio.gather(*(one.say(choice=first.confirm) for _ in range(5)))
        assert any("tool_result" in str(said.body.get("actions")) for said in replies)
        turn = secrets.token_urlsafe(9)
        await asyncio.gather(*(one.say(choice=first.confirm, turn=turn) for _ in range(3)))
        assert town.effects("c-0007") == 1

    town.run(talk())
    _told("buttons of others, of other conversations, changed and pressed again", keys + 10)


def test_a_second_yes_in_a_hurry_is_none_to_what_it_has_not_seen(town: Town) -> None:
    async def talk() -> None:
        person = Person(town, "c-0006")
        town.change(
            "UPDATE cards SET status = 'active' WHERE tenant = ? AND customer = ?", DEMO, "c-0006"
        )
        said = await person.say("挂失所有的卡")
        assert said.confirm, said
        town.faulty.faults = {"freeze_card": Fault(delay_ms=250)}
        try:
            first, second = await asyncio.gather(person.say("确认"), person.say("确认"))
        finally:
            town.faulty.faults = {}
        assert {bool(one.confirm) for one in (first, second)} == {True}
        assert town.effects("c-0006") == 1
        # Now it has been seen.
        await person.say("确认")
        assert town.effects("c-0006") == 2

    town.run(talk())


def test_nobody_fills_the_line_of_a_session_that_is_not_theirs(town: Town) -> None:
    async def talk() -> None:
        victim, thief = Person(town, "c-0014"), Person(town, "c-0015")
        await victim.say("你好")
        thief.session = victim.session
        town.faulty.faults = {"accounts": Fault(delay_ms=200)}
        try:
            first = asyncio.create_task(victim.say("我的余额"))
            await eventually(
                lambda: town.requester.in_flight == 1, "the victim's turn is on its way"
            )
            thieves = [asyncio.create_task(thief.say("我的余额")) for _ in range(8)]
            await eventually(
                lambda: town.requester.in_flight > 1 or any(one.done() for one in thieves),
                "the thieves are there",
            )
            second = await victim.say("我的余额")
        finally:
            town.faulty.faults = {}
        # In conversations of their own, or told to wait behind each other.
        assert {said.status for said in await asyncio.gather(*thieves)} <= {200, 409}
        assert ((await first).status, second.status) == (200, 200)
        assert town.leaked(thief) == []

    town.run(talk())


def test_the_sum_that_happens_is_the_sum_that_was_shown(town: Town) -> None:
    where = "WHERE tenant = ? AND customer = ? AND card = ? AND kind = 'transfer'"
    card, done = "k-0004-1", 0
    mine = (DEMO, "c-0004", card)

    async def talk() -> None:
        nonlocal done
        for words in AMOUNTS:
            town.change(
                f"UPDATE limits SET per_day = 5000000, usual = 5000000, until_ms = NULL {where}",
                *mine,
            )
            person = Person(town, "c-0004", strong=True)
            said = await person.say(f"把4438的转账限额提高到{words}，3天")
            assert said.status == 200, (words, said)
            if not said.confirm:
                continue
            await person.say(choice=said.confirm)
            per_day, most = town.rows(f"SELECT per_day, most FROM limits {where}", *mine)[0]
            shown = [
                int(one.replace(",", "").replace(".", "")) for one in _FIGURE.findall(said.text)
            ]
            assert per_day in (5000000, *shown), (words, said.text, per_day)
            assert per_day <= most
            done += per_day != 5000000

    town.run(talk())
    assert done > 3
    _told(f"sums, {done} of them understood", len(AMOUNTS))


def test_everything_that_happened_was_asked_for_and_is_on_record(town: Town) -> None:
    """Looks at whatever the tests before it have done, and does something of its own."""

    async def talk() -> None:
        person = Person(town, "c-0010")
        said = await person.say("freeze card 1052")
        await person.say(choice=said.confirm)

    town.run(talk())
    records = [
        msgspec.json.decode(m.value() or b"", type=AuditRecord) for m in town.counter.read(AUDIT)
    ]
    steps: dict[str, dict[str, AuditRecord]] = {}
    for one in records:
        steps.setdefault(one.key, {})[one.step] = one
    writes = town.rows("SELECT tenant, customer, key FROM writes")
    assert writes
    for tenant, customer, key in writes:
        assert {"proposed", "confirmed", "done"} <= steps[key].keys()
        assert {(one.tenant, one.user) for one in steps[key].values()} == {(tenant, customer)}
        assert steps[key]["proposed"].turn != steps[key]["confirmed"].turn


# -- the topic


def test_requests_of_a_stranger_are_answered_nowhere(town: Town) -> None:
    session = "siege-forged-0001"
    reply_topic = (town.counter.prefix + REPLIES).encode()
    instance = b"forgery!"

    def good() -> dict[str, bytes]:
        return {
            "correlation-id": secrets.token_bytes(16),
            "instance": instance,
            "reply-topic": reply_topic,
            "reply-partition": (0).to_bytes(4, "big"),
            "deadline-ms": str(int(time.time() * 1000) + 30_000).encode(),
            "tenant": DEMO.encode(),
            "schema": b"1",
        }

    turn = {"session": session, "turn": "1", "tenant": DEMO, "user": "c-0002", "text": "我的余额"}
    headers: list[dict[str, bytes]] = [
        {"reply-topic": (town.counter.prefix + AUDIT).encode()},
        {"reply-topic": reply_topic + b"\0"},
        {"reply-topic": reply_topic.upper()},
        {"reply-topic": b" " + reply_topic},
        {"reply-topic": b""},
        {"reply-partition": b"\xff\xff\xff\xff"},
        {"reply-partition": (16).to_bytes(4, "big")},
        {"reply-partition": b"0"},
        {"reply-partition": (0).to_bytes(8, "big")},
        {"deadline-ms": b"-1"},
        {"deadline-ms": b"1e15"},
        {"deadline-ms": "９９９".encode()},
        {"deadline-ms": b""},
        {"deadline-ms": b"9" * 15},
        {"schema": b"2"},
        {"tenant": b"other"},
        {"tenant": b"demo\xff"},
        {"tenant": b"x" * 300},
        {"correlation-id": b"short"},
        {"instance": b""},
        {f"x-{n}": b"" for n in range(20)},
    ]
    values: list[dict[str, Any]] = [
        {"text": "x" * 2001},
        {"choice": "x" * 81},
        {"session": "short"},
        {"session": session + "2"},
        {"turn": "a b"},
        {"turn": ""},
        {"user": ""},
        {"user": "u" * 129},
        {"tenant": OTHER},
        {"kind": "admin"},
        {"lang": "xx"},
        {"strong_ms": "now"},
        {"strong_ms": 1e400},
        {"unseen": "no"},
    ]
    before = len(town.counter.read(REPLIES))

    async def forge() -> None:
        sink = KafkaSink(town.counter.cluster)
        await sink.start()
        topic, key = town.counter.prefix + REQUESTS, session.encode()
        ours = json.dumps(turn).encode()
        await sink.write(
            Message(topic, ours, key, headers=list((good() | more).items())) for more in headers
        )
        await sink.write(
            Message(topic, json.dumps(turn | more).encode(), key, headers=list(good().items()))
            for more in values
        )
        await sink.stop()
        # Behind them on the same topic, by whom they would have been told.
        for _ in range(12):
            assert (await Person(town, "c-0001").say("我的余额")).status == 200

    town.run(forge())
    assert len(town.counter.read(REPLIES)) == before + 12
    _told("forged requests on the topic", len(headers) + len(values))


# -- too large, too slow


def test_bombs_hold_nobody_up(town: Town) -> None:
    async def talk() -> None:
        for word, tail in BOMBS:
            text = (word * 2000)[: 2000 - len(tail)] + tail
            said = await Person(town, "c-0001").say(text)
            assert (said.status, said.body.get("status", "answered")) == (200, "answered"), text[:9]
            assert _is_plain(said), text[:9]
        for headers in HEADERS:
            person = Person(town, "c-0001")
            assert (await person.say("我的余额", headers=headers)).status in (200, 400), headers
            assert town.leaked(person) == []
        assert (await Person(town, "c-0001").say("我的余额")).status == 200

    town.run(talk())
    assert [line for line in town.told.lines if "vvvvvv" in line or "a=b," in line] == []
    _told("long messages and headers", len(BOMBS) + len(HEADERS))


# -- personal data


def test_what_is_personal_is_nowhere_afterwards(town: Town) -> None:
    sent = 0

    async def talk() -> None:
        nonlocal sent
        for carrier in CARRIERS:
            person = Person(town, "c-0013")
            for kind, figure in PERSONAL.items():
                said = await person.say(carrier.format(NAMED.get(kind, "{}").format(figure)))
                assert said.status == 200
                sent += 1
            for choice in said.choices[:1]:
                await person.say(choice=choice)
        assert any(figure in "".join(person.heard) for figure in PERSONAL.values()) is False

    town.run(talk())
    everywhere = {
        "log": "\n".join(town.worker.lines()),
        "metrics": town.worker.get("/metrics")[1] + town.metrics.text().decode(),
        "gateway": "\n".join(town.told.lines),
        "bank": str(town.rows("SELECT text FROM tickets") + town.rows("SELECT call FROM writes")),
    }
    # Requests have what was said, for an hour: somebody has to answer it.
    for topic in town.counter.places:
        if topic.startswith("assistant.") and topic != REQUESTS:
            everywhere[topic] = "\n".join(
                f"{m.key()!r} {m.headers()!r} {(m.value() or b'').decode()}"
                for m in town.counter.read(topic)
            )
    found = [
        (place, kind)
        for place, text in everywhere.items()
        for kind, figure in PERSONAL.items()
        if figure in text
    ]
    assert found == []
    # Spans and the lines of turns are there: else nothing was looked at.
    assert "execute_tool" in everywhere["log"]
    assert "[phone]" in everywhere["assistant.interactions"]
    assert "[secret]" in everywhere["assistant.interactions"]
    # Nor whom anybody paid, nor what they have, but for themselves.
    for place in ("log", "metrics", "gateway", "assistant.interactions"):
        assert "Kanari" not in everywhere[place], place
    for place in ("log", "metrics", "gateway"):
        assert "7,770," not in everywhere[place], place
    _told("personal figures in messages", sent)

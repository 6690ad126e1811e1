import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from click.testing import Result
from confluent_kafka import Producer
from msgspec.structs import replace
from rich.cells import cell_len

from schemas.causes import PastIncident, RisenTemplate, Unaffected
from schemas.commands import Feedback, Silence
from schemas.handling import Opinions, Remark
from schemas.incidents import Related, encode_incident
from sinks.cluster import Cluster
from streams.admin import TopicAdmin
from tests.streams.cli.running import fail, run
from tests.support.answering import AT, UNTIL, answering
from tests.support.incidents import incident

pytestmark = pytest.mark.broker

WALLET = incident(
    severity_reason="160 people, 29.8 times the usual",
    unaffected=(Unaffected("region", "CN-31", 0.02, 0.3),),
    risen=(RisenTemplate("t1", "timeout calling <*>", 90, 2.5, 3),),
    past=(
        PastIncident("p1", "wallet: 支付失败", AT, AT, 0.82, "rolled back 7.1.0"),
        PastIncident("p2", "wallet: 转圈", AT, AT, 0.7, ""),
    ),
    related=(Related("ffff0000ffff0000-29400002", "shop", "shop: refund", ("time", "change")),),
    related_incident_ids=("ffff0000ffff0000-29400002", "eeee"),
    head_incident_id="ffff0000ffff0000-29400002",
    notes=(Remark("ana", AT, "looking \x1b[31mat\u202e it"),),
    opinions=Opinions(1, 0, 0.8),
)
GROWN = replace(WALLET, revision=2, change_reason="grew to 300 reports")
SHOP = incident(
    incident_id="ffff0000ffff0000-29400002",
    incident_key="ffff",
    product="shop",
    severity="warning",
    title="shop: [bold]refund[/] slow",
    opened_at="2026-11-20T09:40:00.000Z",
)
OLD = incident(
    incident_id="0a1b2c3d4e5f6071-29300000",
    status="resolved",
    severity="error",
    opened_at="2026-09-11T02:40:00.000Z",
    resolved_at="2026-09-11T03:00:00.000Z",
)


@contextmanager
def written(bootstrap: str, prefix: str) -> Iterator[tuple[str, ...]]:
    admin = TopicAdmin(Cluster(bootstrap), prefix)
    admin.create(2)
    producer = Producer(Cluster(bootstrap).for_librdkafka())
    for one in (OLD, WALLET, GROWN, WALLET, SHOP):
        producer.produce(prefix + "incidents", encode_incident(one), one.incident_key.encode())
    producer.flush()
    yield ("--bootstrap", bootstrap, "--prefix", prefix)
    admin.delete()


@pytest.fixture
def where(bootstrap: str, prefix: str) -> Iterator[tuple[str, ...]]:
    with written(bootstrap, prefix) as options:
        yield options


@pytest.fixture(scope="module")
def there(bootstrap: str) -> Iterator[tuple[str, ...]]:
    """The same for tests that only read."""
    with written(bootstrap, f"t-{uuid.uuid4().hex[:8]}-") as options:
        yield options


def rows(*arguments: str) -> list[list[str]]:
    result = run("incidents", "list", *arguments, env={"COLUMNS": "140"})
    assert result.exit_code == 0, result.output
    return [line.split() for line in result.stdout.splitlines()[1:]]


def test_the_list_has_the_unresolved_ones_and_what_was_asked_for(there: tuple[str, ...]) -> None:
    assert [row[:3] for row in rows(*there)] == [
        ["ffff0000", "warning", "open"],
        ["0a1b2c3d", "critical", "open"],
    ]
    assert [row[0] for row in rows(*there, "--all")] == [
        "ffff0000",
        "0a1b2c3d",
        OLD.incident_id[:20],
    ]
    assert [row[0] for row in rows(*there, "--severity", "error")] == ["0a1b2c3d"]
    assert [row[0] for row in rows(*there, "--product", "shop")] == ["ffff0000"]
    assert [row[2] for row in rows(*there, "--status", "resolved")] == ["resolved"]
    none = run("incidents", "list", "--product", "mail", *there)
    assert none.stdout == "none of 3 incidents (2 unresolved)\n"


@pytest.mark.parametrize("columns", [80, 120])
def test_the_list_fits_and_shows_markup_as_it_is(there: tuple[str, ...], columns: int) -> None:
    lines = run("incidents", "list", *there, env={"COLUMNS": str(columns)}).stdout.splitlines()
    assert all(cell_len(line) <= columns for line in lines)
    assert "shop: [bold]refund[/] slow" in "".join(lines)
    assert "支付一直转圈" in "".join(lines)


def test_json_is_nothing_but_the_contract(there: tuple[str, ...]) -> None:
    listed = [
        json.loads(line) for line in run("incidents", "list", "--json", *there).stdout.splitlines()
    ]
    assert [(one["incident_id"], one["revision"]) for one in listed] == [
        (SHOP.incident_id, 1),
        (WALLET.incident_id, 2),
    ]
    (shown,) = run("incidents", "show", "0a1b", "--json", *there).stdout_bytes.splitlines()
    assert shown == encode_incident(GROWN)
    every = run("incidents", "show", "0a1b", "--json", "--revisions", *there).stdout.splitlines()
    assert [json.loads(line)["revision"] for line in every] == [1, 2]
    assert run("incidents", "show", "0a1b", "--revisions", *there).exit_code == 2


def test_one_screen_has_everything(there: tuple[str, ...]) -> None:
    result = run("incidents", "show", "0a1b", *there, env={"COLUMNS": "120"})
    assert result.exit_code == 0, result.output
    for part in (
        "critical  open  0a1b2c3d4e5f6071-29400000  revision 2",
        "wallet: 支付一直转圈",
        "160 people, 29.8 times the usual",
        "2026-11-20 09:04 (earliest 2026-11-20 09:03), opened 2026-11-20 09:15",
        "182 in 15 min, 6.1 expected (29.8 times)",
        "▁··▂██ from 2026-11-20 09:00",
        "app_version=7.2.0 os=android: 91% of the excess, 14.2 times its usual share",
        "os=android: 95% of the excess",
        "region=CN-31: 2% of the excess, usually 30%",
        "handled by  nobody yet",
        "useful 1, not useful 0: its theme's threshold is 0.8 times the product's",
        "Possible causes (rules, degraded: rules only: no language model asked)",
        "1  medium  «checkout 7.2.0 rolled out» happened 4 min before the onset [change-1, e1]",
        "1  Review or roll back: checkout 7.2.0 rolled out",
        "checkout 7.2.0 rolled out (4 min before, fits app_version, service)",
        "e2  ticket  2026-11-20 09:06  payment spins for ever",
        "t1  90 (2.5 expected)  3 min before  timeout calling <*>",
        "82% alike  wallet: 支付失败; ended by: rolled back 7.1.0",
        "70% alike  wallet: 转圈; ended by: not said",
        "likely the head: shop: refund (shares time, change)",
        "ana  looking [31mat it",
        "r2  2026-11-20 09:15  open  grew to 300 reports",
    ):
        assert part in result.stdout
    assert "\x1b" not in result.stdout
    assert "\u202e" not in result.stdout
    chinese = run("incidents", "show", "0a1b", "--lang", "zh", *there).stdout
    assert "起始前 4 分钟发生了变更" in chinese
    assert "复查或回滚" in chinese


def test_an_older_or_bare_revision_is_shown_too(there: tuple[str, ...]) -> None:
    result = run("incidents", "show", "0a1b2c3d4e5f6071-293", *there)
    assert "resolved 2026-09-11 03:00" in result.stdout
    assert "handled by" not in result.stdout


def told(name: str, *arguments: str) -> Result:
    result = run("incidents", name, *arguments)
    assert result.exit_code == 0, result.output
    return result


@pytest.mark.slow
def test_each_command_is_said_waited_for_and_not_repeated(
    where: tuple[str, ...], bootstrap: str, prefix: str
) -> None:
    wallet = WALLET.incident_id
    with answering(bootstrap, prefix) as heard:
        said = told("ack", "0a1b", "--by", "ana", *where).stdout
        assert said == f"{wallet} r3 acknowledged: acknowledged by ana\n"
        again = told("ack", "0a1b", "--by", "bo", *where).stdout
        assert (
            again == f"{wallet} is acknowledged by ana until 2026-11-20 11:00 UTC; renew: --again\n"
        )
        over = told("ack", "0a1b", "--by", "bo", "--again", *where).stdout
        assert over == f"{wallet} r4 acknowledged: acknowledged by bo\n"
        assert told("note", "0a1b", "on it", *where).stdout.startswith(f"{wallet} r5 ")
        told("silence", "ffff", "--for", "1h30m", *where)
        assert told("silence", "0a1b", "--end", *where).stdout == f"{wallet} is not silenced\n"
        assert "ended" in told("silence", "ffff", "--end", *where).stdout
        told("feedback", "ffff", "--not-useful", *where)
        done = told("resolve", "0a1b", "--by", "bo", "--text", "rolled back", *where).stdout
        assert done == f"{wallet} r6 resolved: resolved by bo: rolled back\n"
        over = told("resolve", wallet, *where).stdout
        assert over == f"{wallet} is resolved since 2026-11-20 10:00 UTC\n"
        assert told("ack", wallet, "--again", *where).stdout == over
    assert [type(one).__name__ for one in heard] == [
        "Acknowledge", "Acknowledge", "Note", "Silence", "Silence", "Feedback", "Resolve",
    ]  # fmt: skip
    assert isinstance(heard[3], Silence)
    assert heard[3].minutes == 90
    assert isinstance(heard[5], Feedback)
    assert heard[5].useful is False
    assert all(one.by for one in heard)


@pytest.mark.slow
def test_not_waiting_only_writes(where: tuple[str, ...], bootstrap: str, prefix: str) -> None:
    said = told("ack", "0a1b", "--no-wait", *where).stdout
    assert said.startswith(f"{WALLET.incident_id}: written")
    with answering(bootstrap, prefix):
        told("note", "ffff", "hello", *where)
    acknowledged = run("incidents", "list", "--status", "acknowledged", "--json", *where).stdout
    assert json.loads(acknowledged)["acknowledgement"]["until"] == UNTIL


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("silence", "0a1b"), "give --for SPAN, or --end"),
        (("silence", "0a1b", "--for", "1h", "--end"), "give --for SPAN, or --end"),
        (("silence", "0a1b", "--for", "soon"), "'soon': write 90m, 2h, 1d or 1h30m"),
        (("silence", "0a1b", "--for", "8d"), "--for: at most 7d"),
        (("feedback", "0a1b"), "give --useful or --not-useful"),
    ],
)
def test_what_is_incomplete_is_a_usage_error(arguments: tuple[str, ...], says: str) -> None:
    result = run("incidents", *arguments)
    assert result.exit_code == 2
    assert says in result.stderr


def test_a_mistake_is_one_line(there: tuple[str, ...]) -> None:
    assert fail("incidents", "ack", "dead", *there).startswith("no incident 'dead'; see: ")
    line = fail("incidents", "note", "0a1b", "x" * 1001, *there)
    assert line == "this cannot be said: text has at most 1000 characters"
    line = fail("incidents", "note", "0a1b", "", *there)
    assert line == "this cannot be said: text has at least 1 character"
    line = fail("incidents", "note", "0a1b", "x", "--by", "b" * 65, *there)
    assert line == "this cannot be said: by has at most 64 characters"

"""A replay says what a live worker says over the same log, however it is run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from confluent_kafka import ConsumerGroupTopicPartitions
from confluent_kafka.admin import AdminClient

from schemas.times import MINUTE_MS, format_ms, parse_ms
from schemas.topics import INCIDENTS
from streams.simulation.scenario import SMALL
from tests.support.burst import END_MS, burst
from tests.support.replaying import Replays, span_of, told_within
from tests.support.undisturbed import undisturbed

if TYPE_CHECKING:
    from streams.simulation import Simulation
    from tests.support.stream import Stream

pytestmark = pytest.mark.broker


@pytest.fixture
def replays(stream: Stream, tmp_path: Path) -> Replays:
    return Replays(stream.bootstrap, stream.prefix, tmp_path / "replays")


def offsets(stream: Stream) -> dict[str, int]:
    """What the group of the workers has committed."""
    admin = AdminClient({"bootstrap.servers": stream.bootstrap, "log_level": 0})
    group = stream.prefix + "groundswell"
    answer = admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group)])
    return {f"{p.topic}-{p.partition}": p.offset for p in answer[group].result().topic_partitions}


def test_a_replay_says_what_is_said_undisturbed_and_accounts_for_all(
    stream: Stream, replays: Replays
) -> None:
    for place in range(2):
        stream.write(("feedback.app", place), [v for _, v in list(burst())[place::2]], END_MS)
    stream.write(("feedback.web", 0), [b"{", b"", None], END_MS)
    done = replays.run("one", "--processes", "1")
    # Done once, it is not done again.
    assert "it was done before" in replays.run("one").stdout
    # A replay needs no word of the end; the reference does.
    stream.end()
    expected = undisturbed(stream.records(), stream.places["signals"])
    assert expected
    assert replays.incidents("one") == expected
    account = replays.account("one")
    assert account.records == stream.written
    assert account.counters.refused == {"empty_text": 1, "not_json": 2}
    assert (account.revisions, account.lost) == (len(expected), 0)
    assert {(p.topic, p.partition) for p in account.parts} == set(stream.sources)
    assert f"at most {stream.written:,} records" in done.stdout
    assert f"records     {stream.written:,}" in done.stdout


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_live_run_and_replays_of_it_hash_equal(
    stream: Stream, morning: Simulation, replays: Replays
) -> None:
    stream.play(morning.messages())
    stream.write_later()
    stream.run_live()
    stream.ledger.read_incidents(stream.read(INCIDENTS))
    said = stream.ledger.incidents
    assert said
    untouched = {name: stream.count(name) for name in stream.places}
    committed = offsets(stream)
    assert committed

    for name, options in {
        "plain": (),
        "again": (),
        "small": ("--chunk", "100", "--processes", "1"),
        "crowd": ("--chunk", "777", "--processes", "3"),
    }.items():
        replays.run(name, *options)
        assert replays.incidents(name) == said
        assert replays.raw(name) == replays.raw("plain")
    assert replays.account("plain").records == stream.written

    check_ranges(said, replays)
    products = {value.split(b'"product":"')[1].split(b'"')[0].decode() for value in said.values()}
    for product in sorted(products):
        replays.run(product, "--product", product)
        mine = {i: v for i, v in said.items() if f'"product":"{product}"'.encode() in v}
        assert replays.incidents(product) == mine

    # Nothing of the live stream was touched.
    assert {name: stream.count(name) for name in stream.places} == untouched
    assert offsets(stream) == committed


def check_ranges(said: dict[str, bytes], replays: Replays) -> None:
    """A part of the log gives the same part of the words, if what was before is read as well."""
    times = sorted({value.split(b'"updated_at":"')[1][:24].decode() for value in said.values()})
    first, last = parse_ms(times[0]), parse_ms(times[-1])
    start = SMALL.start_ms
    assert start < first < last
    # The last minute of a range is whole, though some of its reports come after it.
    for n, stop in enumerate((first, first - MINUTE_MS, last)):
        span = span_of(start, stop)
        replays.run(f"up-to-{n}", span=span)
        assert replays.incidents(f"up-to-{n}") == told_within(said, span)
    span = span_of(first, last)
    replays.run("warm", "--warm-up", "1d", span=span)
    assert replays.incidents("warm") == told_within(said, span)
    assert format_ms(first) not in replays.raw("warm").decode().split('"updated_at":"')

"""Canaries: the private parts of Faust, mode and aiokafka that the transport stands on."""

import inspect
from importlib.metadata import version
from typing import Any

import faust
import pytest
from faust.sensors.monitor import Monitor
from faust.tables.recovery import Recovery
from faust.transport import consumer as base
from faust.transport.drivers import aiokafka as driver
from faust.types.tuples import ConsumerMessage
from mode import CrashingSupervisor, Service
from mode.threads import ServiceThread

from streams.transport.consumer import BatchConsumer
from streams.transport.schema import BatchSchema
from streams.transport.transport import BatchTransport

REMEDY = (
    "read how streams/transport uses it, read the change upstream, adapt, run the tests marked "
    "broker, and only then change this line"
)

OVERRIDDEN = [
    (driver.Consumer, "__init__", "(self, *args, **kwargs)"),
    (driver.Consumer, "getmany", "(self, timeout)"),
    (driver.Consumer, "perform_seek", "(self)"),
    (driver.Consumer, "on_partitions_revoked", "(self, revoked)"),
    (driver.Consumer, "on_partitions_assigned", "(self, assigned, generation_id=0)"),
    (driver.Consumer, "commit_and_end_transactions", "(self)"),
    (driver.Consumer, "_filter_tps_with_pending_acks", "(self, topics=None)"),
    (driver.Consumer, "_new_offset", "(self, tp)"),
    (driver.Consumer, "_add_gap", "(self, tp, offset_from, offset_to)"),
    (faust.Schema, "loads_key", "(self, app, message, *, loads=None, serializer=None)"),
    (faust.Schema, "loads_value", "(self, app, message, *, loads=None, serializer=None)"),
]

RELIED_ON = [
    (driver.Consumer, "_drain_messages", "(self, fetcher)"),
    (driver.Consumer, "_getmany", "(self, active_partitions, timeout)"),
    (driver.Consumer, "_get_active_partitions", "(self)"),
    (driver.Consumer, "_to_message", "(self, tp, record)"),
    (driver.Consumer, "_should_commit", "(self, tp, offset)"),
    (driver.Consumer, "_commit_offsets", "(self, offsets, start_new_transaction=True)"),
    (driver.Consumer, "commit", "(self, topics=None, start_new_transaction=True)"),
    (driver.Consumer, "maybe_wait_for_commit_to_finish", "(self)"),
    (driver.Consumer, "on_stop", "(self)"),
    (driver.Consumer, "assignment", "(self)"),
    (driver.Consumer, "seek_wait", "(self, partitions)"),
    (driver.Consumer, "earliest_offsets", "(self, *partitions)"),
    (driver.Consumer, "highwaters", "(self, *partitions)"),
    (driver.Consumer, "highwater", "(self, tp)"),
    (driver.Consumer, "position", "(self, tp)"),
    (driver.Consumer, "stop_flow", "(self)"),
    (driver.Transport, "create_consumer", "(self, callback, **kwargs)"),
    (base.Consumer, "__init__", "(self, transport, callback, on_partitions_revoked, "
     "on_partitions_assigned, *, commit_interval=None, commit_livelock_soft_timeout=None, "
     "loop=None, **kwargs)"),
    (base, "ensure_TP", "(tp)"),
    (ConsumerMessage, "__init__", "(self, topic, partition, offset, timestamp, timestamp_type, "
     "headers, key, value, checksum, serialized_key_size=None, serialized_value_size=None, "
     "tp=None, time_in=None, time_out=None, time_total=None, generation_id=None)"),
    (Monitor, "track_tp_end_offset", "(self, tp, offset)"),
    (Service, "sleep", "(self, n)"),
    (Service, "wait", "(self, *coros, timeout=None)"),
    (Service, "wait_until_stopped", "(self)"),
    (Service, "crash", "(self, reason)"),
    (Service, "stop", "(self)"),
    (ServiceThread, "stop", "(self)"),
    (CrashingSupervisor, "_contribute_to_service", "(self, service)"),
]  # fmt: skip

# Where a method of Faust reads or calls a name that we set, override or wait for.
USES = [
    (base.Consumer._drain_messages, {"getmany", "callback", "_add_gap", "consumer_stopped_errors"}),
    (base.Consumer.__init__, {"_acked", "_acked_index", "_committed_offset", "scheduler"}),
    (base.Consumer._reset_state, {"_active_partitions", "_buffered_partitions", "flow_active"}),
    (base.Consumer.__init__, {"can_resume_flow", "transport"}),
    (base.Consumer._filter_committable_offsets, {"_new_offset", "_should_commit"}),
    (base.Consumer.force_commit, {"_filter_tps_with_pending_acks"}),
    (base.Consumer.on_stop, {"commit_and_end_transactions", "stream_wait_empty"}),
    (base.Consumer.on_task_error, {"commit"}),
    (Recovery._resume_streams, {"perform_seek", "resume_flow", "maybe_start"}),
    (Recovery.on_recovery_completed, {"perform_seek", "resume_flow", "maybe_start"}),
    (driver.AIOKafkaConsumerThread._fetch_records, {"flow_active", "ConsumerStoppedError"}),
    (driver.AIOKafkaConsumerThread.getmany, {"_max_poll_records"}),
]


def bare_signature(function: Any) -> str:
    signature = inspect.signature(function)
    parameters = [p.replace(annotation=p.empty) for p in signature.parameters.values()]
    return str(signature.replace(parameters=parameters, return_annotation=signature.empty))


@pytest.mark.parametrize(
    ("package", "pinned"),
    [("faust-streaming", "0.15.3"), ("mode-streaming", "0.7.1"), ("aiokafka", "0.14.0")],
)
def test_the_versions_are_the_ones_that_were_read(package: str, pinned: str) -> None:
    assert version(package) == pinned, f"{package} is no longer {pinned}: {REMEDY}"


@pytest.mark.parametrize(
    ("owner", "name", "expected"),
    OVERRIDDEN + RELIED_ON,
    ids=lambda value: getattr(value, "__name__", value) if not isinstance(value, str) else value,
)
def test_the_signature_is_the_one_that_was_read(owner: Any, name: str, expected: str) -> None:
    assert hasattr(owner, name), f"{owner.__name__}.{name} is gone: {REMEDY}"
    found = bare_signature(getattr(owner, name))
    assert found == expected, f"{owner.__name__}.{name} takes {found} now: {REMEDY}"


@pytest.mark.parametrize(("function", "names"), USES, ids=lambda v: getattr(v, "__name__", None))
def test_faust_still_calls_what_we_override(function: Any, names: set[str]) -> None:
    missing = names - set(inspect.unwrap(function).__code__.co_names)
    assert not missing, f"{function.__qualname__} does not use {sorted(missing)} now: {REMEDY}"


def test_every_override_is_pinned_above() -> None:
    pinned = {(owner.__name__, name) for owner, name, _ in OVERRIDDEN}
    for ours, stock in ((BatchConsumer, driver.Consumer), (BatchSchema, faust.Schema)):
        overridden = {n for n in vars(ours) if hasattr(stock, n) and callable(getattr(ours, n))}
        assert {(stock.__name__, name) for name in overridden} <= pinned


def test_the_transport_names_its_consumer() -> None:
    assert issubclass(BatchTransport.Consumer, driver.Transport.Consumer), REMEDY

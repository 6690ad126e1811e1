"""Requests are read, and forged ones are not believed."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.requests import Forged, RequestReader

NOW = 1_800_000_000_000
GOOD: dict[str, bytes] = {
    "correlation-id": b"c" * 16,
    "instance": b"i" * 8,
    "reply-topic": b"p-assistant.replies",
    "reply-partition": (3).to_bytes(4, "big"),
    "deadline-ms": str(NOW + 2_000).encode(),
    "tenant": b"demo",
    "schema": b"1",
    "traceparent": b"00-" + b"a" * 32 + b"-" + b"b" * 16 + b"-01",
}


@dataclass
class Record:
    headers: list[tuple[str, bytes]]
    key: bytes | None = b"session"
    value: bytes | None = b"{}"
    partition: int = 1
    offset: int = 7
    timestamp: int = NOW - 5


READER = RequestReader({"p-assistant.replies": 4})


def test_a_good_one() -> None:
    request = READER.read(Record(list(GOOD.items())), NOW)
    assert (request.reply_topic, request.reply_partition) == ("p-assistant.replies", 3)
    assert (request.deadline_ms, request.sent_ms) == (NOW + 2_000, NOW - 5)
    assert (request.tenant, request.trace) == ("demo", GOOD["traceparent"].decode())
    assert not request.parts


@pytest.mark.parametrize(("said", "heard"), [(b"1", True), (b"0", False), (b"", False)])
def test_whether_parts_are_heard(said: bytes, heard: bool) -> None:
    assert READER.read(Record(list((GOOD | {"parts": said}).items())), NOW).parts is heard


def test_one_that_is_over_is_read_too() -> None:
    headers = GOOD | {"deadline-ms": b"0"}
    assert READER.read(Record(list(headers.items())), NOW).deadline_ms == 0


@pytest.mark.parametrize(
    ("change", "flaw"),
    [
        ({"correlation-id": b""}, "correlation"),
        ({"correlation-id": b"c" * 15}, "correlation"),
        ({"correlation-id": b"c" * 17}, "correlation"),
        ({"instance": b"i"}, "correlation"),
        ({"reply-topic": b"p-incidents"}, "address"),
        ({"reply-topic": b"p-assistant.replies\0"}, "address"),
        ({"reply-topic": b"assistant.replies"}, "address"),
        ({"reply-topic": b"\xff"}, "address"),
        ({"reply-partition": (4).to_bytes(4, "big")}, "address"),
        ({"reply-partition": (-1).to_bytes(4, "big", signed=True)}, "address"),
        ({"reply-partition": b"3"}, "address"),
        ({"reply-partition": b"\0" * 8}, "address"),
        ({"deadline-ms": b"soon"}, "deadline"),
        ({"deadline-ms": b"-1"}, "deadline"),
        ({"deadline-ms": b"1e99"}, "deadline"),
        ({"deadline-ms": "１８００".encode()}, "deadline"),
        ({"deadline-ms": b"9" * 200}, "deadline"),
        ({"deadline-ms": str(NOW + 60_001).encode()}, "deadline"),
        ({"schema": b"2"}, "schema"),
        ({"other": b"x" * 257}, "headers"),
        ({f"h{n}": b"" for n in range(20)}, "headers"),
    ],
)
def test_forged_headers(change: dict[str, bytes], flaw: str) -> None:
    with pytest.raises(Forged) as error:
        READER.read(Record(list((GOOD | change).items())), NOW)
    assert error.value.flaw == flaw


@pytest.mark.parametrize("name", ["correlation-id", "instance", "reply-topic", "deadline-ms"])
def test_a_header_that_is_missing_or_there_twice(name: str) -> None:
    without = [(key, value) for key, value in GOOD.items() if key != name]
    for headers in (without, [*GOOD.items(), (name, GOOD[name])]):
        with pytest.raises(Forged):
            READER.read(Record(headers), NOW)


def test_a_trace_that_is_none_is_left_out() -> None:
    headers = GOOD | {"traceparent": b"00-\r\nX: y"}
    assert READER.read(Record(list(headers.items())), NOW).trace == ""


@pytest.mark.parametrize(("key", "value"), [(None, b"{}"), (b"", b"{}"), (b"k", None)])
def test_without_key_or_value(key: bytes | None, value: bytes | None) -> None:
    with pytest.raises(Forged, match="value"):
        READER.read(Record(list(GOOD.items()), key, value), NOW)


@given(
    st.lists(
        st.tuples(
            st.one_of(st.sampled_from(sorted(GOOD)), st.text(max_size=20)),
            st.one_of(st.binary(max_size=300), st.sampled_from(sorted(GOOD.values())), st.none()),
        ),
        max_size=24,
    )
)
def test_garbage_is_forged_and_nothing_else(headers: list[tuple[str, bytes]]) -> None:
    try:
        request = READER.read(Record(headers), NOW)
    except Forged:
        return
    assert request.reply_topic == "p-assistant.replies"

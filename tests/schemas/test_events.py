import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.errors import Reason, Refusal
from schemas.events import CUT_TEXT, MAX_TEXT, check_text, decode_event, event_time_ms

NINE = 1_795_166_043_120  # 2026-11-20T09:14:03.120Z


def test_the_contracts_example_decodes() -> None:
    event = decode_event(
        '{"id": "r-8812", "time": "2026-11-20T09:14:03.120Z", "channel": "app",'
        ' "product": "wallet", "text": "支付一直转圈，付不了款", "author": "u-5512", "lang": "zh",'
        ' "service": "checkout", "rating": 1, "level": "ERROR", "unknown": [1],'
        ' "attributes": {"app_version": "7.2.0", "os": "android"}}'.encode()
    )
    assert (event.id, event.product, event.rating) == ("r-8812", "wallet", 1.0)
    assert event.attributes == {"app_version": "7.2.0", "os": "android"}
    assert event_time_ms(event, NINE, 0) == NINE


def test_only_text_is_required() -> None:
    event = decode_event(b'{"text": "slow"}')
    assert event_time_ms(event, 1_700_000_000_000, 0) == 1_700_000_000_000


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, Reason.EMPTY_TEXT),
        (b"", Reason.NOT_JSON),
        (b"{", Reason.NOT_JSON),
        (b"[1]", Reason.WRONG_TYPE),
        (b"{}", Reason.WRONG_TYPE),
        (b'{"text": 1}', Reason.WRONG_TYPE),
        (b'{"text": "a", "id": 7}', Reason.WRONG_TYPE),
        (b'{"text": "a", "time": "yesterday"}', Reason.WRONG_TYPE),
        (b'{"text": "a", "time": "2026-11-20T09:14:03"}', Reason.WRONG_TYPE),
        (b'{"text": "\xff"}', Reason.INVALID_UTF8),
        (b'{"text": "' + b"a" * 1_100_000 + b'"}', Reason.MESSAGE_TOO_LARGE),
        (b'{"x": ' + b"[" * 100_000, Reason.NOT_JSON),
    ],
)
def test_what_is_no_event_is_refused_with_its_reason(value: bytes | None, reason: Reason) -> None:
    with pytest.raises(Refusal) as refused:
        decode_event(value)
    assert refused.value.reason == reason


@settings(max_examples=300)
@given(st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
def test_fuzzed_bytes_raise_nothing_but_the_refusal(value: bytes) -> None:
    try:
        event = decode_event(value)
        check_text(event.text)
        event_time_ms(event, NINE, 1000)
    except Refusal:
        return


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
_fields = ["text", "id", "time", "channel", "rating", "attributes", "author"]


@settings(max_examples=200)
@given(st.dictionaries(st.sampled_from(_fields), _json))
@pytest.mark.slow
def test_fuzzed_fields_raise_nothing_but_the_refusal(fields: dict[str, object]) -> None:
    try:
        event = decode_event(msgspec.json.encode(fields))
        assert isinstance(event.text, str)
        event_time_ms(event, NINE, 1000)
    except Refusal:
        return


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", Reason.EMPTY_TEXT),
        (" \n\t　", Reason.EMPTY_TEXT),
        ("a\x00b", Reason.CONTROL_CHARACTERS),
        ("a\x1b[31m", Reason.CONTROL_CHARACTERS),
        ("x" * (MAX_TEXT + 1), Reason.TEXT_TOO_LONG),
    ],
)
def test_texts_that_cannot_go_on(text: str, reason: Reason) -> None:
    with pytest.raises(Refusal) as refused:
        check_text(text)
    assert refused.value.reason == reason


def test_a_long_text_is_cut_and_marked() -> None:
    assert check_text("a\tb\r\nc") == "a\tb\r\nc"
    cut = check_text("字" * 5000)
    assert len(cut) == CUT_TEXT
    assert cut.endswith("…")


@pytest.mark.parametrize("time", ["1e300", "-5", "17000", '"1999-01-01T00:00:00Z"'])
def test_a_time_out_of_range_is_refused(time: str) -> None:
    event = decode_event(f'{{"text": "a", "time": {time}}}'.encode())
    with pytest.raises(Refusal) as refused:
        event_time_ms(event, NINE, 0)
    assert refused.value.reason == Reason.TIME_OUT_OF_RANGE


def test_a_date_in_the_future_is_refused_beyond_the_bound() -> None:
    event = decode_event(b'{"text": "a", "time": "2026-01-01T00:00:00Z"}')
    ms = 1_767_225_600_000
    assert event_time_ms(event, ms - 1000, 1000) == ms
    with pytest.raises(Refusal) as refused:
        event_time_ms(event, ms - 1001, 1000)
    assert refused.value.reason == Reason.FUTURE

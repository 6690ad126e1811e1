import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.times import EARLIEST_MS, LATEST_MS, format_ms, parse_ms


@given(st.integers(EARLIEST_MS, LATEST_MS))
def test_format_and_parse_are_inverse(ms: int) -> None:
    assert parse_ms(format_ms(ms)) == ms


def test_an_offset_is_honoured_and_required() -> None:
    assert parse_ms("2026-01-01T08:00:00+08:00") == parse_ms("2026-01-01T00:00:00Z")
    with pytest.raises(ValueError, match="offset"):
        parse_ms("2026-01-01T00:00:00")

import pytest

from agents.intake.readings import KEPT, Leaves, Lines, Texts
from schemas.errors import Reason, Refusal
from schemas.events import CUT_TEXT, MAX_NAME


def test_equal_numbers_of_different_types_stay_different_values() -> None:
    leaves = Leaves()
    for _ in range(2):
        assert [leaves[(value,)] for value in (1, 1.0, True, "1", None)] == [
            ("1",),
            ("1.0",),
            ("True",),
            ("1",),
            ("",),
        ]


def test_values_leave_clean_redacted_and_cut() -> None:
    assert Leaves()[(" a\u200b ", "x@y.com", "v" * 500)] == ("a", "[email]", "v" * MAX_NAME)


def test_a_text_is_read_once_a_generation_and_never_held_for_ever() -> None:
    texts = Texts()
    first = texts["pay fails"]
    for n in range(KEPT):
        assert texts[f"text {n}"].text == f"text {n}"
    assert texts["pay fails"] is first
    for n in range(2 * KEPT + 2):
        assert texts[f"other {n}"].text == f"other {n}"
    assert len(texts) <= KEPT
    assert texts["pay fails"] is not first
    assert texts["pay fails"] == first


def test_a_refused_text_is_refused_again() -> None:
    texts = Texts()
    for _ in range(2):
        with pytest.raises(Refusal) as refused:
            texts[" "]
        assert refused.value.reason == Reason.EMPTY_TEXT
    assert texts["a" * (CUT_TEXT + 1)].truncated


def test_lines_that_differ_in_masks_have_one_fingerprint() -> None:
    lines = Lines()
    one, other = lines["read  of 17 by ann@x.com failed"], lines["read of 4 by bob@x.com failed"]
    assert one.form == other.form == "read of <*> by <*> failed"
    assert one.fingerprint == other.fingerprint != lines["write of 4 failed"].fingerprint
    assert one.text == "read of 17 by [email] failed"
    with pytest.raises(Refusal):
        lines[" "]

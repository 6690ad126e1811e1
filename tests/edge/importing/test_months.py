"""Dates with names of months."""

import pytest

from edge.importing.months import numbered


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("seen 12 March 2026.", "seen 2026-03-12."),
        ("Mar. 1st, 2026 and 2nd of june 2025", "2026-03-01 and 2025-06-02"),
        ("12-Mar-2026", "2026-03-12"),
        ("SEPT 9 2024", "2024-09-09"),
        ("may 2026", "may 2026"),
        ("in March 2026 12 of them", "in March 2026 12 of them"),
        ("march 5 20261", "march 5 20261"),
        ("dismay 5 2026", "dismay 5 2026"),
        ("112 March 2026", "112 March 2026"),
        ("2026年3月1日", "2026年3月1日"),
    ],
)
def test_a_named_month_gets_its_number(text: str, expected: str) -> None:
    assert numbered(text) == expected

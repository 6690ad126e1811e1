from typing import Any

import msgspec
import pytest

from agents.llm.cache import MOST, Cache, key_of
from schemas.causes import Evidence, PastIncident, Rca, RisenTemplate, Unaffected
from tests.support.incidents import incident

_AT = "2026-11-20T09:00:00.000Z"
_RCA = Rca("ok", "model", (), (), None)


def test_an_answer_is_kept_for_some_hours() -> None:
    cache: Cache[Rca] = Cache(2.0)
    cache.put("a", _RCA, 1_000)
    assert cache.get("a", 7_200_999) == _RCA
    assert cache.get("a", 7_201_000) is None
    assert cache.get("b", 1_000) is None


def test_those_not_asked_for_go_first() -> None:
    cache: Cache[Rca] = Cache(2.0)
    for n in range(MOST):
        cache.put(str(n), _RCA, 0)
    assert cache.get("0", 0)
    cache.put("more", _RCA, 0)
    assert cache.get("0", 0)
    assert cache.get("1", 0) is None


def test_a_key_does_not_depend_on_what_changes_all_the_time_nor_on_order() -> None:
    base = incident()
    later = incident(
        revision=7,
        updated_at="2026-11-20T10:00:00.000Z",
        observed=msgspec.structs.replace(base.observed, count=999),
        evidence=base.evidence[::-1],
    )
    assert key_of(base, "m") == key_of(later, "m")


@pytest.mark.parametrize(
    "other",
    [
        {"product": "chat"},
        {"service": None},
        {"evidence": (Evidence("e1", "app", _AT, "something else", "t-0@1"),)},
        {"evidence": (msgspec.structs.replace(incident().evidence[0], id="e2"),)},
        {"changes": ()},
        {"risen": (RisenTemplate("t1", "timeout", 3, 1.0, 2),)},
        {"past": (PastIncident("p", "slow", _AT, _AT, 0.9, "rolled back"),)},
        {"unaffected": (Unaffected("os", "ios", 0.02, 0.45),)},
        {"slice": msgspec.structs.replace(incident().slice, attributes={"os": "ios"})},
        {"grouping": msgspec.structs.replace(incident().grouping, cluster_id="other")},
    ],
)
def test_a_key_depends_on_every_fact(other: dict[str, Any]) -> None:
    assert key_of(incident(**other), "m") != key_of(incident(), "m")


def test_a_key_depends_on_whom_one_asks() -> None:
    assert key_of(incident(), "m") != key_of(incident(), "n")

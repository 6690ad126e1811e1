import pytest

from schemas.incidents import Incident
from streams.ids import Ids, UnknownIncident
from tests.support.incidents import incident


def one(incident_id: str, status: str = "open") -> Incident:
    return incident(incident_id=incident_id, status=status)


KNOWN = (
    one("aaaa1111bbbb2222-29400000"),
    one("aaaa1111bbbb2222-29300000", "resolved"),
    one("aaaa1111bbbb2222-29200000", "resolved"),
    one("aaaa9999bbbb2222-29400001"),
    one("cccc0000cccc0000-29100000", "resolved"),
)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("aaaa1111bbbb2222-29300000", "aaaa1111bbbb2222-29300000"),
        ("aaaa1", "aaaa1111bbbb2222-29400000"),
        ("aaaa1111bbbb2222-293", "aaaa1111bbbb2222-29300000"),
        ("cccc", "cccc0000cccc0000-29100000"),
    ],
)
def test_a_beginning_is_enough_and_the_unresolved_one_is_meant(name: str, found: str) -> None:
    assert Ids(KNOWN).find(name).incident_id == found


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("aaaa", "'aaaa' may be aaaa1111bbbb2222-29400000, aaaa9999bbbb2222-29400001: give more"),
        ("aaa", "'aaa' is too short: give at least 4 characters"),
        ("dddd", "no incident 'dddd'; see: groundswell incidents list --all"),
    ],
)
def test_another_name_says_what_to_do(name: str, says: str) -> None:
    with pytest.raises(UnknownIncident) as raised:
        Ids(KNOWN).find(name)
    assert str(raised.value) == says


def test_of_many_candidates_a_few_are_named() -> None:
    many = Ids(one(f"eeee{n:04}") for n in range(9))
    with pytest.raises(UnknownIncident, match=r"eeee0004 and 4 more: give more$"):
        many.find("eeee")


def test_what_is_shown_short_is_found_again() -> None:
    ids = Ids(KNOWN)
    shown = {ids.short(known.incident_id): known.incident_id for known in KNOWN}
    assert shown == {short: ids.find(short).incident_id for short in shown}
    assert {len(short) for short in shown} == {8, 20}

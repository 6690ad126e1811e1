from typing import Any

import pytest

from agents.incidents.traits import Traits, shared, traits_of
from schemas.causes import NearChange, RisenTemplate
from schemas.incidents import Grouping, Incident, Onset, Slice, SliceCandidate
from tests.support.incidents import incident


def alone(product: str, onset: str = "2026-11-20T09:04:00.000Z", **other: Any) -> Incident:
    """One that has nothing in common with any other, but for what is said."""
    nothing = {
        "slice": Slice({}, 0.0, 1.0, True, (), "even"),
        "changes": (),
        "grouping": Grouping("c", (), "", 0.1),
    }
    return incident(product=product, onset=Onset(onset, onset), **{**nothing, **other})


def of(values: dict[str, str], share: float, lift: float, *more: SliceCandidate) -> Slice:
    return Slice(values, share, lift, False, more, "")


def change(name: str, minutes: int = 4, fits: tuple[str, ...] = ("service",)) -> NearChange:
    return NearChange(name, name, "2026-11-20T09:00:00.000Z", minutes, fits)


def share(one: Incident, other: Incident) -> tuple[str, ...]:
    """All terms weigh the same; the order of the two does not matter."""
    weight = dict.fromkeys(
        set().union(*traits_of(one).terms, *traits_of(other).terms), 1.0
    ).__getitem__
    found = shared(traits_of(one), traits_of(other), weight)
    assert found == shared(traits_of(other), traits_of(one), weight)
    return found


def test_time_alone_is_enough_within_a_product_only() -> None:
    late = "2026-11-20T09:19:00.000Z"
    assert share(alone("wallet"), alone("wallet", late)) == ("time",)
    assert share(alone("wallet"), alone("video", late)) == ()
    assert share(alone("wallet"), alone("wallet", "2026-11-20T09:20:00.000Z")) == ()


def test_a_rare_value_of_the_slice_links_products() -> None:
    here = of({"region": "CN-31"}, 0.9, 30.0)
    one, other = alone("wallet", slice=here), alone("video", slice=here)
    assert share(one, other) == ("time", "slice")
    elsewhere = of({"region": "CN-44"}, 0.9, 30.0)
    assert share(one, alone("video", slice=elsewhere)) == ()


def test_a_value_that_everybody_has_links_nothing() -> None:
    android = of({"os": "android"}, 0.95, 1.9)
    assert share(alone("wallet", slice=android), alone("video", slice=android)) == ()


def test_part_of_a_slice_counts_if_its_share_is_known() -> None:
    version = SliceCandidate({"app_version": "7.2.0"}, 0.9, 9.0)
    both = {"app_version": "7.2.0", "os": "android"}
    ios = alone("video", slice=of({"app_version": "7.2.0", "os": "ios"}, 0.9, 20.0))
    known = alone("wallet", slice=of(both, 0.9, 20.0, version))
    assert share(known, ios) == ("time", "slice")
    assert share(alone("wallet", slice=of(both, 0.9, 20.0)), ios) == ()


def test_terms_link_products_if_they_are_most_of_the_shorter_list() -> None:
    def saying(product: str, *terms: str) -> Incident:
        return alone(product, grouping=Grouping("c", terms, "", 0.1))

    wallet = saying("wallet", "gateway", "timeout", "pay", "spins")
    assert share(wallet, saying("video", "gateway", "timeout", "play")) == ("time", "terms")
    assert share(wallet, saying("video", "gateway", "play", "black")) == ()
    assert share(wallet, saying("video", "gateway")) == ()


def test_a_rare_term_weighs_more_than_a_usual_one() -> None:
    one = traits_of(alone("wallet", grouping=Grouping("c", ("a", "b", "x", "y"), "", 0.1)))
    other = traits_of(alone("video", grouping=Grouping("c", ("a", "b", "v", "w", "u"), "", 0.1)))
    assert shared(one, other, lambda term: 1.0 if term in "ab" else 2.0) == ()
    assert shared(one, other, lambda term: 2.0 if term in "ab" else 1.0) == ("time", "terms")


def test_log_lines_that_rose_link_to_the_incident_of_those_lines() -> None:
    line = "connection to <*> refused by gateway after 30 s"
    rose = RisenTemplate("t1", line, 40, 0.5, 2)
    feedback = alone("wallet", risen=(rose,))
    logs = alone("core", grouping=Grouping("c", ("connection", "gateway", "refused"), "", 0.1))
    assert share(feedback, logs) == ("time", "terms")


def test_the_nearest_change_of_both_is_enough_at_any_time() -> None:
    later = "2026-11-20T10:30:00.000Z"
    one = alone("wallet", changes=(change("flag-1"), change("other")))
    assert share(one, alone("video", later, changes=(change("flag-1", 90),))) == ("change",)
    second = (change("deploy", 1), change("flag-1", 90))
    assert share(one, alone("video", later, changes=second)) == ()
    assert share(one, alone("video", changes=second)) == ("time", "change")


@pytest.mark.parametrize(
    ("near", "explained"),
    [((change("a"),), True), ((change("a", -2),), False), ((change("a", 4, ()),), False)],
)
def test_a_change_explains_if_it_came_before_and_fits(
    near: tuple[NearChange, ...], explained: bool
) -> None:
    assert traits_of(alone("wallet", changes=near)).explained is explained


def test_most_reports_say_whether_it_is_of_the_logs() -> None:
    def made_of(**channels: int) -> Traits:
        return traits_of(alone("wallet", channels=channels))

    assert made_of(log=3, app=2).log
    assert not made_of(log=2, app=2).log


def test_a_time_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="month"):
        traits_of(alone("wallet", "2026-99-20T09:04:00.000Z"))

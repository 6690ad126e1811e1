"""Which texts an incident shows."""

from hypothesis import given, settings
from hypothesis import strategies as st

from agents.incidents.evidence import Voice, pick_evidence
from tests.agents.incidents.made import sample


def test_evidence_is_distinct_alternates_channels_and_begins_with_the_earliest() -> None:
    samples = [
        sample(5, text="same"),
        sample(1, text="same"),
        sample(2),
        sample(9, channel="web", text="same"),
        sample(8, channel="web"),
        sample(3),
        sample(7, channel="web"),
    ]
    picked = pick_evidence([Voice(1.0, samples)], most=4)
    assert [(e.id, e.channel, e.source) for e in picked] == [
        ("e1", "app", "feedback.app-0@1"),
        ("e2", "web", "feedback.web-0@7"),
        ("e3", "app", "feedback.app-0@2"),
        ("e4", "web", "feedback.web-0@8"),
    ]
    assert pick_evidence([Voice(1.0, [])], most=4) == ()
    assert pick_evidence([], most=4) == ()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 9), st.sampled_from(["app", "web", "log"])), max_size=20),
    st.integers(0, 8),
)
def test_evidence_fills_up_and_does_not_depend_on_the_order(
    said: list[tuple[int, str]], most: int
) -> None:
    samples = [sample(n, channel=channel, text=f"text {n % 5}") for n, channel in said]
    picked = pick_evidence([Voice(2.0, samples)], most)
    assert len(picked) == min(most, len({s.text for s in samples}))
    assert len({e.text for e in picked}) == len(picked)
    assert pick_evidence([Voice(2.0, samples[::-1])], most) == picked


def test_what_rose_a_little_beside_the_problem_does_not_pass_for_it() -> None:
    names = [("problem", 9.0), ("log", 4.0), ("beside", 1.0)]
    voices = [Voice(w, [sample(n, text=f"{name} {n}") for n in range(6)]) for name, w in names]
    picked = [e.text.split()[0] for e in pick_evidence(voices, 6)]
    assert picked == ["problem", "problem", "log", "problem", "problem", "log"]
    few = pick_evidence([voices[0]._replace(samples=voices[0].samples[:1]), voices[2]], 6)
    assert [e.text for e in few] == ["problem 0", *(f"beside {n}" for n in range(5))]

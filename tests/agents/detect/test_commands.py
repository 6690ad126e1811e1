"""Commands take effect where they stand in the order of signals."""

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.detect.partition import DetectPartition
from agents.detect.rules import DetectRules
from agents.detect.snapshot import pack, unpack
from agents.incidents.compose import end_of
from agents.incidents.lifecycle import Revision
from agents.incidents.rules import IncidentRules
from schemas.commands import Acknowledge, Command, Feedback, Note, Resolve, Silence
from schemas.handling import Acknowledgement, Silencing
from schemas.incidents import encode_incident
from schemas.signals import Commanded, Progress, Signal
from tests.agents.detect.made import START, local, quiet_and_burst, told

APP = ("feedback.app", 0)
TOPIC = ("incidents.commands", 0)
AT = "2026-01-05T08:31:00.000Z"
BURST = range(START + 40, START + 70)
LAST = START + 95
RULES = DetectRules(incidents=IncidentRules(cooldown_minutes=6))

SIGNALS = told(
    APP,
    quiet_and_burst(APP, through=LAST, burst=BURST, size=9),
    through=LAST,
    product="wallet",
)


def play(
    signals: Iterable[Signal], detect: DetectPartition | None = None, first: int = 0
) -> list[tuple[int, Revision]]:
    """(last closed minute, revision) in the order in which they would be written."""
    detect = detect or DetectPartition(RULES, [APP])
    said = []
    for offset, signal in enumerate(signals, first):
        said += [(detect.closed_through, each) for each in detect.take(signal, offset)]
        for minute, revisions in detect.close_ready():
            said += [(minute, each) for each in revisions]
    return said


def lines(said: Iterable[tuple[int, Revision]]) -> list[tuple[int, str, bytes]]:
    return [(minute, r.stage, encode_incident(r.incident)) for minute, r in said]


UNDISTURBED = play(SIGNALS)
OPENED, FIRST = UNDISTURBED[0]
NAME = FIRST.incident.incident_id


def commanded(sequence: int, command: Command) -> Commanded:
    return Commanded(*TOPIC, sequence, command)


def after(minute: int, *commands: Command) -> list[Signal]:
    """The signals with commands at the point at which a minute has just closed."""
    at = 1 + next(
        n for n, s in enumerate(SIGNALS) if isinstance(s, Progress) and s.closed_through == minute
    )
    put = [commanded(n, command) for n, command in enumerate(commands, 1)]
    return [*SIGNALS[:at], *put, *SIGNALS[at:]]


def acknowledge() -> Acknowledge:
    return Acknowledge(incident_id=NAME, by="ana", at=AT)


def resolve() -> Resolve:
    return Resolve(incident_id=NAME, by="ana", at=AT)


def test_a_command_is_answered_before_the_next_minute_closes() -> None:
    note = Note(incident_id=NAME, by="bo", at=AT, text="look")
    stranger = Note(incident_id="nobody", by="bo", at=AT, text="look")
    said = play(after(OPENED + 3, acknowledge(), stranger, note))
    assert lines(said[:1]) == lines(UNDISTURBED[:1])
    assert [(minute, r.stage, r.incident.revision) for minute, r in said[1:3]] == [
        (OPENED + 3, "acknowledged", 2),
        (OPENED + 3, "updated", 3),
    ]
    rest = [(minute, r.stage) for minute, r in said[3:]]
    assert rest == [(minute, r.stage) for minute, r in UNDISTURBED[1:]]
    assert said[-1][1].incident.notes == said[2][1].incident.notes


def test_a_command_that_is_repeated_is_ignored() -> None:
    once = after(OPENED + 3, acknowledge(), acknowledge())
    places = [n for n, s in enumerate(once) if isinstance(s, Commanded)]
    twice = [*once[: places[-1] + 1], once[places[0]], once[places[1]], *once[places[-1] + 1 :]]
    assert lines(play(twice)) == lines(play(once))


def test_what_commands_say_of_their_progress_holds_nobody_up() -> None:
    detect = DetectPartition(RULES, [APP])
    said = play([commanded(1, acknowledge()), *SIGNALS], detect)
    assert lines(said) == lines(UNDISTURBED)
    assert detect.ended


@settings(max_examples=8, deadline=None)
@given(st.data())
@pytest.mark.slow
def test_a_restart_anywhere_says_the_same_again(data: st.DataObject) -> None:
    moment = data.draw(st.integers(OPENED, LAST))
    signals = after(
        moment,
        acknowledge(),
        Feedback(incident_id=NAME, by="bo", at=AT, useful=False),
        Silence(incident_id=NAME, by="bo", at=AT, minutes=4),
        resolve(),
    )
    whole = DetectPartition(RULES, [APP])
    expected = play(signals, whole)
    cut = data.draw(st.integers(0, len(signals)))
    before, resumed = (DetectPartition(RULES, [APP]) for _ in range(2))
    done = play(signals[:cut], before)
    body = pack(before.state())
    resumed.restore(unpack(body))
    assert pack(resumed.state()) == body
    done += play(signals[cut:], resumed, first=cut)
    assert lines(done) == lines(expected)
    assert pack(resumed.state()) == pack(whole.state())


def test_what_a_person_has_resolved_stays_resolved_for_a_while_though_it_is_up() -> None:
    said = play(after(OPENED + 2, resolve()))
    (_, over), (minute, again) = said[1:3]
    assert (over.stage, over.incident.status) == ("resolved", "resolved")
    assert again.stage == "opened"
    assert minute == OPENED + 2 + 6 + 1
    assert again.incident.previous_incident_id == NAME
    assert said[-1][1].incident.incident_id == again.incident.incident_id


def test_what_people_wrote_before_a_resolve_opens_nothing_after_it() -> None:
    burst = range(START + 40, START + 52)
    minutes = quiet_and_burst(APP, through=START + 130, burst=burst, size=9)
    signals = told(APP, minutes, through=START + 130, product="wallet")
    at = len(until(signals, burst.stop - 1))
    said = play([*signals[:at], commanded(1, resolve()), *signals[at:]])
    assert [r.stage for _, r in said if r.stage != "updated"] == ["opened", "resolved"]


def test_after_the_end_of_the_input_time_stands_still_and_commands_apply() -> None:
    minutes = quiet_and_burst(APP, through=LAST, burst=range(START + 70, LAST), size=9)
    detect = DetectPartition(RULES, [APP])
    opened = play(told(APP, minutes, through=LAST, product="wallet"), detect)[0][1].incident
    assert detect.ended
    now = "2026-11-21T16:00:00.000Z"
    told_after: list[Command] = [
        Acknowledge(incident_id=opened.incident_id, by="ana", at=now),
        Silence(incident_id=opened.incident_id, by="ana", at=now, minutes=4),
        Resolve(incident_id=opened.incident_id, by="ana", at=now),
    ]
    signals = [commanded(n, command) for n, command in enumerate(told_after, 1)]
    taken, silenced, over = (r.incident for _, r in play(signals, detect, first=detect.next_offset))
    end = end_of(LAST)
    assert taken.acknowledgement == Acknowledgement("ana", end, end_of(LAST + 60))
    assert silenced.silence == Silencing("ana", end, end_of(LAST + 4))
    assert (over.status, over.resolved_at, over.updated_at) == ("resolved", end, end)
    assert detect.ended


def until(signals: list[Signal], minute: int) -> list[Signal]:
    """The signals up to the one that closes a minute."""
    progress = (s.closed_through if isinstance(s, Progress) else 0 for s in signals)
    return signals[: 1 + next(n for n, closed in enumerate(progress) if closed == minute)]


def test_what_is_held_down_is_no_false_alarm_of_the_product() -> None:
    signals = after(OPENED + 2, resolve())
    detect, before = DetectPartition(RULES, [APP]), DetectPartition(RULES, [APP])
    play(until(signals, OPENED + 5), detect)
    play(until(signals, OPENED), before)
    product = detect.products["wallet"]
    view = product.view(OPENED + 5)
    assert not product.has_open
    assert len(view.judge.holds) == 1
    at_opening = before.products["wallet"].view(OPENED).judge.state()["peaks"]
    assert view.judge.state()["peaks"] == at_opening
    (key,) = [heard.key for heard in view.heard() if heard.key in view.judge.holds]
    trace = view.trace(key)
    assert trace is not None
    assert trace.decision == "muted"
    assert "a person has resolved its incident" in trace.why


def test_what_rises_again_soon_is_the_same_incident_and_has_its_themes_again() -> None:
    burst = range(START + 40, START + 48)
    minutes = quiet_and_burst(APP, through=LAST, burst=burst, size=9)
    again = quiet_and_burst(APP, through=LAST, burst=range(START + 66, START + 80), size=9)
    minutes |= {minute: again[minute] for minute in range(START + 60, LAST + 1)}
    signals = told(APP, minutes, through=LAST, product="wallet")
    rules = DetectRules(incidents=IncidentRules(quiet_minutes=5, cooldown_minutes=30))
    detect = DetectPartition(rules, [APP])
    said = play(until(signals, START + 70), detect)
    assert [r.stage for _, r in said if r.stage != "updated"] == ["opened", "resolved"]
    back = said[-1][1]
    assert back.incident.change_reason.startswith("rose again ")
    assert back.incident.incident_id == said[0][1].incident.incident_id
    assert detect.products["wallet"].has_open
    revisions = [r.incident.revision for _, r in said]
    assert revisions == list(range(1, len(said) + 1))


def test_a_surge_that_a_person_has_resolved_opens_nothing_for_a_while() -> None:
    minutes = {
        minute: [
            local(
                theme, n * (1 + (theme + minute) % 2), f"{theme} {minute}", "app", "", "7.1", "ios"
            )
            for theme in range(40)
        ]
        for minute in range(START, START + 110)
        if (n := 10 if minute >= START + 90 else 1)
    }
    signals = told(APP, minutes, through=START + 109, product="wallet")
    (minute, first), *_ = play(signals, DetectPartition(RULES, [APP]))
    over = Resolve(incident_id=first.incident.incident_id, by="ana", at=AT)
    at = len(until(signals, minute))
    signals = [*signals[:at], commanded(1, over), *signals[at:]]
    detect = DetectPartition(RULES, [APP])
    said = play(signals[: at + 3], detect)
    resumed = DetectPartition(RULES, [APP])
    resumed.restore(unpack(pack(detect.state())))
    said += play(signals[at + 3 :], resumed, first=at + 3)
    assert "many times the usual" in first.incident.title
    assert [(m - minute, r.stage) for m, r in said[:3]] == [
        (0, "opened"),
        (0, "resolved"),
        (RULES.incidents.cooldown_minutes + 1, "opened"),
    ]


@pytest.mark.parametrize(("opinions", "factor"), [(1, 1.25), (9, 3.0)])
def test_feedback_raises_the_threshold_of_its_theme(opinions: int, factor: float) -> None:
    command = Feedback(incident_id=NAME, by="bo", at=AT, useful=False)
    signals = after(OPENED, *[command] * opinions)
    detect = DetectPartition(RULES, [APP])
    said = play(signals, detect)
    last = said[-1][1].incident
    judge = detect.products["wallet"].view(LAST).judge
    cluster = last.grouping.cluster_id
    assert last.opinions is not None
    assert last.opinions.factor == factor
    assert last.observed.threshold is not None
    assert last.observed.threshold.false_per_week is None
    assert judge.threshold_of(cluster).score == pytest.approx(factor * judge.threshold.score)
    assert judge.threshold_of("another") == judge.threshold


def test_an_incident_tells_its_course() -> None:
    course = FIRST.incident.course
    assert course is not None
    assert len(course.observed) == len(course.expected) <= 60
    assert course.observed[-1] >= 9
    assert course.expected[-1] < 2

from schemas.incidents import Course
from sinks.console.history import MINUTES, REVISIONS, History
from tests.support.incidents import incident

START = "2026-11-20T09:00:00.000Z"


def test_later_revisions_go_on_with_the_course_and_correct_it() -> None:
    history = History()
    history.add(incident(course=Course(START, (1, 2, 3), (0.5, 0.5, 0.5))))
    history.add(incident(course=Course("2026-11-20T09:02:00.000Z", (4, 5), (0.6, 0.7))))
    course = history.course
    assert course is not None
    assert (course.start, course.observed) == (START, (1, 2, 4, 5))
    assert course.expected == (0.5, 0.5, 0.6, 0.7)


def test_minutes_that_nobody_told_of_are_null() -> None:
    history = History()
    history.add(incident(course=Course(START, (0,), (0.5,))))
    history.add(incident(course=Course("2026-11-20T09:03:00.000Z", (7,), (0.5,))))
    course = history.course
    assert course is not None
    assert course.observed == (0, None, None, 7)
    assert course.expected == (0.5, None, None, 0.5)


def test_a_revision_of_before_has_no_course() -> None:
    history = History()
    history.add(incident(course=None))
    assert history.course is None
    assert [turn.revision for turn in history.turns] == [1]


def test_it_is_bounded() -> None:
    history = History()
    for n in range(REVISIONS + 5):
        history.add(incident(revision=n + 1, course=None))
    history.add(incident(course=Course(START, (1,) * 10, (0.5,) * 10)))
    history.add(incident(course=Course("2029-01-01T00:00:00.000Z", (1,) * 3000, (0.5,) * 3000)))
    assert len(history.turns) == REVISIONS
    course = history.course
    assert course is not None
    assert len(course.observed) == MINUTES
    assert course.start.startswith("2029")

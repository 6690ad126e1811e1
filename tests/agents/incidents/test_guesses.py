import pytest

from agents.incidents.categories import categories
from agents.incidents.guesses import (
    Guess,
    change_kind,
    of_change,
    of_leading_log,
    of_log,
    of_past,
    of_slice,
    of_surge,
)
from schemas.causes import NearChange, PastIncident, RisenTemplate, Unaffected
from tests.agents.incidents.made import VERSION

TIME = "2026-11-20T09:14:03.000Z"
CHANGE = NearChange("c1", "Deploy checkout 7.2.0", TIME, 4, ("app_version", "service"))
LINE = RisenTemplate("t1", "pool <*> exhausted", 40, 1.5, 6)


def past(name: str = "p1", similarity: float = 0.8, resolution: str = "") -> PastIncident:
    return PastIncident(name, "wallet: 付不了款", TIME, TIME, similarity, resolution)


@pytest.mark.parametrize(
    ("summary", "kind"),
    [
        ("Release 7.2.0 of the app published", "release"),
        ("checkout rolled out to all nodes", "release"),
        ("新版本上线", "release"),
        ("Feature flag checkout.v2 enabled", "flag"),
        ("支付开关打开", "flag"),
        ("Config of checkout reloaded", "config"),
        ("修改限流参数", "config"),
        ("something was done", "change"),
    ],
)
def test_the_kind_of_a_change_is_told_by_its_summary(summary: str, kind: str) -> None:
    assert change_kind(summary) == kind


def test_a_change_is_told_with_its_time_and_what_fits() -> None:
    guess = of_change(CHANGE, 0)
    assert guess.cause == (
        "«Deploy checkout 7.2.0» happened 4 min before the onset; same app_version, service"
    )
    assert guess.zh == (
        "起始前 4 分钟发生变更：«Deploy checkout 7.2.0»；相同：app_version、service"
    )
    assert (guess.category, guess.ids) == ("release", ("c1",))
    assert guess.step == (
        "Review or roll back: Deploy checkout 7.2.0",
        "复查或回滚：Deploy checkout 7.2.0",
    )


@pytest.mark.parametrize(
    ("fits", "minutes", "rivals", "confidence"),
    [
        (("app_version",), 15, 0, "high"),
        (("app_version",), 16, 0, "medium"),
        (("app_version",), 4, 1, "medium"),
        (("service",), 4, 0, "medium"),
        ((), 4, 0, "medium"),
    ],
)
def test_high_confidence_takes_the_slice_and_no_rival(
    fits: tuple[str, ...], minutes: int, rivals: int, confidence: str
) -> None:
    near = NearChange("c1", "Deploy", TIME, minutes, fits)
    assert of_change(near, rivals).confidence == confidence


def test_a_past_incident_much_like_it_is_the_same_again() -> None:
    guess = of_past([past(resolution="rolled back")])
    assert guess is not None
    assert (
        guess.cause == "The same as on 2026-11-20, «wallet: 付不了款»; it ended with: rolled back"
    )
    assert guess.zh == "与 2026-11-20 的事件相同：«wallet: 付不了款»；当时的解决：rolled back"
    assert (guess.category, guess.confidence, guess.ids) == ("recurrence", "medium", ("p1",))
    assert guess.step is not None


def test_one_that_nobody_told_the_end_of_tells_little() -> None:
    guess = of_past([past()])
    assert guess is not None
    assert (guess.confidence, guess.step) == ("low", None)


def test_one_that_people_told_the_end_of_is_named_first() -> None:
    guess = of_past([past("p1", 0.9), past("p2", 0.7, "rolled back"), past("p3", 0.5, "no")])
    assert guess is not None
    assert guess.ids == ("p2",)


@pytest.mark.parametrize("others", [[], [past(similarity=0.59, resolution="rolled back")]])
def test_nothing_much_like_it_is_no_guess(others: list[PastIncident]) -> None:
    assert of_past(others) is None


def test_a_line_that_came_first_is_the_lead() -> None:
    with_it = RisenTemplate("t1", "other", 90, 1.0, 0)
    guess = of_leading_log([with_it, RisenTemplate("t2", LINE.template, 40, 1.5, 6)])
    assert guess is not None
    assert guess.cause == (
        "A service or what it depends on was failing 6 min before: «pool <*> exhausted»,"
        " 40 lines, 1.5 expected"
    )
    assert (guess.category, guess.confidence, guess.ids) == ("dependency", "medium", ("t2",))
    assert of_leading_log([with_it]) is None


def test_a_line_that_came_with_it_is_a_weak_guess() -> None:
    guess = of_log(LINE)
    assert (guess.confidence, guess.ids) == ("low", ("t1",))


def test_a_slice_is_told_with_whom_it_spares_and_what_is_often_behind_it() -> None:
    spared = (Unaffected("app_version", "7.1.0", 0.02, 0.45),)
    guess = of_slice(VERSION, categories()["payment"], spared)
    assert guess.cause.startswith(
        "Something that only concerns app_version=7.2.0, and not app_version=7.1.0; often it is a"
        " payment provider"
    )
    assert (guess.category, guess.confidence) == ("payment", "low")


GUESSES = [
    of_change(CHANGE, 1),
    of_past([past(resolution="done")]),
    of_leading_log([LINE]),
    of_log(LINE),
    of_slice(VERSION, categories()["crash"], ()),
    of_surge(),
]


@pytest.mark.parametrize("guess", GUESSES)
def test_every_guess_is_told_in_both_languages(guess: Guess) -> None:
    said = [(guess.cause, guess.zh), *([guess.step] if guess.step else [])]
    for english, chinese in said:
        assert any("\u4e00" <= c <= "\u9fff" for c in chinese)
        assert english != chinese


def test_words_of_others_are_one_visible_line() -> None:
    near = NearChange("c1", "Deploy\n\u202eevil\x00", TIME, 4)
    assert of_change(near, 0).cause == "«Deploy evil» happened 4 min before the onset"


def test_long_words_of_others_are_cut() -> None:
    long = "x" * 5_000
    near = NearChange("c1", long, TIME, 4)
    told = PastIncident("p1", long, TIME, TIME, 0.9, long)
    line = RisenTemplate("t1", long, 9, 1.0, 2)
    for guess in (of_change(near, 0), of_past([told]), of_leading_log([line]), of_log(line)):
        assert guess is not None
        assert max(len(guess.cause), len(guess.zh)) < 400
        assert all(len(step) < 300 for step in guess.step or ())

from agents.incidents.silences import Silences
from schemas.handling import Silencing

AT, SOON, LATER = (f"2026-01-05T08:{minute}:00.000Z" for minute in ("31", "41", "51"))
SHORT, LONG = Silencing("ana", AT, SOON), Silencing("bo", AT, LATER)


def test_it_lasts_until_its_end_and_only_for_its_theme() -> None:
    silences = Silences()
    silences.begin("a", SHORT)
    assert silences.of("a", AT) == SHORT
    assert silences.of("a", SOON) is None
    assert silences.of("b", AT) is None
    silences.end("a")
    assert silences.of("a", AT) is None


def test_the_longer_one_of_two_themes_made_one_stays() -> None:
    for into, gone in ((SHORT, LONG), (LONG, SHORT)):
        silences = Silences()
        silences.begin("a", into)
        silences.begin("b", gone)
        silences.merge("a", "b")
        assert silences.of("a", AT) == LONG
        assert silences.of("b", AT) is None


def test_the_number_is_bounded() -> None:
    silences = Silences()
    for n in range(1_001):
        silences.begin(f"t{n}", SHORT)
    assert silences.of("t0", AT) is None
    assert silences.of("t1", AT) == SHORT

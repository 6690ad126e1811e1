from edge.merging import merged
from schemas.records import Diagnosis, Item, Result, Span

LINE = Span(10, 30)


def diagnosis(start: int, end: int, **facts: str) -> Item:
    return Diagnosis(span=Span(start, end), sentence=LINE, name="x" * (end - start), **facts)  # type: ignore[arg-type]


def test_reading_adds_what_codes_do_not_say() -> None:
    coded = diagnosis(12, 15, certainty="refuted", code="I10")
    read = diagnosis(11, 15, certainty="confirmed", term="高血压", code="I11", time="2015")
    (made,) = merged([coded], [read])
    assert isinstance(made, Diagnosis)
    assert (made.certainty, made.code, made.term, made.time) == ("refuted", "I10", "高血压", "")
    assert made.span == Span(12, 15)


def test_what_reading_finds_elsewhere_stays_and_in_coded_lines_goes() -> None:
    coded = diagnosis(12, 15)
    elsewhere = Diagnosis(span=Span(2, 4), sentence=Span(0, 9), name="ab")
    assert merged([coded], [diagnosis(20, 25), elsewhere]) == (elsewhere, coded)


def test_without_codes_nothing_changes() -> None:
    assert merged([], [diagnosis(12, 15)]) == (diagnosis(12, 15),)


def result(**facts: object) -> Result:
    return Result(span=Span(12, 15), sentence=LINE, name="肌酐", **facts)  # type: ignore[arg-type]


def test_results() -> None:
    read = result(
        value=132.0, normal_value=132.0, normal_unit="μmol/L", low=57.0, interpretation="H",
        reference="table",
    )  # fmt: skip
    flagged = result(value=132.0, interpretation="A", reference="flag")
    (made,) = merged([flagged], [read])
    assert isinstance(made, Result)
    assert (made.interpretation, made.reference, made.low) == ("A", "flag", None)
    assert made.normal_value == 132
    assert merged([result(value=132.0)], [read]) == (read,)
    # What was read is another number: nothing of it belongs here.
    assert merged([result(value=5.0)], [read]) == (result(value=5.0),)

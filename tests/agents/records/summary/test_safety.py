"""Whatever the items are: nothing without a source, nothing that the patient does not have."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.records.followup.due import due
from agents.records.summary import summarise
from agents.records.summary.facts import Held, facts
from schemas.records import (
    Allergy,
    Certainty,
    Diagnosis,
    Document,
    FamilyHistory,
    Item,
    Line,
    Medication,
    Precaution,
    Procedure,
    Result,
    Span,
    Summary,
)
from tests.support.patients import pack, person

TEXT = "既往：排除肺癌。左侧股骨颈骨折？父亲高血压；青霉素过敏，停用二甲双胍0.5g共7天，复查。" * 3
_spans = st.tuples(st.integers(0, len(TEXT)), st.integers(0, 8)).map(
    lambda one: Span(one[0], min(one[0] + one[1], len(TEXT)))
)
_certainty = st.sampled_from(["confirmed", "uncertain", "refuted", "hypothetical"])
_course = st.sampled_from(["active", "chronic", "past", "resolved", "unknown"])
_time = st.sampled_from(["", "2019", "2020-03", "2021-02-03"])
_diseases = st.sampled_from(["肺癌", "左肺癌", "高血压", "糖尿病", "2型糖尿病", "前列腺增生", "x"])
_drugs = st.sampled_from(["二甲双胍", "青霉素", "阿莫西林", "x"])


def _built(kind: type, **fields: st.SearchStrategy) -> st.SearchStrategy:
    return st.builds(kind, span=_spans, sentence=st.just(Span(0, len(TEXT))), **fields)


_items = st.one_of(
    _built(
        Diagnosis, name=_diseases, term=st.one_of(st.just(""), _diseases), certainty=_certainty,
        course=_course, time=_time,
    ),
    _built(
        FamilyHistory, name=_diseases, certainty=_certainty,
        relative=st.sampled_from(["", "父亲"]),
    ),
    _built(
        Medication, name=_drugs, term=_drugs, certainty=_certainty, course=_course,
        dose=st.sampled_from(["", "0.5g", "500mg", "片"]),
        before=st.sampled_from(["", "青霉素", "0.5g"]),
        change=st.sampled_from(["", "start", "stop", "switch", "hold", "increase", "continue"]),
    ),
    _built(Allergy, name=st.one_of(st.just(""), _drugs), certainty=_certainty),
    _built(
        Procedure, name=st.sampled_from(["胃镜", "剖宫产", "左髋置换"]), certainty=_certainty,
        time=_time,
    ),
    _built(
        Precaution, name=st.sampled_from(["复查", "戒烟"]),
        due_days=st.one_of(st.none(), st.integers(0, 400_000_000)),
    ),
    _built(
        Result, name=st.sampled_from(["Hb", "肌酐"]), term=st.sampled_from(["", "肌酐"]),
        time=_time,
        value=st.one_of(st.none(), st.floats(allow_nan=False)),
        interpretation=st.sampled_from(["", "LL", "N", "H", "A"]),
    ),
)  # fmt: skip
_documents = st.lists(
    st.tuples(
        st.sampled_from(["", "2019", "2020-01-02", "2024-05", "2024-05-06"]),
        st.lists(_items, max_size=8),
    ),
    max_size=5,
)

Found = list[tuple[str, list[Item]]]


def lines(made: Summary) -> list[Line]:
    return [
        *made.allergies, *made.changes, *made.contradictions, *made.medication, *made.results,
        *made.procedures, *made.precautions, *made.family,
        *(line for problem in made.problems for line in problem.lines),
    ]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(_documents)
def test_of_random_items_nothing_is_told_that_the_patient_has_not(found: Found) -> None:
    read: list[tuple[Document, tuple[Item, ...]]] = [
        (Document(f"d{at}", "p1", date, "", TEXT, ""), tuple(items))
        for at, (date, items) in enumerate(found)
    ]
    made = summarise(person(), read, pack())
    texts = {document.id: document.text for document, _ in read}
    for one in lines(made):
        assert one.sources
        assert not one.date or one.date not in one.detail
        assert all(0 <= o.span.start <= o.span.end <= len(texts[o.document]) for o in one.sources)
    own: dict[tuple[str, Span], set[str]] = {}
    for document, items in read:
        for item in items:
            if isinstance(item, Diagnosis) and item.certainty in ("confirmed", "uncertain"):
                own.setdefault((document.id, item.span), set()).add(item.name)
    every = {name for names in own.values() for name in names}
    for problem in made.problems:
        told = [line for line in problem.lines if line.text in every]
        assert told
        for line in told:
            first = line.sources[0]
            assert line.text in own[first.document, first.span]


@pytest.mark.parametrize("certainty", ["refuted", "hypothetical"])
def test_what_is_not_so_cannot_be_held(certainty: Certainty) -> None:
    item = Diagnosis(span=Span(0, 2), sentence=Span(0, 2), name="肺癌", certainty=certainty)
    with pytest.raises(ValueError, match="does not have"):
        Held(item, Document("d", "p1", "", "", TEXT, ""), 0)


def test_a_relatives_disease_cannot_be_held() -> None:
    item = FamilyHistory(span=Span(0, 2), sentence=Span(0, 2), name="肺癌")
    with pytest.raises(ValueError, match="does not have"):
        Held(item, Document("d", "p1", "", "", TEXT, ""), 0)


def test_a_line_needs_a_source() -> None:
    from agents.records.summary.words import line

    with pytest.raises(TypeError):
        line("高血压")  # type: ignore[call-arg]


def test_no_repr_has_a_patients_words() -> None:
    allergy = Allergy(span=Span(0, 2), sentence=Span(0, 2), name="青霉素")
    document = Document("d", "p1", "", "", "患者，男，63岁，青霉素过敏", "")
    stranger = Document("e", "p1", "", "", "姓名：赵四 肺癌", "")
    told = facts(person(), [(document, (allergy,)), (stranger, ())])
    assert len(told.strangers) == 2
    for one in (told, *told.strangers, *told.allergies):
        assert "赵四" not in repr(one)
        assert "青霉素" not in repr(one)


@pytest.mark.timeout(20)
def test_hostile_text_comes_to_an_end() -> None:
    for text in ("接种" * 100_000, "姓名:" * 50_000, "左" * 200_000, "qd 7" * 50_000):
        document = Document("d", "p1", "2024-01-02", "", text, "")
        item = Medication(span=Span(5, 6), sentence=Span(0, len(text)), name="甲")
        found = Diagnosis(span=Span(5, 6), sentence=Span(0, len(text)), name="高血压", code="I10")
        made = summarise(person(), [(document, (item, found))], pack())
        assert [one.name for one in made.problems] == ["高血压"]
        due(person(), [(document, (item, found))], "2024-06-01", pack())

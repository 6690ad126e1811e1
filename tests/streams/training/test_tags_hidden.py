from agents.models.tags import GROUPS
from agents.records.pack import redaction_tables
from agents.records.redaction import Redactor
from schemas.records import Span
from streams.evaluation.record_passages import parse
from streams.evaluation.redaction_notes.notes import HiddenNote, TrueSpan
from streams.training.tags_hidden import hidden, label_of, nobodys
from streams.training.tags_texts import UNTOLD, Named, Told
from streams.training.tags_texts import told as told_of

LABELS = GROUPS["identity"]
TABLES = redaction_tables()
ROW = tuple(GROUPS).index("identity")


def note(text: str, *truth: tuple[str, str], half: str = "tune") -> HiddenNote:
    spans = [
        TrueSpan(Span(text.index(words), text.index(words) + len(words)), kind)
        for words, kind in truth
    ]
    return HiddenNote("chats-1.0", half, True, text, tuple(spans), None)  # type: ignore[arg-type]


def row(told: Told) -> str:
    return "".join("?" if one == UNTOLD else str(one) for one in told.labels[ROW])


def test_identifiers_become_labels_and_nobody_says_the_rest() -> None:
    (one,) = hidden(
        [
            note(
                "3床兰英93岁，尾号0372。",
                ("3床", "ward"),
                ("兰英", "name"),
                ("93岁", "age"),
                ("0372", "phone"),
            )
        ],
        TABLES,
    )
    ward, name, number = (str(LABELS.index(label)) for label in ("ward", "name", "number"))
    assert one.hand == "chats"
    assert row(one) == ward * 2 + name * 2 + "???" + "000" + number * 4 + "0"
    assert (one.labels[:ROW] == UNTOLD).all()
    assert one.names[:2] == (Named(0, 2, "identity: ward"), Named(2, 4, "identity: name"))


def test_neither_test_notes_nor_english_ones_teach() -> None:
    assert list(hidden([note("兰英", half="test"), note("Mary slept.")], TABLES)) == []


def test_a_text_is_read_in_todays_signs() -> None:
    (one,) = hidden([note("請問陳醫生")], TABLES)
    assert one.text == "请问陈医生"


def test_a_kind_without_a_label_of_its_own_is_a_number() -> None:
    assert (label_of("plate"), label_of("birth"), label_of("ward")) == ("number", "date", "ward")


def test_a_record_has_no_identifiers_but_where_rules_suspect_some() -> None:
    (told,) = told_of(
        {"marked-a": list(parse("查房。患者张建国昨日[肺炎|own]加重。", "marked-a-tune.txt"))}
    )
    assert row(told) == "?" * len(told.text)
    one = nobodys(told, told.text, Redactor(TABLES))
    start = told.text.index("张建国")
    assert set(row(one)[start : start + 3]) == {"?"}
    assert row(one)[:2] == "00"
    assert row(one)[-4:] == "0000"
    assert row(told) == "?" * len(told.text)

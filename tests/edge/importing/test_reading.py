"""From bytes to what may be kept; hostile bytes are refused and never do anything else."""

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge.importing import Imported, Refused, read, read_pasted, reading
from edge.importing.formats import format_of
from edge.importing.reader import parse
from edge.importing.reading import MOST_BYTES, complete, content_of
from schemas.records import MOST_TEXT, Format
from tests.support.papers import (
    PATIENT,
    bundle_of,
    concept,
    docx_of,
    paragraph,
    pdf_with_lines,
    resource,
    table,
)

FILES = Path(__file__).parent / "files"
NOTE = "门诊病历\n姓名：王测试 性别：男 科室：心内科\n就诊日期：2025-03-02\n诊断：高血压病。\n"
CONTENTS: dict[Format, bytes] = {
    "text": NOTE.encode("gb18030"),
    # Not compressed, so that what is spoilt reaches the parser.
    "pdf": pdf_with_lines(NOTE.split("\n"), packed=False),
    "docx": docx_of("".join(paragraph(line) for line in NOTE.split("\n")) + table([["a", "b"]])),
    "csv": "姓名,日期,项目,结果\n王测试,2025-03-02,肌酐,132\n".encode(),
    "fhir": bundle_of(
        PATIENT,
        resource("Condition", code=concept("高血压病")),
        resource("Observation", status="final", code=concept("肌酐"),
                 effectiveDateTime="2025-03-02", valueQuantity={"value": 132, "unit": "μmol/L"}),
    ),
}  # fmt: skip


def named(form: Format) -> str:
    return "a.csv" if form == "csv" else "a"


@pytest.mark.parametrize("form", CONTENTS)
def test_every_format(form: Format) -> None:
    made = read(CONTENTS[form], named(form))
    assert made.format == form
    assert made.digest == hashlib.sha256(made.text.encode()).hexdigest()
    assert (made.person.name, made.date) == ("王测试", "2025-03-02")


def test_what_a_note_says_of_itself() -> None:
    made = read(CONTENTS["text"], "x.txt")
    assert (made.text, made.title, made.department) == (NOTE, "门诊病历", "心内科")
    assert made.person.sex == "male"


def test_pasted() -> None:
    assert read_pasted("头晕\r\n三天").text == "头晕\n三天"
    with pytest.raises(Refused):
        read_pasted("\ud800")


def test_what_a_browser_printed() -> None:
    """Chromium draws character by character, wraps lines and puts radicals for ideographs."""
    made = read((FILES / "chromium.pdf").read_bytes(), "chromium.pdf")
    assert made.person.name == "王测试"
    assert (
        "否认冠心病、高血压、糖尿病、脑梗死、高血压、冠心病、脑梗死、糖尿病、"
        not in made.text.split("\n")
    )
    assert "肌酐 132 μmol/L 57-111 ↑" in made.text.split("\n")
    assert "高血压" in made.text


def test_the_same_text_has_the_same_digest_however_it_was_encoded() -> None:
    ways = [NOTE.encode(code) for code in ("utf-8", "utf-8-sig", "gb18030", "utf-16")]
    ways.append(NOTE.replace("\n", "\r\n").encode())
    assert len({read(content, "a.txt").digest for content in ways}) == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"x" * (MOST_BYTES + 1), "bytes"),
        (("咳" * (MOST_TEXT + 1)).encode(), "characters"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "doc"),
    ],
)
def test_refused(content: bytes, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        read(content, "a.txt")
    assert refused.value.reason == reason


@pytest.mark.timeout(30)
def test_files_that_are_none(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "absent", Path("/dev/zero")):
        with pytest.raises(Refused) as refused:
            content_of(path)
        assert refused.value.reason == "unreadable"
    huge = tmp_path / "huge"
    with huge.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(Refused) as refused:
        content_of(huge)
    assert refused.value.reason == "bytes"


def attempt(made: Callable[[], Imported]) -> None:
    """Imported or refused, in time."""
    try:
        imported = made()
    except Refused:
        pass
    else:
        assert 0 < len(imported.text) <= MOST_TEXT
        assert all(
            0 <= one.span.start <= one.span.end <= len(imported.text) for one in imported.items
        )


def here(content: bytes, name: str) -> Imported:
    """As `read`, but in this process."""
    form = format_of(content, name)
    return complete(parse(content, form), form, name)


@st.composite
def spoilt(draw: st.DrawFn, content: bytes) -> bytes:
    """With some bytes changed, cut out, doubled or cut off."""
    made = bytearray(content)
    for _ in range(draw(st.integers(1, 8))):
        place = draw(st.integers(0, max(0, len(made) - 1)))
        length = draw(st.integers(1, 24))
        match draw(st.sampled_from(["flip", "cut", "double", "end", "digits"])):
            case "flip":
                made[place : place + 1] = draw(st.binary(min_size=1, max_size=1))
            case "cut":
                del made[place : place + length]
            case "double":
                made[place:place] = made[place : place + length]
            case "digits":
                made[place : place + length] = b"9" * length
            case _:
                del made[place:]
    return bytes(made)


@pytest.fixture(autouse=True)
def _quiet() -> None:
    """As in the child: pypdf writes what it meets into a log."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)


@pytest.mark.parametrize("form", CONTENTS)
@settings(
    max_examples=25, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(data=st.data())
def test_spoilt_files(form: Format, data: st.DataObject) -> None:
    content = data.draw(spoilt(CONTENTS[form]))
    attempt(lambda: here(content, named(form)))


@pytest.mark.slow
@pytest.mark.parametrize("form", CONTENTS)
@settings(
    max_examples=600, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(data=st.data())
def test_many_spoilt_files(form: Format, data: st.DataObject) -> None:
    content = data.draw(spoilt(CONTENTS[form]))
    attempt(lambda: here(content, named(form)))


@settings(max_examples=40, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from(["", "%PDF-1.4\n", "PK\x03\x04", '{"', "姓名,项目,结果\n"]),
)
def test_any_bytes(content: bytes, start: str) -> None:
    attempt(lambda: here(start.encode() + content, "a.csv"))


@settings(max_examples=3, deadline=None)
@given(data=st.data(), form=st.sampled_from(["pdf", "docx", "fhir"]))
def test_spoilt_files_in_the_child(data: st.DataObject, form: Format) -> None:
    content = data.draw(spoilt(CONTENTS[form]))
    attempt(lambda: reading.read(content, "a"))


def refusal_of(content: bytes, name: str) -> Refused | None:
    try:
        read(content, name)
    except Refused as refused:
        return refused
    return None


def test_nothing_is_shown(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Neither in a repr, nor in an error's text or traceback, a log, or on the terminal."""
    secret = "王测试"
    for form, content in CONTENTS.items():
        made = read(content, named(form))
        assert secret in made.text + made.person.name
        assert secret not in repr(made) + repr(made.person) + str(made)
        for broken in (content[: len(content) // 2], content.replace(b"1", b"[")):
            refused = refusal_of(broken, f"{secret}.csv" if form == "csv" else secret)
            assert secret not in str(refused) + repr(refused)
            assert refused is None or refused.__cause__ is None
    assert secret not in caplog.text
    assert "".join(capfd.readouterr()) == ""

"""Documents into a real vault."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from agents.records.parsed import Note
from edge.errors import Unfit
from edge.importing import Refused, read, read_pasted
from edge.importing.intake import Intake, Taken
from edge.vault import Vault
from schemas.records import Diagnosis, Item, Span
from tests.support.edge import make_vault
from tests.support.papers import PATIENT, bundle_of, concept, resource

HEAD = "门诊病历\n姓名：王测试 性别：男 出生日期：1961-03-02 病案号：007\n就诊日期：2025-03-02\n"
NOTE = HEAD + "".join(f"{n}. 诉头晕第{n}天，血压{150 + n}/90mmHg，予缬沙坦。\n" for n in range(20))


def reads(note: Note) -> list[Item]:
    """Finds one disease, wherever it stands."""
    at = note.text.find("高血压")
    span = Span(at, at + 3)
    return [Diagnosis(span=span, sentence=span, name="高血压", term="高血压病")] if at >= 0 else []


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with make_vault(tmp_path) as made:
        yield made


@pytest.fixture
def intake(vault: Vault) -> Intake:
    return Intake(vault, reads, "7")


def take(intake: Intake, text: str, patient: str = "", *, sure: bool = False) -> Taken:
    return intake.take(read_pasted(text), None, patient=patient, sure=sure)


def test_a_new_patient(vault: Vault, intake: Intake) -> None:
    content = (NOTE + "诊断：高血压").encode("gb18030")
    taken = intake.take(read(content, "a.txt"), content)
    assert (taken.new, taken.known) == (True, False)
    patient = vault.patients.get(taken.patient)
    assert (patient.name, patient.sex, patient.birth, patient.number) == (
        "王测试", "male", "1961-03-02", "007",
    )  # fmt: skip
    document = vault.documents.get(taken.document)
    assert (document.date, document.title, document.format) == ("2025-03-02", "门诊病历", "text")
    assert vault.documents.original(taken.document) == content
    assert [item.term for item in vault.items.of(taken.document)] == ["高血压病"]
    assert vault.documents.list()[0].version == "7"


def test_the_same_again_is_known(vault: Vault, intake: Intake) -> None:
    first = take(intake, NOTE)
    again = take(intake, NOTE.replace("\n", "\r\n"))
    assert again == Taken(first.document, first.patient, known=True)
    assert len(vault.documents.list()) == 1


def test_a_name_alone_is_asked_for_but_the_same_again_is_known(intake: Intake) -> None:
    first = take(intake, "姓名：李四\n头晕。")
    assert first.new
    assert take(intake, "姓名：李四\n头晕。").known
    with pytest.raises(Refused) as refused:
        take(intake, "姓名：李四\n胸痛。")
    assert refused.value.reason == "namesake"
    assert take(intake, "姓名：李四\n胸痛。", first.patient).patient == first.patient


def test_a_date_is_given_to_what_has_none_also_later(vault: Vault, intake: Intake) -> None:
    undated = NOTE.replace("就诊日期：2025-03-02", "")
    first = take(intake, undated)
    assert first.remarks == ("undated",)
    known = intake.take(read_pasted(undated), None, date="2025-03-04")
    assert known == Taken(first.document, first.patient, known=True)
    assert vault.documents.get(first.document).date == "2025-03-04"
    # Its reading may name other days now.
    assert [one.version for one in vault.documents.list()] == [""]
    other = intake.take(read_pasted(undated + "复诊。"), None, date="2025-03-05")
    assert (vault.documents.get(other.document).date, other.remarks) == ("2025-03-05", ())


def test_a_documents_own_date_goes_before_one_that_is_given(vault: Vault, intake: Intake) -> None:
    first = intake.take(read_pasted(NOTE), None, date="2025-03-04")
    intake.take(read_pasted(NOTE), None, date="2025-03-04")
    assert vault.documents.get(first.document).date == "2025-03-02"
    with pytest.raises(Unfit):
        intake.take(read_pasted(HEAD[:40] + "头晕。"), None, date="4.3.2025")


def test_almost_the_same_visit_is_kept_and_told(intake: Intake) -> None:
    take(intake, NOTE)
    near = take(intake, NOTE.replace("第7天", "第7日"))
    assert (near.known, near.remarks) == (False, ("near",))
    later = take(intake, NOTE.replace("2025-03-02", "2025-04-02"))
    assert later.remarks == ()


def test_named_by_a_person(vault: Vault, intake: Intake) -> None:
    other = vault.patients.add("赵六")
    with pytest.raises(Refused) as refused:
        take(intake, NOTE, other.id)
    assert refused.value.reason == "other"
    assert take(intake, NOTE, other.id, sure=True).patient == other.id
    # What the document says of somebody else is not learnt.
    assert vault.patients.get(other.id) == other
    assert take(intake, "头晕。", other.id).patient == other.id


def test_facts_are_learnt(vault: Vault, intake: Intake) -> None:
    known = vault.patients.add("王测试", number="007")
    assert take(intake, NOTE).patient == known.id
    learnt = vault.patients.get(known.id)
    assert (learnt.sex, learnt.birth) == ("male", "1961-03-02")


def test_refused_leaves_nothing(vault: Vault, intake: Intake) -> None:
    with pytest.raises(Refused):
        take(intake, "头晕三天。")
    assert vault.patients.count() == 0
    assert not vault.documents.list()


def test_what_cannot_be_kept_leaves_no_patient(vault: Vault, intake: Intake) -> None:
    imported = msgspec.structs.replace(read_pasted(NOTE), title="a" * 201)
    with pytest.raises(Unfit):
        intake.take(imported, None)
    assert vault.patients.count() == 0


def test_coded_facts_are_kept(vault: Vault, intake: Intake) -> None:
    refuted = concept("", "refuted")
    content = bundle_of(
        PATIENT, resource("Condition", code=concept("高血压"), verificationStatus=refuted)
    )
    taken = intake.take(read(content, "a.json"), content)
    (item,) = vault.items.of(taken.document)
    assert isinstance(item, Diagnosis)
    assert (item.certainty, item.term) == ("refuted", "高血压病")

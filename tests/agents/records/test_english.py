"""English notes as a whole: whose a disease is, whether so, and what was done."""

import pytest

from agents.records.extraction import Extractor
from agents.records.parsed import Note
from schemas.records import Allergy, Diagnosis, FamilyHistory, Item, Procedure, Sex
from tests.agents.records.reading import rules


def read(text: str, sex: Sex = "female") -> tuple[Item, ...]:
    return Extractor(rules()).read(Note(text, "2025-03-02", sex))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("No past history of diabetes, hypertension, asthma.", ["refuted"] * 3),
        ("Denies hematuria, UTI. Father well.", ["refuted"]),
        ("Subdural ruled out on CT.", ["refuted"]),
        ("Retinopathy: none on exam.", ["refuted"]),
        ("Schizophrenia was considered in 2016 but has since been ruled out.", ["refuted"]),
        ("I don't think you have celiac disease.", ["refuted"]),
        ("She is non-diabetic.", ["refuted"]),
        ("HCV negative, HBV neg.", ["refuted"] * 2),
        ("Not pneumonia clinically.", ["refuted"]),
        ("?fibroids", ["uncertain"]),
        ("Portal vein thrombosis cannot be excluded.", ["uncertain"]),
        ("Differential includes pneumonia, PE and heart failure.", ["uncertain"] * 3),
        ("Fatty liver suspected given ALT 78.", ["uncertain"]),
        ("COPD exacerbation, possible - prednisone.", ["uncertain"]),
        ("Acute asthma, possible pneumonia.", ["confirmed", "uncertain"]),
        ("I'm scared of getting hepatitis.", ["hypothetical"]),
        ("DVT ppx: heparin", ["hypothetical"]),
        ("Screening for colon cancer", ["hypothetical"]),
    ],
)
def test_certainty(text: str, expected: list[str]) -> None:
    assert [one.certainty for one in read(text) if isinstance(one, Diagnosis)] == expected


@pytest.mark.parametrize(
    ("text", "own", "kin"),
    [
        ("FHx: mum lupus.\nImp: gout.", ["gout"], ["lupus"]),
        ("- son: lupus\n- gout", ["gout"], ["lupus"]),
        ("His father had gout when he was 60 and asthma.", [], ["gout", "asthma"]),
        ("Wife reports falls. She was found to have glaucoma.", [], ["glaucoma"]),
        ("Her partner has gout.", [], ["gout"]),
        ("Family history is negative for VTE.", [], ["VTE"]),
        ("Dear colleague, this lady has gout.", ["gout"], []),
    ],
)
def test_whose(text: str, own: list[str], kin: list[str]) -> None:
    items = read(text, "male")
    assert [one.name for one in items if isinstance(one, Diagnosis)] == own
    assert [one.name for one in items if isinstance(one, FamilyHistory)] == kin


@pytest.mark.parametrize(
    ("text", "certainty", "time"),
    [
        ("s/p CABG 2015", "confirmed", "2015"),
        ("She had a dual-chamber pacemaker implanted in March 2020.", "confirmed", "2020-03"),
        ("Plan: colonoscopy", "hypothetical", ""),
        ("Plan: aspirin, s/p PCI", "confirmed", ""),
        ("CBT to be arranged.", "hypothetical", ""),
        ("Declined colonoscopy.", "refuted", ""),
        ("Transplant discussed, he refuses for now.", "refuted", ""),
        ("an appendectomy when I was 12", "confirmed", ""),
    ],
)
def test_procedures(text: str, certainty: str, time: str) -> None:
    done = [one for one in read(text) if isinstance(one, Procedure)]
    assert [(one.certainty, one.time) for one in done] == [(certainty, time)]


@pytest.mark.parametrize(
    ("text", "course"),
    [
        ("history of asthma", "chronic"),
        ("h/o DVT", "past"),
        ("Brief AF on day 1, reverted spontaneously.", "resolved"),
        ("TKR 2019, cellulitis", "active"),
    ],
)
def test_course(text: str, course: str) -> None:
    assert [one.course for one in read(text) if isinstance(one, Diagnosis)] == [course]


def test_a_drug_in_the_name_of_a_disease() -> None:
    assert [one.name for one in read("PMH: vitamin D deficiency")] == ["vitamin D deficiency"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FH: breast cancer in her mother. Allergic to penicillin and sulfa.", ["confirmed"] * 2),
        ("FH: mother had breast cancer. NKDA.", ["refuted"]),
        ("FH: mother allergic to penicillin.", []),
        ("FH: nil. Allergies: none known. Mother allergic to nuts.", ["refuted"]),
    ],
)
def test_allergies_behind_the_family_are_the_patients(text: str, expected: list[str]) -> None:
    assert [one.certainty for one in read(text) if isinstance(one, Allergy)] == expected

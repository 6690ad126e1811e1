"""What came structured stays as it came when other rules read the same documents anew."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.records.extraction import Extractor
from agents.records.pack import BUNDLED, Pack
from edge.device import Device
from edge.importing import read
from edge.importing.intake import Intake
from edge.judging import rules_of
from edge.vault import Vault
from schemas.records import Summary
from tests.support.edge import Clock, make_vault
from tests.support.papers import PATIENT, bundle_of, concept, resource

ICD = "http://hl7.org/fhir/sid/icd-10"
BUNDLE = bundle_of(
    PATIENT,
    resource("Composition", status="final", date="2026-03-02", title="出院小结",
             section=[{"title": "现病史", "text": {"div": "<div>诊断：银河综合征。</div>"}}]),
    resource("Condition", code=concept("高血压", "I10", system=ICD),
             verificationStatus=concept("", "confirmed")),
    # Of neither does the text alone say as much as the code.
    resource("Condition", code=concept("罕见某病", "E88.8", system=ICD),
             clinicalStatus=concept("", "active")),
    resource("Condition", code=concept("胃癌"), verificationStatus=concept("", "refuted")),
    resource("AllergyIntolerance", code=concept("青霉素"), reaction=[
        {"manifestation": [concept("皮疹")]}]),
    resource("Observation", status="final", code=concept("肌酐"), effectiveDateTime="2026-03-01",
             valueQuantity={"value": 132, "unit": "μmol/L"},
             interpretation=[concept("", "H")]),
)  # fmt: skip


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Pack, Pack]:
    """The one that comes along, and an update that has a code for one more disease."""
    folder = tmp_path_factory.mktemp("pack")
    shutil.copytree(str(BUNDLED), folder, dirs_exist_ok=True)
    (folder / "pack.toml").write_text('version = "2"\n', "utf-8")
    with (folder / "diagnoses.tsv").open("a", encoding="utf-8") as table:
        table.write("银河综合征\tZ99\t\t\n")
    return Pack.load(), Pack.load(folder)


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with make_vault(tmp_path) as vault:
        yield vault


def facts(made: Summary) -> set[tuple[str, str]]:
    problems = {(one.name, one.code) for one in made.problems}
    rest = (made.allergies, made.results, made.changes, made.contradictions, made.medication)
    return problems | {(one.text, one.mark) for lines in rest for one in lines}


@pytest.mark.parametrize("keep", [True, False])
def test_facts_of_fhir_survive_an_update(
    vault: Vault, packs: tuple[Pack, Pack], keep: bool
) -> None:
    """Told in the summary, whether or not who asks may write."""
    old, new = packs
    intake = Intake(vault, Extractor(old).read, old.version)
    taken = intake.take(read(BUNDLE, "a.json"), BUNDLE)
    before = Device(vault, rules_of(old), Clock().host).summary(taken.patient, "zh")
    assert {("罕见某病", "E88.8"), ("高血压", "I10")} <= facts(before)
    assert not [name for name, _ in facts(before) if "胃癌" in name]

    device = Device(vault, rules_of(new), Clock().host)
    after = (
        device.view(taken.patient, "zh").summary if keep else device.summary(taken.patient, "zh")
    )
    # What the new rules know more of the narrative is told, and nothing is lost.
    assert facts(after) == facts(before) - {("银河综合征", "")} | {("银河综合征", "Z99")}
    assert after.version == "2"
    versions = {one.version for one in vault.documents.list(taken.patient)}
    assert (versions == {"2"}) is keep


def test_and_another_one(vault: Vault, packs: tuple[Pack, Pack]) -> None:
    old, new = packs
    taken = Intake(vault, Extractor(old).read, old.version).take(read(BUNDLE, "a.json"), BUNDLE)
    at_first = vault.items.of(taken.document)
    for pack in (new, old):
        Device(vault, rules_of(pack), Clock().host).view(taken.patient, "zh")
    assert vault.items.of(taken.document) == at_first

"""Substances, reactions, and that none are known."""

import pytest

from agents.records import allergies
from tests.agents.records.reading import pack, parsed

CASES = [
    ("过敏史：青霉素（皮疹）", [("青霉素", "confirmed", "皮疹")]),
    ("青霉素过敏，表现为全身皮疹、呼吸困难", [("青霉素", "confirmed", "全身皮疹、呼吸困难")]),
    ("对青霉素不过敏", [("青霉素", "refuted", "")]),
    ("对磺胺类过敏", [("磺胺类", "confirmed", "")]),
    ("对青霉素、头孢过敏", [("青霉素", "confirmed", ""), ("头孢", "confirmed", "")]),
    ("否认药物、食物过敏史", [("", "refuted", "")]),
    ("无药物过敏史", [("", "refuted", "")]),
    ("过敏史：无", [("", "refuted", "")]),
    ("过敏史：否认", [("", "refuted", "")]),
    ("无青霉素过敏", [("青霉素", "refuted", "")]),
    ("青霉素过敏史可疑", [("青霉素", "uncertain", "")]),
    ("青霉素皮试阴性", [("青霉素", "refuted", "")]),
    ("头孢曲松皮试阳性", [("头孢曲松", "confirmed", "皮试阳性")]),
    ("用磺胺类后起荨麻疹", [("磺胺类", "confirmed", "荨麻疹")]),
    ("海鲜过敏（荨麻疹）、芒果过敏", [("海鲜", "confirmed", "荨麻疹"), ("芒果", "confirmed", "")]),
    ("过敏性鼻炎10年", []),
    ("母亲对青霉素过敏", []),
    ("allergic to penicillin (rash)", [("penicillin", "confirmed", "rash")]),
    ("NKDA", [("", "refuted", "")]),
    ("No known drug allergies.", [("", "refuted", "")]),
    ("Allergies: sulfa - hives", [("sulfa", "confirmed", "hives")]),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_allergies(text: str, expected: list[tuple[str, str, str]]) -> None:
    read = allergies.find(parsed(text), pack())
    assert [(one.name, one.certainty, one.reaction) for one in read] == expected

"""Words of one and of two characters, values, and where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.errors import Unfit
from edge.vault import Vault
from tests.support.edge import TEXT, document, found, make_vault


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    with make_vault(tmp_path_factory.mktemp("vault")) as made:
        patient = made.patients.add("张三").id
        made.documents.add(document(patient), [found()])
        made.documents.add(
            document(patient, "B超示胆囊结石。体温36.5℃，ＨｂＡ１ｃ未查。", "2026-04")
        )
        other = made.patients.add("李四").id
        made.documents.add(document(other, "痛", "2026-02-01"))
        yield made


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        ("病", [[], ["病"], []]),
        ("血", [["血"]]),
        ("痛", [["痛"]]),
        ("查", [["查"], ["查"]]),
        ("否认", [["否认"]]),
        ("结石", [["结石"]]),
        ("糖尿病", [["糖尿病"]]),
        ("2型糖尿病", [["2型糖尿病"]]),
        ("三个月后复查", [["三个月后复查"]]),
        ("hba1c", [["ＨｂＡ１ｃ"], ["HbA1c"]]),
        ("HBA", [["ＨｂＡ"], ["HbA"]]),
        ("132", [["132"]]),
        ("13", [["13"]]),
        ("肌酐132", [["肌酐 132"]]),
        ("μmol", [["μmol"]]),
        ("b超", [["B超"]]),
        ("36.5℃", [["36.5"]]),
        ("高血压 肌酐", [["高血压", "肌酐"]]),
        ("肌酐，高血压", []),
        ("e11", [["2型糖尿病"]]),
        ("门诊", [[], [], []]),
        ("2型糖尿病10年", [["2型糖尿病10年"]]),
        ("否认高血压。肌酐132μmol", [["否认高血压。肌酐 132 μmol"]]),
        ("否认高血压，肌酐132μm", [["否认高血压。肌酐 132 μm"]]),
        ("否认高血压。肌酐133", []),
        ("建议三个月后复检", []),
        ("尿糖", []),
        ("bA1c", []),
        ("32", []),
        ("高血糖", []),
        ("结石 痛", []),
    ],
)
def test_a_word_is_found_where_it_stands(vault: Vault, words: str, seen: list[list[str]]) -> None:
    hits = vault.search(words)
    texts = [vault.documents.get(hit.document).text for hit in hits]
    assert [
        [text[one.start : one.end] for one in hit.spans]
        for hit, text in zip(hits, texts, strict=True)
    ] == seen


@pytest.mark.parametrize("words", ["", "  ", '"', "*", "，。", "( ) AND", "NEAR(", "-", "^", ":"])
def test_signs_mean_nothing(vault: Vault, words: str) -> None:
    assert vault.search(words) == ()


def test_the_newest_come_first_and_of_one_patient_if_asked(vault: Vault) -> None:
    assert [hit.date for hit in vault.search("门诊")] == ["2026-04", "2026-03-01", "2026-02-01"]
    only = vault.patients.list("李四")[0].id
    assert [hit.patient for hit in vault.search("门诊", patient=only)] == [only]
    assert len(vault.search("门诊", limit=1)) == 1


def test_the_excerpt_has_the_first_place(vault: Vault) -> None:
    (hit,) = vault.search("肌酐")
    assert TEXT[hit.at : hit.at + len(hit.excerpt)] == hit.excerpt
    assert hit.excerpt[hit.spans[0].start - hit.at :].startswith("肌酐")


def test_what_is_asked_has_an_end(vault: Vault) -> None:
    for words in ("痛" * 201, "痛 " * 11):
        with pytest.raises(Unfit) as caught:
            vault.search(words)
        assert "痛" not in str(caught.value)


def test_a_long_document_is_searched_quickly(tmp_path: Path) -> None:
    with make_vault(tmp_path) as vault:
        patient = vault.patients.add("张三").id
        vault.documents.add(document(patient, "无痛" * 100_000))
        assert len(vault.search("痛")[0].spans) == 20

"""`groundswell-edge ask`: answered here, and sent only after a yes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from edge.vault import Vault
from tests.edge.test_consult import gate
from tests.support.edge import PASSPHRASE, document, edge, found, make_vault

pytestmark = pytest.mark.usefixtures("unsure")
GENERAL = "华法林和布洛芬能一起吃吗？{name}想问"

DOUBTFUL = "华法林和布洛芬能一起吃吗？河对门的糖豆说能"


@pytest.fixture
def device(tmp_path: Path) -> tuple[Path, str]:
    with make_vault(tmp_path) as vault:
        patient = vault.patients.add("张建国", number="ZY0012345").id
        vault.documents.add(document(patient), [found()])
        home = vault.home.folder
    (home / "gateway.token").write_text("abc")
    return home, patient


def _asked(home: Path) -> list[tuple[str, ...]]:
    from edge.cli.opening import HOST
    from edge.settings import Home

    with Vault.open(Home(home), "", PASSPHRASE, HOST) as vault:
        return [entry.ids for entry in vault.audit.list() if entry.action == "asked"]


def test_record_answers_with_sources(device: tuple[Path, str]) -> None:
    home, patient = device
    made = edge("ask", "他有哪些诊断？", "--patient", patient, home=home, typed=PASSPHRASE + "\n")
    assert made.exit_code == 0, made.output
    assert "2型糖尿病" in made.output
    assert "(d-" in made.output
    assert "would leave" not in made.output


@pytest.mark.parametrize(("yes", "sent"), [("y", 1), ("n", 0), ("", 0)])
def test_yes_or_nothing(yes: str, sent: int, device: tuple[Path, str]) -> None:
    home, patient = device
    question = GENERAL.format(name="张建国")
    with gate() as there:
        made = edge(
            "ask", question, "--patient", patient, "--send", "--gateway", there.address,
            home=home, typed=f"{PASSPHRASE}\n{yes}\n",
        )  # fmt: skip
    assert made.exit_code == 0, made.output
    bodies = [body for *_, body in there.got]
    assert len(bodies) == sent
    assert len(_asked(home)) == sent
    if sent:
        assert bodies[0].decode() in made.output
        assert json.loads(bodies[0]) == {"text": "华法林和布洛芬能一起吃吗？[姓名]想问"}
        assert "不建议合用" in made.output


def test_without_send_only_shown(device: tuple[Path, str]) -> None:
    home, patient = device
    made = edge("ask", "-", "--patient", patient, home=home, typed=f"{PASSPHRASE}\n什么是房颤\n")
    assert made.exit_code == 0, made.output
    assert '{"text":"什么是房颤"}' in made.output
    assert _asked(home) == []


def test_says_where_to_ask(device: tuple[Path, str]) -> None:
    home, patient = device
    made = edge("ask", "什么是房颤", "--patient", patient, "--send", home=home, typed=PASSPHRASE)
    assert made.exit_code == 1
    assert "--gateway" in made.output


def test_what_may_be_an_identifier_is_marked_and_stays(device: tuple[Path, str]) -> None:
    home, patient = device
    made = edge("ask", "-", "--patient", patient, home=home, typed=f"{PASSPHRASE}\n{DOUBTFUL}\n")
    assert made.exit_code == 0, made.output
    assert f'{{"text":"{DOUBTFUL}"}}' in made.output
    assert DOUBTFUL.replace("糖豆", "<1? 糖豆>") in made.output


@pytest.mark.parametrize(
    ("options", "typed", "sent", "by_hand"),
    [
        ((), "1\ny", DOUBTFUL.replace("糖豆", "[姓名]"), "by-hand:1"),
        (("--remove", "1"), "y", DOUBTFUL.replace("糖豆", "[姓名]"), "by-hand:1"),
        (("--remove", "1"), "1\nYES", DOUBTFUL, "by-hand:0"),
        ((), "x\n9\ny", DOUBTFUL, "by-hand:0"),
        ((), "1\nn", "", ""),
        ((), "1\n", "", ""),
    ],
)
def test_numbers_remove_and_put_back(
    options: tuple[str, ...], typed: str, sent: str, by_hand: str, device: tuple[Path, str]
) -> None:
    home, patient = device
    with gate() as there:
        made = edge(
            "ask", DOUBTFUL, "--patient", patient, "--send", "--gateway", there.address, *options,
            home=home, typed=f"{PASSPHRASE}\n{typed}\n",
        )  # fmt: skip
    assert made.exit_code == 0, made.output
    assert [json.loads(body)["text"] for *_, body in there.got] == ([sent] if sent else [])
    assert [ids[2] for ids in _asked(home)] == ([by_hand] if sent else [])
    if sent:
        assert "糖豆" not in str(_asked(home))
        # The last bytes shown are those that left.
        shown = [line for line in made.output.splitlines() if line.startswith('  {"text"')]
        assert shown[-1].strip() == there.got[0][3].decode()


def test_a_number_that_is_not_marked_is_refused(device: tuple[Path, str]) -> None:
    home, patient = device
    made = edge(
        "ask", DOUBTFUL, "--patient", patient, "--remove", "7", home=home, typed=PASSPHRASE + "\n"
    )
    assert made.exit_code == 1
    assert "no mark has this number: there are 1" in made.output

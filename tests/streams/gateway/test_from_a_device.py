"""A device's question at the gateway itself: of each other they know only the form of a reply."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from agents.records.pack import Pack
from edge.consult import Answer, Consent, Context, Draft, Gateway, ask, prepare
from schemas.topics import REQUESTS
from schemas.turns import Reply, Source, Turn
from streams.gateway.server import GatewayRules
from streams.requests.errors import Overloaded
from tests.edge.test_consult import GENERAL, PATIENT, SUMMARY
from tests.streams.gateway.house import House, house
from tests.support.asking import Counter, open_counter
from tests.support.edge import PASSPHRASE, document, found, make_vault
from tests.support.gateway_process import GatewayProcess
from tests.support.waiting import SOON, eventually
from tests.support.workers import ROOT

QUESTION, LEAVES = "2型糖尿病怎么治疗？张建国想问", "2型糖尿病怎么治疗？[姓名]想问"
OWN = "2026-03-01  2型糖尿病"
"""What the record says."""
Done = subprocess.CompletedProcess[str]
EXPIRED: dict[str, Any] = {"iat": 1_700_000_000, "exp": 1_700_000_600}


@pytest.fixture(scope="module")
def draft() -> Draft:
    return prepare(GENERAL, Context(PATIENT, SUMMARY, Pack.load(), bytes))


@pytest.fixture
def device(tmp_path: Path) -> tuple[Path, str]:
    """Its folder, and a patient with a document."""
    with make_vault(tmp_path) as vault:
        patient = vault.patients.add("张建国").id
        vault.documents.add(document(patient), [found()])
        return vault.home.folder, patient


def guarded(gateway: str, patient: str, folder: Path) -> Done:
    """`groundswell-edge ask` as a person runs it: its guard is on."""
    return subprocess.run(
        [sys.executable, "-m", "edge", "ask", QUESTION, "--patient", patient, "--send",
         "--gateway", gateway, "--home", str(folder)],
        input=f"{PASSPHRASE}\ny\n", capture_output=True, text=True, check=False, timeout=SOON,
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def told(turn: Turn) -> Reply:
    article = Source("article", "a-1", "抗凝")
    return Reply(session=turn.session, turn=turn.turn, text="不建议合用。", sources=(article,))


async def asked(home: House, draft: Draft, folder: Path, token: str) -> Answer:
    """By the child that the device starts."""
    file = folder / "token"
    file.write_text(token)
    place = Gateway(f"http://127.0.0.1:{home.port}", file)
    return await asyncio.to_thread(ask, draft, Consent(draft), place, lambda _: None, SOON)


def test_the_assistant_gets_the_words_that_were_shown_and_its_answer_comes_back(
    draft: Draft, tmp_path: Path
) -> None:
    async def run() -> None:
        async with house() as home:
            home.assistant.reply = told
            answer = await asked(home, draft, tmp_path, home.issuer.token())
            (turn,) = home.assistant.asked
        assert (turn.tenant, turn.user, turn.text) == ("bank-a", "u-1", draft.text)
        assert answer == Answer("answered", draft.lines, "不建议合用。", ("抗凝",))

    asyncio.run(run())


@pytest.mark.parametrize(
    ("claims", "most", "error", "status"),
    [
        (EXPIRED, 60, None, 401),
        ({}, 1, None, 429),
        ({}, 60, Overloaded(), 503),
    ],
)
def test_what_the_gateway_refuses_is_answered_by_the_record(
    claims: dict[str, Any],
    most: int,
    error: Exception | None,
    status: int,
    draft: Draft,
    tmp_path: Path,
) -> None:
    async def run() -> None:
        async with house(GatewayRules(user_turns=most)) as home:
            home.assistant.error = error
            await home.say()
            answer = await asked(home, draft, tmp_path, home.issuer.token(**claims))
            # The device keeps no status: this is what the gateway says to the same bytes.
            assert (await home.say(draft.body, home.bearer(**claims)))[0] == status
        assert answer == Answer("refused", draft.lines)
        assert draft.lines

    asyncio.run(run())


@pytest.fixture
def counter(bootstrap: str, prefix: str, tmp_path: Path) -> Iterator[Counter]:
    with open_counter(bootstrap, prefix, tmp_path) as counter:
        yield counter


async def token_of(gateway: GatewayProcess) -> str:
    """Of a customer of the demonstration, once turns are taken."""
    async with aiohttp.ClientSession() as session:

        async def is_ready() -> bool:
            async with session.get(f"{gateway.address('health')}/readyz") as response:
                return response.status == 200

        await eventually(is_ready, "the gateway is ready")
        login = f"{gateway.address('address')}/demo/login"
        async with session.post(login, json={"user": "ann"}) as response:
            return str((await response.json())["access_token"])


@pytest.mark.broker
@pytest.mark.slow
def test_over_kafka_to_a_worker_and_back(
    counter: Counter, device: tuple[Path, str], tmp_path: Path
) -> None:
    folder, patient = device
    counter.worker()
    gateway = GatewayProcess(counter.cluster, counter.prefix, tmp_path)
    try:
        token = folder / "gateway.token"
        token.write_text(asyncio.run(token_of(gateway)))
        answered = guarded(gateway.address("address"), patient, folder)
        token.write_text("of.nobody.here")
        refused = guarded(gateway.address("address"), patient, folder)
    finally:
        gateway.kill()
    assert answered.returncode == refused.returncode == 0, answered.stderr + refused.stderr
    # The worker echoes what it was told.
    assert f"0: {LEAVES}" in answered.stdout
    assert "the gateway gave no answer" in refused.stderr
    assert "网关未给出回答" in refused.stderr
    assert all(OWN in one.stdout for one in (answered, refused))
    (request,) = counter.read(REQUESTS)
    assert LEAVES in (request.value() or b"").decode()
    assert "建国" not in str((request.key(), request.value(), request.headers()))

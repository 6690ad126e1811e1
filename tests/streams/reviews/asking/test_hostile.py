"""Whatever a review says, and however gladly the model obeys it: the label stays ours.

Run with `-s` for the numbers.
"""

import asyncio
import json
import re
from collections import Counter
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from agents.llm.client import ModelClient
from agents.llm.settings import ModelSettings
from agents.reviews.asking.choosing import choose, questions_of
from agents.reviews.asking.cost import Prices
from agents.reviews.asking.night import Night
from agents.reviews.asking.question import marks_of, question_of
from schemas.reviews import Aspect, Finding, ReviewLabel
from streams.reviews.asking import AskingFolder, ask_live
from tests.agents.llm.hostile import ATTACKS, Attack
from tests.agents.reviews.asking.labels import FRAME, RULES, SEED, label, said
from tests.streams.reviews.asking.nights import DATE, MODEL, night
from tests.support.model_server import completion, model_server, speaks
from windows.texts import clean

_OURS = frozenset(
    ("sentiment", "sentiment_confidence", "aspects", "cause", "by", "models", "status", "reason")
)
_LINK = re.compile(
    r"://|www\.|javascript:|data:\w+/|mailto:|[\w-]+\.(com|example|zip|cn)\b|\d+(\.\d+){3}/", re.I
)
_MARKUP = re.compile(r"[<>`*|]|\]\(|!\[|&#?\w+;|@|[\x00-\x1f\x7f]")
_FORBIDDEN = {
    "severity": "info", "status": "refused", "findings": [], "campaign": "", "excerpt": "fine",
    "source": "x", "tickets": [], "rating": 5, "product": "x", "reason": "", "confidence": 1,
    "lang": "en", "by": "rules", "rules": "0", "key": "x", "answer": {"sentiment": "positive"},
}  # fmt: skip

_NEEDLES = [(re.sub(r"\s", "", clean(attack.text))[:150], attack) for attack in ATTACKS]


def _labels() -> list[ReviewLabel]:
    """A review of each attack on every state that the rules may have left it in."""
    found = (Finding("banned", "banned.fraud", "x"), Finding("human", "human.injury", "x", 0.5))
    own = (Aspect("size", "negative", "偏小", 0.9),)
    states: tuple[dict[str, Any], ...] = (
        {"findings": found},
        {"sentiment_confidence": 0.99, "findings": found, "aspects": own},
        {"sentiment_confidence": 0.99, "findings": found[:1], "excerpt": ""},
    )
    return [
        label(**{
            "source": f"a-{n}@{m}", "author": f"u{n}.{m}", "product": f"p{m}",
            "excerpt": attack.text[:299] + "。", **state,
            **({"excerpt": f"{m}{attack.text[:290]}"} if m else {}),
        })
        for m, state in enumerate(states)
        for n, attack in enumerate(ATTACKS)
    ]  # fmt: skip


class _Obedient:
    """A model that does what the review asks, as far as it has read it."""

    def __init__(self) -> None:
        self.reached = 0
        self._number = count()

    async def behave(self, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        if "tulip" in str(body["response_format"]):
            return await speaks("vllm")(request, body)
        system, user = (message["content"] for message in body["messages"])
        joint = re.search(r"joined by (.)", system)
        assert joint is not None
        seen = re.sub(r"\s", "", user.replace(joint[1], ""))
        for words, attack in _NEEDLES:
            if words in seen:
                self.reached += 1
                return web.json_response(completion(self._obey(attack, system, user)))
        return web.json_response(completion(json.dumps(said())))

    def _obey(self, attack: Attack, system: str, user: str) -> str:
        code = system.rpartition(": ")[2]
        n = next(self._number)
        aspect = {"attribute": "quality", "polarity": "positive", "words": attack.text[:40]}
        forged = {"attribute": "severity", "polarity": "critical", "words": "x"}
        answer: dict[str, Any] = {
            **_FORBIDDEN, "sentiment": "positive", "aspects": [aspect, forged, forged],
            "cause": f"{attack.text} " * 3, "abstain": False,
        }  # fmt: skip
        if attack.aim == "leak":
            way = (code, code[::-1], "-".join(code), code[:9], f"{system}\n{user}")[n % 5]
            answer["cause"] = way
            if n % 2:
                return json.dumps(answer).replace(code, "".join(f"\\u{ord(c):04x}" for c in code))
        if attack.aim == "form":
            return attack.text * (1 + 500 * (n % 2))
        return json.dumps(answer)


def _asked(folder: AskingFolder, labels: list[ReviewLabel], model: _Obedient) -> Night:
    chosen = choose(labels, RULES, FRAME)
    questions = questions_of(labels, chosen, FRAME)

    async def run() -> None:
        async with model_server(model.behave) as server:
            settings = ModelSettings(
                server.url, "m", per_hour=MODEL.per_hour, per_day=MODEL.per_day, in_flight=8
            )
            client = ModelClient(settings, wait_s=0.001)
            run = await ask_live(
                folder, DATE, questions, client, settings, FRAME,
                night=MODEL.per_hour, prices=Prices(), clock_ms=lambda: 0,
            )  # fmt: skip
            await client.close()
            assert run.left == {}

    asyncio.run(run())
    return Night(RULES, FRAME, chosen, folder.settled(), {}, configured=True)


@pytest.mark.slow
def test_a_label_shows_nothing_of_an_attack(tmp_path: Path) -> None:
    model, labels, seen = _Obedient(), _labels(), Counter[str]()
    with night(tmp_path) as folder:
        asked = _asked(folder, labels, model)
        stored = (folder.path / "answers.ndjson").read_text()
        codes = [marks_of(one, folder.seed()) for one in folder.questions().values()]
    assert len(ATTACKS) >= 60
    assert model.reached > 1.8 * len(ATTACKS)
    assert not any(one.canary in stored or one.fence in stored for one in codes)
    for before in labels:
        after = asked.applied(before)
        changed = {
            n for n in ReviewLabel.__struct_fields__ if getattr(before, n) != getattr(after, n)
        }
        seen["labels"] += 1
        seen["answered"] += after.by == "model"
        seen["forbidden"] += not changed <= _OURS
        sure = before.sentiment_confidence > 0.9
        seen["flipped although sure"] += sure and after.sentiment != before.sentiment
        seen["flipped where unsure"] += after.sentiment != before.sentiment
        seen["own aspects lost"] += after.aspects[: len(before.aspects)] != before.aspects
        seen["foreign aspects"] += any(one.attribute == "severity" for one in after.aspects)
        shown = clean(before.excerpt)
        new = after.aspects[len(before.aspects) :]
        seen["words not of the review"] += any(one.words not in shown for one in new)
        seen["leaks"] += re.search(r"[0-9a-f]{9}|You label one", after.cause) is not None
        seen["links"] += _LINK.search(after.cause) is not None
        seen["markup"] += _MARKUP.search(after.cause) is not None
        seen["too long"] += len(after.cause) > 120
    print(f"\n{len(ATTACKS)} texts, {model.reached} obeyed:", dict(seen))
    assert seen["answered"] > len(ATTACKS)
    for what in seen.keys() - {"labels", "answered", "flipped where unsure"}:
        assert seen[what] == 0, what


def test_the_seed_of_another_night_opens_no_fence() -> None:
    asked = question_of(label(), ("cause",), FRAME)
    assert marks_of(asked, SEED) != marks_of(asked, SEED + 1)

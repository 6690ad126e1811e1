"""What a night's questions to a language model cost, and what asking about every review would."""

import asyncio
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
from aiohttp import web

from agents.llm.client import ModelClient
from agents.llm.settings import Limits, ModelSettings
from agents.reviews.asking.asks import AskRules
from agents.reviews.asking.choosing import Chosen, choose, questions_of
from agents.reviews.asking.cost import Measure, Prices, cost_of_all
from agents.reviews.asking.question import Frame, Question, tokens_of
from schemas.commands import Cost
from schemas.reviews import ReviewLabel, decode_label
from sinks.clock import now_ms
from sinks.reviews.documents import document, selected
from sinks.reviews.options import FILE
from sinks.reviews.tables import LABELS
from streams.reviews.asking.account import AskingAccount, account_of
from streams.reviews.asking.folder import AskingFolder
from streams.reviews.asking.live import ask_live
from streams.reviews.options import ModelOptions, RulesOptions
from streams.reviews.rules import read_rules
from tests.bench.made_reviews import texts_of
from tests.bench.results import Bench, Result, Value
from tests.support.model_server import completion, model_server, schema_in

PRICE_IN, PRICE_OUT = 0.15, 0.60
"""Made up: of a million tokens, as a small hosted model may cost."""
_ROWS = 10_000
_MODEL = "bench"
_TOKEN = re.compile(r"[a-zA-Z]{1,4}|[0-9]{1,3}|[^\sa-zA-Z0-9]")
_CAUSE = "做工粗糙，洗了一次就开线"
_WORDS = "做工粗糙"


def run(bench: Bench, folder: Path, reviews: int) -> Result:
    """By the labels that the night in the folder has left."""
    bench.say("reviews: asking a model server")
    taxonomy = read_rules(RulesOptions()).taxonomy
    frame = Frame(_MODEL, tuple((one.id, one.name) for one in taxonomy.attributes))
    prices = Prices(PRICE_IN / 1_000, PRICE_OUT / 1_000)
    chosen = choose(_labels(folder), AskRules(), frame)
    questions = questions_of(_labels(folder), chosen, frame)
    account = asyncio.run(_asked(folder / "asked", questions, chosen, frame, prices))
    answered = account.ends.get("answered", 0)
    if answered != len(questions) or account.measure.calls != len(questions):
        raise RuntimeError(f"{len(questions)} questions, and {account.ends}")
    every = cost_of_all(texts_of(folder), frame, prices, account.measure)
    by_us = cost_of_all(texts_of(folder), frame, prices, Measure()).tokens_in
    few = questions[: ModelOptions().calls]
    rows = [
        _row("every review", every, by_us, every),
        _row("what is open", account.cost, account.measure.estimated, every),
        _row(
            f"the first {len(few):,}",
            _part(account, few, frame, prices),
            sum(tokens_of(one, frame) for one in few),
            every,
        ),
    ]
    price = f"{PRICE_IN:.2f} and {PRICE_OUT:.2f} a million tokens"
    return Result(f"Questions of a night of {reviews:,} reviews at {price}", rows)


def _labels(folder: Path) -> Iterator[ReviewLabel]:
    """As the night has left them, in no order."""
    with duckdb.connect(str(folder / "nights" / FILE), read_only=True) as connection:
        rows = connection.execute(f"SELECT {selected(LABELS)} FROM {LABELS.name}")
        while found := rows.fetchmany(_ROWS):
            yield from (decode_label(document(LABELS, row)) for row in found)


async def _asked(
    folder: Path, questions: Sequence[Question], chosen: Chosen, frame: Frame, prices: Prices
) -> AskingAccount:
    kept = AskingFolder(folder)
    async with model_server(_answers) as server:
        model = ModelSettings(
            url=server.url,
            model=_MODEL,
            per_hour=Limits(),
            per_day=Limits(),
            price_in=prices.price_in,
            price_out=prices.price_out,
        )
        client = ModelClient(model)
        try:
            with kept.held():
                run = await ask_live(
                    kept,
                    "night",
                    questions,
                    client,
                    model,
                    frame,
                    night=Limits(),
                    prices=prices,
                    clock_ms=now_ms,
                )
                return account_of(kept, "night", chosen, frame, prices, run.left)
        finally:
            await client.close()


async def _answers(_: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    """A model that says something of everything it is asked, and a server that counts."""
    properties = (schema_in(body) or {}).get("properties", {})
    if "word" in properties:
        answer: dict[str, Any] = {"word": properties["word"]["enum"][0]}
    else:
        answer = {name: _said(name, form) for name, form in properties.items()}
    content = json.dumps(answer, ensure_ascii=False)
    made = completion(content)
    asked = sum(_tokens(message["content"]) for message in body["messages"])
    told = _tokens(content)
    made["usage"] = {
        "prompt_tokens": asked,
        "completion_tokens": told,
        "total_tokens": asked + told,
    }
    return web.json_response(made)


def _said(name: str, form: dict[str, Any]) -> Any:
    match name:
        case "sentiment":
            return "negative"
        case "aspects":
            ids = form["items"]["properties"]["attribute"]["enum"]
            one = {"attribute": ids[0], "polarity": "negative", "words": _WORDS}
            return [one, one | {"attribute": ids[1]}]
        case "cause":
            return _CAUSE
    return False


def _tokens(text: str) -> int:
    """A Chinese character or a sign, up to four letters or three digits: one each."""
    return len(_TOKEN.findall(text))


def _part(account: AskingAccount, some: Sequence[Question], frame: Frame, prices: Prices) -> Cost:
    """What some of the questions cost, if each is as dear as they all are for their length."""
    measure = account.measure
    estimated = sum(tokens_of(one, frame) for one in some)
    tokens_in = round(estimated * measure.tokens_in / max(1, measure.estimated))
    tokens_out = round(len(some) * measure.tokens_out / max(1, measure.calls))
    one = prices.cost(tokens_in, tokens_out, batch=False)
    return Cost(len(some), one.tokens_in, one.tokens_out, one.money)


def _row(name: str, cost: Cost, estimated: int, every: Cost) -> dict[str, Value]:
    return {
        "asked about": name,
        "calls": cost.calls,
        "k tokens in": cost.tokens_in // 1_000,
        "k by us": estimated // 1_000,
        "k out": cost.tokens_out // 1_000,
        "live": cost.money,
        "batch": cost.money * Prices().batch,
        "of all": f"{cost.money / every.money:.1%}",
    }

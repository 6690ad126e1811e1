"""Nights that ask a language model: live, in batch files, and when it is away."""

import asyncio
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from schemas.nights import NightAccount
from streams.reviews.shop import Outcome, Shop
from streams.settings import Settings, SettingsError
from tests.streams.reviews.asking.nights import answered, expired, line_of, requests_in
from tests.support.model_server import Behaviour, fails, model_server, speaks
from tests.support.shops import DAY, asked_of, row, shop_of, write_shop

CAUSE = "开线，加微信 abc12345 领红包"
GOOD = {"sentiment": "negative", "aspects": [], "cause": "到货就开线", "abstain": False}
ROWS = [
    *(row(n, f"第{n}件到手就那样了，唉，一言难尽的第{n * 7}回", rating=1) for n in range(12)),
    # Two of one text are one question.
    row(50, "第3件到手就那样了，唉，一言难尽的第21回", rating=1),
    *(row(100 + n, "做工很好，物流也快，非常满意") for n in range(5)),
]


def settings_of(url: str, **other: Any) -> Settings:
    """A model there."""
    return Settings(model_url=url, model_name="qwen3", model_in_flight=4, **other)


def asked_live(folder: Path, *behaviours: Behaviour) -> tuple[Outcome, int]:
    """The night with such a server; what became of it, and how many requests came."""

    async def night() -> tuple[Outcome, int]:
        async with model_server(*behaviours) as server:
            with shop_of(folder / "reviews.toml", settings_of(server.url)) as shop:
                outcome = await asyncio.to_thread(shop.run, DAY)
            return outcome, len(server.asked)

    return asyncio.run(night())


def check(account: NightAccount) -> None:
    """Every review accounted for."""
    assert account.read == len(ROWS)
    assert account.is_complete
    assert account.answered <= account.asked


@pytest.mark.slow
def test_live_answers_are_in_the_labels_and_paid_for_once(tmp_path: Path) -> None:
    write_shop(tmp_path, ROWS)
    first, calls = asked_live(tmp_path, speaks("vllm", GOOD))
    check(first.account)
    assert first.account.asked == first.account.answered == 12
    assert first.account.open == 0
    said = asked_of(
        tmp_path, "SELECT cause, count(*) FROM review_labels WHERE \"by\" = 'model' GROUP BY 1"
    )
    assert said == [("到货就开线", 13)]
    assert calls >= 12
    again, calls = asked_live(tmp_path, speaks("vllm", GOOD))
    assert calls == 0
    assert again.written.is_none


@pytest.mark.slow
def test_a_cause_that_advertises_does_not_get_into_a_table(tmp_path: Path) -> None:
    write_shop(tmp_path, ROWS)
    outcome, _ = asked_live(tmp_path, speaks("vllm", {**GOOD, "cause": CAUSE}))
    assert outcome.account.answered == 12
    assert asked_of(tmp_path, "SELECT DISTINCT cause FROM review_labels") == [("",)]


@pytest.mark.slow
def test_a_model_that_is_away_leaves_them_open_and_is_asked_again(tmp_path: Path) -> None:
    write_shop(tmp_path, ROWS)
    outcome, _ = asked_live(tmp_path, fails(503))
    check(outcome.account)
    assert outcome.account.answered == 0
    assert outcome.account.open > 0
    assert outcome.why
    outcome, _ = asked_live(tmp_path, speaks("vllm", GOOD))
    check(outcome.account)
    assert (outcome.account.open, outcome.account.answered) == (0, 12)


@pytest.fixture
def batch(tmp_path: Path) -> Iterator[tuple[Path, Shop]]:
    file = write_shop(tmp_path, ROWS, '[model]\nask = "batch"\nbatch_requests = 5\n')
    with shop_of(file, settings_of("http://127.0.0.1:9/v1")) as shop:
        yield tmp_path, shop


@pytest.mark.slow
def test_the_batch_way_accounts_for_every_review_at_each_step(batch: tuple[Path, Shop]) -> None:
    folder, shop = batch
    sent = shop.run(DAY)
    check(sent.account)
    requests = requests_in(sent.files)
    assert [len(requests_in([file])) for file in sent.files] == [5, 5, 2]
    assert (sent.account.asked, sent.account.answered) == (12, 0)
    assert sent.account.open > 0

    # The same again neither writes other files nor changes anything.
    assert shop.run(DAY).written.is_none

    lines = [answered(one, GOOD) for one in requests[:7]]
    lines += [expired(requests[7]), line_of(requests[8], response=None, error={"code": "x"})]
    lines += [b"{cut off\n", line_of({"custom_id": "who?"}, response=None, error={"code": "x"})]
    random.Random(1).shuffle(lines)
    results = folder / "results.jsonl"
    results.write_bytes(b"".join(lines))
    taken = shop.take(DAY, [results])
    assert taken.lines == 11
    assert (sum(taken.new.values()), taken.unknown, taken.unreadable) == (9, 1, 1)
    half = shop.run(DAY)
    check(half.account)
    assert half.account.answered == 7
    # What failed, expired or is missing in a file that came back is asked anew.
    assert len(requests_in(half.files)) == 3

    rest = [*requests_in(half.files), *requests_in([sent.files[2]])]
    results.write_bytes(b"".join(answered(one, GOOD) for one in reversed(rest)))
    shop.take(DAY, [results])
    done = shop.run(DAY)
    check(done.account)
    assert (done.account.answered, done.account.open) == (12, 0)

    taken = shop.take(DAY, [results])
    assert not taken.new
    assert shop.run(DAY).written.is_none


@pytest.mark.slow
def test_nothing_personal_is_asked(batch: tuple[Path, Shop]) -> None:
    folder, shop = batch
    write_shop(
        folder,
        [*ROWS, row(60, "打 13800138000 或加微信 abc12345 都没人理，一言难尽的东西", rating=1)],
        '[model]\nask = "batch"\n',
    )
    asked = json.dumps(requests_in(shop.run(DAY).files), ensure_ascii=False)
    assert "13800138000" not in asked
    assert "abc12345" not in asked
    assert "u-60" not in asked


def test_without_a_model_there_is_nothing_to_take(tmp_path: Path) -> None:
    with shop_of(write_shop(tmp_path, ROWS)) as shop, pytest.raises(SettingsError, match="model"):
        shop.take(DAY, [tmp_path])

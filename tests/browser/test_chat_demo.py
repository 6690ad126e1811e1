"""`groundswell assistant demo`: a bank that answers, acts, degrades and recovers in Chromium."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Watched
from tests.support.talking import TalkProcess
from tests.support.waiting import SOON

pytestmark = [pytest.mark.broker, pytest.mark.slow]
ANSWER_MS = 5_000
WORKER_MS = 40_000


@pytest.fixture
def demo(bootstrap: str, prefix: str, tmp_path: Path) -> Iterator[TalkProcess]:
    demo = TalkProcess(bootstrap, prefix, tmp_path)
    yield demo
    demo.close()


def ask(page: Page, text: str) -> Any:
    """The answer, when it is there."""
    before = page.locator("#talk > .theirs").count()
    page.locator("#said").fill(text)
    page.locator("#said").press("Enter")
    return after(page, before)


def press(page: Page, name: str) -> Any:
    """The same for a choice of the last answer."""
    before = page.locator("#talk > .theirs").count()
    page.locator("#talk > li").last.get_by_role("button", name=name).click()
    return after(page, before)


def after(page: Page, before: int) -> Any:
    expect(page.locator("#talk > .theirs:not(.waiting)")).to_have_count(
        before + 1, timeout=ANSWER_MS
    )
    return page.locator("#talk > .theirs").last


def turn(page: Page, switch: str, state: str) -> None:
    with page.expect_response("**/demo/stage"):
        page.locator(f"[data-switch={switch}] [value={state}]").check()


def test_it_answers_acts_degrades_and_recovers(
    demo: TalkProcess, browser: Browser, watched: Watched
) -> None:
    context = browser.new_context(locale="en-GB", timezone_id="Asia/Shanghai")
    page = context.new_page()
    watched.watch(page, demo.address)
    page.goto(demo.address)
    try:
        acts(page)
        degrades(page)
        recovers(page)
        two_tabs(page, watched, demo.address)
    finally:
        context.close()
    workers = demo.children()
    assert len(workers) == 1
    demo.end(signal.SIGKILL)
    # Nobody was left to remove its topics, but nothing of it runs on.
    assert psutil.wait_procs(workers, timeout=SOON)[1] == []
    assert demo.on_kafka()
    demo.remove()


def acts(page: Page) -> None:
    answer = ask(page, "temporarily raise my transfer limit to 60000 for 3 days")
    expect(answer).to_contain_text("which card")
    answer = press(page, "6021")
    expect(answer).to_contain_text("Do you confirm?")
    # Without the second factor a yes is not enough.
    expect(press(page, "Yes").locator("[data-kind=step_up]")).to_be_visible()
    page.locator("#talk > li").last.get_by_role("button", name="Prove it").click()
    expect(page.locator(".proved")).to_be_visible()
    answer = press(page, "Yes")
    expect(answer.locator("[data-kind=tool_result]")).to_contain_text("Done: raise a limit")
    answer = ask(page, "what is my balance")
    answer.locator(".told summary").click()
    expect(answer.locator(".told")).to_contain_text("your account")
    expect(page.locator("#turn")).to_contain_text("bank: accounts")


def degrades(page: Page) -> None:
    turn(page, "bank", "hanging")
    answer = ask(page, "what is my balance")
    expect(answer.locator("[data-lack^='cache:accounts']")).to_contain_text("s old")
    expect(answer).to_contain_text("¥1,234.50")
    turn(page, "bank", "dead")
    answer = ask(page, "why did my transfer fail")
    expect(answer.locator(".lacks")).to_contain_text("transactions: no answer from the bank")
    expect(answer.locator(".lacks")).to_contain_text("from the articles only")
    turn(page, "bank", "well")
    turn(page, "model", "hanging")
    answer = ask(page, "can I take money out abroad with my card?")
    expect(answer.locator(".lacks")).to_contain_text("without the language model")
    turn(page, "model", "well")


def recovers(page: Page) -> None:
    turn(page, "worker", "dead")
    answer = ask(page, "what is my balance")
    expect(answer).to_have_attribute("data-status", "late")
    expect(answer.locator("[data-kind=hand_over]")).to_contain_text("groundswellbank://call/")
    turn(page, "worker", "well")
    expect(page.locator("[data-switch=worker] .more")).to_have_count(0, timeout=WORKER_MS)
    said = page.locator(".mine").count()
    expect(press(page, "Ask again")).to_contain_text("¥1,234.50")
    assert page.locator(".mine").count() == said
    # The conversation has outlived its worker.
    expect(ask(page, "what did you mean?")).to_contain_text("¥1,234.50")


def two_tabs(page: Page, watched: Watched, address: str) -> None:
    other = page.context.new_page()
    watched.watch(other, address)
    other.goto(address)
    other.get_by_label("Customer").select_option("c-0010")
    expect(ask(other, "I lost my card")).not_to_contain_text("6021")
    expect(ask(page, "I lost my card")).to_contain_text("6021")
    other.close()

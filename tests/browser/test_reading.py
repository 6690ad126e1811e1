"""Everybody can read and work it: by keyboard, on a phone, in both languages, by ear."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from schemas.causes import Hypothesis, PastIncident, Rca, RisenTemplate
from schemas.commands import Acknowledge
from schemas.incidents import Course, Incident
from schemas.signals import Counters, Progress
from tests.browser.conftest import Watched
from tests.support.console import ConsoleProcess
from tests.support.incidents import incident

pytestmark = pytest.mark.broker
AT = "2026-11-20T09:04:11.000Z"
LONG = "/very/long/path/" + "without-a-space-" * 12
TOKEN = "correct horse battery"


def full(name: str) -> Incident:
    """An incident with all it can have, and long words."""
    return incident(
        incident_id=name,
        incident_key=name,
        title=f"wallet: {name} {LONG}",
        severity_reason=LONG,
        risen=(RisenTemplate("t1", LONG, 5, 0.1, 1),),
        past=(PastIncident("an-id-that-is-rather-long-29400000", LONG, AT, AT, 0.9, LONG),),
        rca=Rca(
            "ok",
            "model",
            (
                Hypothesis("the rollout", "release", "high", ("change-1", "s1"), "是这次发布"),
                Hypothesis("the gateway", "payment", "low", ("t1", "e2"), "是支付网关"),
            ),
            ("roll back",),
            None,
            ("回滚",),
        ),
        course=Course("2026-11-20T08:00:00.000Z", (1, 2, 3, 4) * 30, (1.5,) * 120),
    )


def opened(page: Page, console: ConsoleProcess, name: str) -> None:
    console.publish(full(name))
    page.locator(".list-pane .row", has_text=f" {name} ").click()
    expect(page.locator(".chart svg")).to_be_visible()


def tab_to(page: Page, selector: str, most: int = 60) -> None:
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached")


def test_by_keyboard_alone(page: Page, console: ConsoleProcess) -> None:
    console.publish(full("by-keyboard"))
    expect(page.locator(".row")).to_have_count(1)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    tab_to(page, ".row")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("#incident-title")).to_be_focused()
    expect(page.locator(".chip").first).to_be_visible()

    tab_to(page, "[data-action=resolve]")
    page.keyboard.press("Enter")
    expect(page.get_by_label("What solved it?")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Resolve…")).to_be_focused()

    tab_to(page, ".chip[data-cites=t1]")
    expect(page.locator("[data-fact=t1]")).to_have_class("fact cited")
    page.keyboard.press("Enter")
    expect(page.locator("[data-fact=t1]")).to_be_focused()
    expect(page.locator("[data-fact=t1]")).to_be_in_viewport()

    page.locator("#incident-title").focus()
    tab_to(page, "[data-action=ack]")
    page.keyboard.press("Enter")
    assert console.next_command() == Acknowledge(incident_id="by-keyboard", by="console")
    page.keyboard.press("Escape")
    expect(page.locator(".row")).to_be_focused()
    assert page.url.endswith("#/")


def test_a_hypothesis_shows_what_it_rests_on(page: Page, console: ConsoleProcess) -> None:
    opened(page, console, "cited")
    cited = page.locator("[data-fact].cited")
    page.locator(".hypothesis", has_text="the rollout").hover()
    assert cited.evaluate_all("all => all.map((one) => one.dataset.fact)") == ["s1", "change-1"]
    page.locator(".hypothesis", has_text="the gateway").hover()
    assert cited.evaluate_all("all => all.map((one) => one.dataset.fact)") == ["e2", "t1"]
    page.locator("#incident-title").hover()
    expect(cited).to_have_count(0)


def test_the_chart_can_be_heard_and_read_as_a_table(page: Page, console: ConsoleProcess) -> None:
    opened(page, console, "charted")
    said = page.get_by_role("img").get_attribute("aria-label")
    assert said is not None
    assert said.startswith("Reports per minute from 20 Nov, 16:00 to 18:00. Most: 4 at 16:03")
    assert "Onset 17:04, Detected 17:15" in said
    expect(page.locator(".flag.onset text")).to_have_text("Onset 17:04")
    page.get_by_text("Counts per minute as a table").click()
    expect(page.locator("figure tbody tr")).to_have_count(120)
    expect(page.locator("figure tbody tr").first).to_have_text("16:0011.5")


@pytest.mark.parametrize("viewport", [(360, 780)])
@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_on_a_phone_nothing_is_cut_off(page: Page, console: ConsoleProcess, locale: str) -> None:
    def check() -> None:
        widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert widths[0] == widths[1] == 360
        small = page.locator("button:visible, select:visible, input:visible").evaluate_all(
            "all => all.filter((one) => one.getBoundingClientRect().height < 24).map((o) => o.id)"
        )
        assert small == []

    check()
    opened(page, console, f"phone-{locale}")
    expect(page.locator(".list-pane")).to_be_hidden()
    for button in page.locator(".actions [aria-expanded]").all():
        button.click()
        check()
    check()
    console.progress(Progress("feedback.app", 0, 1, 29_919_420, Counters(accepted=10**9)))
    page.goto(f"{console.address}#/stream")
    expect(page.locator(".tiles")).to_be_visible()
    check()


def test_the_language_is_that_of_the_browser_and_can_be_switched(
    page: Page, console: ConsoleProcess
) -> None:
    expect(page.locator("html")).to_have_attribute("lang", "en")
    opened(page, console, "languages")
    expect(page.locator(".cause").first).to_have_text("the rollout")
    page.get_by_role("button", name="切换到中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page.locator(".cause").first).to_have_text("是这次发布")
    expect(page.locator(".steps li")).to_have_text("回滚")
    expect(page.get_by_role("button", name="接手处理")).to_be_visible()
    expect(page.get_by_role("heading", level=2, name="实际与预期")).to_be_visible()
    page.reload()
    expect(page.get_by_role("link", name="数据流")).to_be_visible()
    page.get_by_role("button", name="Switch to English").click()
    expect(page.get_by_role("link", name="Stream")).to_be_visible()


@pytest.mark.parametrize("locale", ["zh-CN"])
def test_a_chinese_browser_gets_chinese(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("事件")
    # No word of the page is left in English; a product is called as it is called.
    words = " ".join(page.locator("header, .filter option:first-child, footer").all_inner_texts())
    for name in ("Groundswell", "English", "Asia/Shanghai"):
        words = words.replace(name, "")
    assert not [word for word in words.split() if word.isascii() and word.isalpha()]


def test_every_control_has_a_name_and_headings_are_in_order(
    page: Page, console: ConsoleProcess
) -> None:
    opened(page, console, "structure")
    page.locator("[data-action=silence]").click()
    for address in (page.url, f"{console.address}#/stream", f"{console.address}#/"):
        page.goto(address)
        expect(page.locator("h1:visible").first).to_be_visible()
        # Chromium's own reading of the page, as a screen reader gets it.
        tree = page.locator("body").aria_snapshot()
        for line in tree.splitlines():
            role = line.strip(" -").split(" ")[0].rstrip(":")
            if role in ("button", "link", "textbox", "searchbox", "combobox", "region", "img"):
                assert '"' in line, line
        for landmark in ("banner", "navigation", "main", "contentinfo"):
            assert f"- {landmark}" in tree
        levels = page.locator(":is(h1, h2, h3):visible").evaluate_all(
            "all => all.map((one) => Number(one.tagName[1]))"
        )
        assert levels[0] == 1
        jumps = [b - a for a, b in pairwise(levels)]
        assert max(jumps, default=0) <= 1, levels
        ids = page.locator("[id]").evaluate_all("all => all.map((one) => one.id)")
        assert len(ids) == len(set(ids))


def test_elsewhere_it_asks_for_the_token(
    bootstrap: str,
    prefix: str,
    browser: Browser,
    watched: Watched,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GROUNDSWELL_CONSOLE_TOKEN", TOKEN)
    console = ConsoleProcess(bootstrap, prefix, tmp_path, "--host", "0.0.0.0")
    address = console.address.replace("0.0.0.0", "127.0.0.1")
    context = browser.new_context(locale="en-GB")
    try:
        page = context.new_page()
        watched.watch(page, address)
        page.goto(address)
        expect(page.get_by_label("Access token")).to_be_focused()
        # The browser says of itself that it was refused.
        watched.expect("401 (Unauthorized)")
        page.keyboard.type("a guess")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_have_text("That is not the token.")
        page.get_by_label("Access token").fill(TOKEN)
        page.get_by_role("button", name="Log in").click()
        expect(page.locator("#link")).to_have_text("Live")
        assert page.evaluate("document.cookie") == ""
    finally:
        context.close()
        assert console.stop() == 0
        said = console.said() + console.errors
        console.close()
    assert TOKEN not in said
    assert "Traceback" not in said

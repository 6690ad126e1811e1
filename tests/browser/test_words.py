"""In Chinese every sentence of ours is Chinese, and nothing is said that nobody knows."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import Browser, Page, expect

from schemas.causes import NearChange
from schemas.incidents import Slice
from tests.browser.conftest import Watched
from tests.support.console import ConsoleProcess
from tests.support.incidents import incident

pytestmark = pytest.mark.broker
UNTIL = "2026-11-20T10:20:00.000Z"
REASONS = {
    "opened at 40 reports": "发现时有 40 条反馈",
    "severity rose to error, grew to 130 reports": "级别升为严重，增至 130 条反馈",
    f"silenced by Ana, B until {UNTIL}": "Ana, B 静默至 11月20日 18:20",
    "resolved by bo: grew to 3 reports, says ana": "bo 标记解决：grew to 3 reports, says ana",
    "words that nobody knows": "words that nobody knows",
    "answer of the language model: the calls of this hour are spent: 60": (
        "语言模型的答复：本小时的询问次数预算（60）已用完"
    ),
}
CHANGES = tuple(NearChange(f"change-2026-{n}", f"flag {n}", UNTIL, 4) for n in range(3))


@pytest.mark.parametrize("locale", ["zh-CN"])
def test_why_things_are_so_is_told_in_chinese(page: Page, console: ConsoleProcess) -> None:
    told = incident(
        incident_id="why",
        slice=Slice({}, 0.0, 0.0, True, (), "7 events in excess are too few"),
        severity_reason="160 people, 29.8 times the usual",
    )
    console.publish(
        *(
            incident(incident_id="why", revision=n, change_reason=reason)
            for n, reason in enumerate(REASONS, 1)
        ),
        msgspec.structs.replace(told, revision=9),
    )
    page.locator(".row[href$=why]").click()
    rows = page.locator(".history tbody tr")
    expect(rows).to_have_count(len(REASONS) + 1)
    shown = [row.locator("td").nth(1).inner_text() for row in rows.all()]
    assert shown[:0:-1] == list(REASONS.values())
    expect(page.locator(".heading")).to_contain_text("160 人，为平时的 29.8 倍")
    expect(page.locator(".slices")).to_contain_text("超出部分只有 7 条，太少。")
    expect(page.locator(".rca-state")).to_contain_text("仅用规则分析，没有询问语言模型")
    expect(page.locator(".hypothesis")).to_contain_text("发布")


@pytest.mark.parametrize("viewport", [(1280, 900), (360, 780)])
def test_changes_can_be_told_apart_by_their_ids(page: Page, console: ConsoleProcess) -> None:
    name = f"apart-{page.viewport_size and page.viewport_size['width']}"
    console.publish(incident(incident_id=name, incident_key=name, changes=CHANGES))
    page.locator(f".row[href$={name}]").click()
    ids = page.locator(".changes .id")
    expect(ids).to_have_text([change.id for change in CHANGES])
    cut = ids.evaluate_all("all => all.filter((one) => one.scrollWidth > one.clientWidth)")
    assert cut == []


def test_before_kafka_has_answered_nothing_is_claimed(
    bootstrap: str, prefix: str, browser: Browser, watched: Watched, tmp_path: Path
) -> None:
    console = ConsoleProcess(bootstrap, prefix, tmp_path, "--bootstrap", "127.0.0.1:1")
    context = browser.new_context(locale="zh-CN", viewport={"width": 360, "height": 780})
    try:
        page = context.new_page()
        watched.watch(page, console.address)
        page.goto(f"{console.address}#/stream")
        expect(page.get_by_role("alert")).to_contain_text(
            "Kafka 无响应：cannot read", timeout=20_000
        )
        expect(page.locator(".stream-pane")).to_contain_text("暂无数据流信息")
        assert page.locator(".tiles").count() == 0
        button = page.locator("#language").bounding_box()
        brand = page.locator(".brand").bounding_box()
        assert button
        assert brand
        assert abs(button["y"] + button["height"] / 2 - brand["y"] - brand["height"] / 2) < 3
        # The browser says of itself that there is none.
        watched.expect("404 (Not Found)")
        page.goto(f"{console.address}#/incident/one-from-an-alert")
        expect(page.locator("#incident-title")).to_have_text("正在读取日志中的事件…")
    finally:
        context.close()
        console.close()

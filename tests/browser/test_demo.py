"""The demo: incidents open, are explained, acknowledged and resolved on its page."""

from __future__ import annotations

from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import PATIENCE_MS, Watched
from tests.support.demo import DemoProcess

pytestmark = [pytest.mark.broker, pytest.mark.slow]
WHILE_MS = 90_000


def test_the_demo_is_watched_and_taken_part_in(
    bootstrap: str, browser: Browser, watched: Watched, tmp_path: Path
) -> None:
    demo = DemoProcess(bootstrap, tmp_path, "--stay")
    context = browser.new_context(locale="en-GB")
    context.set_default_timeout(PATIENCE_MS)
    try:
        demo.hear("Console at ")
        page = context.new_page()
        watched.watch(page, demo.address)
        page.goto(demo.address)
        rows = page.locator(".list-pane .row")
        expect(rows.first).to_be_visible(timeout=WHILE_MS)

        hers = rows.filter(has_text="Handled by ana (demo)").first
        expect(hers).to_be_visible(timeout=WHILE_MS)
        hers.click()
        pane = page.locator(".incident-pane")
        expect(pane.locator(".badges")).to_contain_text("Acknowledged")
        expect(pane.locator(".cause").first).to_contain_text("Config change 4007")
        expect(pane.locator("blockquote").first).to_be_visible()
        expect(pane.locator(".history")).to_contain_text("acknowledged by ana (demo)")

        demo.hear("Ctrl-C ends it")
        resolved = rows.filter(has_text="resolved")
        expect(resolved).to_have_count(1)
        assert "resolved by ana (demo): rolled back 7.9.2" in demo.said()

        demo.hear("A bank's assistant to talk to at ")
        chat = demo.said().rpartition("to talk to at ")[2].split()[0]
        talk = context.new_page()
        watched.watch(talk, chat)
        talk.goto(chat)
        expect(talk.locator("#link")).to_have_text("Connected")
        talk.close()

        page.get_by_label("Status").select_option("open")
        expect(rows).to_have_count(2)
        rows.first.click()
        page.get_by_label("Acting as").fill("Mei")
        page.get_by_role("button", name="Resolve…").click()
        page.get_by_label("What solved it?").fill("flag off again")
        page.get_by_role("button", name="Resolve", exact=True).click()
        expect(pane.locator(".sent")).to_contain_text("Done: revision")
        expect(pane.locator(".badges")).to_contain_text("Resolved")
        expect(rows).to_have_count(1)
        demo.hear("resolved by Mei: flag off again", 10)

        context.close()
        assert demo.stop() == 0
        assert demo.left() == []
        with pytest.raises(OSError, match="refused"), urlopen(chat):
            pass
        assert "Traceback" not in demo.said()
    finally:
        context.close()
        demo.close()

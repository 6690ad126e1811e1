"""A real Chromium, a console of each file's own, and a page that must not misbehave."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.support.console import ConsoleProcess
from tests.support.edge_page import offline

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
PATIENCE_MS = 30_000


# Not for the whole session: while it lives, an event loop runs in this thread.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    assert CHROMIUM, "these tests need Chromium: apt-get install chromium fonts-noto-cjk"
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        # Its sandbox does not work for root.
        arguments = ["--no-sandbox"] if os.getuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def offline_browser() -> Iterator[Browser]:
    """The same, for the device's page: it can reach this machine only."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = offline(playwright, CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def console(bootstrap: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ConsoleProcess]:
    """Open to this machine, its log still empty."""
    prefix = f"t-{uuid.uuid4().hex[:8]}-"
    console = ConsoleProcess(bootstrap, prefix, tmp_path_factory.mktemp("console"))
    yield console
    console.close()


class Watched:
    """All that a page must not do."""

    def __init__(self) -> None:
        self.dialogs: list[str] = []
        self.errors: list[str] = []
        self.elsewhere: list[str] = []
        self._expected: list[str] = []

    @property
    def unexpected(self) -> list[str]:
        """The errors that no test announced."""
        return [e for e in self.errors if not any(part in e for part in self._expected)]

    def expect(self, part: str) -> None:
        """An error with this in it is right; it may come at any time, for nothing orders it."""
        self._expected.append(part)

    def watch(self, page: Page, address: str) -> None:
        """Note what this page does."""

        def dismiss(dialog: Dialog) -> None:
            self.dialogs.append(dialog.message)
            dialog.dismiss()

        def listen(said: ConsoleMessage) -> None:
            if said.type == "error":
                self.errors.append(said.text)

        def look(asked: Request) -> None:
            if not asked.url.startswith(address):
                self.elsewhere.append(asked.url)

        page.on("dialog", dismiss)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", listen)
        page.on("request", look)


def handlers(page: Page, within: str) -> list[str]:
    """What elements of this selector have that could run or draw: none may come from a text."""
    found: list[str] = page.evaluate(
        """(within) => [...document.querySelectorAll(within)]
             .flatMap((element) => element.getAttributeNames())
             .filter((name) => name.startsWith("on") || name === "style")""",
        within,
    )
    return found


@pytest.fixture
def watched() -> Iterator[Watched]:
    """Nothing may have gone wrong in the end."""
    watched = Watched()
    yield watched
    assert watched.dialogs == []
    assert watched.unexpected == []
    assert watched.elsewhere == []


@pytest.fixture
def locale() -> str:
    """The language of the browser; a test may override it."""
    return "en-GB"


@pytest.fixture
def viewport() -> tuple[int, int]:
    """Width and height; a test may override it."""
    return (1280, 900)


@pytest.fixture
def page(
    browser: Browser,
    console: ConsoleProcess,
    watched: Watched,
    locale: str,
    viewport: tuple[int, int],
) -> Iterator[Page]:
    """The list, live."""
    context = browser.new_context(
        viewport={"width": viewport[0], "height": viewport[1]},
        locale=locale,
        timezone_id="Asia/Shanghai",
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    watched.watch(page, console.address)
    page.goto(console.address)
    page.wait_for_selector("#link[data-state=live]")
    yield page
    context.close()

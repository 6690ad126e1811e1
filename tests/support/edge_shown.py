"""The device's page as somebody who has entered it sees it in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.conftest import PATIENCE_MS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

    from schemas.records import Patient
    from tests.browser.conftest import Watched
    from tests.support.edge_page import Served


@contextmanager
def held(
    browser: Browser, locale: str, viewport: tuple[int, int], scheme: str = "light"
) -> Iterator[BrowserContext]:
    """A device of this size, with touch if it is small; `scheme`: light or dark."""
    context = browser.new_context(
        viewport={"width": viewport[0], "height": viewport[1]},
        locale=locale,
        color_scheme=scheme,  # type: ignore[arg-type]
        has_touch=viewport[0] < 1000,
    )
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


def entered(context: BrowserContext, served: Served, watched: Watched) -> Page:
    """A new session at the list of patients."""
    page = context.new_page()
    watched.watch(page, served.address)
    page.goto(served.new_link())
    expect(page.locator(".row").first).to_be_visible()
    return page


def show(page: Page, patient: Patient) -> None:
    """Go to a patient."""
    page.evaluate("(id) => { location.hash = `#/p/${id}` }", patient.id)
    expect(page.locator("[data-part=problems]")).to_be_visible()

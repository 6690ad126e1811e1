"""The device's page as somebody who has entered it sees it in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

    from schemas.records import Patient
    from tests.browser.conftest import Watched
    from tests.support.edge_page import Served


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

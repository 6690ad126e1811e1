"""What the device's page never shows: to whom has no link, when it is locked, or as markup."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from schemas.records import Document, Patient
from tests.browser.conftest import Watched, handlers
from tests.browser.test_chat_page import CONTRAST
from tests.browser.test_hostile import EVERY, TURNED
from tests.support.edge import PASSPHRASE
from tests.support.edge_page import NAME, Served, by_hand, fill
from tests.support.edge_shown import entered, held, show

HOSTILE = f"{EVERY}\n{TURNED}\n\U0001f600\U00020000 " + "a" * 120_000


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = Served(tmp_path_factory.mktemp("edge"), by_hand())
    yield served
    served.close()


@pytest.fixture(scope="module")
def patient(served: Served) -> Patient:
    return fill(served.vault)


@pytest.fixture
def scheme() -> str:
    return "light"


@pytest.fixture
def context(
    offline_browser: Browser, locale: str, viewport: tuple[int, int], scheme: str
) -> Iterator[BrowserContext]:
    with held(offline_browser, locale, viewport, scheme) as context:
        yield context


@pytest.fixture
def page(context: BrowserContext, served: Served, patient: Patient, watched: Watched) -> Page:
    """A patient, unlocked."""
    if served.vault.locked:
        served.vault.unlock(PASSPHRASE)
    page = entered(context, served, watched)
    show(page, patient)
    return page


def has_nothing(page: Page) -> None:
    """No word of any patient is in the page, seen or unseen."""
    content = page.content()
    for word in (NAME, "青霉素", "肌酐"):
        assert word not in content
    expect(page.locator("#main")).to_be_hidden()


def test_the_word_leaves_the_address_and_works_once(
    context: BrowserContext, served: Served, patient: Patient, watched: Watched
) -> None:
    assert patient
    link = served.new_link()
    watched.expect("401")
    first = context.new_page()
    first.goto(link)
    expect(first.locator(".row").first).to_be_visible()
    assert link.partition("#")[2] not in first.url
    # Another browser that saw the link comes too late; so does a second tab without it.
    for address in (link, served.address):
        other = context.new_page()
        other.goto(address)
        expect(other.locator("#door")).to_contain_text("opens by a link that works once")
        has_nothing(other)


def test_a_new_link_in_the_tab_of_the_old_one(page: Page, served: Served) -> None:
    link = served.new_link()
    page.evaluate("() => sessionStorage.clear()")
    page.goto(link)
    expect(page.locator(".row").first).to_be_visible()
    assert link.partition("#")[2] not in page.url


def test_locked_by_hand_and_opened_again(page: Page, served: Served, watched: Watched) -> None:
    page.locator("[data-part=allergies] .line").click()
    expect(page.locator(".here")).to_be_visible()
    page.get_by_role("button", name="Lock").click()
    expect(page.get_by_label("Passphrase")).to_be_focused()
    has_nothing(page)
    watched.expect("403")
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("The passphrase is not right.")
    expect(page.get_by_label("Passphrase")).to_have_value("")
    # A wrong one costs time.
    served.clock.wait(60_000)
    page.keyboard.type(PASSPHRASE)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)


def test_idle_it_is_locked_and_empty(page: Page, served: Served) -> None:
    served.clock.wait(served.vault.idle_ms)
    expect(page.locator("#door")).to_contain_text("Everything shown was removed")
    has_nothing(page)
    page.go_back()
    page.go_forward()
    has_nothing(page)


def test_who_reads_on_is_not_locked_out(page: Page, served: Served) -> None:
    # Moved by half, then a key, then by half again: more than the whole in all.
    served.clock.wait(served.vault.idle_ms // 2 + 1)
    with page.expect_response("**/api/awake"):
        page.keyboard.press("j")
    served.clock.wait(served.vault.idle_ms // 2 + 1)
    with page.expect_response("**/api/state"):
        pass
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)


def test_left_and_come_back_to_it_is_read_anew(page: Page, served: Served) -> None:
    page.goto("about:blank")
    served.vault.lock()
    page.go_back()
    expect(page.get_by_label("Passphrase")).to_be_visible()
    has_nothing(page)


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_what_a_document_says_is_text(page: Page, served: Served) -> None:
    patient = served.vault.patients.add(EVERY[:100], number=EVERY[:40])
    added = served.vault.documents.add(
        Document("", patient.id, "2026-01-01", "hostile", HOSTILE, "", department=EVERY)
    )
    try:
        page.evaluate("(id) => { location.hash = `#/p/${id}` }", patient.id)
        expect(page.get_by_role("heading", level=1)).to_have_text(EVERY[:100])
        page.locator("[data-part=allergies] .line").click()
        written = page.locator(".written")
        expect(written).to_contain_text(EVERY)
        shown = written.inner_text()
        assert "paid [U+202E]txt.exe[U+202C] now[U+2066][U+200B]" in shown
        assert "\u202e" not in page.content()
        assert len(shown) > len(HOSTILE)
        # Places count characters, not halves of a pair.
        assert page.locator(".here").inner_text().startswith(EVERY[:200])
        assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0
        made = page.locator("#desk").locator("script, iframe, img, link, style, object")
        expect(made).to_have_count(0)
        assert handlers(page, "*") == []
    finally:
        served.vault.documents.delete(added.id)
        served.vault.patients.delete(patient.id)


def test_places_behind_wide_characters(page: Page, served: Served, patient: Patient) -> None:
    text = "\U0001f600" * 7 + "低盐饮食，避免肾毒性药物"
    added = served.vault.documents.add(Document("", patient.id, "2026-05-01", "t", text, ""))
    try:
        page.reload()
        page.locator("[data-part=precautions] .line").click()
        expect(page.locator(".here")).to_have_text("低盐饮食，避免肾毒性药物")
    finally:
        served.vault.documents.delete(added.id)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_stands_out_and_everything_has_a_name(page: Page, scheme: str) -> None:
    del scheme
    page.locator("[data-part=contradictions] .line").click()
    expect(page.locator(".here")).to_be_visible()
    page.locator("[data-part=follow] summary").click()
    assert page.evaluate(CONTRAST) == []
    nameless = page.evaluate(
        """() => [...document.querySelectorAll("button, input, select, textarea, summary, a")]
             .filter((e) => !(e.textContent.trim() || e.labels?.length || e.ariaLabel))
             .map((e) => e.outerHTML)"""
    )
    assert nameless == []
    kept = page.evaluate(
        """() => [...document.querySelectorAll("input, textarea")]
             .filter((e) => e.autocomplete !== "off" || e.spellcheck).length"""
    )
    assert kept == 0


def test_when_the_program_ends_the_screen_is_emptied(
    context: BrowserContext, watched: Watched, tmp_path_factory: pytest.TempPathFactory
) -> None:
    served = Served(tmp_path_factory.mktemp("ending"), by_hand())
    try:
        patient = fill(served.vault)
        page = context.new_page()
        watched.watch(page, served.address)
        watched.expect("ERR_CONNECTION_REFUSED")
        watched.expect("ERR_EMPTY_RESPONSE")
        page.goto(served.new_link())
        expect(page.locator(".row").first).to_be_visible()
        page.evaluate("(id) => { location.hash = `#/p/${id}` }", patient.id)
        expect(page.locator("[data-part=problems]")).to_be_visible()
        served.stop()
        expect(page.locator("#door")).to_contain_text("The program behind this page has ended")
        has_nothing(page)
    finally:
        served.close()

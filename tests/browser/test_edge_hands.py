"""The device's page in hands that press twice, go on typing and see no pointer."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from schemas.records import Patient
from tests.browser.conftest import Watched
from tests.support.edge import PASSPHRASE, document
from tests.support.edge_page import NAME, Served, by_hand, fill
from tests.support.edge_shown import entered, held, show

PHONE = pytest.mark.parametrize("viewport", [(390, 844)])
OTHER = "姓名：王五 性别：男\n咳嗽三天"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = Served(tmp_path_factory.mktemp("edge"), by_hand())
    yield served
    served.close()


@pytest.fixture
def patient(served: Served) -> Iterator[Patient]:
    patient = fill(served.vault)
    yield patient
    served.vault.patients.delete(patient.id)


@pytest.fixture
def page(
    offline_browser: Browser,
    served: Served,
    patient: Patient,
    watched: Watched,
    locale: str,
    viewport: tuple[int, int],
) -> Iterator[Page]:
    """A patient."""
    with held(offline_browser, locale, viewport) as context:
        page = entered(context, served, watched)
        show(page, patient)
        yield page


@PHONE
def test_what_is_done_moves_nothing_and_takes_no_typed_word(page: Page) -> None:
    page.locator("[data-ask]").fill("在吃什么药")
    follow = page.locator("[data-part=follow]")
    follow.locator("summary").click()
    follow.get_by_label("What").fill("call")
    follow.get_by_role("button", name="Done").first.scroll_into_view_if_needed()
    before = page.evaluate("() => scrollY")
    assert before > 0
    follow.get_by_role("button", name="Done").first.click()
    # Late in April, now 90 days from today.
    expect(follow.locator(".late")).to_have_count(0)
    assert page.evaluate("() => scrollY") == before
    expect(follow.get_by_label("What")).to_have_value("call")
    expect(page.locator("[data-ask]")).to_have_value("在吃什么药")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("[data-part=follow] h2")).to_have_text("随访")
    expect(page.locator("[data-ask]")).to_have_value("在吃什么药")


def test_what_was_done_by_a_slip_of_the_finger_is_due_as_before(page: Page) -> None:
    late = page.locator("[data-part=follow] .reminder[data-late]")
    before = late.inner_text()
    late.get_by_role("button", name="Done").click()
    expect(late).to_have_count(0)
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    undo.click()
    expect(undo).to_have_count(0)
    assert late.locator(".due-day").inner_text() in before


def test_a_second_press_does_nothing_twice(page: Page, patient: Patient, served: Served) -> None:
    twice = "(e) => { e.click(); e.click(); }"
    follow = page.locator("[data-part=follow]")
    follow.locator("summary").click()
    follow.get_by_label("Due, such as").fill("2027-12-24")
    follow.get_by_label("What").fill("call")
    follow.get_by_role("button", name="Add", exact=True).evaluate(twice)
    expect(follow.locator(".reminder")).to_have_count(3)
    expect(follow.get_by_label("What")).to_be_hidden()

    before = served.vault.patients.count()
    page.get_by_role("link", name="All patients").click()
    page.get_by_role("button", name="New patient").click()
    # What is typed at once is the name.
    page.keyboard.type(NAME)
    page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog", name="New patient")
    expect(sheet).to_contain_text("Perhaps the same")
    page.keyboard.press("Enter")
    sheet.get_by_role("button", name="Another person").evaluate(twice)
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    assert len(served.vault.reminders.of(patient.id)) == 3
    made = [one for one in served.vault.patients.list(NAME) if one.id != patient.id]
    assert served.vault.patients.count() == before + 1
    served.vault.patients.delete(made[0].id)


def test_of_several_who_are_found_none_is_opened_unseen(
    page: Page, patient: Patient, served: Served
) -> None:
    twin = served.vault.patients.add(NAME, number="B7")
    page.get_by_role("link", name="All patients").click()
    page.locator("[data-find]").fill(NAME)
    page.keyboard.press("Enter")
    expect(page.locator(".row").first).to_be_focused()
    expect(page.locator(".row")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    chosen = max(patient.id, twin.id)
    assert page.url.endswith(chosen)
    served.vault.patients.delete(twin.id)


def test_what_has_the_focus_is_not_under_the_bar(page: Page) -> None:
    page.set_viewport_size({"width": 1024, "height": 400})
    lines = page.locator("[data-line]").count()
    covered = """() => document.activeElement.getBoundingClientRect().top
      - document.querySelector(".above").getBoundingClientRect().bottom"""
    for key in ["j"] * lines + ["k"] * lines:
        page.keyboard.press(key)
        assert page.evaluate(covered) >= 0


@PHONE
def test_what_the_source_covers_is_out_of_reach(page: Page) -> None:
    page.locator("[data-part=contradictions] .line").click()
    expect(page.locator(".here")).to_be_visible()
    inside = "() => document.activeElement.closest('#source') || document.activeElement.tagName"
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate(inside) != "A"
        assert page.evaluate(inside) != "BUTTON"
    expect(page.get_by_role("main")).to_have_count(0)
    page.get_by_role("button", name="Close").click()
    expect(page.locator("[data-part=contradictions] .line")).to_be_focused()


def test_where_one_is_is_told(page: Page) -> None:
    told = page.locator("#told")
    expect(told).to_have_text(NAME)
    page.locator("[data-part=contradictions] .line").click()
    expect(told).to_have_text("Source document: 青霉素曾致全身皮疹")
    page.get_by_role("link", name="Follow-up").click()
    expect(told).to_have_text("Follow-up")
    here = page.get_by_role("navigation").locator("[aria-current=page]")
    expect(here).to_have_text("Follow-up")


def test_text_that_is_refused_stays(page: Page, watched: Watched) -> None:
    watched.expect("422")
    page.get_by_role("button", name="Import").click()
    sheet = page.get_by_role("dialog", name="Import documents")
    text = sheet.get_by_role("textbox", name="Or paste text")
    text.fill(OTHER)
    sheet.get_by_role("button", name="Import text").click()
    expect(sheet).to_contain_text("It names another patient: check it first.")
    assert "--" not in sheet.inner_text()
    expect(text).to_have_value(OTHER)
    text.fill("咳嗽三天")
    sheet.get_by_role("button", name="Import text").click()
    expect(sheet.locator("[data-became=done]")).to_have_count(1)
    expect(text).to_have_value("")


def test_a_day_is_given_to_what_names_none(page: Page, served: Served) -> None:
    page.get_by_role("button", name="Import").click()
    sheet = page.get_by_role("dialog", name="Import documents")
    text = sheet.get_by_role("textbox", name="Or paste text")
    text.fill("咳嗽三天")
    sheet.get_by_role("button", name="Import text").click()
    expect(sheet).to_contain_text("no date of the visit, so no follow-ups")
    sheet.get_by_label("Date of the visit").fill("2026-02-03")
    text.fill("咳嗽三天")
    sheet.get_by_role("button", name="Import text").click()
    expect(sheet.locator("[data-became=known]")).to_have_count(1)
    assert "2026-02-03" in [one.date for one in served.vault.documents.list()]


def test_what_is_taken_after_the_sheet_was_closed_is_shown(page: Page) -> None:
    kept: list[Route] = []
    page.route("**/api/paste", lambda route: kept.append(route))
    page.get_by_role("button", name="Import").click()
    page.get_by_role("textbox", name="Or paste text").fill("咳嗽三天")
    with page.expect_request("**/api/paste"):
        page.get_by_role("button", name="Import text").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    kept[0].continue_()
    expect(page.locator("[data-part=documents] .line")).to_have_count(4)


def test_a_search_that_is_cut_says_so(page: Page, patient: Patient, served: Served) -> None:
    for n in range(21):
        served.vault.documents.add(document(patient.id, f"第{n}次：辛伐他汀", "2026-05-01"))
    page.locator("[data-find]").fill("辛伐他汀")
    page.keyboard.press("Enter")
    expect(page.locator(".hit")).to_have_count(20)
    expect(page.get_by_role("main")).to_contain_text("The newest 20 are shown")


def test_a_long_unlocking_is_seen(page: Page) -> None:
    kept: list[Route] = []
    page.route("**/api/unlock", lambda route: kept.append(route))
    page.get_by_role("button", name="Lock").click()
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Unlocking…")).to_be_disabled()
    kept[0].continue_()
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)


@PHONE
def test_long_names_cover_nothing(page: Page, served: Served) -> None:
    long = served.vault.patients.add("阿卜杜拉·" * 15 + "汗")
    served.device.write_reminder(long.id, "2026-04-01", "复查", "")
    page.get_by_role("link", name="Follow-up").click()
    row = page.locator(".reminder").filter(has_text="阿卜杜拉")
    name, what, day = (
        row.locator(one).bounding_box() for one in (".whose bdi", "strong", ".due-day")
    )
    assert name
    assert what
    assert day
    assert name["height"] > 44
    assert day["y"] + day["height"] <= name["y"]
    assert name["y"] + name["height"] <= what["y"]
    served.vault.patients.delete(long.id)


@PHONE
def test_the_way_back_from_nowhere_fits_a_finger(page: Page, watched: Watched) -> None:
    watched.expect("404")
    page.evaluate("() => { location.hash = '#/p/p-0' }")
    expect(page.get_by_role("alert")).to_have_text("It is not there any more.")
    way = page.get_by_role("main").get_by_role("link", name="All patients").bounding_box()
    assert way
    assert min(way["width"], way["height"]) >= 44


def test_a_long_letter_is_printed_whole(page: Page) -> None:
    letter = "\n".join(f"item {n}." for n in range(150))
    page.route("**/words", lambda route: route.fulfill(json={"spoken": "x", "letter": letter}))
    page.get_by_role("button", name="Words for the patient").click()
    expect(page.locator(".paper")).to_be_visible()
    page.evaluate("() => { document.body.dataset.paper = '' }")
    printed = printed_on(page)
    assert [n for n in range(150) if f"item {n}." not in "\n".join(printed)] == []
    assert not any(NAME in one for one in printed)


def test_every_printed_page_says_whose_it_is(page: Page, patient: Patient) -> None:
    page.evaluate(
        "() => { const more = document.createElement('p'); more.style.height = '600mm';"
        " document.querySelector('main').append(more) }"
    )
    printed = printed_on(page)
    assert len(printed) >= 3
    for number, one in enumerate(printed, 1):
        assert NAME in one
        assert patient.number in one
        assert f"{number} / {len(printed)}" in one
    page.get_by_role("link", name="All patients").click()
    expect(page.locator(".row").first).to_be_visible()
    foot = "() => getComputedStyle(document.documentElement).getPropertyValue('--foot')"
    assert page.evaluate(foot) == '""'


def printed_on(page: Page) -> list[str]:
    """The words of each page."""
    from pypdf import PdfReader

    content = BytesIO(page.pdf(prefer_css_page_size=True))
    return [one.extract_text() for one in PdfReader(content).pages]

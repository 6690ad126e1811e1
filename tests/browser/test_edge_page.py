"""The device's page in a Chromium without a network: read, searched, filled and printed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from schemas.records import Patient, Reminder
from tests.browser.conftest import Watched
from tests.support.edge import document
from tests.support.edge_page import NAME, SECOND, Served, by_hand, fill
from tests.support.edge_shown import entered, held, show

MANY = 200
LATE = "姓名：陈秀英 性别：女 出生日期：1962-04-05\n诊断：高血压病2级，磺胺过敏。"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = Served(tmp_path_factory.mktemp("edge"), by_hand())
    for n in range(MANY):
        served.vault.patients.add(f"王{n:03}", number=f"W{n:05}")
    yield served
    served.close()


@pytest.fixture
def patient(served: Served) -> Iterator[Patient]:
    patient = fill(served.vault)
    yield patient
    served.vault.patients.delete(patient.id)


@pytest.fixture
def scheme() -> str:
    return "light"


@pytest.fixture
def page(
    offline_browser: Browser,
    served: Served,
    patient: Patient,
    watched: Watched,
    locale: str,
    viewport: tuple[int, int],
    scheme: str,
) -> Iterator[Page]:
    """The list of patients."""
    assert patient
    with held(offline_browser, locale, viewport, scheme) as context:
        page = entered(context, served, watched)
        yield page


def test_a_patient_is_found_as_one_types(page: Page) -> None:
    expect(page.get_by_role("status").first).to_contain_text("The first 60 of 201")
    # Where there is a keyboard one may type at once.
    page.keyboard.type("周明")
    expect(page.locator("main .row")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    assert NAME not in page.title()
    assert NAME not in page.url


def test_the_order_of_the_page(page: Page, patient: Patient) -> None:
    show(page, patient)
    parts = [one.get_attribute("data-part") for one in page.locator(".part").all()]
    assert parts[:2] == ["allergies", "contradictions"]
    assert parts[-1] == "documents"
    assert parts.index("family") > parts.index("problems")
    expect(page.locator("[data-part=family] h2")).to_have_text("Family: relatives, not the patient")
    expect(page.locator("[data-part=results] svg")).to_have_count(2)
    expect(page.locator("[data-part=results] svg").first).to_have_attribute(
        "aria-label", "From 98 on 2025-06-10 to 148 μmol/L on 2026-04-03"
    )


def test_a_line_leads_to_its_very_characters(page: Page, patient: Patient) -> None:
    show(page, patient)
    page.locator("[data-part=contradictions] .line").click()
    source = page.get_by_role("complementary", name="Source document")
    expect(source.locator(".here")).to_have_text("青霉素曾致全身皮疹")
    expect(source.locator(".here")).to_be_in_viewport()
    expect(source.locator(".written")).to_have_text(SECOND)
    expect(source.get_by_role("status")).to_have_text("Source 1 of 2")
    source.get_by_role("button", name="Next source").click()
    expect(source.locator(".here")).to_have_text("否认药物过敏史")
    source.get_by_role("button", name="Next source").click()
    expect(source.get_by_role("status")).to_have_text("Source 1 of 2")
    source.get_by_role("button", name="Close").click()
    expect(source).to_be_hidden()
    expect(page.locator("[data-part=contradictions] .line")).to_be_focused()


def test_with_the_keyboard_alone(page: Page) -> None:
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Next line")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type(NAME)
    expect(page.locator("main .row")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    expect(page.locator("main .row")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=problems]")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("[data-part=contradictions] .line")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".here")).to_have_text("青霉素曾致全身皮疹")
    page.keyboard.press("n")
    expect(page.locator(".here")).to_have_text("否认药物过敏史")
    page.keyboard.press("p")
    expect(page.locator(".here")).to_have_text("青霉素曾致全身皮疹")
    page.keyboard.press("Escape")
    page.keyboard.press("k")
    expect(page.locator("[data-part=allergies] .line")).to_be_focused()
    page.keyboard.press("i")
    expect(page.get_by_role("dialog", name="Import documents")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    expect(page.get_by_role("heading", level=1)).to_have_text("Follow-up")
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", level=1)).to_have_text("Patients")


@pytest.mark.parametrize("viewport", [(820, 1180), (390, 844)])
def test_with_a_finger(page: Page, patient: Patient, viewport: tuple[int, int]) -> None:
    show(page, patient)
    page.locator("[data-part=results] .line").first.tap()
    expect(page.locator(".here")).to_have_text("血钾 6.3 mmol/L")
    expect(page.locator(".caution >> visible=true").first).to_be_in_viewport()
    beside = page.locator("main").is_visible() and page.evaluate(
        "() => document.querySelector('#source').getBoundingClientRect().left > 300"
    )
    assert beside is (viewport[0] > 800)
    page.get_by_role("button", name="Close").tap()
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, a, input, select, summary")]
             .filter((e) => e.checkVisibility() && !e.closest(".skip, .sr"))
             .map((e) => [e.textContent, e.getBoundingClientRect()])
             .filter(([, box]) => Math.min(box.width, box.height) < 43.5)
             .map(([text]) => text)"""
    )
    assert small == []
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("locale", ["zh-CN"])
def test_in_chinese_and_at_once_in_english(page: Page, patient: Patient, watched: Watched) -> None:
    show(page, patient)
    expect(page.locator("[data-part=allergies] h2")).to_have_text("过敏")
    expect(page.locator(".caution >> visible=true").first).to_have_text(
        "本页不作诊断，请核对原文。"
    )
    expect(page.locator("[data-part=changes]")).to_contain_text("开始利格列汀")
    watched.expect("422")
    follow = page.locator("[data-part=follow]")
    follow.locator("summary").click()
    follow.get_by_label("日期，如").fill("2026-13-01")
    follow.get_by_label("事项").fill("x")
    follow.get_by_role("button", name="添加", exact=True).click()
    expect(follow.get_by_role("alert").last).to_have_text("日期如 2026-05-31")
    page.get_by_role("button", name="English").click()
    expect(page.locator("[data-part=allergies] h2")).to_have_text("Allergies")
    expect(page.locator("[data-part=changes]")).to_contain_text("Started: 利格列汀")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_without_documents_nothing_is_promised(page: Page, served: Served) -> None:
    show(page, served.vault.patients.list("王199")[0])
    expect(page.locator("[data-part=allergies]")).to_contain_text(
        "No document speaks of allergies. That does not mean there are none."
    )


def test_files_are_dropped_chosen_and_pasted(
    page: Page, patient: Patient, served: Served, watched: Watched, tmp_path: Path
) -> None:
    watched.expect("422")
    before = served.vault.patients.count()
    file = tmp_path / "门诊.txt"
    file.write_bytes(LATE.encode("gb18030"))
    page.get_by_role("button", name="Import").click()
    sheet = page.get_by_role("dialog", name="Import documents")
    page.locator("#files").set_input_files([file, file])
    expect(sheet.locator("[data-became=done]")).to_have_count(1)
    expect(sheet.locator("[data-became=known]")).to_have_count(1)
    sheet.get_by_role("textbox", name="Or paste text").fill("咳嗽三天")
    sheet.get_by_role("button", name="Import text").click()
    expect(sheet.locator("[data-became=refused]")).to_have_count(1)
    expect(sheet).to_contain_text("Open the patient and import it there.")
    assert "--patient" not in sheet.inner_text()
    page.keyboard.press("Escape")
    assert served.vault.patients.count() == before + 1

    show(page, patient)
    dropped = """(text) => {
      const data = new DataTransfer();
      data.items.add(new File([text], "a.txt", { type: "text/plain" }));
      document.querySelector("main").dispatchEvent(
        new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }"""
    page.evaluate(dropped, LATE)
    expect(sheet.locator("[data-became=refused]")).to_have_count(1)
    sheet.get_by_role("button", name="Import all the same").click()
    expect(sheet.locator("[data-became=done]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("[data-part=documents] .line")).to_have_count(4)
    served.vault.patients.delete(served.vault.patients.list("陈秀英")[0].id)


def test_a_new_patient_and_who_may_be_the_same(page: Page) -> None:
    page.get_by_role("button", name="New patient").click()
    sheet = page.get_by_role("dialog", name="New patient")
    sheet.get_by_label("Name").fill(NAME)
    sheet.get_by_role("button", name="Add", exact=True).click()
    expect(sheet).to_contain_text("Perhaps the same")
    sheet.locator(".row").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    expect(sheet).to_be_hidden()


def test_words_in_the_documents(page: Page, patient: Patient) -> None:
    show(page, patient)
    page.keyboard.press("/")
    page.keyboard.type("利格列汀")
    page.keyboard.press("Enter")
    expect(page.locator(".line-hit")).to_have_count(2)
    page.locator(".line-hit").last.click()
    expect(page.locator(".here")).to_have_text("利格列汀")


def test_reminders_are_done_changed_and_written(
    page: Page, patient: Patient, served: Served, tmp_path: Path
) -> None:
    show(page, patient)
    follow = page.locator("[data-part=follow]")
    expect(follow.locator(".reminder")).to_have_count(2)
    follow.locator("summary").click()
    follow.get_by_label("Due, such as").fill("2027-12-24")
    follow.get_by_label("What").fill("call <b>")
    follow.get_by_role("button", name="Add", exact=True).click()
    expect(follow.locator(".reminder")).to_have_count(3)
    expect(follow.locator(".reminder").last).to_contain_text("call <b>")
    page.get_by_role("link", name="Follow-up").click()
    late = page.locator("[data-part=due-late] .reminder")
    expect(late).to_have_count(1)
    late.get_by_role("button", name="Edit").click()
    late.get_by_label("Due, such as").fill("2027-06-01")
    late.get_by_role("button", name="Save").click()
    expect(page.locator("[data-part=due-late]")).to_have_count(0)
    call = page.locator(".reminder").filter(has_text="call")
    call.get_by_role("button", name="Done").click()
    expect(call).to_have_attribute("data-done", "")
    page.reload()
    expect(page.locator(".reminder")).to_have_count(2)
    with page.expect_download() as download:
        page.get_by_role("button", name="Calendar file").click()
    download.value.save_as(tmp_path / "a.ics")
    assert (tmp_path / "a.ics").read_bytes().count(b"BEGIN:VEVENT") == 2
    assert served.vault.audit.list()[-1].action == "exported"


def test_of_many_reminders_the_first_are_drawn(
    page: Page, patient: Patient, served: Served
) -> None:
    served.vault.reminders.put(
        Reminder(f"own-{number}", patient.id, "2027-12-24", "call", "", own=True)
        for number in range(210)
    )
    page.get_by_role("link", name="Follow-up").click()
    expect(page.locator(".reminder")).to_have_count(200)
    page.get_by_role("button", name="Show more").click()
    expect(page.locator(".reminder")).to_have_count(210)
    expect(page.get_by_role("button", name="Show more")).to_have_count(0)


WIDTHS = pytest.mark.parametrize("viewport", [(1280, 900), (390, 844)])


def fits(page: Page) -> None:
    """No sheet is wider than the screen, nothing to press is smaller than a finger."""
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.evaluate("() => sheet.scrollWidth - sheet.clientWidth") <= 0
    small = """() => [...sheet.querySelectorAll("button, input")]
      .filter((e) => Math.min(e.getBoundingClientRect().width, e.offsetHeight) < 43.5)
      .map((e) => e.textContent)"""
    assert page.evaluate(small) == []


@WIDTHS
def test_a_document_is_deleted_after_a_yes(page: Page, patient: Patient, served: Served) -> None:
    show(page, patient)
    rows = page.locator("[data-part=documents] li")
    delete = rows.first.get_by_role("button", name="Delete 出院记录 2026-04-03")
    sheet = page.get_by_role("dialog", name="Delete this document?")
    delete.click()
    for told in ("出院记录", "2026-04-03", "no way back", "Backups made before still have it"):
        expect(sheet).to_contain_text(told)
    fits(page)
    # One who presses on deletes nothing.
    page.keyboard.press("Enter")
    expect(sheet).to_be_hidden()
    delete.click()
    sheet.get_by_role("button", name="Cancel").click()
    expect(sheet).to_be_hidden()
    expect(rows).to_have_count(3)
    delete.click()
    sheet.get_by_role("button", name="Delete").click()
    expect(rows).to_have_count(2)
    expect(page.get_by_role("main")).not_to_contain_text("肾穿刺活检术")
    assert [one.date for one in served.vault.documents.list(patient.id)] == [
        "2026-03-02", "2025-06-10",
    ]  # fmt: skip
    assert "deleted" in {one.action for one in served.vault.audit.list()}


@WIDTHS
def test_a_patient_is_deleted_after_a_yes(page: Page, served: Served) -> None:
    other = fill(served.vault)
    show(page, other)
    page.get_by_role("button", name="Delete this patient").click()
    sheet = page.get_by_role("dialog", name="Delete this patient?")
    for told in (NAME, "No. H200317", "3 documents", "2 reminders"):
        expect(sheet).to_contain_text(told)
    fits(page)
    sheet.get_by_role("button", name="Cancel").click()
    assert served.vault.patients.get(other.id) == other
    page.get_by_role("button", name="Delete this patient").click()
    sheet.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Patients")
    assert other.id not in {one.id for one in served.vault.patients.list(NAME)}
    assert served.vault.audit.list()[-1].ids[0] == other.id


@WIDTHS
def test_two_patients_become_one(page: Page, patient: Patient, served: Served) -> None:
    twin = served.vault.patients.add(NAME, birth="1959", number="B7")
    served.vault.documents.add(document(twin.id))
    show(page, patient)
    page.get_by_role("button", name="The same person as").click()
    sheet = page.get_by_role("dialog", name="Make two patients one")
    # Those of the same name come first, and not the patient's own row.
    expect(sheet.locator(".row")).to_have_count(1)
    fits(page)
    sheet.locator(".row").click()
    expect(sheet.locator(".what").first).to_contain_text("H200317")
    expect(sheet.locator(".what").last).to_contain_text("1 document · 0 reminders")
    expect(sheet.locator(".warned")).to_contain_text("They differ: Hospital number.")
    fits(page)
    sheet.get_by_role("button", name="The other one stays").click()
    expect(sheet.locator(".what").first).to_contain_text("B7")
    expect(sheet.locator(".what").last).to_contain_text("3 documents")
    sheet.get_by_role("button", name="The other one stays").click()
    sheet.get_by_role("button", name="One person all the same").click()
    expect(sheet).to_be_hidden()
    expect(page.locator("[data-part=documents] li")).to_have_count(4)
    assert [one.id for one in served.vault.patients.list(NAME)] == [patient.id]
    assert ("merged", (patient.id, twin.id)) in [
        (one.action, one.ids) for one in served.vault.audit.list()
    ]


@pytest.mark.parametrize("locale", ["zh-CN"])
def test_the_other_one_may_stay(page: Page, patient: Patient, served: Served) -> None:
    twin = served.vault.patients.add("周明得", sex="female", birth="1959-03-08")
    assert twin.id != patient.id
    show(page, twin)
    page.get_by_role("button", name="与另一位患者是同一人").click()
    sheet = page.get_by_role("dialog", name="合并两位患者")
    expect(sheet.get_by_role("status")).to_contain_text("没有同名或同编号的其他患者")
    sheet.get_by_role("searchbox").fill("周明德")
    sheet.locator(".row").click()
    expect(sheet.locator(".warned")).to_contain_text("两者不一致：姓名、性别。")
    sheet.get_by_role("button", name="改为保留另一位").click()
    sheet.get_by_role("button", name="确为同一人：合并").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    assert twin.id not in {one.id for one in served.vault.patients.list("周明")}


def test_words_for_the_patient(page: Page, patient: Patient) -> None:
    show(page, patient)
    page.get_by_role("button", name="Words for the patient").click()
    sheet = page.get_by_role("dialog", name="Words for the patient")
    expect(sheet.locator(".say")).to_have_text("en 2027-01-15: 2")
    expect(sheet.locator(".paper")).to_contain_text("Check HbA1c")
    assert NAME not in sheet.inner_text()
    page.evaluate("() => { window.print = () => { window.paper = document.body.dataset.paper } }")
    sheet.get_by_role("button", name="Print").click()
    assert page.evaluate("() => window.paper") == ""
    page.evaluate("() => { document.body.dataset.paper = '' }")
    page.emulate_media(media="print")
    expect(sheet.locator(".paper")).to_be_visible()
    expect(sheet.locator(".say")).to_be_hidden()
    expect(page.locator("main")).to_be_hidden()


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_one_sheet_of_paper(page: Page, patient: Patient, served: Served) -> None:
    from io import BytesIO

    from pypdf import PdfReader

    show(page, patient)
    # So it was left: a source stands open.
    page.locator("[data-part=allergies] .line").click()
    sheets = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert len(sheets) == 1
    page.emulate_media(media="print")
    expect(page.locator("main > .print-only")).to_be_visible()
    for unseen in (".above", "#source", "[data-part=documents]", "main button:not(.line)"):
        expect(page.locator(unseen).first).to_be_hidden()
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("[data-part=medication]")).to_be_visible()
    page.wait_for_function("() => true")
    with page.expect_response("**/printed"):
        page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    assert served.vault.audit.list()[-1].action == "printed"

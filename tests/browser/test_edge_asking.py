"""A question on the device's page in a Chromium: what leaves is what was shown, after a yes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from edge.consult import Gateway
from schemas.records import Patient
from tests.browser.conftest import Watched, handlers
from tests.browser.test_chat_page import CONTRAST
from tests.browser.test_hostile import EVERY, TURNED
from tests.edge.test_consult import ANSWER, Gate, gate
from tests.support.edge import PASSPHRASE
from tests.support.edge_page import NAME, Served, by_hand, fill
from tests.support.edge_shown import entered, held, show

pytestmark = pytest.mark.usefixtures("unsure")
QUESTION = f"{NAME}（电话13812345678）\n氨氯地平和布洛芬能一起吃吗？河对门的糖豆说能"
LEFT = "[姓名]（电话[电话]）\n氨氯地平和布洛芬能一起吃吗？河对门的糖豆说能"
WIDTHS = pytest.mark.parametrize("viewport", [(1280, 900), (390, 844)])


@pytest.fixture
def scheme() -> str:
    return "light"


@pytest.fixture
def answer() -> Mapping[str, object]:
    return ANSWER


@pytest.fixture
def there(answer: Mapping[str, object]) -> Iterator[Gate]:
    with gate(body=json.dumps(answer).encode()) as there:
        yield there


@pytest.fixture
def outside() -> bool:
    """Whether a gateway is set up."""
    return True


@pytest.fixture
def served(tmp_path: Path, there: Gate, outside: bool) -> Iterator[Served]:
    token = tmp_path / "gateway.token"
    token.write_text("abc")
    served = Served(tmp_path, by_hand(), Gateway(there.address, token) if outside else None)
    yield served
    served.close()


@pytest.fixture
def patient(served: Served) -> Patient:
    return fill(served.vault)


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
    """A patient."""
    with held(offline_browser, locale, viewport, scheme) as context:
        page = entered(context, served, watched)
        show(page, patient)
        yield page


def asked(page: Page, question: str = QUESTION) -> Locator:
    """Where the answer stands."""
    page.locator("[data-ask]").fill(question)
    page.locator("[data-ask]").press("Enter")
    box = page.locator("[data-part=asked]")
    expect(box).to_be_visible()
    return box


def test_the_record_answers_and_leads_to_its_words(page: Page, there: Gate) -> None:
    page.keyboard.press("a")
    expect(page.get_by_role("textbox", name="Ask this record")).to_be_focused()
    page.keyboard.type("他现在吃什么药？")
    page.keyboard.press("Enter")
    box = page.get_by_role("region", name="What the record says")
    expect(box.locator(".line").first).to_contain_text("利格列汀 5mg qd")
    expect(box.locator(".draft")).to_have_count(0)
    expect(box.get_by_role("button", name="Send")).to_have_count(0)
    box.locator(".line").first.click()
    expect(page.locator(".here")).to_have_text("利格列汀 5mg qd")
    assert there.got == []


@WIDTHS
def test_what_is_shown_last_is_what_leaves(
    page: Page, viewport: tuple[int, int], there: Gate, served: Served
) -> None:
    box = asked(page)
    draft = box.locator(".draft")
    expect(draft).to_have_text(LEFT)
    expect(box.locator(".gone")).to_contain_text(f"name: {NAME}")
    expect(box.locator(".gone")).to_contain_text("phone: 13812345678")
    mark = draft.get_by_role("button")
    expect(mark).to_have_text("糖豆")
    expect(mark).to_have_attribute("aria-pressed", "false")
    press = mark.tap if viewport[0] < 1000 else mark.click
    press()
    expect(mark).to_have_text("[姓名]")
    expect(mark).to_have_attribute("aria-pressed", "true")
    expect(draft).to_have_text(LEFT.replace("糖豆", "[姓名]"))
    press()
    expect(draft).to_have_text(LEFT)
    # By the keyboard: the focus stays on the mark.
    expect(mark).to_be_focused()
    page.keyboard.press("Space")
    expect(mark).to_have_text("[姓名]")
    expect(mark).to_be_focused()
    shown = draft.inner_text()
    assert there.got == []
    box.get_by_role("button", name="Send exactly this text").click()
    expect(box.locator(".answer")).to_have_text("不建议合用。")
    expect(box).to_contain_text("it does not know the patient")
    expect(box.get_by_role("list", name="Sources")).to_have_text("· 抗凝")
    assert [body for *_, body in there.got] == [msgspec.json.encode({"text": shown})]
    expect(box.locator(".line").first).to_contain_text("氨氯地平 10mg qd")
    expect(box.get_by_role("button", name="Send exactly this text")).to_have_count(0)
    assert served.vault.audit.list()[-1].ids[2] == "by-hand:1"


def test_a_no_sends_nothing(page: Page, there: Gate) -> None:
    box = asked(page)
    box.get_by_role("button", name="Do not send").click()
    expect(box).to_contain_text("Not sent.")
    expect(box.locator(".draft")).to_have_count(0)
    expect(box.locator(".line").first).to_contain_text("氨氯地平 10mg qd")
    assert there.got == []


def test_a_yes_to_another_text_sends_nothing(page: Page, there: Gate) -> None:
    page.route("**/draft/send", lambda route: route.continue_(post_data={"digest": "0" * 64}))
    box = asked(page)
    box.get_by_role("button", name="Send exactly this text").click()
    expect(box).to_contain_text("the yes was not for the text shown last")
    expect(box.locator(".line").first).to_contain_text("氨氯地平 10mg qd")
    assert there.got == []


@pytest.mark.parametrize("locale", ["zh-CN"])
def test_in_chinese_and_a_question_that_is_too_long(page: Page, watched: Watched) -> None:
    box = asked(page)
    expect(box.get_by_role("button", name="不发送")).to_be_visible()
    expect(box.get_by_role("button", name="同意只发送上面这段文字")).to_be_visible()
    expect(box.locator(".gone")).to_contain_text("电话: 13812345678")
    watched.expect("422")
    # Whoever gets by the field's own bound is told by the program.
    page.locator("[data-ask]").evaluate("(e) => e.removeAttribute('maxlength')")
    page.locator("[data-ask]").fill("药" * 2001)
    page.get_by_role("button", name="问这份病历").click()
    expect(page.get_by_role("alert").filter(has_text="问题须为")).to_be_visible()
    expect(box).to_have_count(0)


@pytest.mark.parametrize("answer", [ANSWER | {"text": f"{EVERY}\n{TURNED}"}])
def test_what_is_asked_and_answered_is_text(page: Page, there: Gate) -> None:
    box = asked(page, f"氨氯地平和布洛芬能一起吃吗？{EVERY} {TURNED}")
    draft = box.locator(".draft")
    expect(draft).to_contain_text("<img src=x onerror=alert(2)>")
    # What cannot be seen is taken out before it is shown.
    expect(draft).to_contain_text("paid txt.exe now")
    box.get_by_role("button", name="Send exactly this text").click()
    expect(box.locator(".answer")).to_contain_text(EVERY)
    assert len(there.got) == 1
    assert "\u202e" not in page.content()
    made = page.locator("#desk").locator("script, iframe, img, link, style, object, a[href^=java]")
    expect(made).to_have_count(0)
    assert handlers(page, "#desk *") == []


@WIDTHS
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_finger_and_stands_out(page: Page, scheme: str) -> None:
    del scheme
    box = asked(page, f"{QUESTION}，{'很长' * 200}{'x' * 300}")
    expect(box.locator(".doubt").first).to_be_visible()
    box.locator(".doubt").first.click()
    expect(box.locator(".doubt").first).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0
    small = page.evaluate(
        """() => [...document.querySelectorAll("[data-part=asked] button, form textarea")]
             .filter((e) => e.checkVisibility())
             .map((e) => [e.textContent, e.getBoundingClientRect()])
             .filter(([, box]) => Math.min(box.width, box.height) < 43.5)
             .map(([text]) => text)"""
    )
    assert small == []
    assert page.evaluate(CONTRAST) == []


def test_it_is_not_printed(page: Page) -> None:
    box = asked(page)
    page.emulate_media(media="print")
    expect(page.locator("[data-part=medication]")).to_be_visible()
    expect(box).to_be_hidden()
    expect(page.locator("[data-ask]")).to_be_hidden()


def test_locked_it_is_gone_from_the_page_and_behind_it(
    page: Page, served: Served, there: Gate, watched: Watched
) -> None:
    watched.expect("423")
    asked(page)
    served.vault.lock()
    expect(page.get_by_label("Passphrase")).to_be_visible()
    assert "糖豆" not in page.content()
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    expect(page.locator("[data-part=asked]")).to_have_count(0)
    expect(page.locator("[data-ask]")).to_have_value("")
    assert there.got == []


@pytest.mark.parametrize("outside", [False])
def test_without_a_gateway_it_says_how(page: Page, there: Gate) -> None:
    box = asked(page)
    expect(box.locator(".line").first).to_contain_text("氨氯地平 10mg qd")
    expect(box).to_contain_text("nothing was sent. To ask outside, start with")
    expect(box).to_contain_text("--gateway")
    expect(box.locator(".draft")).to_have_count(0)
    assert there.got == []

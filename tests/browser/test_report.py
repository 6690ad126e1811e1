"""The morning's page in a real browser: it runs nothing, asks nobody and fits."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from streams.reviews.report.facts import Facts, facts_of
from streams.reviews.report.page import page as made
from tests.browser.conftest import PATIENCE_MS, Watched
from tests.support.mornings import HOSTILE, hostile
from tests.support.nights import DATE
from tests.support.weeks import weeks

SIZES = [(1280, 900), (390, 844), (320, 640)]
# What sticks out to the right of the window, but for what is cut by its own box.
_OVERFLOW = """() => [...document.body.querySelectorAll('*')]
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
    .map(e => e.tagName + ' ' + e.textContent.slice(0, 40))"""


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    """A night on which something is wrong."""
    # In this thread the browser's event loop runs.
    with ThreadPoolExecutor(1) as aside:
        file = aside.submit(weeks, tmp_path_factory.mktemp("shop"), 120, days=20).result()
    return facts_of(file, DATE)


@pytest.fixture(params=SIZES, ids=str)
def window(request: pytest.FixtureRequest, browser: Browser, watched: Watched) -> Iterator[Page]:
    """A page of each size; only a local file may be asked for."""
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height})
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    watched.watch(page, "file:///")
    yield page
    context.close()


def show(page: Page, html: str, folder: Path) -> None:
    file = folder / "report.html"
    file.write_text(html, encoding="utf-8")
    page.goto(file.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_night_is_seen_at_once_and_fits(
    window: Page, night: Facts, tmp_path: Path, scheme: str
) -> None:
    window.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    show(window, made(night, str), tmp_path)
    expect(window.locator(".verdict h2")).to_be_in_viewport()
    expect(window.locator(".verdict li").first).to_be_in_viewport()
    expect(window.locator(".verdict")).to_contain_text("1 critical ticket, due Sat 21 Nov 04:00")
    assert window.locator(".plot").count() == 2
    # The style sheet is the one that the policy lets in.
    assert window.locator(".tiles").evaluate("one => getComputedStyle(one).display") == "grid"
    paper = window.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == ("rgb(17, 22, 29)" if scheme == "dark" else "rgb(255, 255, 255)")
    assert window.evaluate(_OVERFLOW) == []
    window.locator(".verdict li a").first.click()
    expect(window.locator("#tickets h2")).to_be_in_viewport()


def test_words_on_their_ground_can_be_read(window: Page, night: Facts, tmp_path: Path) -> None:
    show(window, made(night, str), tmp_path)
    for scheme in ("light", "dark"):
        window.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        assert window.evaluate(_FAINT) == []


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_what_people_write_runs_nothing_and_fits(window: Page, tmp_path: Path, text: str) -> None:
    show(window, made(hostile(text), str), tmp_path)
    expect(window.locator(".tickets > li")).to_have_count(12)
    # The ten seconds are not spent on the name of a product.
    box = window.locator(".tiles").bounding_box()
    assert box is not None
    assert box["y"] < 1_500
    assert window.locator("script, iframe, img, object, embed, link, form").count() == 0
    assert window.evaluate(_OVERFLOW) == []


# Text whose contrast with what lies behind it is less than 4.5 to 1.
_FAINT = """() => {
  const rgb = (c) => (c.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
  const light = (c) => { const [r, g, b] = c.slice(0, 3).map(v => { v /= 255;
    return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
    return .2126 * r + .7152 * g + .0722 * b; };
  const ground = (e) => { for (; e; e = e.parentElement) {
    const c = rgb(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c; }
    return [255, 255, 255]; };
  const found = new Set();
  for (const e of document.body.querySelectorAll('*')) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
    if (e.closest('rect')) continue;
    const style = getComputedStyle(e);
    const ink = rgb(e.closest('svg') ? style.fill : style.color);
    const [a, b] = [light(ink), light(ground(e))].sort((x, y) => y - x);
    if ((a + .05) / (b + .05) < 4.5) found.add(e.className + ' ' + e.textContent.slice(0, 30));
  }
  return [...found];
}"""

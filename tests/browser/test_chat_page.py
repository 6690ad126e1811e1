"""The page of `groundswell assistant demo`, whatever the gateway says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from schemas.turns import MAX_SAID
from tests.browser.conftest import PATIENCE_MS, Watched, handlers
from tests.browser.test_hostile import EVERY, TURNED
from tests.support.counter_page import CounterPage

AT = "2026-11-20T09:04:11.000Z"
SESSION = "s" * 22
LONG = "W" * MAX_SAID


class Gateway:
    """Hears the frames of a page; `answer` makes the frames to send back."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.answer: Callable[[dict[str, Any]], list[dict[str, Any]]] = lambda _: [reply("ok")]
        self.lines: list[WebSocketRoute] = []

    def open(self, line: WebSocketRoute) -> None:
        self.lines.append(line)

        def hear(message: str | bytes) -> None:
            frame = json.loads(message)
            self.heard.append(frame)
            for answer in self.answer(frame):
                line.send(json.dumps({"turn": frame["turn"], **answer}))

        line.on_message(hear)


def reply(text: str, **rest: Any) -> dict[str, Any]:
    """As the gateway sends it, without what is as usual."""
    return {"type": "reply", "session": SESSION, "text": text, **rest}


def error(code: str, **rest: Any) -> dict[str, Any]:
    problem = {"type": f"docs/gateway.md#{code}", "title": "T", "status": 409, **rest}
    return {"type": "error", "problem": problem}


@pytest.fixture(scope="module")
def counter() -> Iterator[CounterPage]:
    counter = CounterPage()
    yield counter
    counter.close()


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


@pytest.fixture
def scheme() -> str:
    """A test may override it."""
    return "light"


@pytest.fixture
def page(
    browser: Browser,
    counter: CounterPage,
    gateway: Gateway,
    watched: Watched,
    locale: str,
    viewport: tuple[int, int],
    scheme: Any,
) -> Iterator[Page]:
    """Connected; a customer of the first name."""
    context = browser.new_context(
        viewport={"width": viewport[0], "height": viewport[1]},
        locale=locale,
        color_scheme=scheme,
        timezone_id="Asia/Shanghai",
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    watched.watch(page, counter.address)
    page.route_web_socket("**/v1/chat", gateway.open)
    page.goto(counter.address)
    page.wait_for_selector("#link[data-state=live]")
    yield page
    context.close()


def say(page: Page, text: str) -> None:
    page.locator("#said").fill(text)
    page.locator("#said").press("Enter")


def answers(page: Page) -> Any:
    """Without the greeting and what is on its way."""
    return page.locator("#talk > .theirs:not(.waiting):not(:has(.hello))")


def everything(text: str) -> dict[str, Any]:
    """An answer with this in every place."""
    return reply(
        text,
        status="answered",
        sources=[{"kind": "article", "id": text, "title": text, "quote": text, "as_of": AT}],
        choices=[{"id": "c", "label": text}],
        actions=[
            {"kind": "deep_link", "id": "1", "label": text, "link": text},
            {"kind": "form_prefill", "id": "2", "label": text, "link": text, "form": {text: text}},
            {
                "kind": "tool_result",
                "id": "3",
                "label": text,
                "receipt": {"key": "k", "tool": text, "reference": text, "at": AT},
            },
            {"kind": text, "id": "4", "label": text},
        ],
        degraded=[text, f"tool:{text}", f"cache:{text}:9"],
        intent=text,
        state=text,
        timing={"tools": {text: 3.25}},
    )


def test_what_others_write_is_text(page: Page, gateway: Gateway) -> None:
    gateway.answer = lambda _: [{"type": "part", "text": EVERY}, everything(EVERY)]
    say(page, EVERY)
    expect(answers(page).locator(".bubble")).to_have_text(EVERY)
    expect(page.locator(".mine .bubble")).to_have_text(EVERY)
    page.locator(".told summary").click()
    for place in ("blockquote", "[data-kind=deep_link]", "[data-kind=tool_result] dd", ".choices"):
        expect(page.locator(place).first).to_contain_text(EVERY)
    made = page.locator("#talk").locator("script, iframe, img, link, style, object, a, svg")
    expect(made).to_have_count(0)
    assert handlers(page, "*") == []


def test_what_would_turn_the_text_about_is_shown_by_its_number(
    page: Page, gateway: Gateway
) -> None:
    gateway.answer = lambda _: [everything(TURNED)]
    say(page, TURNED)
    shown = "paid [U+202E]txt.exe[U+202C] now[U+2066][U+200B]"
    expect(page.locator(".mine .bubble")).to_have_text(shown)
    expect(answers(page).locator(".bubble")).to_have_text(shown)
    assert gateway.heard[0]["text"] == TURNED


@pytest.mark.parametrize("viewport", [(1280, 900), (320, 480)])
def test_the_longest_words_need_no_scrolling_sideways(page: Page, gateway: Gateway) -> None:
    gateway.answer = lambda _: [everything(LONG)]
    say(page, LONG)
    expect(answers(page)).to_have_count(1)
    assert gateway.heard[0]["text"] == LONG
    for place in ("document.documentElement", "document.getElementById('log')"):
        assert page.evaluate(f"() => {place}.scrollWidth - {place}.clientWidth") <= 0
    expect(page.locator("#said")).to_be_in_viewport()


@pytest.mark.parametrize("viewport", [(390, 500)])
def test_the_page_stays_put_and_an_answer_is_read_from_its_beginning(
    page: Page, gateway: Gateway
) -> None:
    gateway.answer = lambda _: [everything("answer")]
    for n in range(4):
        say(page, f"question {n}")
        expect(answers(page)).to_have_count(n + 1)
    assert page.evaluate("() => document.documentElement.scrollHeight - innerHeight") <= 0
    expect(answers(page).last.locator(".bubble")).to_be_in_viewport()


def test_a_part_is_replaced_and_only_the_answer_is_read_out(page: Page, gateway: Gateway) -> None:
    gateway.answer = lambda _: [{"type": "part", "session": SESSION, "text": "Looking"}]
    say(page, "balance")
    place = page.locator("#talk > .waiting")
    expect(place).to_have_text("Looking")
    expect(place).to_have_attribute("aria-hidden", "true")
    turn = gateway.heard[0]["turn"]
    gateway.lines[0].send(json.dumps({**reply("¥1.00"), "turn": turn}))
    expect(answers(page)).to_have_count(1)
    expect(answers(page).locator(".bubble")).to_have_text("¥1.00")
    expect(place).to_have_count(0)
    # The same once more, as after a duplicate, changes nothing.
    gateway.lines[0].send(json.dumps({**reply("again"), "turn": turn}))
    say(page, "next")
    assert "again" not in answers(page).first.inner_text()


def test_what_is_left_out_is_as_usual(page: Page, gateway: Gateway) -> None:
    gateway.answer = lambda _: [{"type": "reply", "session": SESSION}]
    say(page, "hello")
    expect(answers(page)).to_have_count(1)
    expect(answers(page).locator(".card, .lacks, .choices, .told")).to_have_count(0)
    expect(page.locator("#turn dt")).to_have_text(["Answer after"])


@pytest.mark.parametrize(
    ("locale", "code", "words"),
    [
        ("en-GB", "session-busy", "Two of your messages are waiting already."),
        ("zh-CN", "session-busy", "您已有两条消息在等待"),
        ("zh-CN", "too-many-turns", "请在 7 秒后重试"),
        ("en-GB", "of-tomorrow", "as the gateway puts it"),
    ],
)
def test_a_refusal_is_in_words_and_can_be_asked_again(
    page: Page, gateway: Gateway, code: str, words: str
) -> None:
    gateway.answer = lambda _: [error(code, detail="as the gateway puts it", retry_after=7)]
    say(page, "freeze")
    expect(answers(page)).to_contain_text(words)
    gateway.answer = lambda _: [reply("frozen")]
    answers(page).get_by_role("button").click()
    expect(answers(page).last).to_contain_text("frozen")
    first, second = gateway.heard
    assert first["turn"] == second["turn"]
    assert page.locator(".mine").count() == 1


def test_a_refusal_with_an_answer_shows_the_answer(page: Page, gateway: Gateway) -> None:
    call = {"kind": "hand_over", "id": "hotline", "label": "Call the hotline", "link": "app://x"}
    useful = {"session": SESSION, "status": "late", "text": "Call us.", "actions": [call]}
    gateway.answer = lambda _: [
        error("not-ready", reply={**useful, "degraded": ["template", "hand_over"]})
    ]
    say(page, "freeze")
    expect(answers(page)).to_contain_text("Call us.")
    expect(answers(page).locator("[data-kind=hand_over]")).to_contain_text("app://x")
    expect(answers(page).locator(".lacks li")).to_have_text(
        ["general answer only", "a person is needed"]
    )
    expect(answers(page).get_by_role("button", name="Ask again")).to_be_enabled()


def test_what_could_not_be_read_is_said_of_the_last_turn(page: Page, gateway: Gateway) -> None:
    gateway.answer = lambda _: [{**error("bad-request"), "turn": ""}]
    say(page, "hello")
    expect(answers(page)).to_contain_text("could not read this message")


def test_half_a_character_is_not_sent(page: Page, gateway: Gateway) -> None:
    page.locator("#said").evaluate("(field) => { field.value = 'a\\ud83d' }")
    page.locator("#said").press("Enter")
    expect(answers(page)).to_have_count(1)
    assert gateway.heard[0]["text"] == "a\ufffd"


def test_a_session_that_is_over_begins_anew(page: Page, gateway: Gateway) -> None:
    say(page, "one")
    expect(answers(page)).to_have_count(1)
    gateway.answer = lambda _: [error("no-such-session")]
    say(page, "two")
    expect(answers(page).last).to_contain_text("This conversation is over")
    gateway.answer = lambda _: [reply("anew")]
    answers(page).last.get_by_role("button").click()
    expect(answers(page).last).to_contain_text("anew")
    assert [frame.get("session") for frame in gateway.heard] == [None, SESSION, None]


def test_a_line_that_breaks_comes_back_and_asks_again_once(page: Page, gateway: Gateway) -> None:
    say(page, "one")
    expect(answers(page)).to_have_count(1)
    gateway.answer = lambda _: []
    say(page, "two")
    expect(page.locator(".waiting")).to_have_count(1)
    gateway.answer = lambda _: [reply("two")]
    gateway.lines[0].close(code=1001)
    expect(answers(page)).to_have_count(2)
    assert len(gateway.lines) == 2
    assert gateway.heard[1] == gateway.heard[2]
    assert gateway.heard[2]["session"] == SESSION


def test_a_token_that_is_over_is_renewed(page: Page, gateway: Gateway) -> None:
    with page.expect_request("**/demo/login") as login:
        gateway.lines[0].close(code=4401)
    assert login.value.post_data_json == {"user": "c-1", "strong": False}
    expect(page.locator("#link")).to_have_text("Connected")


def test_an_idle_line_rests_until_something_is_said(page: Page, gateway: Gateway) -> None:
    gateway.lines[0].close(code=4408)
    expect(page.locator("#link")).to_have_attribute("data-state", "idle")
    say(page, "hello")
    expect(answers(page)).to_have_count(1)
    expect(page.locator("#link")).to_have_attribute("data-state", "live")
    assert len(gateway.lines) == 2


def test_another_customer_begins_another_conversation(page: Page, gateway: Gateway) -> None:
    gateway.answer = lambda _: [reply("mine", choices=[{"id": "a", "label": "A"}])]
    say(page, "one")
    expect(answers(page)).to_have_count(1)
    with page.expect_request("**/demo/login") as login:
        page.get_by_label("Customer").select_option("c-2")
    assert login.value.post_data_json == {"user": "c-2", "strong": False}
    expect(page.locator("#talk > li")).to_have_count(1)
    expect(page.locator("#link")).to_have_text("Connected")
    say(page, "two")
    expect(answers(page)).to_have_count(1)
    assert "session" not in gateway.heard[-1]


def test_to_prove_who_one_is_keeps_the_conversation(page: Page, gateway: Gateway) -> None:
    yes = [{"id": "confirm:k", "label": "Yes"}]
    step_up = {"kind": "step_up", "id": "k", "label": "Verify", "link": "app://verify"}
    gateway.answer = lambda _: [reply("Sure?", actions=[step_up], choices=yes)]
    say(page, "raise it")
    with page.expect_request("**/demo/login") as login:
        page.get_by_role("button", name="Prove it").click()
    assert login.value.post_data_json == {"user": "c-1", "strong": True}
    expect(page.locator(".proved")).to_have_text("Proved just now. Confirm when you are ready.")
    expect(page.locator("#link")).to_have_text("Connected")
    page.get_by_role("button", name="Yes").click()
    expect(answers(page)).to_have_count(2)
    last = gateway.heard[-1]
    assert (last["type"], last["choice"], last["session"]) == ("choice", "confirm:k", SESSION)


def test_with_the_keyboard_alone(page: Page, gateway: Gateway) -> None:
    two = [{"id": "a", "label": "First"}, {"id": "b", "label": "Second"}]
    gateway.answer = lambda _: [reply("Which?", choices=two)]
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_be_focused()
    page.keyboard.type("hello")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("there")
    page.keyboard.press("Enter")
    expect(answers(page)).to_have_count(1)
    assert gateway.heard[0]["text"] == "hello\nthere"
    page.get_by_role("button", name="First").focus()
    page.keyboard.press("Enter")
    expect(answers(page)).to_have_count(2)
    # From what was chosen one goes on to what is offered next.
    expect(page.locator(".mine").last).to_be_focused()
    page.keyboard.press("Tab")
    expect(answers(page).last.get_by_role("button", name="First")).to_be_focused()


def test_enter_that_ends_a_composition_sends_nothing(page: Page, gateway: Gateway) -> None:
    field = page.locator("#said")
    field.fill("nihao")
    for composing in ({"isComposing": True}, {"keyCode": 229}):
        field.dispatch_event("keydown", {"key": "Enter", **composing})
    say(page, "你好")
    expect(answers(page)).to_have_count(1)
    assert [frame["text"] for frame in gateway.heard] == ["你好"]


def test_switches_show_what_is(page: Page, counter: CounterPage) -> None:
    with page.expect_response("**/demo/switches"):
        page.get_by_role("group", name="The bank behind it").get_by_label("hanging").check()
    expect(page.locator("[data-switch=bank] [value=hanging]")).to_be_checked()
    assert counter.turned[-1] == ("bank", "hanging")
    counter.states |= {"bank": "well", "worker": "starting"}
    page.evaluate("() => window.dispatchEvent(new Event('focus'))")
    expect(page.locator("[data-switch=bank] [value=well]")).to_be_checked()
    expect(page.locator("[data-switch=worker]")).to_contain_text("starting")
    counter.states["worker"] = "well"
    expect(page.locator("[data-switch=worker]")).not_to_contain_text("starting")


@pytest.mark.parametrize("locale", ["zh-CN"])
def test_the_other_language_at_once(page: Page, gateway: Gateway) -> None:
    expect(page.locator("#form button")).to_have_text("发送")
    page.locator("#language").click()
    expect(page.locator("#form button")).to_have_text("Send")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#link")).to_have_text("Connected")
    say(page, "hello")
    expect(answers(page)).to_have_count(1)
    assert gateway.heard[0]["lang"] == "en"


CONTRAST = """() => {
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, n) => sum + c * [0.2126, 0.7152, 0.0722][n], 0);
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const ground = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const found = rgb(getComputedStyle(e).backgroundColor);
      if (found.length === 3 || found[3] === 1) return found;
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll("body *")]
    .filter((e) => e.checkVisibility() && !e.disabled && !e.closest(".skip, :disabled, noscript"))
    .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()))
    .map((e) => {
      const [a, b] = [light(rgb(getComputedStyle(e).color)), light(ground(e))];
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      return [e.className || e.tagName, ratio];
    })
    .filter(([, ratio]) => ratio < 4.5);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_stands_out(page: Page, gateway: Gateway) -> None:
    gateway.answer = lambda _: [everything("text")]
    say(page, "hello")
    expect(answers(page)).to_have_count(1)
    gateway.answer = lambda _: []
    say(page, "and")
    assert page.evaluate(CONTRAST) == []


def test_everything_has_a_name(page: Page, gateway: Gateway) -> None:
    gateway.answer = lambda _: [everything("text")]
    say(page, "hello")
    expect(answers(page)).to_have_count(1)
    expect(page.get_by_role("log", name="Conversation")).to_be_visible()
    expect(page.get_by_role("textbox", name="Your message")).to_be_visible()
    expect(page.get_by_role("combobox", name="Customer")).to_be_visible()
    expect(page.get_by_role("group", name="The worker")).to_be_visible()
    expect(page.get_by_role("log").get_by_role("listitem").first).to_contain_text("The bank: ")
    nameless = page.evaluate(
        """() => [...document.querySelectorAll("button, input, select, textarea, summary")]
             .filter((e) => !(e.textContent.trim() || e.labels?.length))
             .map((e) => e.outerHTML)"""
    )
    assert nameless == []

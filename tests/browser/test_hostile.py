"""Whatever people write is shown as the text that it is."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from schemas.causes import (
    Evidence,
    Hypothesis,
    NearChange,
    PastIncident,
    Rca,
    RisenTemplate,
    Unaffected,
)
from schemas.handling import Acknowledgement, Remark
from schemas.incidents import Grouping, Impact, Incident, Related, Slice, SliceCandidate
from tests.browser.conftest import Watched, handlers
from tests.support.console import ConsoleProcess
from tests.support.incidents import incident

pytestmark = pytest.mark.broker
AT = "2026-11-20T09:04:11.000Z"
ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    "<svg onload=alert(3)>",
    '"><a href="javascript:alert(4)">x</a>',
    "javascript:alert(5)",
    "'-alert(6)-'",
    "</title></style><iframe srcdoc='<script>parent.alert(7)</script>'>",
    "<link rel=stylesheet href=//evil.example/x.css><base href=//evil.example/>",
    "{{constructor.constructor('alert(8)')()}} ${alert(9)}",
)
EVERY = " ".join(ATTACKS)
TURNED = "paid \u202etxt.exe\u202c now\u2066\u200b"


def hostile() -> Incident:
    """An attack in everything that comes from outside."""
    bad = {EVERY: EVERY}
    return incident(
        incident_id="../../<script>alert(10)</script>?#/%00",
        title=EVERY,
        product=EVERY,
        service=EVERY,
        change_reason=EVERY,
        severity_reason=EVERY,
        slice=Slice(bad, 0.5, 2.0, False, (SliceCandidate(bad, 0.5, 2.0),), EVERY),
        impact=Impact(5, 4, 6, EVERY),
        channels={EVERY: 3},
        evidence=(Evidence(EVERY, EVERY, AT, EVERY, EVERY), Evidence("e2", "app", AT, TURNED, "x")),
        changes=(NearChange(EVERY, EVERY, AT, 1, (EVERY,)),),
        risen=(RisenTemplate("t1", EVERY, 5, 0.1, 1),),
        past=(PastIncident(EVERY, EVERY, AT, AT, 0.9, EVERY),),
        unaffected=(Unaffected(EVERY, EVERY, 0.1, 0.5),),
        related=(Related(EVERY, EVERY, EVERY, ("time",)),),
        related_incident_ids=(EVERY,),
        previous_incident_id=EVERY,
        head_incident_id=EVERY,
        rca=Rca(
            "ok", "model", (Hypothesis(EVERY, EVERY, "low", (EVERY, "e2"), EVERY),), (EVERY,), EVERY
        ),
        acknowledgement=Acknowledgement(EVERY, AT, AT),
        notes=(Remark(EVERY, AT, EVERY),),
        grouping=Grouping(EVERY, (EVERY,), EVERY, 0.1),
        labels=bad,
    )


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_nothing_of_it_runs_and_all_of_it_is_text(page: Page, console: ConsoleProcess) -> None:
    console.publish(hostile())
    row = page.locator(".row")
    expect(row).to_have_count(1)
    expect(row.locator(".row-title")).to_have_text(EVERY)
    row.click()
    expect(page.locator("#incident-title")).to_have_text(EVERY)
    for place in (
        ".cause",
        ".hypothesis + li, .steps li",
        "[data-fact] blockquote",
        ".changes .fact p",
        ".templates code",
        ".past a",
        ".related a",
        ".notes bdi",
        ".history td bdi",
    ):
        expect(page.locator(place).first).to_contain_text(EVERY)
    page.locator(".technical summary").click()
    page.locator(".chip").first.click()
    made = page.evaluate(
        """() => [...document.querySelectorAll("script, iframe, base, link, style, object, img")]
             .map((element) => element.src || element.href || "")
             .filter((address) => !address.startsWith(location.origin + "/static/"))"""
    )
    assert made == []
    links = page.locator("a").evaluate_all("links => links.map((a) => a.protocol + a.host)")
    assert set(links) == {console.address.rstrip("/").replace("//", "")}
    assert handlers(page, "*") == []


def test_what_would_turn_the_text_about_is_shown_by_its_number(
    page: Page, console: ConsoleProcess
) -> None:
    console.publish(hostile())
    page.locator(".row").click()
    shown = page.locator("[data-fact=e2]")
    expect(shown).to_contain_text("paid [U+202E]txt.exe[U+202C] now[U+2066][U+200B]")


def test_even_what_got_in_could_not_run(page: Page, watched: Watched) -> None:
    # The second line: the policy of the page, should a mistake let markup through.
    blocked = page.evaluate(
        """() => new Promise((done) => {
             const policy = (event) => done([event.effectiveDirective, window.ran === true]);
             document.addEventListener("securitypolicyviolation", policy);
             const made = document.createElement("div");
             made.setAttribute("onclick", "window.ran = true");
             document.body.append(made);
             made.click();
           })"""
    )
    assert blocked == ["script-src-attr", False]
    watched.expect("Content Security Policy")

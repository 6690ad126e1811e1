"""What is new comes by itself, and what people press is on the log."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from schemas.commands import Acknowledge, Command, Feedback, Note, Resolve, Silence
from schemas.handling import Acknowledgement, Opinions, Remark, Silencing
from schemas.incidents import Incident
from schemas.signals import Counters, Progress
from tests.support.console import ConsoleProcess
from tests.support.incidents import incident

pytestmark = pytest.mark.broker
LATER = "2026-11-20T10:15:00.000Z"


def one(name: str, revision: int = 1, **other: Any) -> Incident:
    """An incident of the test's own."""
    return incident(
        incident_id=name, incident_key=name, title=f"wallet: {name}", revision=revision, **other
    )


def opened(page: Page, console: ConsoleProcess, shown: Incident) -> None:
    console.publish(shown)
    page.locator(".list-pane .row", has_text=shown.title).click()
    expect(page.get_by_role("heading", level=1, name=shown.title)).to_be_focused()
    expect(page.get_by_role("button", name="Acknowledge")).to_be_visible()


def test_open_ones_by_severity_then_silenced_then_resolved(
    page: Page, console: ConsoleProcess
) -> None:
    console.publish(
        one("order-warning", severity="warning"),
        one("order-resolved", status="resolved", resolved_at=LATER),
        one("order-critical"),
        one("order-silenced", status="suppressed", silence=Silencing("Jo", LATER, LATER)),
        one("order-error", severity="error", product="shop"),
    )
    page.get_by_role("searchbox", name="Search").fill("order-")
    rows = page.locator(".row-title")
    expect(rows).to_have_text(
        [
            f"wallet: order-{name}"
            for name in ("critical", "error", "warning", "silenced", "resolved")
        ]
    )
    expect(page.get_by_role("heading", level=2)).to_have_text(
        ["Critical 1", "Error 1", "Warning 1", "Silenced 1", "Resolved within a day 1"]
    )
    page.get_by_label("Product").select_option("shop")
    expect(rows).to_have_text(["wallet: order-error"])
    page.get_by_label("Product").select_option("")
    page.get_by_label("Status").select_option("resolved")
    expect(rows).to_have_text(["wallet: order-resolved"])
    page.get_by_role("searchbox").fill("no such words")
    expect(page.get_by_text("No incident fits the filter")).to_be_visible()


def test_a_new_one_appears_and_is_announced(page: Page, console: ConsoleProcess) -> None:
    expect(page.locator("#live")).to_have_text("")
    console.publish(one("newcomer"))
    expect(page.locator(".row", has_text="newcomer")).to_be_visible()
    expect(page.locator("#live")).to_have_text("New incident, Critical: wallet: newcomer")
    console.publish(one("newcomer", 2, severity="info"))
    expect(page.locator(".row[data-tone=info]", has_text="newcomer")).to_be_visible()


def test_acknowledging_is_a_command_and_its_answer_is_shown(
    page: Page, console: ConsoleProcess
) -> None:
    opened(page, console, one("to-ack"))
    page.get_by_label("Acting as").fill("Mei")
    page.get_by_role("button", name="Acknowledge").click()
    expect(page.locator(".sent")).to_have_text("Sent. Waiting for the worker…")
    assert console.next_command() == Acknowledge(incident_id="to-ack", by="Mei")
    taken = Acknowledgement("Mei", LATER, LATER)
    console.publish(
        one(
            "to-ack",
            2,
            status="acknowledged",
            acknowledgement=taken,
            change_reason="acknowledged by Mei",
        )
    )
    expect(page.locator(".sent")).to_have_text("Done: revision 2.")
    expect(page.locator(".incident-pane .badges")).to_contain_text("Acknowledged")
    expect(page.get_by_role("button", name="Acknowledge")).to_be_hidden()
    expect(page.locator(".history tbody tr")).to_have_count(2)
    expect(page.locator(".history tbody tr").first).to_contain_text("acknowledged by Mei")
    page.reload()
    expect(page.get_by_label("Acting as")).to_have_value("Mei")


def test_every_other_command(page: Page, console: ConsoleProcess) -> None:
    name = "to-command"
    opened(page, console, one(name))

    def pressed(command: Command, revision: int, **answer: Any) -> None:
        assert console.next_command() == command
        console.publish(one(name, revision, **answer))
        expect(page.locator(".sent")).to_have_text(f"Done: revision {revision}.")

    page.get_by_role("button", name="Note…").click()
    page.get_by_label("Note for those who read it later").fill("rolling back")
    page.get_by_role("button", name="Add note").click()
    note = Note(incident_id=name, by="console", text="rolling back")
    pressed(note, 2, notes=(Remark("console", LATER, "rolling back"),))
    expect(page.locator(".notes")).to_contain_text("rolling back")

    page.get_by_role("button", name="Silence…").click()
    page.get_by_label("Say nothing about this theme for").select_option("4 hours")
    page.get_by_role("button", name="Silence", exact=True).click()
    silence = Silence(incident_id=name, by="console", minutes=240)
    pressed(silence, 3, status="suppressed", silence=Silencing("console", LATER, LATER))

    page.get_by_role("button", name="End silence").click()
    pressed(Silence(incident_id=name, by="console", minutes=0), 4)

    page.get_by_role("button", name="Not useful").click()
    useless = Feedback(incident_id=name, by="console", useful=False)
    pressed(useless, 5, opinions=Opinions(0, 1, 1.25))

    page.get_by_role("button", name="Resolve…").click()
    page.get_by_label("What solved it?").fill("rolled back")
    page.get_by_role("button", name="Resolve", exact=True).click()
    resolve = Resolve(incident_id=name, by="console", text="rolled back")
    pressed(resolve, 6, status="resolved", resolved_at=LATER)
    expect(page.get_by_role("button", name="Silence…")).to_be_hidden()


def test_a_revision_that_does_not_show_the_command_is_not_its_answer(
    page: Page, console: ConsoleProcess
) -> None:
    opened(page, console, one("grows"))
    page.get_by_role("button", name="Acknowledge").click()
    console.next_command()
    expect(page.locator(".sent")).to_have_text("Sent. Waiting for the worker…")
    console.publish(one("grows", 2, severity="error"))
    expect(page.locator(".incident-pane[data-tone=error]")).to_be_visible()
    expect(page.locator(".sent")).to_have_text("Sent. Waiting for the worker…")
    taken = Acknowledgement("console", LATER, LATER)
    console.publish(one("grows", 3, status="acknowledged", acknowledgement=taken))
    expect(page.locator(".sent")).to_have_text("Done: revision 3.")

    page.get_by_role("button", name="Note…").click()
    page.get_by_label("Note for those who read it later").fill("looking")
    page.get_by_role("button", name="Add note").click()
    console.next_command()
    console.publish(one("grows", 4, status="acknowledged", acknowledgement=taken))
    expect(page.locator(".history tbody tr")).to_have_count(4)
    expect(page.locator(".sent")).to_have_text("Sent. Waiting for the worker…")
    remark = Remark("console", LATER, "looking")
    console.publish(one("grows", 5, status="acknowledged", acknowledgement=taken, notes=(remark,)))
    expect(page.locator(".sent")).to_have_text("Done: revision 5.")


def test_when_no_worker_answers_it_says_so(page: Page, console: ConsoleProcess) -> None:
    page.clock.install()
    page.reload()
    opened(page, console, one("unanswered"))
    page.get_by_role("button", name="Useful", exact=True).click()
    expect(page.locator(".sent")).to_have_text("Sent. Waiting for the worker…")
    console.next_command()
    page.clock.fast_forward(15_100)
    expect(page.locator(".sent")).to_contain_text("no worker answered within 15 s")


def test_what_is_typed_survives_an_update(page: Page, console: ConsoleProcess) -> None:
    opened(page, console, one("typing"))
    page.get_by_role("button", name="Note…").click()
    page.keyboard.type("half a")
    console.publish(one("typing", 2, severity="error"))
    expect(page.locator(".incident-pane[data-tone=error]")).to_be_visible()
    page.keyboard.type(" word")
    expect(page.get_by_label("Note for those who read it later")).to_have_value("half a word")


def test_the_stream_tells_where_its_sources_are(page: Page, console: ConsoleProcess) -> None:
    minute = 29_919_420
    console.progress(
        Progress(
            "feedback.app",
            0,
            1,
            minute,
            Counters(accepted=990, late=5, duplicates=4, refused={"not_json": 10}),
        ),
        Progress("feedback.web", 1, 1, minute - 9, Counters(accepted=10)),
        Progress("logs.errors", 0, 1, minute, Counters(), True),
    )
    page.get_by_role("link", name="Stream").click()
    expect(page.get_by_role("heading", level=1, name="The stream itself")).to_be_focused()
    expect(page.get_by_role("row", name="feedback.app-0")).to_contain_text("live20 Nov, 17:01")
    expect(page.get_by_role("row", name="feedback.web-1")).to_contain_text("9 min behind")
    expect(page.get_by_role("row", name="logs.errors-0")).to_contain_text("idle")
    expect(page.get_by_role("row", name="changes-0")).to_contain_text("nothing yet")
    tiles = page.locator(".tiles")
    for words in ("Workers0nothing is detected", "Accepted1,000", "Late50.5 %", "Dead letters10"):
        expect(tiles).to_contain_text(words)
    expect(page.get_by_role("row", name="not JSON")).to_contain_text("10")

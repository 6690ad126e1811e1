"""The page over HTTP: who may ask, what an answer says, and what it never says."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from edge.device import Rules
from edge.errors import CannotListen
from edge.page.reading import MOST_FOUND
from edge.page.server import LOOK_SECONDS, Page
from schemas.records import Patient
from tests.support.edge import PASSPHRASE, document
from tests.support.edge_browser import Browser
from tests.support.edge_page import FIRST, NAME, Served, by_hand, fill
from tests.support.waiting import until

BAD = "<script>alert(1)</script> \u202e"


@pytest.fixture(scope="module")
def rules() -> Rules:
    return by_hand()


@pytest.fixture
def served(tmp_path: Path, rules: Rules) -> Iterator[Served]:
    served = Served(tmp_path, rules)
    yield served
    served.close()


@pytest.fixture
def browser_(served: Served) -> Browser:
    return Browser(served)


def test_the_link_opens_once(served: Served, browser_: Browser) -> None:
    assert (
        "HttpOnly" in browser_.heads.get("Set-Cookie", "") or browser_.get("/api/state")[0] == 200
    )
    word = served.link.partition("#")[2]
    assert browser_.post("/api/enter", {"word": word})[0] == 401
    assert browser_.post("/api/enter", {"word": ""})[0] == 401
    assert browser_.post("/api/enter", {"word": "\u00e9\U0001f600"})[0] == 401


def test_both_halves_of_a_session_are_needed(browser_: Browser) -> None:
    whole = dict(browser_.headers)
    for name in ("Cookie", "X-Groundswell"):
        browser_.headers = whole | {name: "none"}
        assert browser_.get("/api/state")[0] == 401
    browser_.headers = {k: v for k, v in whole.items() if k != "X-Groundswell"}
    assert browser_.get("/api/state")[0] == 403
    browser_.headers = whole
    assert browser_.get("/api/state")[0] == 200


def test_the_cookie_is_for_this_page_alone(served: Served) -> None:
    word = served.link.partition("#")[2]
    browser = object.__new__(Browser)
    browser.host = served.address.removeprefix("http://").rstrip("/")
    browser.headers = {"X-Groundswell": "none"}
    browser.post("/api/enter", {"word": word})
    cookie = browser.heads["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/api"} <= {p.strip() for p in cookie.split(";")}
    assert word not in cookie


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example:80", "0.0.0.0", "a:b", ""]
)
@pytest.mark.parametrize("path", ["/", "/static/app.js", "/api/state"])
def test_no_other_name_leads_here(browser_: Browser, host: str, path: str) -> None:
    assert browser_.get(path, Host=host)[0] in (400, 421)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
def test_no_other_page_may_ask(browser_: Browser, headers: dict[str, str]) -> None:
    assert browser_.post("/api/lock", {}, **headers)[0] == 403


def test_every_answer_is_kept_nowhere_and_runs_nothing(browser_: Browser, patient: Patient) -> None:
    for path in ("/", "/static/app.js", "/nothing", f"/api/patients/{patient.id}", "/api/nothing"):
        browser_.get(path)
        assert browser_.heads["Cache-Control"] == "no-store"
        assert browser_.heads["Content-Security-Policy"].startswith("default-src 'none';")
        assert browser_.heads["Referrer-Policy"] == "no-referrer"
        assert "Python" not in browser_.heads["Server"]


@pytest.mark.parametrize("name", ["../server.py", "%2e%2e/server.py", "i18n", "", "/etc/passwd"])
def test_no_other_file_is_given(browser_: Browser, name: str) -> None:
    assert browser_.get(f"/static/{name}")[0] == 404


def test_locked_nothing_is_told(served: Served, browser_: Browser, patient: Patient) -> None:
    served.vault.lock()
    for path in (f"/api/patients/{patient.id}", "/api/documents/d", "/api/reminders"):
        status, told = browser_.get(path)
        assert (status, told["error"]) == (423, "Locked")
    assert browser_.post("/api/patients", {"words": NAME})[0] == 423
    assert browser_.put(FIRST.encode(), "a.txt")[0] == 423
    assert browser_.post("/api/paste", {"text": FIRST})[0] == 423
    assert NAME not in str(browser_.get("/api/state"))


def test_a_wrong_passphrase_costs_time(served: Served, browser_: Browser) -> None:
    served.vault.lock()
    kinds = set()
    for _ in range(8):
        status, told = browser_.post("/api/unlock", {"passphrase": "wrong"})
        kinds.add((status, told["error"]))
    assert kinds == {(403, "WrongPassphrase"), (429, "Wait")}
    assert told["seconds"] > 0
    served.clock.wait(20 * 60_000)
    status, told = browser_.post("/api/unlock", {"passphrase": PASSPHRASE})
    assert (status, told["locked"]) == (200, False)


def test_idle_it_locks_by_itself(served: Served, browser_: Browser) -> None:
    half = served.vault.idle_ms // 2 + 1
    served.clock.wait(half)
    assert browser_.post("/api/awake", {})[1]["locked"] is False
    served.clock.wait(half)
    # To ask how it is keeps nothing awake.
    assert browser_.get("/api/state")[1]["locked"] is False
    closed = served.vault._session
    served.clock.wait(half)
    until(lambda: closed._connection is None, "the server closes it", LOOK_SECONDS + 5)
    assert browser_.get("/api/state")[1]["locked"] is True


def test_patients_are_found_by_part_of_the_name(served: Served, browser_: Browser) -> None:
    for n in range(70):
        served.vault.patients.add(f"王{n:02}")
    told = browser_.post("/api/patients", {"words": ""})[1]
    assert (len(told["patients"]), told["more"], told["total"]) == (60, True, 70)
    assert len(browser_.post("/api/patients", {"words": "王07"})[1]["patients"]) == 1


def test_a_new_patient_who_may_be_known(browser_: Browser, patient: Patient) -> None:
    same = {"name": NAME, "birth": "1959-03-08"}
    assert browser_.post("/api/patients/new", same)[1]["alike"][0]["id"] == patient.id
    made = browser_.post("/api/patients/new", same | {"sure": True})[1]["patient"]
    assert made["id"] != patient.id
    status, told = browser_.post("/api/patients/new", {"name": " "})
    assert (status, told["error"]) == (422, "Unfit")
    assert told["zh"].startswith("姓名须为")
    assert told["en"].startswith("a name has")


def test_a_file_is_imported_once(served: Served, browser_: Browser) -> None:
    text = "姓名：陈秀英 性别：女 出生日期：1962-04-05 病历号：H9001\n诊断：高血压病2级"
    status, told = browser_.put(text.encode("gb18030"), "门诊 记录.txt")
    assert status == 200, told
    assert (told["known"], told["new"]) == (False, True)
    assert browser_.put(text.encode("gb18030"), "门诊 记录.txt")[1]["known"] is True
    view = browser_.get(f"/api/patients/{told['patient']}")[1]
    assert view["patient"]["name"] == "陈秀英"
    assert len(view["documents"]) == 1
    assert served.vault.documents.original(told["document"]) == text.encode("gb18030")


def test_whose_it_is_is_not_guessed(browser_: Browser, patient: Patient) -> None:
    other = "姓名：陈秀英 性别：女 出生日期：1962-04-05\n诊断：高血压病2级"
    status, told = browser_.put(other.encode(), "a.txt", X_Patient=patient.id)
    assert (status, told["error"], told["reason"]) == (422, "Unsure", "other")
    assert browser_.put(other.encode(), "a.txt", X_Patient=patient.id, X_Sure="1")[0] == 200
    status, told = browser_.post("/api/paste", {"text": "诊断：高血压病2级"})
    assert (status, told["reason"]) == (422, "nobody")


def test_a_date_goes_with_what_names_none(
    served: Served, browser_: Browser, patient: Patient
) -> None:
    content = "诊断：高血压病2级".encode()
    status, told = browser_.put(content, "a.txt", X_Patient=patient.id, X_Date="31.12.2026")
    assert (status, told["error"]) == (422, "Unfit")
    told = browser_.put(content, "a.txt", X_Patient=patient.id, X_Date="2026-02-03")[1]
    assert served.vault.documents.get(told["document"]).date == "2026-02-03"
    text = {"text": "头晕三天", "patient": patient.id}
    assert browser_.post("/api/paste", {**text, "date": "3 Feb"})[0] == 422
    told = browser_.post("/api/paste", text)[1]
    assert told["remarks"] == ["no date of the visit, so no follow-ups: import it again with one"]
    assert browser_.post("/api/paste", {**text, "date": "2026-02-04"})[1]["known"] is True
    assert served.vault.documents.get(told["document"]).date == "2026-02-04"


def test_a_broken_file_is_refused_with_its_reason(browser_: Browser) -> None:
    status, told = browser_.put(b"%PDF-1.7 nothing", "a.pdf")
    assert (status, told["error"]) == (422, "Broken")
    assert told["zh"]
    assert told["en"]
    status, told = browser_.put(b"x" * ((20 << 20) + 1), "a.txt")
    assert (status, told["error"]) == (422, "TooBig")


def test_what_is_searched_for_is_in_no_address_and_no_audit(
    served: Served, browser_: Browser, patient: Patient
) -> None:
    told = browser_.post("/api/search", {"words": "利格列汀", "patient": patient.id})[1]
    hits = told["hits"]
    assert not told["more"]
    assert [hit["name"] for hit in hits] == [NAME, NAME]
    assert hits[0]["hit"]["spans"]
    assert browser_.post("/api/search", {"words": "x" * 300})[0] == 422
    assert "利格列汀" not in str(served.vault.audit.list())


def test_a_search_says_that_there_are_more(
    served: Served, browser_: Browser, patient: Patient
) -> None:
    for n in range(MOST_FOUND + 1):
        served.vault.documents.add(document(patient.id, f"第{n}次：辛伐他汀", "2026-05-01"))
    told = browser_.post("/api/search", {"words": "辛伐他汀"})[1]
    assert (len(told["hits"]), told["more"]) == (MOST_FOUND, True)


def test_printing_is_in_the_audit(served: Served, browser_: Browser, patient: Patient) -> None:
    assert browser_.post(f"/api/patients/{patient.id}/printed", {})[0] == 200
    assert served.vault.audit.list()[-1].action == "printed"
    assert browser_.post("/api/patients/nobody/printed", {})[0] == 404


def test_as_many_reminders_as_are_asked_for(browser_: Browser, patient: Patient) -> None:
    browser_.get(f"/api/patients/{patient.id}")
    every = browser_.get("/api/reminders")[1]
    assert len(every["due"]) > 1
    assert every["more"] is False
    assert browser_.get("/api/reminders?most=1")[1] == {"due": every["due"][:1], "more": True}
    for odd in ("-1", "x", "1" * 40):
        assert browser_.get(f"/api/reminders?most={odd}")[1] == every


def test_reminders_are_listed_changed_and_done(browser_: Browser, patient: Patient) -> None:
    browser_.get(f"/api/patients/{patient.id}")
    first = browser_.get("/api/reminders")[1]["due"][0]
    assert first["patient"]["name"] == NAME
    one = f"/api/reminders/{first['reminder']['id']}"
    assert browser_.post(one, {"due": "2026-12-24", "what": "x"})[1]["own"] is True
    assert browser_.post(one, {"due": "never", "what": "x"})[0] == 422
    assert browser_.post(f"{one}/done", {})[1]["done"]
    assert browser_.post(f"{one}/remove", {})[0] == 200
    assert browser_.post(f"{one}/remove", {})[0] == 404
    made = {"patient": patient.id, "due": "2026-05-31", "what": "call"}
    assert browser_.post("/api/reminders", made)[1]["own"] is True
    status, calendar = browser_.post("/api/reminders/calendar", {})
    assert status == 200
    assert NAME.encode() not in calendar


def test_a_document_goes_with_what_rests_on_it(
    served: Served, browser_: Browser, patient: Patient
) -> None:
    path = f"/api/patients/{patient.id}"
    browser_.get(path)
    assert browser_.get(f"{path}/held")[1] == {"documents": 3, "reminders": 2}
    gone, *others = [one.id for one in served.vault.documents.list(patient.id)]
    assert browser_.post(f"/api/documents/{gone}/delete", {}) == (200, {})
    assert browser_.post(f"/api/documents/{gone}/delete", {})[0] == 404
    assert browser_.get(f"/api/documents/{gone}")[0] == 404
    assert ("deleted", (gone,)) in [(one.action, one.ids) for one in served.vault.audit.list()]
    for one in others:
        browser_.post(f"/api/documents/{one}/delete", {})
    # The rules by hand remind of a patient who has documents.
    assert browser_.get(f"{path}/held")[1] == {"documents": 0, "reminders": 0}
    assert served.vault.audit.verify().fault is None


def test_a_patient_goes_with_all(served: Served, browser_: Browser, patient: Patient) -> None:
    path = f"/api/patients/{patient.id}"
    browser_.get(path)
    documents = {one.id for one in served.vault.documents.list(patient.id)}
    assert browser_.post(f"{path}/delete", {}) == (200, {})
    assert browser_.get(path)[0] == browser_.get(f"{path}/held")[0] == 404
    assert browser_.post(f"{path}/delete", {})[0] == 404
    assert browser_.get("/api/reminders")[1] == {"due": [], "more": False}
    last = served.vault.audit.list()[-1]
    assert (last.action, set(last.ids)) == ("deleted", {patient.id, *documents})


def test_two_who_are_one(served: Served, browser_: Browser, patient: Patient) -> None:
    twin = fill(served.vault)
    alone = served.vault.documents.add(document(twin.id)).id
    for one in (twin, patient):
        browser_.get(f"/api/patients/{one.id}")
    status, made = browser_.post(f"/api/patients/{patient.id}/merge", {"gone": twin.id})
    assert (status, made["id"]) == (200, patient.id)
    held = browser_.get(f"/api/patients/{patient.id}/held")[1]
    # What both had is there once, and the rules do not remind twice.
    assert held == {"documents": 4, "reminders": 2}
    assert browser_.get(f"/api/documents/{alone}")[1]["patient"] == patient.id
    assert browser_.post(f"/api/patients/{patient.id}/merge", {"gone": twin.id})[0] == 404
    status, told = browser_.post(f"/api/patients/{patient.id}/merge", {"gone": patient.id})
    assert (status, told["error"]) == (422, "Unfit")
    assert ("merged", (patient.id, twin.id)) in [
        (one.action, one.ids) for one in served.vault.audit.list()
    ]


@pytest.mark.parametrize("way", ["documents/d/delete", "patients/p/delete", "patients/p/merge"])
def test_nothing_goes_when_it_is_locked_or_another_page_asks(
    served: Served, browser_: Browser, way: str
) -> None:
    body = {"gone": "other"}
    assert browser_.post(f"/api/{way}", body, Origin="http://evil.example")[0] == 403
    served.vault.lock()
    assert browser_.post(f"/api/{way}", body)[0] == 423


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"words": 1}', b"\xff", b'{"words": ' + b"[" * 9999, b'"\\ud800"']
)
def test_a_body_that_makes_no_sense(browser_: Browser, body: bytes) -> None:
    status, told = browser_.ask("POST", "/api/search", body, Content_Type="application/json")
    assert (status, told["error"]) == (422, "Unfit")
    assert browser_.ask("POST", "/api/search", b"{}", Content_Type="text/plain")[0] == 422


def test_a_packed_body_is_not_unpacked(browser_: Browser) -> None:
    body = gzip.compress(b'{"words": ""}')
    told = browser_.ask(
        "POST", "/api/search", body, Content_Type="application/json", Content_Encoding="gzip"
    )
    assert (told[0], told[1]["error"]) == (422, "Unfit")


def test_a_mistake_of_ours_tells_no_text(
    served: Served, browser_: Browser, patient: Patient, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> Any:
        raise ValueError(NAME)

    served.device.rules = served.device.rules._replace(summarise=broken)
    status, told = browser_.get(f"/api/patients/{patient.id}")
    assert (status, told) == (500, {"error": "Mistake", "message": "ValueError"})
    assert NAME not in caplog.text


def test_nothing_that_was_read_is_logged(
    served: Served, browser_: Browser, patient: Patient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    served.vault.documents.add(document(patient.id, BAD))
    browser_.get(f"/api/patients/{patient.id}")
    browser_.ask("GET", f"/api/{quote(NAME)}")
    assert NAME not in caplog.text
    assert quote(NAME) not in caplog.text
    assert caplog.text == ""


async def _take(page: Page, port: int) -> None:
    try:
        await page.start(port)
    finally:
        await page.stop()


def test_a_port_that_is_taken(served: Served) -> None:
    import asyncio

    port = int(served.address.rstrip("/").rpartition(":")[2])
    page = Page(served.device, served.clock.host.random)
    with pytest.raises(CannotListen, match="--port"):
        asyncio.run(_take(page, port))

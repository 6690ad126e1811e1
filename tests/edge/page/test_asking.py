"""A question on the page: the record answers here, and what leaves is what was shown last."""

from __future__ import annotations

import hashlib
import json
import threading
from pathlib import Path
from typing import Any

import pytest

from edge import consult
from edge.consult import MOST_ASKED, Gateway
from edge.errors import Busy
from schemas.records import Patient
from tests.edge.test_consult import ANSWER, Gate, gate
from tests.support.edge import PASSPHRASE
from tests.support.edge_browser import QUESTION, Asker
from tests.support.edge_page import NAME, Served, by_hand, fill

pytestmark = pytest.mark.usefixtures("unsure")
OWN = "他现在吃什么药？"
LEFT = "[姓名]（电话[电话]）氨氯地平和布洛芬能一起吃吗？河对门的糖豆说能"
ROUTES = {
    "ask": {"question": QUESTION},
    "draft": {"hidden": []},
    "draft/drop": {},
    "draft/send": {"digest": ""},
}


def text(draft: Any) -> str:
    return "".join(one["text"] for one in draft["pieces"])


def noted(served: Served) -> list[tuple[str, ...]]:
    """Of questions, in the audit."""
    return [one.ids for one in served.vault.audit.list() if one.action == "asked"]


def test_what_the_record_says_is_never_asked_outside(
    asker: Asker, served: Served, there: Gate
) -> None:
    told = asker.question(OWN)
    assert [one["text"] for one in told["lines"]][:2] == ["利格列汀 5mg qd", "氨氯地平 10mg qd"]
    assert all(one["sources"] for one in told["lines"])
    assert (told["general"], told["draft"]) == (False, None)
    for question in (OWN, "讲个笑话"):
        body = json.dumps({"text": question}, ensure_ascii=False, separators=(",", ":"))
        digest = hashlib.sha256(body.encode()).hexdigest()
        assert asker.question(question)["draft"] is None
        assert asker.send({"digest": digest})["outcome"] == "no consent"
    assert (there.got, noted(served)) == ([], [])


def test_the_draft_shows_what_would_leave_and_what_does_not(asker: Asker, there: Gate) -> None:
    told = asker.question()
    draft = told["draft"]
    assert told["general"]
    assert text(draft) == LEFT
    assert [(one["kind"], one["words"]) for one in draft["taken"]] == [
        ("name", NAME), ("phone", "13812345678"),
    ]  # fmt: skip
    assert [one for one in draft["pieces"] if "number" in one] == [
        {"text": "糖豆", "number": 0, "kind": "name"}
    ]
    assert "氨氯地平 10mg qd" in [one["text"] for one in told["lines"]]
    assert there.got == []


def test_a_yes_sends_what_was_shown_last_and_nothing_else(
    asker: Asker, served: Served, patient: Patient, there: Gate
) -> None:
    asker.question()
    hidden = asker.hide(0)
    assert text(hidden) == LEFT.replace("糖豆", "[姓名]")
    assert text(asker.hide()) == LEFT
    assert asker.hide(0) == hidden
    told = asker.send(hidden)
    assert told == {"outcome": "answered", "text": ANSWER["text"], "sources": ["抗凝"]}
    ((method, path, _, body),) = there.got
    assert (method, path) == ("POST", "/v1/turns")
    assert json.loads(body) == {"text": text(hidden)}
    assert hashlib.sha256(body).hexdigest() == hidden["digest"]
    # As by the command.
    assert noted(served) == [(patient.id, hidden["digest"], "by-hand:1")]


def test_a_yes_to_what_was_shown_before_sends_nothing(
    asker: Asker, served: Served, there: Gate
) -> None:
    first = asker.question()["draft"]
    second = asker.hide(0)
    assert first["digest"] != second["digest"]
    assert asker.send(first) == {"outcome": "no consent", "text": "", "sources": []}
    # It was one try: the draft is gone.
    assert asker.send(second)["outcome"] == "no consent"
    assert (there.got, noted(served)) == ([], [])


def test_a_yes_is_good_once(asker: Asker, there: Gate) -> None:
    draft = asker.question()["draft"]
    assert asker.send(draft)["outcome"] == "answered"
    assert asker.send(draft)["outcome"] == "no consent"
    assert len(there.got) == 1
    status, told = asker.post(f"{asker.path}/draft", {"hidden": [0]})
    assert (status, told["error"]) == (422, "Unfit")


@pytest.mark.parametrize("way", ["next", "own", "unfit", "drop", "lock", "idle"])
def test_what_forgets_a_draft(way: str, asker: Asker, served: Served, there: Gate) -> None:
    draft = asker.question()["draft"]
    if way == "next":
        asker.question("什么是房颤")
    elif way == "own":
        asker.question(OWN)
    elif way == "unfit":
        assert asker.post(f"{asker.path}/ask", {"question": ""})[0] == 422
    elif way == "drop":
        assert asker.post(f"{asker.path}/draft/drop", {}) == (200, {})
    else:
        if way == "lock":
            asker.post("/api/lock", {})
        else:
            served.clock.wait(served.vault.idle_ms)
        assert asker.get("/api/state")[1]["locked"] is True
        assert asker.post("/api/unlock", {"passphrase": PASSPHRASE})[0] == 200
    assert asker.send(draft)["outcome"] == "no consent"
    assert (there.got, noted(served)) == ([], [])


def test_locked_nothing_is_answered(asker: Asker, served: Served, there: Gate) -> None:
    asker.question()
    served.vault.lock()
    for route in ("ask", "draft", "draft/send"):
        status, told = asker.post(f"{asker.path}/{route}", ROUTES[route])
        assert (status, told["error"]) == (423, "Locked")
    assert there.got == []


def test_a_draft_is_of_one_session(
    asker: Asker, served: Served, patient: Patient, there: Gate
) -> None:
    draft = asker.question()["draft"]
    served.link = served.new_link()
    other = Asker(served, patient)
    assert other.send(draft)["outcome"] == "no consent"
    assert other.post(f"{other.path}/draft/drop", {})[0] == 200
    assert there.got == []
    assert asker.send(draft)["outcome"] == "answered"


def test_a_draft_is_of_one_patient(asker: Asker, served: Served, there: Gate) -> None:
    draft = asker.question()["draft"]
    asker.path = f"/api/patients/{fill(served.vault).id}"
    assert asker.post(f"{asker.path}/draft", {"hidden": [0]})[0] == 422
    assert asker.send(draft)["outcome"] == "no consent"
    asker.path = "/api/patients/nobody"
    for route in ("ask", "draft", "draft/send"):
        assert asker.post(f"{asker.path}/{route}", ROUTES[route])[0] == 404
    assert there.got == []


@pytest.mark.parametrize("question", ["", " \n", "药" * (MOST_ASKED + 1)])
def test_a_question_has_a_length(question: str, asker: Asker) -> None:
    status, told = asker.post(f"{asker.path}/ask", {"question": question})
    assert (status, told["error"]) == (422, "Unfit")
    assert told["zh"].startswith("问题须为 1 至 2,000 个字符")
    assert asker.post(f"{asker.path}/ask", {"question": "药" * MOST_ASKED})[0] == 200


def test_only_what_is_marked_can_be_hidden(asker: Asker, there: Gate) -> None:
    draft = asker.question()["draft"]
    for numbers in ([1], [-1], ["0"]):
        status, told = asker.post(f"{asker.path}/draft", {"hidden": numbers})
        assert (status, told["error"]) == (422, "Unfit")
    # It stands as it was.
    assert asker.send(draft)["outcome"] == "answered"
    assert json.loads(there.got[0][3]) == {"text": LEFT}


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://evil.example"}, 403),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Host": "evil.example"}, 421),
        ({"X_Groundswell": "none"}, 401),
        ({"Cookie": "none"}, 401),
        ({"Content_Type": "text/plain"}, 422),
    ],
)
def test_no_other_page_may_ask_or_say_yes(
    route: str, headers: dict[str, str], status: int, asker: Asker, there: Gate
) -> None:
    draft = asker.question()["draft"]
    body = {"digest": draft["digest"]} if route == "draft/send" else ROUTES[route]
    if route == "draft/drop" and status == 422:
        status = 200
    assert asker.post(f"{asker.path}/{route}", body, **headers)[0] == status
    assert there.got == []
    if status != 200:
        assert asker.send(draft)["outcome"] == "answered"


def test_nothing_leaves_if_the_audit_cannot_be_written(
    asker: Asker, served: Served, there: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: str) -> None:
        raise Busy("the disk")

    draft = asker.question()["draft"]
    monkeypatch.setattr(served.vault.audit, "add", full)
    body = {"digest": draft["digest"]}
    assert asker.post(f"{asker.path}/draft/send", body)[1]["error"] == "Busy"
    assert there.got == []


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [(401, b"{}", "refused"), (200, b"<html>", "strange"), (0, b"", "unreachable")],
)
def test_why_there_is_no_answer(
    status: int, body: bytes, outcome: str, tmp_path: Path, token: Path
) -> None:
    with gate(status, body) as there:
        address = there.address if status else "http://127.0.0.1:1"
        served = Served(tmp_path / "own", by_hand(), Gateway(address, token))
        try:
            asker = Asker(served, fill(served.vault))
            told = asker.send(asker.question()["draft"])
        finally:
            served.close()
    assert told == {"outcome": outcome, "text": "", "sources": []}


def test_without_a_gateway_the_record_answers(tmp_path: Path) -> None:
    served = Served(tmp_path, by_hand())
    try:
        asker = Asker(served, fill(served.vault))
        told = asker.question()
        assert (told["general"], told["draft"]) == (True, None)
        assert "氨氯地平 10mg qd" in [one["text"] for one in told["lines"]]
        assert asker.question(OWN)["lines"]
        assert asker.send({"digest": ""})["outcome"] == "no consent"
    finally:
        served.close()


def test_while_it_is_asked_outside_the_page_goes_on_and_may_be_locked(
    asker: Asker, patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(*_: object) -> consult._Told:
        begun.set()
        assert go_on.wait(30)
        return consult._Told("answered", NAME)

    monkeypatch.setattr(consult, "_send", slow)
    body = {"digest": asker.question()["draft"]["digest"]}
    told: list[tuple[int, Any]] = []
    sending = threading.Thread(
        target=lambda: told.append(asker.post(f"{asker.path}/draft/send", body))
    )
    sending.start()
    try:
        assert begun.wait(10)
        assert asker.get(asker.path)[0] == 200
        assert asker.post(f"/api/patients/{patient.id}/printed", {})[0] == 200
        assert asker.post("/api/lock", {})[1]["locked"] is True
        assert told == []
    finally:
        go_on.set()
        sending.join()
    # The answer comes to a page that is locked.
    ((status, answer),) = told
    assert (status, answer["error"]) == (423, "Locked")
    assert NAME not in str(answer)


def test_no_word_of_a_question_is_logged_or_in_the_audit(
    asker: Asker, served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    asker.question()
    asker.send(asker.hide(0))
    asker.post(f"{asker.path}/ask", {"question": QUESTION * 100})
    asker.post(f"{asker.path}/ask", {"question": [QUESTION]})
    # The gateway's own, which is in this process.
    told = [one.getMessage() for one in caplog.records]
    assert [one for one in told if "/v1/turns" not in one] == []
    trail = str(served.vault.audit.list())
    for word in ("糖豆", "氨氯地平", "布洛芬", "13812345678", "[姓名]"):
        assert word not in caplog.text
        assert word not in trail

"""A session of the device's page without a browser: what the page asks of the program."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import quote

from schemas.records import Patient
from tests.support.edge_page import NAME, Served
from tests.support.waiting import SOON

QUESTION = f"{NAME}（电话13812345678）氨氯地平和布洛芬能一起吃吗？河对门的糖豆说能"
"""Of general knowledge, with one word that may be a name."""


class Browser:
    """A session as the page has it."""

    def __init__(self, served: Served) -> None:
        self.host = served.address.removeprefix("http://").rstrip("/")
        self.headers = {"X-Groundswell": "none", "Accept-Language": "en"}
        self.heads: dict[str, str] = {}
        status, told = self.post("/api/enter", {"word": served.link.partition("#")[2]})
        assert status == 200
        self.headers["X-Groundswell"] = told["half"]
        self.headers["Cookie"] = self.heads["Set-Cookie"].partition(";")[0]

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, Any]:
        """Status, and the body: read if it is JSON."""
        connection = http.client.HTTPConnection(self.host, timeout=SOON)
        try:
            given = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, self.headers | given)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        self.heads = dict(answer.headers.items())
        kind = answer.headers.get_content_type()
        return answer.status, json.loads(content) if kind == "application/json" else content

    def get(self, path: str, **headers: str) -> tuple[int, Any]:
        """Status, and what it says."""
        return self.ask("GET", path, None, **headers)

    def post(self, path: str, body: object, **headers: str) -> tuple[int, Any]:
        """As JSON."""
        sent = {"Content-Type": "application/json", **headers}
        return self.ask("POST", path, json.dumps(body).encode(), **sent)

    def put(self, content: bytes, name: str, **headers: str) -> tuple[int, Any]:
        """A file."""
        return self.ask("POST", "/api/import", content, X_Name=quote(name), **headers)


class Asker(Browser):
    """A session that asks about one patient."""

    def __init__(self, served: Served, patient: Patient) -> None:
        super().__init__(served)
        self.path = f"/api/patients/{patient.id}"

    def question(self, words: str = QUESTION) -> Any:
        """The answer of the record, and the draft."""
        status, told = self.post(f"{self.path}/ask", {"question": words})
        assert status == 200, told
        return told

    def hide(self, *numbers: int) -> Any:
        """The draft with the marks of these doubts."""
        status, told = self.post(f"{self.path}/draft", {"hidden": numbers})
        assert status == 200, told
        return told

    def send(self, draft: Any) -> Any:
        """What came of a yes to this draft."""
        status, told = self.post(f"{self.path}/draft/send", {"digest": draft["digest"]})
        assert status == 200, told
        return told

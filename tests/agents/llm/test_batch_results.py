import json
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.llm.batch_results import BatchResult, Ending, read_result, too_long
from agents.llm.client import Reply
from tests.support.model_server import completion


def _line(**other: Any) -> bytes:
    return json.dumps({"id": "b1", "custom_id": "a-1", **other}).encode() + b"\n"


def _response(body: Any, status: int = 200) -> dict[str, Any]:
    return {"status_code": status, "request_id": "r", "body": body}


def _read(**other: Any) -> BatchResult:
    found = read_result(_line(**other))
    assert found is not None
    assert found.custom_id == "a-1"
    return found


def test_both_forms_of_a_result() -> None:
    good = BatchResult("a-1", "replied", Reply("yes", False, 900, 100))
    assert _read(response=_response(completion("yes")), error=None) == good
    assert _read(response=completion("yes"), error=None) == good
    assert _read(response=completion("yes")) == good


def test_an_answer_without_room_says_so() -> None:
    reply = _read(response=_response(completion("so f", finish="length"))).reply
    assert reply is not None
    assert reply.cut


@pytest.mark.parametrize(
    ("other", "ending", "why"),
    [
        (
            {"response": None, "error": {"code": "batch_expired", "message": "m"}},
            "expired",
            "batch",
        ),
        ({"response": None, "error": {"code": "batch_cancelled"}}, "failed", "batch_cancelled"),
        ({"response": None, "error": {"code": "<b>evil</b>"}}, "failed", "an error"),
        ({"response": None, "error": "went wrong"}, "failed", "an error"),
        ({"response": None, "error": {"code": 400, "message": "m"}}, "rejected", "HTTP 400"),
        ({"response": None, "error": ["x"]}, "failed", "an error"),
        ({"response": None, "error": None}, "failed", "neither"),
        ({}, "failed", "neither"),
        ({"response": _response({"error": {"message": "evil"}}, 400)}, "rejected", "HTTP 400"),
        ({"response": _response(None, 429)}, "failed", "HTTP 429"),
        ({"response": _response(None, 500), "error": {"message": "e"}}, "failed", "HTTP 500"),
        ({"response": _response(None, 400), "error": {"object": "error"}}, "rejected", "HTTP 400"),
        ({"response": _response(None)}, "malformed", "no chat completion"),
        ({"response": _response({})}, "malformed", "no chat completion"),
        ({"response": _response({"choices": []})}, "malformed", "no choice"),
        ({"response": _response("evil")}, "malformed", "no chat completion"),
        ({"response": "evil"}, "malformed", "no JSON object"),
        ({"response": {"status_code": "200"}}, "malformed", "no JSON object"),
        ({"response": _response(completion(None, refusal="evil"))}, "declined", "declined"),
        ({"response": _response(completion("", finish="content_filter"))}, "declined", "declined"),
    ],
)
def test_what_is_no_answer_is_told_apart(other: dict[str, Any], ending: str, why: str) -> None:
    found = _read(**other)
    assert found.ending == ending
    assert why in found.why
    assert "evil" not in found.why
    assert found.reply is None


def test_an_empty_answer_is_empty() -> None:
    assert _read(response=_response(completion(None))).reply == Reply("", False, 900, 100)


@pytest.mark.parametrize(
    "line",
    [
        b"", b"{}", b"[]", b"null", b"x", b"\xff\xfe", b"{" * 100_000, b"[" * 100_000,
        b'{"custom_id": 7}', b'{"custom_id": null, "response": {}}',
        _line(response=_response(completion("yes")))[:-30], b'{"custom_id": "a-1", "respon',
        b'{"id": "a \\"custom_id\\": \\"a-1\\"" }',
    ],
)  # fmt: skip
def test_a_line_that_names_nobody_or_breaks_off_is_no_result(line: bytes) -> None:
    assert read_result(line) is None


def test_a_whole_line_that_is_no_json_ends_its_request() -> None:
    for rest in (b'"response": {"x": \xff}}', b'"response": {,}}', b'"a": "\\ud800"x}'):
        found = read_result(b'{"custom_id": "a-1", ' + rest)
        assert found is not None
        assert (found.custom_id, found.ending) == ("a-1", "malformed")


def test_a_lone_surrogate_in_an_answer_ends_only_that() -> None:
    line = _line(response=_response(completion("x"))).replace(b'"x"', b'"\\ud800"')
    found = read_result(line)
    assert found is not None
    assert found.ending == "malformed"


def test_a_line_too_long_still_ends_its_request() -> None:
    head = _line(response=_response(completion("x" * 2_000)))[:1_000]
    found = too_long(head)
    assert found is not None
    assert (found.custom_id, found.ending) == ("a-1", "malformed")
    assert too_long(b"x" * 1_000) is None


@given(st.data())
def test_no_line_breaks_the_reader(data: st.DataObject) -> None:
    whole = bytearray(_line(response=_response(completion("yes", finish="stop")), error=None))
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(whole) - 1))
        more = data.draw(
            st.sampled_from([b"", b"{", b"}", b'"', b"\\", b"\xff", b"null", b"[" * 2_000])
        )
        whole[place : place + data.draw(st.integers(0, 9))] = more or b"0"
    found = read_result(bytes(whole))
    assert found is None or found.ending in get_args(Ending)

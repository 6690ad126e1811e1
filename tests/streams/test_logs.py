import json
import logging
import subprocess
import sys
from typing import Any

import pytest

from streams.logs import JsonFormatter, NotAgain, hushed


def line(message: str = "hello", *arguments: object, **different: Any) -> dict[str, Any]:
    record = logging.LogRecord("streams", logging.WARNING, __file__, 1, message, arguments, None)
    vars(record).update({"created": 1_763_630_043.12, **different})
    written = JsonFormatter().format(record)
    assert "\n" not in written
    found: dict[str, Any] = json.loads(written)
    return found


def test_a_record_is_one_line_of_json() -> None:
    assert line("%s of %d\nlines", "one", 2) == {
        "time": "2025-11-20T09:14:03.120Z",
        "level": "warning",
        "logger": "streams",
        "message": "one of 2\nlines",
    }


def test_extras_are_kept_as_text() -> None:
    found = line(port=9464, topic="支付")
    assert (found["port"], found["topic"]) == ("9464", "支付")


def test_an_exception_is_kept() -> None:
    try:
        raise ValueError("broken")
    except ValueError:
        found = line(exc_info=sys.exc_info())
    assert found["exception"].startswith("Traceback")
    assert found["exception"].endswith("ValueError: broken")


@pytest.mark.parametrize("bad", ["\ud800", "file\udcff"])
def test_a_text_that_is_no_unicode_is_logged_all_the_same(bad: str) -> None:
    assert line(bad)["message"].startswith(bad[:-1])
    assert "name" not in line(other=bad)


def logged(name: str, message: str, *arguments: object) -> logging.LogRecord:
    return logging.LogRecord(name, logging.WARNING, __file__, 1, message, arguments, None)


def test_an_equal_line_of_a_library_is_rare_and_ours_is_not() -> None:
    now = 0.0
    again = NotAgain(lambda: now)
    assert again.filter(logged("aiokafka.conn", "no broker %s", 1))
    assert not again.filter(logged("aiokafka.conn", "no broker %s", 2))
    assert again.filter(logged("aiokafka.conn", "another line"))
    assert again.filter(logged("faust.worker", "no broker %s", 1))
    assert all(again.filter(logged("streams", "no broker")) for _ in range(3))
    now = 10.0
    assert again.filter(logged("aiokafka.conn", "no broker %s", 3))


def test_lines_of_a_library_that_never_repeat_are_not_remembered_for_ever() -> None:
    now = 0.0
    again = NotAgain(lambda: now)
    for number in range(5_000):
        now += 1.0
        assert again.filter(logged("aiokafka.conn", f"line {number}"))
    assert len(again._said) < 100


def test_after_the_hush_all_is_said_again(caplog: pytest.LogCaptureFixture) -> None:
    with hushed():
        logging.getLogger("streams").error("no")
    logging.getLogger("streams").error("yes")
    assert caplog.messages == ["yes"]


def test_set_up_writes_json_to_standard_error_and_keeps_libraries_quiet() -> None:
    code = (
        "import logging; from streams.logs import set_up; set_up('debug');"
        "logging.getLogger('streams').debug('ours'); logging.getLogger('faust').info('theirs')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == ""
    assert [json.loads(text)["message"] for text in done.stderr.splitlines()] == ["ours"]

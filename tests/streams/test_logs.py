import logging

import msgspec

from streams.logs import JsonFormatter, NotAgain


def record(name: str, message: str, *values: object) -> logging.LogRecord:
    return logging.LogRecord(name, logging.ERROR, "file", 1, message, values, None)


def test_a_line_of_a_library_comes_once_in_ten_seconds() -> None:
    now = 100.0
    repeats = NotAgain(lambda: now)
    lines = [record("aiokafka.producer", "no answer from %s", node) for node in (1, 2)]
    assert [repeats.filter(line) for line in lines] == [True, False]
    assert repeats.filter(record("aiokafka.producer", "another one"))
    now += 10.0
    assert repeats.filter(lines[1])


def test_our_own_lines_always_come() -> None:
    repeats = NotAgain(lambda: 0.0)
    assert all(repeats.filter(record("streams.worker", "again")) for _ in range(3))


def test_a_line_is_one_json_object() -> None:
    line = record("streams.worker", "offset %s", 7)
    line.port = 9464
    assert msgspec.json.decode(JsonFormatter().format(line)) == {
        "time": msgspec.json.decode(JsonFormatter().format(line))["time"],
        "level": "error",
        "logger": "streams.worker",
        "message": "offset 7",
        "port": "9464",
    }

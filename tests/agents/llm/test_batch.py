import json
import re

import pytest

from agents.llm.batch import MOST_ID, custom_id, key_in, parted, request_line

_KEY = "0123456789abcdef01234567"


@pytest.mark.parametrize(
    "source",
    [
        "feedback.app-3@8812", "", "店铺:评论/一", "x" * 10_000, "a\nb\x00", "../../etc", "\ud800",
        "shop:13812345678", "shop:bob@example.com", "a-0123-1",
    ],
)  # fmt: skip
def test_any_source_has_a_name_that_every_server_takes(source: str) -> None:
    name = custom_id(source, _KEY, 12)
    assert re.fullmatch(rf"[A-Za-z0-9_-]{{1,{MOST_ID}}}", name)
    assert key_in(name) == (_KEY, 12)
    assert custom_id(source, _KEY, 12) == name
    assert "138123" not in name
    assert "bob" not in name


def test_people_find_the_record_by_it() -> None:
    assert custom_id("feedback.app-3@8812", _KEY, 1) == f"feedback_app-3_8812-{_KEY}-1"


@pytest.mark.parametrize("name", ["", "x", f"x-{_KEY}", f"x-{_KEY}-0", f"x-{_KEY}-1\n", "-A-1"])
def test_a_strange_name_holds_no_key(name: str) -> None:
    assert key_in(name) == ("", 0)


def test_a_line_has_what_the_format_wants() -> None:
    line = request_line("a-1", {"model": "m", "messages": [{"role": "user", "content": "行\n行"}]})
    assert line.count(b"\n") == 1
    assert json.loads(line) == {
        "custom_id": "a-1",
        "method": "POST",
        "url": "/v1/chat/completions",
        "body": {"model": "m", "messages": [{"role": "user", "content": "行\n行"}]},
    }


def test_no_file_has_more_than_it_may() -> None:
    lines = [b"x" * 9 + b"\n"] * 25
    assert [part for part, _ in parted(lines, requests=10)] == [1] * 10 + [2] * 10 + [3] * 5
    assert [part for part, _ in parted(lines, size=39)] == [1 + n // 3 for n in range(25)]
    assert [line for _, line in parted(lines, 4, 35)] == lines
    assert list(parted([])) == []
    with pytest.raises(ValueError, match="does not fit"):
        list(parted(lines, size=9))

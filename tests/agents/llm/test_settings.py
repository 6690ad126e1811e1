from typing import Any

import pytest

from agents.llm.settings import ModelSettings


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000/v1", "https://models.example", "http://[::1]:11434/v1/"]
)
def test_a_url_of_a_server(url: str) -> None:
    assert ModelSettings(url, "m").url == url


@pytest.mark.parametrize(
    "url",
    ["", "models.example/v1", "ftp://models.example", "file:///etc/passwd",
     "http://user:word@models.example/v1", "http://models.example/v1?key=1", "http:// x"],
)  # fmt: skip
def test_a_url_that_is_none(url: str) -> None:
    with pytest.raises(ValueError, match="url") as error:
        ModelSettings(url, "m")
    assert "word" not in str(error.value)


@pytest.mark.parametrize(
    "other",
    [{"model": ""}, {"key": "two\nlines"}, {"timeout_s": 0.0}, {"in_flight": 0},
     {"answer_tokens": 0}],
)  # fmt: skip
def test_what_cannot_be(other: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"model|tokens"):
        ModelSettings(**{"url": "http://h/v1", "model": "m", **other})


def test_the_key_is_shown_nowhere() -> None:
    assert "sk-1" not in f"{ModelSettings('http://h/v1', 'm', 'sk-1')!r}"

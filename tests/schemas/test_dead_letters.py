import pytest

from schemas.dead_letters import DeadLetter
from schemas.errors import NotOurs, Reason


def test_headers_bring_it_back() -> None:
    letter = DeadLetter(Reason.FUTURE, "5 ms ahead — 未来", "feedback.app", 3, 8812, 1_700_000)
    assert DeadLetter.of_headers([("other", b"x"), *letter.headers()]) == letter
    assert letter.id == "feedback.app-3@8812"


@pytest.mark.parametrize("headers", [None, [], [("dlq-reason", b"future"), ("dlq-topic", b"\xff")]])
def test_other_headers_are_not_ours(headers: list[tuple[str, bytes]] | None) -> None:
    with pytest.raises(NotOurs):
        DeadLetter.of_headers(headers)

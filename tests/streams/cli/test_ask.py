import pytest

from schemas.tools import Receipt
from schemas.turns import Action, Reply
from streams.cli.ask import _show


def test_words_of_an_action_stand_apart(capsys: pytest.CaptureFixture[str]) -> None:
    receipt = Receipt("key", "freeze_card", "FZ-1", "2026-11-22T00:00:00.000Z")
    _show(
        Reply(
            session="s" * 16,
            turn="t",
            text="Done.",
            actions=(
                Action(kind="deep_link", id="a", label="My accounts", link="bank://accounts"),
                Action(kind="tool_result", id="b", label="frozen", receipt=receipt),
            ),
        )
    )
    lines = capsys.readouterr().out.splitlines()
    assert lines[1:3] == [
        "  action   deep_link My accounts bank://accounts",
        "  action   tool_result frozen FZ-1",
    ]

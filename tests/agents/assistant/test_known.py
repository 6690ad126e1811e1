"""What is answered without asking the assistant."""

from agents.assistant.known import known
from schemas.sessions import EXPIRES_MS, Flow, Session
from schemas.turns import Choice, Exchange, Reply, Turn

REPLY = Reply(
    session="s" * 16,
    turn="t1",
    text="Which card?",
    choices=(Choice("c1", "…1234"),),
    state="lost.card",
)
SESSION = Session(
    session="s" * 16,
    tenant="demo",
    user="ann",
    begun_ms=0,
    seen_ms=0,
    flow=Flow("lost", "card"),
    exchanges=(Exchange("t1", "2026-11-21T00:00:00.000Z", "card lost", "Which card?"),),
    replies=(REPLY,),
)


def _turn(**more: str) -> Turn:
    fields = {"session": "s" * 16, "turn": "t2", "tenant": "demo", "user": "ann", "text": "hi"}
    return Turn(**fields | more)  # type: ignore[arg-type]


def test_a_new_turn_is_to_be_answered() -> None:
    assert known(SESSION, _turn(), 1) is None
    assert known(None, _turn(), 1) is None


def test_the_same_turn_has_the_same_reply() -> None:
    reply = known(SESSION, _turn(turn="t1", text="something else"), 1)
    assert reply is not None
    assert (reply.status, reply.text, reply.choices) == ("duplicate", REPLY.text, REPLY.choices)


def test_the_history_is_shown_to_its_person() -> None:
    reply = known(SESSION, _turn(kind="show", text=""), 1)
    assert reply is not None
    assert (reply.status, reply.history) == ("answered", SESSION.exchanges)
    assert (reply.state, reply.choices) == ("lost.card", REPLY.choices)


def test_others_learn_no_more_than_of_one_that_is_not_there() -> None:
    for more in ({"user": "bob"}, {"tenant": "other"}, {"user": "bob", "turn": "t1"}):
        refused = known(SESSION, _turn(**more, kind="show", text=""), 1)
        assert refused is not None
        assert refused.status == "refused"
        assert refused == known(None, _turn(**more, kind="show", text=""), 1)
        said = known(SESSION, _turn(**more), 1)
        assert said is not None
        assert (said.status, said.history, said.choices) == ("refused", (), ())


def test_what_is_over_is_not_shown() -> None:
    asked = _turn(kind="show", text="")
    assert known(SESSION, asked, EXPIRES_MS + 1) == known(None, asked, 1)

from collections import Counter
from pathlib import Path

import pytest

from streams.bank.seed import seed
from streams.evaluation.dialogues.loading import BadScript, scripts
from streams.evaluation.dialogues.script import is_held_out

_GOOD = """
[[script]]
name = "lost-card"
topic = "lost"
manner = "ordinary"
lang = "en"
customer = "c-0003"
turns = ["I lost my card", { click = "confirm" }]
[script.expect]
effects = [{ tool = "freeze_card", card = "3345" }]
"""


def test_our_own_scripts_are_what_the_goal_asks_for() -> None:
    ours = scripts()
    langs = Counter(one.lang for one in ours)
    assert len(ours) >= 120
    assert langs["zh"] >= 70
    assert langs["en"] >= 50
    assert 0.4 < sum(one.held_out for one in ours) / len(ours) < 0.6
    assert len({one.manner for one in ours}) == 21


def test_our_own_scripts_name_what_the_bank_has() -> None:
    people = {(tenant, one.id): one for tenant, one in seed(1_795_000_000_000)}
    for script in scripts():
        one = people[script.tenant, script.customer]
        for effect in (*script.expect.effects, *script.expect.allowed):
            assert effect.card in ("", *(card.last4 for card in one.cards)), script.name
            known = {moved.id for moved in one.transactions}
            assert set(effect.about) <= known, script.name


def test_a_script_is_read(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(_GOOD)
    (script,) = scripts(tmp_path)
    assert [move.say for move in script.moves] == ["I lost my card", None]
    assert script.expect.effects[0].card == "3345"


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('topic = "lost"', 'topik = "lost"', r"unknown field.*lost-card"),
        ("[{ tool =", "[{ tol =", r"unknown field `tol`.*lost-card"),
        ("freeze_card", "melt_card", r"Invalid enum value 'melt_card'.*lost-card"),
        ('{ click = "confirm" }', "{ wait = 2 }", r"says or clicks.*lost-card"),
        ('["I lost my card", { click = "confirm" }]', "[]", r"length >= 1.*lost-card"),
        ('manner = "ordinary"', 'manner = "odd"', r"'odd'.*lost-card"),
        ("customer =", 'means = ["melt"]\ncustomer =', r"no such intent: melt.*lost-card"),
        ("[[script]]", "[script", r"mine\.toml: "),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, old: str, new: str, named: str) -> None:
    assert old in _GOOD
    (tmp_path / "mine.toml").write_text(_GOOD.replace(old, new))
    with pytest.raises(BadScript, match=named):
        scripts(tmp_path)


def test_a_name_is_there_once(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(_GOOD)
    (tmp_path / "b.toml").write_text(_GOOD)
    with pytest.raises(BadScript, match=r"b\.toml: 'lost-card' is there twice"):
        scripts(tmp_path)


def test_a_folder_without_scripts_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadScript, match=r"no .*toml with scripts"):
        scripts(tmp_path)
    with pytest.raises(BadScript, match=r"cannot read .*gone"):
        scripts(tmp_path / "gone")


def test_which_half_is_held_out_follows_from_the_name() -> None:
    assert {is_held_out(f"script-{n}") for n in range(20)} == {True, False}
    assert is_held_out("lost-card") == is_held_out("lost-card")

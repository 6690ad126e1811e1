import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windows.templates import COMPARED, STATES, WORDS, Templates

NAMES = [
    *("ann", "bob", "cid", "dan", "eva", "fay", "gus", "hal"),
    *("ivy", "joe", "kim", "lea", "max", "ned", "ola", "pam"),
]
THINGS = ["lamp", "desk", "sofa", "vase", "rug", "clock", "shelf", "stool"]


def revived(templates: Templates, limit: int = 10_000) -> Templates:
    again = Templates(limit=limit)
    again.restore(json.loads(json.dumps(templates.state())))
    return again


def groups(templates: Templates, lines: list[str]) -> list[int]:
    ids = [templates.assign(line, 0) for line in lines]
    return [templates.root(key) for key in ids]


def test_lines_that_differ_in_masks_alone_are_one_template() -> None:
    templates = Templates()
    assert templates.assign("block 17 of /data/a lost", 0) == 0
    assert templates.assign("block 9 of /data/b lost", 0) == 0
    assert templates.assign("block 9 of /data/b found", 0) == 1
    assert templates.text(0) == "block <*> of <*> lost"
    assert len(templates) == 2


def test_a_word_becomes_a_wildcard_when_it_has_varied_enough() -> None:
    templates = Templates()
    before = [templates.assign(f"invalid user {name} from 10.0.0.1", 0) for name in NAMES[:WORDS]]
    # The last of them brings the merge: it is the first template already.
    assert before == [*range(WORDS - 1), 0]
    assert {templates.root(key) for key in before} == {0}
    assert templates.text(WORDS - 2) == "invalid user <*> from <*>"
    assert templates.assign("invalid user zoe from 10.0.0.2", 0) == 0
    assert len(templates) == 1


def test_one_word_is_enough_where_numbers_were_seen() -> None:
    templates = Templates()
    assert groups(templates, ["log in of 17 failed", "log in of root failed"]) == [0, 0]
    assert templates.text(0) == "log in of <*> failed"


def test_words_of_state_vary_only_when_there_are_many() -> None:
    templates = Templates()
    states = ["STARTING", "RUNNING", "stopped", "paused", "resumed", "LEADER", "FOLLOWER"]
    assert groups(templates, [f"node is now {s}" for s in states]) == list(range(len(states)))
    assert templates.root(templates.assign("node is now WAITING", 0)) == len(states)


def test_so_many_states_are_no_states() -> None:
    templates = Templates()
    codes = [f"{a}{b}" for a in "ABCD" for b in "EFGH"][:STATES]
    ids = [templates.assign(f"ticket was closed with {code}", 0) for code in codes]
    assert {templates.root(key) for key in ids} == {0}


def test_two_words_that_vary_together_need_not_meet_twice() -> None:
    templates = Templates()
    pairs = list(zip(NAMES, THINGS, strict=False))
    ids = [templates.assign(f"user {n} has ordered one {t}", 0) for n, t in pairs[:WORDS]]
    assert {templates.root(key) for key in ids} == {0}
    assert templates.text(0) == "user <*> has ordered one <*>"
    assert templates.assign("user zoe has ordered one bench", 0) == 0


def test_more_words_must_stay_than_vary() -> None:
    templates = Templates()
    pairs = list(zip(NAMES, THINGS, NAMES[::-1], strict=False))
    lines = [f"{a} gave {b} to {c}" for a, b, c in pairs]
    assert groups(templates, lines) == list(range(len(lines)))


def test_of_two_words_both_must_vary() -> None:
    templates = Templates()
    lines = ["user 17 has ordered one lamp", "user ann has ordered one 5"]
    assert groups(templates, lines) == [0, 1]


def test_short_lines_keep_their_words() -> None:
    templates = Templates()
    lines = [f"{thing} failed" for thing in THINGS]
    assert groups(templates, lines) == list(range(len(THINGS)))


def test_a_merge_meets_the_lists_it_becomes_equal_to() -> None:
    templates = Templates()
    assert templates.assign("moved to rack 5, 7, 9 of row", 0) == 0
    ids = [templates.assign(f"moved to rack {name} 5 of row", 0) for name in NAMES[:WORDS]]
    assert {templates.root(key) for key in ids} == {0}
    assert templates.text(0) == "moved to rack <*> of row"


def test_the_longest_idle_go_first_and_their_ids_never_come_back() -> None:
    templates = Templates(limit=4)
    words = ["halt now", "load one", "save all", "read two", "quit app", "open web"]
    for minute, word in enumerate(words):
        templates.assign(word, minute)
    templates.assign(words[0], 20)
    templates.assign(words[2], 1)
    assert templates.evict([1]) == [2, 3]
    assert templates.evict([]) == []
    assert [templates.text(key) for key in (0, 1, 4, 5)] == [words[n] for n in (0, 1, 4, 5)]
    with pytest.raises(KeyError):
        templates.text(2)
    assert templates.assign(words[2], 21) == 6


def test_an_old_line_does_not_turn_time_back() -> None:
    templates = Templates(limit=1)
    templates.assign("halt now", 9)
    templates.assign("load one", 8)
    templates.assign("halt now", 1)
    assert templates.evict([]) == [1]


def test_a_merged_template_is_as_young_as_its_youngest_part() -> None:
    templates = Templates(limit=1)
    for minute, name in enumerate(NAMES[:WORDS]):
        templates.assign(f"invalid user {name} today", 9 - minute)
    templates.assign("something else", 8)
    assert templates.evict([]) == [WORDS]


def test_the_ids_that_led_to_a_dropped_template_are_dropped_too() -> None:
    templates = Templates(limit=1)
    for name in NAMES[:WORDS]:
        templates.assign(f"invalid user {name} today", 0)
    other = templates.assign("something else", 5)
    assert templates.evict([WORDS - 1]) == [other]
    templates.assign("something else", 6)
    assert templates.evict([]) == [0]
    assert templates.root(WORDS - 1) == WORDS - 1
    assert templates.state()["roots"] == []


def test_memory_is_bounded_whatever_comes() -> None:
    draw = random.Random(5)
    templates = Templates(limit=20)
    for minute in range(3_000):
        words = draw.choices([*NAMES, *THINGS, "17"], k=draw.randint(1, 7))
        assert templates.text(templates.assign(" ".join(words), minute))
        templates.evict([])
        assert len(templates) <= 20
    assert len(templates.state()["roots"]) <= 4 * 20


def test_of_many_merged_ids_the_lowest_are_forgotten() -> None:
    templates = Templates(limit=2)
    for thing in THINGS:
        for name in NAMES[:WORDS]:
            templates.assign(f"{thing} {thing} of {name} {thing}", 0)
    assert len(templates) == len(THINGS)
    roots = templates.state()["roots"]
    assert len(roots) <= 4 * 2
    assert templates.root(1) == 1
    assert templates.root(roots[-1][0]) == roots[-1][1]


def test_a_hot_structure_is_compared_with_the_latest_only() -> None:
    templates = Templates()
    for n in range(COMPARED + 1):
        letters = f"{chr(97 + n // 26)}{chr(97 + n % 26)}"
        templates.assign(f"A{letters} B{letters} C{letters} D{letters}", 0)
    # The only template alike is too far back to count.
    assert templates.assign("Aaa Baa Caa 5", 0) == COMPARED + 1


LINE = st.lists(
    st.sampled_from([*NAMES[:6], "RUNNING", "started", "17", "a:5", "x=y", "user", "for", "lost"]),
    max_size=6,
).map(" ".join)


@given(st.lists(LINE, max_size=60), st.integers(0, 60))
@settings(max_examples=60)
def test_a_restart_changes_nothing(lines: list[str], cut: int) -> None:
    def step(templates: Templates, line: str, minute: int) -> tuple[int, list[int]]:
        return templates.assign(line, minute), templates.evict([0])

    whole, first = Templates(limit=12), Templates(limit=12)
    expected = [step(whole, line, minute) for minute, line in enumerate(lines)]
    found = [step(first, line, minute) for minute, line in enumerate(lines[:cut])]
    second = revived(first, 12)
    found += [step(second, line, minute) for minute, line in enumerate(lines[cut:], cut)]
    assert found == expected
    assert second.state() == whole.state()


@given(st.lists(LINE, max_size=60))
@settings(max_examples=60)
def test_a_line_stays_where_it_was_put(lines: list[str]) -> None:
    templates = Templates()
    ids = [templates.assign(line, 0) for line in lines]
    for line, key in zip(lines, ids, strict=True):
        assert templates.assign(line, 0) == templates.root(key)
        assert templates.root(key) <= key


def test_state_of_another_version_is_refused() -> None:
    with pytest.raises(ValueError, match="state version 0"):
        Templates().restore(Templates().state() | {"version": 0})


def merged(templates: Templates) -> None:
    for name in NAMES[:WORDS]:
        templates.assign(f"invalid user {name} from 10.0.0.1", 0)


def test_a_link_names_the_ids_given_before_once() -> None:
    templates = Templates()
    merged(templates)
    expected = [(0, gone) for gone in range(1, WORDS - 1)]
    assert revived(templates).link() == expected
    assert templates.link() == expected
    assert templates.link() == []


def test_two_apart_are_linked_when_they_no_longer_are() -> None:
    templates = Templates()
    merged(templates)
    assert templates.link([1, 2]) == [(0, 1)]
    assert revived(templates).link([0]) == [(0, 2)]
    assert templates.link([0, 2]) == []
    assert templates.link([2]) == [(0, 2)]


def test_a_form_is_assigned_like_its_line() -> None:
    lines, forms = Templates(), Templates()
    for name in NAMES:
        line = lines.assign(f"invalid user {name} from 10.0.0.1", 7)
        assert forms.assign_form(f"invalid user {name} from <*>", 7) == line
    assert forms.state() == lines.state()

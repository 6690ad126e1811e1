from pathlib import Path

import numpy as np
import pytest

from agents.models.card import read
from agents.models.tags import CARD, GROUPS, numbers_of
from agents.records.pack import BUNDLED, redaction_tables
from streams.encoders import default_folder, fetch_encoders
from streams.evaluation.record_files import hands
from streams.evaluation.record_passages import parse as parse_passages
from streams.evaluation.record_sets import parse
from streams.evaluation.redaction_notes.notes import own_notes
from streams.training.tags_hidden import hidden
from streams.training.tags_texts import LEFT_OUT, UNTOLD, Examples, Told, characters, told

GROUP = tuple(GROUPS)
LINE = (
    "[青霉素|allergic]过敏，爸有[胃癌|kin]。{[阿司匹林|drug]别停}，{戒烟}，下周[放支架|planned]。"
)
NOTE = """=== n1 | split=tune | date=2025-03-02
高血压6年，糖尿病？复查。高血压重。咳嗽。
---
diagnosis | 高血压
diagnosis | 糖尿病 | certainty=uncertain
diagnosis | 咳嗽 | optional=yes
precaution | 复查
"""


def of_line(line: str = LINE, prefix: str = "marked-") -> Told:
    file = f"{prefix}us-tune.txt"
    (one,) = told({file.removesuffix("-tune.txt"): list(parse_passages(line, file))})
    return one


def seen(one: Told, group: str) -> str:
    """A digit for each character, or ? where nobody says."""
    row = one.labels[GROUP.index(group)]
    return "".join("?" if number == UNTOLD else str(number) for number in row)


def test_marks_become_labels_of_their_characters() -> None:
    one = of_line()
    assert one.text == "青霉素过敏,爸有胃癌。阿司匹林别停,戒烟,下周放支架。"
    assert seen(one, "allergy") == "111" + "0" * 24
    assert seen(one, "disease") == "0" * 8 + "55" + "0" * 17
    assert seen(one, "drug") == "0" * 11 + "1111" + "0" * 12
    assert seen(one, "advice") == "0" * 11 + "122222" + "0" + "12" + "0" * 7
    assert seen(one, "procedure") == "0" * 23 + "222" + "0"


def test_of_passages_with_diseases_alone_nobody_says_the_rest() -> None:
    one = of_line("爸有[胃癌|kin]。", "passages-")
    assert seen(one, "disease") == "00550"
    assert {seen(one, group) for group in GROUP[1:]} == {"?????"}
    assert seen(of_line(), "identity") == "?" * 27


def test_of_a_note_further_mentions_and_what_is_optional_are_open() -> None:
    (one,) = told({"ward": list(parse(NOTE, "ward"))})
    assert one.text == "高血压6年,糖尿病?复查。高血压重。咳嗽。"
    assert seen(one, "disease") == "111000222" + "0000" + "???" + "00" + "??" + "0"
    assert seen(one, "advice") == "0" * 10 + "12" + "0" * 9


def test_every_round_has_all_texts_some_with_other_names() -> None:
    one, other = of_line(), of_line(LINE.replace("青霉素", "鱼").replace("胃癌", "肝硬化"))
    examples = Examples([one, other] * 20, numbers_of("".join(sorted({*one.text, *other.text}))))
    plain = examples.as_written()
    rounds = [examples.of_round(number) for number in (0, 1, 0)]
    for some in rounds:
        changed = sum(list(a.numbers) != list(b.numbers) for a, b in zip(some, plain, strict=True))
        assert 5 < changed < 35
        for example in some:
            assert example.labels.shape == (len(GROUPS), len(example.numbers))
            assert (example.labels[GROUP.index("advice")] == 1).sum() == 2
    assert [list(a.numbers) for a in rounds[0]] == [list(a.numbers) for a in rounds[2]]
    assert [list(a.numbers) for a in rounds[0]] != [list(a.numbers) for a in rounds[1]]


def test_a_character_is_learned_from_once_also_in_a_long_text() -> None:
    long = of_line(LINE * 40)
    examples = Examples([long], numbers_of("".join(sorted(set(long.text))))).as_written()
    assert len(examples) > 2
    count = sum(int((one.labels[0] != UNTOLD).sum()) for one in examples)
    assert count == len(long.text)


def test_it_is_fitted_on_every_label_and_some_hands_are_left_out() -> None:
    notes = [*told(hands()), *hidden(own_notes(), redaction_tables())]
    assert set(LEFT_OUT) < {one.hand for one in notes}
    taught = [one for one in notes if one.hand not in LEFT_OUT]
    for row, (group, labels) in enumerate(GROUPS.items()):
        numbers = np.unique(np.concatenate([np.unique(one.labels[row]) for one in taught]))
        assert set(numbers.tolist()) - {UNTOLD} == set(range(len(labels))), group


@pytest.mark.slow
def test_the_vocabulary_is_the_encoders() -> None:
    fetch_encoders(default_folder(), lambda _: None)
    texts = [*told(hands()), *hidden(own_notes(), redaction_tables())]
    vocabulary, tokens = characters(default_folder() / "zh", texts)
    assert len(set(vocabulary) ^ set(read(BUNDLED / CARD).vocabulary)) < 50
    assert len(set(tokens)) == len(tokens) == len(vocabulary) + 4


def test_the_card_names_what_it_was_fitted_on() -> None:
    card = read(BUNDLED / CARD)
    files = {one.file for one in card.trained_on}
    assert files
    taught = {Path(file).name.removesuffix(".txt").removesuffix("-tune") for file in files}
    assert taught.isdisjoint(LEFT_OUT)
    assert all(
        file.endswith("-tune.txt") for file in files if not file.startswith("redaction_notes/")
    )
    assert "redaction_notes/letters.txt" in files
    assert not files & {"redaction_notes/blind.txt", "redaction_notes/mixed.txt"}

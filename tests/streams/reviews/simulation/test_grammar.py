from random import Random

import pytest

from streams.reviews.simulation.grammar import Template
from streams.reviews.simulation.vocabulary import vocabulary

WORDS = {"noun": ("cup",), "who": ("Ann", "Bob")}


def test_choices_slots_and_slots_within_choices() -> None:
    template = Template("{a|b {noun}|} | {who}")
    texts = {template.render(Random(seed), WORDS) for seed in range(60)}
    starts = ("a", "b cup", "")
    assert texts == {f"{start} | {who}" for start in starts for who in WORDS["who"]}


def test_an_unknown_slot_is_a_mistake_in_the_vocabulary() -> None:
    with pytest.raises(KeyError):
        Template("{nothing}").render(Random(1), WORDS)


@pytest.mark.parametrize("text", ["{a|b", "a}b", "{a|{b}"])
def test_braces_come_in_pairs(text: str) -> None:
    with pytest.raises(ValueError, match="a brace too"):
        Template(text)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_template_can_be_filled_in_for_every_product(language: str) -> None:
    words = vocabulary("zh" if language == "zh" else "en")
    extra = dict.fromkeys(("phone", "handle", "mail", "url", "a", "b", "c"), ("x",))
    for domain in words.domains.values():
        own = {**domain.words, **extra}
        for side in ("positive", "negative"):
            for attribute in domain.attributes:
                for template in words.clauses[attribute, side]:
                    assert template.render(Random(1), own)
        for some in words.templates.values():
            for template in some:
                template.render(Random(2), own)

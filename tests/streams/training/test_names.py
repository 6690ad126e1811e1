import tomllib
from pathlib import Path
from random import Random

import pytest

from agents.models.card import Card, read
from agents.models.names import CARD
from agents.records.pack import BUNDLED, Pack
from schemas.records import Span
from streams.training import names as training
from streams.training.names_people import MOULDS, People
from streams.training.names_texts import Clauses, Told, filled, made_up, parts, renamed

PACK = Pack.load()
PEOPLE = People(PACK.redaction)


def named(told: Told) -> list[str]:
    return [told.text[one.start : one.end] for one in told.names]


def test_a_mould_names_the_same_person_twice() -> None:
    for seed in range(20):
        told = filled("{n}和{m}吵架，{n}走了", PEOPLE, Random(seed))
        first, second, again = named(told)
        assert told.text == f"{first}和{second}吵架，{first}走了"
        assert first == again


def test_a_text_of_others_is_the_same_text() -> None:
    told = Told("让和平去，和平签了；滕国梁说国梁怕疼。", (
        Span(1, 3), Span(5, 7), Span(10, 13), Span(14, 16),
    ))  # fmt: skip
    for seed in range(20):
        other = renamed(told, PEOPLE, Random(seed))
        a, b, whole, given = named(other)
        assert other.text == f"让{a}去，{b}签了；{whole}说{given}怕疼。"
        assert a == b
        assert len(whole) < 3 or whole.endswith(given)


def test_gaps_and_hidden_signs_stay() -> None:
    told = Told("张** 王 小 明", (Span(0, 3), Span(4, 9)))
    other = renamed(told, PEOPLE, Random(7))
    assert other.text[1:4] == "** "
    assert [other.text[a:b] for a, b in parts(other)] == [other.text[0], named(other)[1]]


def test_the_same_seed_gives_the_same_texts_and_another_others() -> None:
    first = [one for one, _ in zip(made_up(PACK, PEOPLE, 7), range(500), strict=False)]
    assert [one for one, _ in zip(made_up(PACK, PEOPLE, 7), range(500), strict=False)] == first
    assert [one for one, _ in zip(made_up(PACK, PEOPLE, 8), range(500), strict=False)] != first


def test_clauses_name_whom_they_say() -> None:
    clauses = Clauses(PEOPLE)
    for seed in range(200):
        told = clauses.told(Random(seed))
        assert all(one.strip() and "\\" not in one for one in named(told))


def test_no_mould_stands_twice() -> None:
    table = tomllib.loads(MOULDS.read_text("utf-8"))
    for name in ("moulds", "plain"):
        some = table[name].strip().splitlines()
        assert len(set(some)) == len(some)


def test_the_bundled_model_was_made_of_these() -> None:
    card: Card = read(BUNDLED / CARD)
    moulds = next(training.sources(card.trained_on[0].rows))
    assert card.trained_on[0] == moulds


@pytest.mark.slow
def test_it_is_made_twice_the_same(tmp_path: Path) -> None:
    for name in ("a", "b"):
        card = training.make(tmp_path / name, today="2026-01-01", left_out=(), most=25)
        assert card.task == "names"
    for file in ("names.onnx", "names.json"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()

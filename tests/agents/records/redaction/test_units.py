import pytest

from agents.records.folding import fold
from agents.records.pack import Pack
from agents.records.redaction.units import PAD, Signs, stretches

SIGNS = Signs(Pack.load().redaction)


def forms(text: str) -> set[str]:
    units = SIGNS.units(text, fold(text))
    first, last = stretches(units)
    return {text[units.at[a] : units.until[b]] for a, b in zip(first, last, strict=True)}


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("告诉淑芬了", "淑芬"),
        ("叫斯琴高娃来", "斯琴高娃"),
        ("老李头", "李"),
        ("张 伟 28片", "张 伟"),
        ("鞠\n红霞、", "鞠\n红霞"),
        ("欧阳 春", "欧阳 春"),
        ("她先生Tom问", "Tom"),
        ("cc Ana Maria Silva.", "Ana Maria Silva"),
        ("跟王Maria本人", "王Maria"),
        ("Hope's drain", "Hope"),
    ],
)
def test_what_may_be_a_name(text: str, form: str) -> None:
    assert form in forms(text)


@pytest.mark.parametrize("text", ["", "3.5", "，。", "\n", "12:30", "+++"])
def test_what_is_none(text: str) -> None:
    assert forms(text) == set()


def test_nothing_reaches_over_a_sign_or_a_number() -> None:
    assert not {one for one in forms("王，小明3床李") if "，" in one or "3" in one}


def test_units_lie_end_to_end() -> None:
    text = "患者 Tom's BP 128/76，張 伟\n"
    units = SIGNS.units(text, fold(text))
    inner = slice(PAD, -PAD)
    assert "".join(text[a:b] for a, b in zip(units.at[inner], units.until[inner], strict=True)) == (
        text
    )

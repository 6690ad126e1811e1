import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.assistant.knowledge.markdown import LONGEST_SENTENCE, MOST_BYTES, parse
from tests.support.articles import written


def whats(text: str) -> list[tuple[int, str]]:
    return [(one.line, one.what) for one in parse("a.md", text)[1]]


def test_a_right_article_is_read_without_findings() -> None:
    article, findings = parse("a.md", written(facts='{ card_fee = "10" }', link='"x://y"'))
    assert findings == []
    assert article is not None
    assert (article.head.id, article.head.facts) == ("fees", {"card_fee": "10"})
    (section,) = article.sections
    assert (section.anchor, section.heading, section.line) == ("price", "Price", 13)
    assert section.sentences == ("A card costs ¥10.",)


def test_only_text_is_left_of_markup() -> None:
    body = (
        "## A **b** {#a}\n\nSee [our page](x.md) and `code`. <b>Bold</b><script>evil()</script>\n"
        "![picture](p.png)\n<!-- secret\nsecret -->\n```\nrm -rf\n```\n- *one*\n- two _three_\n"
        "snake_case stays, 3*4 too\n"
    )
    article, _ = parse("a.md", written(body=body))
    assert article is not None
    (section,) = article.sections
    assert section.heading == "A b"
    assert " ".join(section.sentences) == (
        "See our page and code. Boldevil() one two three snake_case stays, 3*4 too"
    )
    assert article.links == ((13, "x.md"), (14, "p.png"))


def test_sentences_of_both_languages() -> None:
    body = "## x\n\n卡丢了怎么办？马上挂失。“好。”他说！\n第二行\n接着。\n\nOne. Two costs 3.50. ok"
    article, _ = parse("a.md", written(body=body))
    assert article is not None
    assert article.sections[0].sentences == (
        "卡丢了怎么办？",
        "马上挂失。",
        "“好。”他说！",
        "第二行接着。",
        "One.",
        "Two costs 3.50. ok",
    )


def test_what_shows_nothing_is_left_out() -> None:
    article, _ = parse(
        "a.md", written(body="## x\n\nca\u200brd\u202e \x1b[31mred\x07\U000e0041 ok.")
    )
    assert article is not None
    assert article.sections[0].sentences == ("card [31mred ok.",)


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("no front matter", 1, "begin with front matter"),
        ("+++\nid = 1\n", 1, "has no end"),
        ("+++\nid = x\n+++\n", 2, "front matter: Invalid value"),
        (written(title=""), 1, "missing required field `title`"),
        (written(titel='"x"'), 9, "unknown field `titel`"),
        (written(lang="fr"), 4, "Invalid enum value 'fr'"),
        (written(valid_from='"soon"'), 7, "Invalid RFC3339|Expected `date`|Invalid"),
        (written(id="A b"), 2, "id: at most 48"),
        (written(valid_to="2025-01-01"), 9, "valid_to is before valid_from"),
        (written(facts='{ fee = "11" }'), 9, "fact fee = 11 does not stand in the text"),
        (written(body=""), 1, "there is no text"),
        (written(body="## x\n\n" + "Word word. " * 65), 11, "section of 130 words"),
        (written(body="## x\n\n" + "字" * 300), 11, "section of 150 words"),
        (written(body="## x {#a}\n\nOne.\n\n## y {#a}\n\nTwo."), 15, "anchor a stands twice"),
        (written(body="## x\n\n<b>x</b>"), 13, "HTML is left out"),
        (written(body="## x\n\n| a | b |"), 13, "tables are not shown"),
        (written(body="# x\n\ntext"), 11, "the title stands in the front matter"),
        (written(intents="[]"), 6, "intents: name at least one"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, line: int, what: str) -> None:
    assert any(at == line and re.search(what, said) for at, said in whats(text)), whats(text)


def test_sizes_are_bounded() -> None:
    assert parse("a.md", "x" * (MOST_BYTES + 1))[0] is None
    article, findings = parse("a.md", written(body="## x\n\n" + "y" * 5_000))
    assert article is not None
    assert len(article.sections[0].sentences[0]) == LONGEST_SENTENCE
    assert any("cut" in one.what for one in findings)
    many = "".join(f"## s{n}\n\ntext\n\n" for n in range(500))
    article, findings = parse("a.md", written(body=many))
    assert article is not None
    assert len(article.sections) <= 41


@given(st.text(max_size=400))
def test_any_body_is_read_into_plain_lines(body: str) -> None:
    article, _ = parse("a.md", written(body=body))
    for section in article.sections if article else ():
        for sentence in section.sentences:
            assert sentence.isprintable()
            assert "<" not in sentence
            assert sentence == sentence.strip() != ""


@given(st.text(max_size=200))
def test_any_front_matter_raises_nothing(head: str) -> None:
    parse("a.md", f"+++\n{head}\n+++\n## x\n\ntext")


@pytest.mark.timeout(20)
@pytest.mark.parametrize("piece", ["[", "[a](", "<!--", "*", "_", "<a", "`", "{#", "1. ", "> "])
def test_hostile_repetition_takes_no_time(piece: str) -> None:
    body = "## x\n\n" + piece * (60_000 // len(piece))
    parse("a.md", written(body=body))

import re

import pytest

from sinks.plain import clean, literal, plain


def test_what_cannot_be_seen_is_gone_and_it_is_one_line() -> None:
    assert clean("a\u200bb\u202e c\r\n\td\x00\ue000", 80) == "ab c d"


def test_it_is_cut_and_says_so() -> None:
    assert clean("abcdef", 4) == "abc…"
    assert clean("abcd", 4) == "abcd"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("pay at https://evil.example/x?y=1", "pay at https[:]//evil[.]example/x?y=1"),
        ("去 evil.com看", "去 evil[.]com看"),
        ("EVIL.COM.", "EVIL[.]COM."),
        ("www.evil.co", "www[.]evil[.]co"),
        ("a.b.evil.com/x", "a.b.evil[.]com/x"),
        ("@all <!channel> <at id=all>", "＠all ＜!channel＞ ＜at id=all＞"),
        ("java.net.SocketTimeoutException in 7.2.0", "java.net.SocketTimeoutException in 7.2.0"),
        ("h\u200bttp://x.io", "http[:]//x[.]io"),
    ],
)
def test_links_and_mentions_are_blunt(text: str, shown: str) -> None:
    assert plain(text, 200) == shown


@pytest.mark.parametrize(
    "text",
    [
        "[x](http://evil.example)",
        "![x](y)",
        "<@all> <font color=red>",
        "**b** `c` # h > q ~s~ |t|",
        "_now_ \\[x]",
    ],
)
def test_no_markup_is_left(text: str) -> None:
    assert not re.search(
        r"[\[\]<>*`~|#\\!@]", literal(text, 200).replace("[:]", "").replace("[.]", "")
    )
    assert "_" not in literal(text, 200)


def test_a_name_keeps_its_underscore() -> None:
    assert literal("app_version=7.2.0", 80) == "app_version=7.2.0"

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.incidents.plain import plain


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The release 7.2.0 broke payments.", "The release 7.2.0 broke payments."),
        ("发布 7.2.0 后支付失败", "发布 7.2.0 后支付失败"),
        ("read [the page](https://evil.example/a?b=c) now", "read the page now"),
        ("![x](https://evil.example/pixel.png)", "x"),
        ("go to https://evil.example/x", "go to"),
        ("go to hxxp://evil.example", "go to"),
        ("javascript:alert(1) or data:text/html;base64,AAAA", "or"),
        ("www.evil.example and evil.com and evil.example/x", "and and"),
        ("10.0.0.1:8080/admin answers", "answers"),
        ("<img src=x onerror=alert(1)>broken", "broken"),
        ("<script>alert(1)</script>", "alert(1)"),
        ("**bold** `code` # title | cell", "bold code title cell"),
        ("<https://evil.example|the page>", "the page"),
        ("zero\u200bwidth \u202ereversed", "zerowidth reversed"),
        ("two\nlines\tand\x00more", "two lines andmore"),
        ("write to eve@evil.example", "write to email"),
        ("java.lang.NullPointerException in app_version", None),
        ("latency < 3 s and > 1 s", "latency 3 s and 1 s"),
        ("&lt;img src=x&gt;broken &amp;#60;b&amp;#62;", "broken"),
        ("zero&#8203;width", "zerowidth"),
        ("ask @all and @channel", "ask all and channel"),
        ("请打开evil.com查看，再访问https://evil.example/x然后重启", "请打开查看,再访问然后重启"),
        ("it is evil.com.", "it is ."),
        ("evil。com", ""),
        ("去支付.com/登录 或 例子.中国", "去支付登录 或 例子"),
        ("失败。公司已知晓", "失败。公司已知晓"),
        ("htt<b>ps://evil.example", "htt"),
    ],
)
def test_what_is_left(text: str, said: str | None) -> None:
    assert plain(text, 300) == (text if said is None else said)


def test_it_is_cut_and_marked() -> None:
    assert plain("x" * 20, 10) == "x" * 9 + "…"
    assert plain("x" * 10, 10) == "x" * 10


_pieces = st.lists(
    st.sampled_from(
        ["https://a.example/b", "<b>", "</b>", "](", "[", ")", "www.", "evil.com", "`", " ", "a",
         "\u200b", "\u202e", "<", ">", "javascript:", "|", "!", "http", "://", "\x00", "支付",
         "&lt;", "&#60;", "@", "。", ".com"]
    ),
    max_size=30,
).map("".join)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(_pieces)
def test_no_link_no_markup_and_nothing_invisible_is_left(text: str) -> None:
    left = plain(text, 200)
    assert "://" not in left
    assert not re.search(r"(?<!\w)www\.", left)
    assert "javascript:" not in left
    assert not re.search(r"(?<![\w.-])evil\.com(?!\.?[\w-])", left)
    assert not re.search(r"@\w", left)
    assert not set(left) & set("<>`[]|\u200b\u202e\x00")
    assert len(left) <= 200
    assert plain(left, 200) == left

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windows.texts import clean, terms

hostile = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(
            "\u200b\u200d\u202e\u2066\ufeff\u00ad\u3000\ufe0f\u3164\ue000\ud800\x00\t，１支付가ก"
        ),
    )
)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("", ""),
        ("plain ascii, 7.2.0", "plain ascii, 7.2.0"),
        ("  two\t spaces\r\n", "two spaces"),
        ("ＡＢＣ　１２３，好！", "ABC 123,好!"),
        ("pay\u200bment\u202e fai\u00adls\ufeff", "payment fails"),
        ("a\x00b\x1bc\x7f", "abc"),
        ("❤️ ok 👨\u200d👩", "❤ ok 👨👩"),
        ("x\ue000y\ud800z\u3164", "xyz"),
        ("⽀付 ﬁne ①", "支付 fine 1"),
    ],
)
def test_clean(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@settings(max_examples=60)
@given(hostile)
def test_clean_leaves_only_visible_normal_text_and_is_idempotent(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert cleaned.isprintable()
    assert unicodedata.is_normalized("NFKC", cleaned)
    assert cleaned == " ".join(cleaned.split())
    cleaned.encode()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("👍👍 !!! 123", []),
        ("Payment fails, payment FAILS", ["payment", "fails"]),
        ("I can't pay the bill", ["cant", "pay", "bill"]),
        ("I can’t pay the bill", ["cant", "pay", "bill"]),
        ("支付一直转圈", ["支付", "直转", "转圈"]),
        ("我的这个包不好用了", ["个包", "不好", "好用"]),
        ("没收到，付不了款", ["没收", "收到", "付", "款"]),
        ("有没有？是的，不是吧", []),
        ("付 a 款", ["付", "款"]),
        ("app闪退crash了", ["app", "闪退", "crash"]),
        ("café Ünïcode оплата 결제", ["café", "ünïcode", "оплата", "결제"]),
        ("हिन्दी", ["हि", "िन", "न्", "्द", "दी"]),
        ("[email] called [phone] about [card]", ["called", "about"]),
    ],
)
def test_terms(text: str, found: list[str]) -> None:
    assert terms(text) == found


@pytest.mark.parametrize(
    "variable",
    [
        "550e8400-e29b-41d4-a716-44665544abcd",
        "10.251.42.84:50010",
        "0x7ffe12ab",
        "-1608999687919862906",
        "https://a.example.com/path/file?x=y#z",
        "7.2.0",
        "1.5GB",
        "120ms",
        "2026-11-20T09:14:03.120Z",
        "someone@example.com",
        "deadbeef01",
        "99.9%",
    ],
)
@pytest.mark.parametrize("form", ["request {} failed", "请求 {} 失败"])
def test_what_varies_from_line_to_line_is_dropped(variable: str, form: str) -> None:
    assert terms(form.format(variable)) == terms(form.format(" "))


@settings(max_examples=60)
@given(hostile)
def test_terms_are_distinct_words_whatever_the_text(text: str) -> None:
    found = terms(text)
    assert len(found) == len(set(found))
    assert all(term and not term.isspace() and "\x1f" not in term for term in found)


@settings(max_examples=60)
@given(st.text(st.characters(codec="ascii")))
def test_ascii_words_read_the_same_beside_other_scripts(text: str) -> None:
    assert terms(text + " 好") == [*terms(text), "好"]

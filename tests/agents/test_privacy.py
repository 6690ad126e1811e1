import random
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.privacy import redact
from windows.texts import clean

WIDE = str.maketrans("0123456789Xx", "０１２３４５６７８９Ｘｘ")
CIRCLED = str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
SEPARATORS = [
    "",
    "",
    " ",
    "-",
    "--",
    " - ",
    ") ",
    "\u00a0",
    "—",
    "\u200b",
    "\ufeff\u2060",
    "\x00",
    "\ufe0f\u20e3",
]
BEFORE = [
    "",
    "电话",
    "call ",
    "tel:",
    "(",
    "x",
    "我的是",
    "2026-11-20 09:14:03 ",
    "version 7.2.0, ",
    "id=",
    "\u202e",
    "👍",
]
AFTER = ["", "谢谢", " now", ".", ")", "，急", " 7.2.0", "\n", "👍"]

CARDS = [("4", 13), ("36", 14), ("34", 15), ("4", 16), ("51", 16), ("50", 16), ("35", 16)]
CARDS += [("6011", 16), ("2221", 16), ("62", 17), ("62", 18), ("6222", 19), ("4", 19)]


def check_luhn(body: str) -> str:
    """`body` with its check digit."""
    total = 0
    for place, digit in enumerate(reversed(body)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return body + str(-total % 10)


def check_resident(body: str) -> str:
    """17 digits with their check character, by the weights of GB 11643."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(w * int(d) for w, d in zip(weights, body, strict=True))
    return body + "10X98765432"[total % 11]


def number(kind: str, rng: random.Random) -> str:
    """A valid random number."""

    def digits(n: int) -> str:
        return "".join(rng.choices("0123456789", k=n))

    if kind == "mobile":
        prefix = rng.choice(["", "", "86", "0086", "0"])
        return prefix + "1" + rng.choice("3456789") + digits(9)
    if kind == "card":
        head, size = rng.choice(CARDS)
        return check_luhn(head + digits(size - 1 - len(head)))
    day = f"{rng.randint(1, 12):02}{rng.randint(1, 28):02}"
    place = rng.choice(["11", "31", "44", "51", "65"]) + digits(4)
    if kind == "old id":
        return place + digits(2) + day + digits(3)
    return check_resident(place + str(rng.randint(1930, 2015)) + day + digits(3))


@settings(max_examples=60)
@given(
    st.sampled_from(["mobile", "card", "id", "old id"]),
    st.integers(0, 10**9),
    st.sampled_from(BEFORE),
    st.sampled_from(AFTER),
    st.sampled_from([None, WIDE, CIRCLED, ARABIC]),
)
def test_no_personal_number_survives(
    kind: str, seed: int, before: str, after: str, script: dict[int, int] | None
) -> None:
    rng = random.Random(seed)
    plain = number(kind, rng)
    separators = SEPARATORS if rng.random() < 0.7 else [""]
    dressed = "".join(d + rng.choice(separators) for d in plain[:-1]) + plain[-1]
    if script:
        dressed = dressed.translate(script)
    kept = redact(before + dressed + after)
    bare = unicodedata.normalize("NFKC", "".join(c for c in kept if c.isalnum()))
    assert plain.casefold() not in bare.casefold()
    assert re.search(r"\[(phone|card|id)\]", kept)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("call 13800138000 now", "call [phone] now"),
        ("+86 138-0013-8000", "[phone]"),
        ("(+86)138 0013 8000", "[phone]"),
        ("86-138.0013.8000", "[phone]"),
        ("1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0", "[phone]"),
        ("1) 13800138000 2) 13900139000", "1) [phone] 2) [phone]"),
        ("(010)65529988 转 8", "[phone] 转 8"),
        ("0755-83451234", "[phone]"),
        ("02165529988", "[phone]"),
        ("+1 (415) 555-2671", "[phone]"),
        ("tel+442071838750", "tel[phone]"),
        ("4111 1111 1111 1111 thanks", "[card] thanks"),
        ("身份证11010519491231002X，急", "身份证[id],急"),
        ("110105 19491231 002x", "[id]"),
        ("护照号E12345678", "护照号[id]"),
        ("my Passport is G12345678", "my Passport is [id]"),
        ("zhang.san@qq.com.", "[email]."),
        ("邮箱是a＠b.com谢谢", "邮箱是[email]谢谢"),
        ("13800138000@163.com", "[email]"),
        ("https://user:secret@host.example.com/", "https://user:[email]/"),
    ],
)
def test_placeholders(text: str, kept: str) -> None:
    assert redact(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "",
        "version 7.2.0 at 10:30:25 on 2026-11-20 09:14:03",
        "订单号2026112013800138和202611201380013800012",
        "order 1234567890123 paid 13,800,138,000.00",
        "price 1380.00 instead of 1299.50",
        "error E1001, code 0x80070005, http 503",
        "from 172.16.254.100:8080 to 192.168.100.25",
        "at 1763712345123 ms or 1763712345.6 s",
        "GMT+8 2026-11-20 10:00, 2026-11-20T09:14:03.120+0800",
        "ratio 0.13800138000",
        "03-17 16:13:38.811 1702 2395 D PowerManager",
        "2005-06-03-15.42.50.363779 R02",
        "mask 138****8000",
        "G12345678 is a seat, not a document",
        "4111111111111112 fails Luhn",
        "110105194912310021 fails MOD 11-2",
        "@user and a@b, 1+1=2, C++",
        "call 400 800 8000",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert redact(text) == clean(text)


@settings(max_examples=60)
@given(st.text(st.one_of(st.characters(), st.sampled_from("0123456789+-. ()@Xx１①\u200b"))))
def test_any_text_is_taken_and_only_placeholders_are_new(text: str) -> None:
    def fold(some: str) -> str:
        return "".join(str(int(c)) if c.isdecimal() else c for c in some)

    source = fold(clean(text))
    for part in re.split(r"\[(?:email|phone|card|id)\]", fold(clean(redact(text)))):
        _, found, source = source.partition(part) if part else ("", True, source)
        assert found


@pytest.mark.parametrize(
    "text", ["1" * 50_000, "7-" * 25_000, "a" * 50_000 + "@", "a." * 25_000 + "@b"]
)
@pytest.mark.slow
def test_hostile_length_is_no_hostile_time(text: str) -> None:
    assert redact(text) == text

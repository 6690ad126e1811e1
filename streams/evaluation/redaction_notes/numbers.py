"""Made-up numbers of people, devices and documents, and accounts on the net."""

# A kind is a row, however long.
# ruff: noqa: E501

from __future__ import annotations

from random import Random

from streams.evaluation.redaction_notes.making import LETTERS, Maker, digits, made_day

_WORDS = "零一二三四五六七八九"
_PLATES = "京津沪渝冀豫云辽黑湘皖鲁苏浙赣鄂桂甘晋蒙陕吉闽贵粤川"


def _identity(random: Random) -> str:
    body = (
        random.choice(("110105", "320623", "510722", "430426", "371323", "441424"))
        + f"{made_day(random, 1940, 2015):%Y%m%d}"
        + digits(random, 3)
    )
    total = sum(
        int(c) * w
        for c, w in zip(body, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), strict=True)
    )
    return body + "10X98765432"[total % 11]


def _mobile(random: Random) -> str:
    return random.choice(("13", "15", "17", "18", "19")) + digits(random, 9)


def _spaced(random: Random) -> str:
    number, gap = _mobile(random), random.choice((" ", "-", "·"))
    return gap.join((number[:3], number[3:7], number[7:]))


def _landline(random: Random) -> str:
    number = random.choice("2345678") + digits(random, 7)
    area = random.choice(("010", "021", "0755", "0731", "0571"))
    return random.choice(
        (f"{area}-{number}", f"({area}){number}", f"{area} {number[:4]} {number[4:]}")
    )


def _card(random: Random) -> str:
    body = random.choice(("622202", "621700", "436742")) + digits(random, 12)
    total = sum(
        sum(divmod(2 * int(c), 10)) if i % 2 == 0 else int(c) for i, c in enumerate(reversed(body))
    )
    return body + str(-total % 10)


def _plate(random: Random) -> str:
    body = random.choice(
        (
            f"{random.choice(LETTERS)}{digits(random, 4)}",
            digits(random, 5),
            f"D{digits(random, 5)}",
            f"{digits(random, 3)}{random.choice(LETTERS)}{random.choice('012')}",
        )
    )
    return random.choice(_PLATES) + random.choice(LETTERS) + random.choice(("", "·", "")) + body


MAKERS: dict[str, Maker] = {
    "identity": _identity,
    "identity.old": lambda r: f"110105{made_day(r, 1940, 1999):%y%m%d}{digits(r, 3)}",
    "passport": lambda r: r.choice("EG") + digits(r, 8),
    "phone": _mobile,
    "phone.spaced": _spaced,
    "phone.land": _landline,
    "phone.words": lambda r: "".join(_WORDS[int(c)] for c in _mobile(r)),
    "phone.plus": lambda r: r.choice((f"+86 {_mobile(r)}", f"+1 617 555 {digits(r, 4)}", f"+44 20 7946 {digits(r, 4)}")),
    "phone.us": lambda r: r.choice((f"617-555-{digits(r, 4)}", f"(212) 555-{digits(r, 4)}", f"415.555.{digits(r, 4)}")),
    "email": lambda r: f"{r.choice(('li.wei', 'zhangx', 'chen_88', 'j.doe', 'wang-min'))}{r.randrange(999)}@{r.choice(('qq.com', '163.com', 'mail.example.org', 'hospital.example.cn'))}",
    "account.wechat": lambda r: r.choice(("wx_", "lily", "sunny-", "abc_", "wxid_")) + digits(r, r.randrange(4, 8)),
    "account.qq": lambda r: r.choice("123456789") + digits(r, r.randrange(5, 10)),
    "record": lambda r: r.choice((digits(r, 7), digits(r, 10), f"ZY{digits(r, 8)}", f"{digits(r, 6)}-{r.randrange(1, 9)}")),
    "record.letters": lambda r: r.choice((f"{r.choice(LETTERS)}{digits(r, 7)}", f"{r.choice(LETTERS)}{r.choice(LETTERS)}{digits(r, 9)}", f"{r.randrange(2019, 2026)}-{digits(r, 5)}", f"S{r.randrange(19, 26)}-{digits(r, 5)}")),
    "record.long": lambda r: digits(r, r.randrange(12, 15)),
    "card.medical": lambda r: r.choice((digits(r, 10), f"{r.choice(LETTERS)}{digits(r, 8)}")),
    "card.bank": _card,
    "card.en": lambda r: f"{r.choice(LETTERS)}{r.choice(LETTERS)}{r.choice(LETTERS)}{digits(r, 9)}",
    "card.ssn": lambda r: f"{digits(r, 3)}-{digits(r, 2)}-{digits(r, 4)}",
    "plate": _plate,
}  # fmt: skip

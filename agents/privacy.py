"""Personal numbers and addresses out, placeholders in.

Caught: e-mail addresses; Chinese mobile numbers (with or without +86, 86, 0); Chinese landlines
with an area code; numbers that begin with + and a country code; payment cards (13 to 19 digits,
first digits and lengths in use, Luhn); Chinese resident identity numbers (18 digits with birth date
and MOD 11-2 check, or 15 with birth date); Chinese passports after the word passport or 护照.
Digits may be of any script, full-width, circled or keycaps, and parted by up to three spaces,
dashes, dots, brackets or pluses anywhere, and by invisible characters.

Not caught: names, postal addresses, licence plates, account names; local or foreign numbers without
area code or +; other identity documents; digits written as words (一三八, "one three") or parted by
letters, slashes, commas or underscores; numbers glued to further digits; a mobile number written
like an IP address or a date; "name at example dot com". So the result is safer, not anonymous.

Taken for personal although it may not be: any other number of the same form. One in ten order
numbers of 13 to 19 digits passes Luhn; 11 digits from 13 to 19 are a mobile number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from windows.texts import clean

# Overlays and variation selectors dress digits up as keycaps, control characters part them.
_APART = r"[\s\x00-\x1f\x7f\-.()+·•‐-―−\u0300-\u036f\u20d0-\u20ff\ufe00-\ufe0f]"
_GAP, _BREAK = _APART + "{0,3}", _APART + "{1,3}"
_ASCII_GAP = r"[\s\x00-\x1f\x7f\-.()+]{0,3}"
_CHAIN = re.compile(rf"\d(?:{_GAP}\d){{6,}}(?:{_GAP}[xX](?![A-Za-z]))?")
_FOREIGN_DIGIT = re.compile(r"(?![0-9])\d")
# [0-9] is searched for faster than \d, and most texts end here.
_ASCII_CHAIN = re.compile(rf"[0-9](?:{_ASCII_GAP}[0-9]){{6}}")

_EMAIL = re.compile(
    r"[A-Za-z0-9._%+\-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z][A-Za-z0-9-]{1,62}"
)
_PASSPORT = re.compile(r"((?:护照|passport)\D{0,20}?)\b[EG][A-Z]?\d{7,8}(?!\d)", re.I | re.A)

_PLUS = re.compile(r"(?<!\d)(?<!GMT)(?<!UTC)\+[\s(]{0,2}$")
_MOBILE = re.compile(r"(?:(?:00)?86|0)?1[3-9]\d{9}")
_LANDLINE = re.compile(
    rf"(?:(?:00)?86{_GAP}0?|0)(?:(?:10|2\d)(?:{_BREAK}[1-9]\d{{3}}[\s-]?\d{{4}}|[1-9]\d{{7}})"
    rf"|[3-9]\d\d(?:{_BREAK}[1-9]\d{{2,3}}[\s-]?\d{{4}}|[1-9]\d{{6,7}}))"
)
_ABROAD = re.compile(r"[1-9]\d{7,14}")
_CARD = re.compile(  # lengths and first digits in use; most longer numbers that pass Luhn are ids
    r"4\d{12}(?:\d{3}){0,2}|3[0689]\d{12}|3[47]\d{13}"
    r"|(?:3[0135689]|5\d|6\d|2[2-7]|8[12]|9[67])\d{14}|(?:5[06-8]|6\d)\d{11,17}"
)
_PROVINCE = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])"
_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_ID = re.compile(rf"{_PROVINCE}\d{{4}}(?:18|19|20)\d\d{_DAY}\d{{3}}[\dX]")
_OLD_ID = re.compile(rf"{_PROVINCE}\d{{4}}\d\d{_DAY}\d{{3}}")

# Most chains in logs are dates, sizes and ids: whatever is personal looks like this.
_LIKELY = re.compile(
    rf"(?<!\d)(?:1{_GAP}[3-9](?:{_GAP}\d){{9}}(?!\d)|1{_GAP}[1-5](?:{_GAP}\d){{13}}"
    rf"|0(?:{_GAP}\d){{9}}|8(?:{_GAP}\d){{10}}|[2-79](?:{_GAP}\d){{12}})"
)

# What looks like a phone number once separators are ignored: IPv4 addresses, also in host names,
# dates and times.
_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_OTHER = re.compile(
    rf"(?<![\d.]){_OCTET}(?:(?:\.{_OCTET}){{3}}(?!\.?\d)|(?:-{_OCTET}){{3}}(?=\.[a-z]))"
    r"|(?<!\d)(?<!\d{6}[ -])(?:19|20)\d\d([-.])(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])(?!\d)"
    r"(?:[ -]\d\d(?!\d)(?:\.\d\d(?!\d)(?:\.\d\d(?!\d)(?:\.\d{1,9}(?!\d))?)?)?)?"
)
_DECIMAL = re.compile(r"(?!\d{3}\.|\d{7}\.)\d+\.\d+")
_FRACTION = re.compile(r"(?:\d:\d\d|(?<!\d)0)\.$")
_KEY = re.compile(r"_-?$")
_SECONDS = re.compile(r"\d:\d\d(?!\d)")

_SHORTEST, _LONGEST, _LONGEST_PHONE = 8, 19, 17


def redact(text: str) -> str:
    """The text with `[email]`, `[phone]`, `[card]` and `[id]` for what the module says is caught.

    A text with anything that looks like another character is cleaned first
    (`windows.texts.clean`), for personal data hides in look-alikes; if it holds a long number,
    digits of other scripts become 0-9. Raises nothing.
    """
    if text.isascii():
        numbers = _ASCII_CHAIN.search(text)
    else:
        if not (text.isprintable() and unicodedata.is_normalized("NFKC", text)):
            text = clean(text)
        numbers = _CHAIN.search(text)
        if numbers:
            text = _FOREIGN_DIGIT.sub(lambda digit: str(int(digit[0])), text)
    if "@" in text:
        text = _EMAIL.sub("[email]", text)
    if numbers is None:
        return text
    if "护照" in text or "passport" in text.lower():
        text = _PASSPORT.sub(r"\1[id]", text)
    return _redact_numbers(text)


def personal_numbers(text: str) -> Iterator[tuple[int, int, str]]:
    """Spans and labels of the personal numbers of a text with digits 0-9, in order."""
    plus = "+" in text
    for chain in _CHAIN.finditer(text):
        if not plus and not _LIKELY.search(text, chain.start(), chain.end()):
            continue
        start = chain.start()
        for other in _OTHER.finditer(text, start, chain.end()):
            yield from _personal(text, start, other.start())
            start = other.end()
        yield from _personal(text, start, chain.end())


def _redact_numbers(text: str) -> str:
    out: list[str] = []
    done = 0
    for first, last, label in personal_numbers(text):
        out += text[done:first], label
        done = last
    return "".join(out) + text[done:]


def _personal(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """Spans and labels of personal numbers in a chain of digits, the first and longest ones.

    A number begins and ends where a group of digits does: an order number of 25 digits holds
    eleven that could be dialled, but nobody means them.
    """
    number = text[start:end]
    if number.isdecimal():
        label = _label(text, start, end, number)
        if label:
            yield _widen(text, start, end), end, label
        return
    places = [i for i, c in enumerate(number, start) if c.isdecimal() or c in "xX"]
    digits = "".join([text[i] for i in places]).upper()
    begins = [k for k, i in enumerate(places) if k == 0 or places[k - 1] != i - 1]
    ends = {k for k in range(1, len(digits)) if places[k] - 1 != places[k - 1] or digits[k] == "X"}
    ends.add(len(digits))
    taken = 0
    for begin in begins:
        if begin < taken:
            continue
        for stop in range(min(len(digits), begin + _LONGEST), begin + _SHORTEST - 1, -1):
            if stop not in ends:
                continue
            first, last = places[begin], places[stop - 1] + 1
            label = _label(text, first, last, digits[begin:stop])
            if label:
                taken = stop
                yield _widen(text, first, last), last, label
                break


def _label(text: str, first: int, last: int, digits: str) -> str | None:
    """What `text[first:last]`, which has these digits, is taken for."""
    before = text[max(0, first - 6) : first]
    if _FRACTION.search(before) or (first > 1 and _SECONDS.match(text, first - 2)):
        return None
    if len(digits) > _LONGEST_PHONE or digits[-1] == "X":
        return None if _KEY.search(before) else _document(digits)
    if _PLUS.search(before.upper()) and _ABROAD.fullmatch(digits):
        return _document(digits) or "[phone]"
    number = text[first:last]
    if _DECIMAL.fullmatch(number):
        return None
    if _MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(number):
        return "[phone]"
    return _document(digits)


def _document(digits: str) -> str | None:
    if _ID.fullmatch(digits) and _mod_11_2(digits):
        return "[id]"
    if _CARD.fullmatch(digits) and _luhn(digits):
        return "[card]"
    return "[id]" if _OLD_ID.fullmatch(digits) else None


def _widen(text: str, first: int, last: int) -> int:
    """Where a number really begins: its plus and a bracket that closes inside belong to it."""
    plus = _PLUS.search(text, max(0, first - 3), first)
    if plus:
        first = plus.start()
    if text[first - 1 : first] == "(" and text.count(")", first, last) > text.count(
        "(", first, last
    ):
        first -= 1
    return first


def _luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    odd = sum(map(int, digits[-1::-2]))
    even = sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (odd + even) % 10 == 0


def _mod_11_2(digits: str) -> bool:
    """ISO/IEC 7064 MOD 11-2, as in GB 11643."""
    total = 0
    for digit in digits:
        total = 2 * total + (10 if digit == "X" else int(digit))
    return total % 11 == 1

"""Whose results they are: what ranges depend on."""

from __future__ import annotations

import re
from typing import NamedTuple

from schemas.records import Sex

_AGE = re.compile(
    r"(?:^|[男女,，、;；\s患者儿童孩::(（一名性系])(\d{1,3})\s?(岁|周岁|个月|月龄|月"
    r"|天|日龄)(?:[余多零]?(?:男|女|[,，。;；、\s])|龄|患|$|[)）])"
)
_ENGLISH_AGE = re.compile(r"\b(\d{1,3})[- ]?(?:years?[- ]old|y/?o|yrs?)\b")
_PREGNANT = re.compile(
    r"孕\s?\d{1,2}\+?\d?\s?周|妊娠\s?\d{1,2}\+?\d?\s?周|宫内孕|孕妇"
    r"|停经\s?\d{1,2}\+?\d?\s?周|g\d{1,2}p\d{1,2}[^。\n]{0,12}孕\d"
    r"|weeks?(?:'s)? pregnant|weeks? gestation|pregnant"
)
_MALE = re.compile(
    r"男性|[,，\s]男[,，\s、]|性别[::]?\s?男|\b(?:man|male|gentleman|boy)\b|男婴|男孩|患者男|患儿男"
)
_FEMALE = re.compile(
    r"女性|[,，\s]女[,，\s、]|性别[::]?\s?女|\b(?:woman|female|lady|girl)\b|女婴|女孩"
    r"|孕\d{1,2}|患者女|患儿女|末次月经|绝经"
)
_HEAD = 160
"""Characters at the beginning that tell who it is."""
_ADULT = 40.0


class Person(NamedTuple):
    """`age`: years, None if unknown."""

    sex: Sex
    age: float | None
    pregnant: bool


def person(folded: str, date: str, sex: Sex, birth: str) -> Person:
    """From what is known, else from how the note begins; nothing is guessed beyond that."""
    head = folded[:_HEAD]
    age = _between(birth, date) if birth and date else _age(head)
    if sex == "unknown":
        male, female = _MALE.search(head), _FEMALE.search(head)
        if (male is None) != (female is None):
            sex = "male" if male else "female"
    grown = age is None or 12 <= age < 60
    pregnant = sex != "male" and grown and _PREGNANT.search(folded) is not None
    return Person("female" if pregnant else sex, age, pregnant)


def years(one: Person) -> float:
    """The age that ranges are chosen by: a grown person's if it is unknown."""
    return _ADULT if one.age is None else one.age


def _between(birth: str, date: str) -> float | None:
    """Years from one date to another, each as exact as known; missing parts are the middle."""
    age = _day(date) - _day(birth)
    return age if 0 <= age < 130 else None


def _day(date: str) -> float:
    parts = [int(part) for part in date.split("-")]
    month = parts[1] if len(parts) > 1 else 7
    day = parts[2] if len(parts) > 2 else 1 if len(parts) == 1 else 15
    return parts[0] + (month - 1) / 12 + (day - 1) / 365


def _age(head: str) -> float | None:
    found = _AGE.search(head)
    if found is not None:
        number, unit = int(found[1]), found[2]
        return number / (1 if "岁" in unit else 12 if "月" in unit else 365)
    english = _ENGLISH_AGE.search(head)
    return float(english[1]) if english else None

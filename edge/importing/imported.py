"""What a file becomes before it is kept."""

from __future__ import annotations

from typing import Literal

from schemas.records import DateText, Format, Item, Secret, Sex

Remark = Literal["scripts", "pictures", "left out", "lost", "near", "undated"]
REMARKS: dict[Remark, tuple[str, str]] = {
    "scripts": ("其中的脚本未执行", "scripts in it were not run"),
    "pictures": ("图片中的文字未读取", "text in its pictures was not read"),
    "left out": ("部分内容未读取", "part of it was not read"),
    "lost": ("个别字符已丢失", "single characters are lost"),
    "near": ("与同一次就诊的另一文件几乎相同", "almost the same as another of the same visit"),
    "undated": (
        "未写就诊日期，不产生随访提醒：可填日期后再次导入",
        "no date of the visit, so no follow-ups: import it again with one",
    ),
}
"""What a person should know of an import, in Chinese and English."""


class Person(Secret, frozen=True, omit_defaults=True):
    """Whose document it is, as far as it says; `number`: the hospital's."""

    name: str = ""
    sex: Sex = "unknown"
    birth: DateText = ""
    number: str = ""


class Reading(Secret, frozen=True, omit_defaults=True, kw_only=True):
    """What the reader of one format found; places of `items` are characters of `text`."""

    text: str
    date: DateText = ""
    title: str = ""
    department: str = ""
    person: Person = Person()
    items: tuple[Item, ...] = ()
    remarks: tuple[Remark, ...] = ()


class Imported(Reading, frozen=True, kw_only=True):
    """A file as it may be kept: `text` as `schemas.records.Document` wants it.

    `digest`: SHA-256 of the text, hex. `items`: facts that came with codes; they need no reading.
    """

    format: Format
    digest: str

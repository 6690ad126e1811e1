"""What the rule analyst may say of a cause, each kind in its own words, in English and Chinese.

Confidence is decided here: `high` takes a change that names the slice, a quarter of an hour before
at most, and no other change that could be it; `medium` any other change that may be claimed, ten
log lines of a template that rose first, or a past incident much like this one of which people have
said what ended it. The rest is `low`.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from agents.incidents.categories import Category
from agents.incidents.changes import SERVICE
from agents.incidents.words import where
from schemas.causes import (
    Confidence,
    NearChange,
    PastIncident,
    RisenTemplate,
    Unaffected,
)
from schemas.incidents import Slice
from windows.texts import clean

_KINDS = {
    "flag": "flag|toggle|experiment|开关|灰度|实验",
    "config": "config|setting|配置|参数",
    "release": "release|deploy|roll(?:ed )?out|build|version|发布|发版|上线|部署|版本",
}
"""Of changes, by words of their summary; the first that fits."""
_CLOSE = 15
_VERY_LIKE = 0.6
"""Similarity from which a past incident is a hypothesis."""
_MANY = 10
"""Lines that are no accident."""
_WIDTH = 160


class Guess(NamedTuple):
    """A possible cause in both languages; `ids` it rests on; `step`: what to do, in both."""

    cause: str
    zh: str
    category: str
    confidence: Confidence
    ids: tuple[str, ...]
    step: tuple[str, str] | None = None


def of_change(near: NearChange, rivals: int) -> Guess:
    """A release, a flag or a configuration change; `rivals`: others that may be it as well."""
    summary, minutes = _cut(near.summary), near.minutes_before_onset
    same = f"; same {', '.join(near.fits)}" if near.fits else ""
    same_zh = f"；相同：{'、'.join(near.fits)}" if near.fits else ""
    named = any(fit != SERVICE for fit in near.fits)
    return Guess(
        f"«{summary}» happened {minutes} min before the onset{same}",
        f"起始前 {minutes} 分钟发生变更：«{summary}»{same_zh}",
        change_kind(near.summary),
        "high" if named and minutes <= _CLOSE and not rivals else "medium",
        (near.id,),
        (f"Review or roll back: {summary}", f"复查或回滚：{summary}"),
    )


def change_kind(summary: str) -> str:
    """`flag`, `config`, `release`, or `change` if no word tells.

    >>> change_kind("Feature flag checkout.v2 enabled")
    'flag'
    """
    found = (kind for kind, words in _KINDS.items() if re.search(words, summary, re.IGNORECASE))
    return next(found, "change")


def of_past(past: Sequence[PastIncident]) -> Guess | None:
    """The same as last time, if one is much like this."""
    if not past or past[0].similarity < _VERY_LIKE:
        return None
    last, alike = past[0], [one for one in past if one.similarity >= _VERY_LIKE]
    # What ended an older one helps more than a nearer one of which nobody said anything.
    told = next((one for one in alike if one.resolution), last)
    title, end, day = _cut(told.title), _cut(told.resolution), told.opened_at[:10]
    ended, ended_zh = (f"; it ended with: {end}", f"；当时的解决：{end}") if end else ("", "")
    step = (f"Try what helped on {day}: {end}", f"先试 {day} 有效的办法：{end}") if end else None
    return Guess(
        f"The same as on {day}, «{title}»{ended}",
        f"与 {day} 的事件相同：«{title}»{ended_zh}",
        "recurrence",
        "medium" if end else "low",
        (told.id,),
        step,
    )


def of_leading_log(risen: Sequence[RisenTemplate]) -> Guess | None:
    """A service or dependency that failed before people noticed."""
    leading = next((one for one in risen if one.lead_minutes > 0), None)
    if leading is None:
        return None
    line, minutes = _cut(leading.template), leading.lead_minutes
    many, many_zh = _counted(leading)
    return Guess(
        f"A service or what it depends on was failing {minutes} min before: «{line}», {many}",
        f"提前 {minutes} 分钟已有服务或其依赖报错：«{line}»，{many_zh}",
        "dependency",
        "medium" if leading.count >= _MANY else "low",
        (leading.id,),
        _look_at(line),
    )


def of_log(risen: RisenTemplate) -> Guess:
    """A service or dependency that fails since the same minutes."""
    line, (many, many_zh) = _cut(risen.template), _counted(risen)
    return Guess(
        f"A service or what it depends on fails since the onset: «{line}», {many}",
        f"与起始同时出现服务或其依赖报错：«{line}»，{many_zh}",
        "dependency",
        "low",
        (risen.id,),
        _look_at(line),
    )


def of_slice(place: Slice, kind: Category, spared: Sequence[Unaffected]) -> Guess:
    """Something that only these readers have."""
    who = where(place.attributes)
    but = ", ".join(f"{one.attribute}={one.value}" for one in spared)
    spares, spares_zh = (f", and not {but}", f"，不涉及 {but}") if but else ("", "")
    return Guess(
        f"Something that only concerns {who}{spares}; often it is {kind.cause}",
        f"只涉及 {who} 的因素{spares_zh}；常见原因：{kind.cause_zh}",
        kind.name,
        "low",
        (),
    )


def of_surge() -> Guess:
    """Something outside: people write about everything at once."""
    return Guess(
        "Something outside, or what all parts depend on: people write many times more than usual",
        "外部事件，或各部分共同的依赖：整体反馈量是平时的许多倍",
        "external",
        "low",
        (),
        (
            "Check the status pages of cloud, network and partners, and what is said of you in"
            " public.",
            "查看云、网络和合作方的状态页，以及公开渠道对你们的讨论。",
        ),
    )


def _counted(risen: RisenTemplate) -> tuple[str, str]:
    return (
        f"{risen.count} lines, {risen.expected:g} expected",
        f"{risen.count} 行，预期 {risen.expected:g} 行",
    )


def _look_at(line: str) -> tuple[str, str]:
    return (
        f"Ask the owner of the service that logs «{line}» what it depends on.",
        f"联系打印「{line}」的服务负责人，确认其依赖是否正常。",
    )


def _cut(text: str) -> str:
    """One visible line, for others wrote it."""
    text = clean(text)
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"

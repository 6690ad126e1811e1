"""Lists of medicines: what is said once, before or behind them, holds for each."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from agents.records.medication import changes
from agents.records.medication.drugs import Mention
from agents.records.medication.tokens import Token
from agents.records.parsed import Parsed
from agents.records.times import happened
from schemas import records
from schemas.records import Certainty, DateText, Span

_JOINED = re.compile(
    r"[ \t]*(?:[、,，/+及和与&]|以及|并|联合|联用|合用|加|\band\b|\bplus\b)[ \t]*(?:其他)?"
)
_MIXED = re.compile(r"[ \t]*(?:\+|加入?|溶于|入|稀释于|in\b)[ \t]*(?:\d+(?:\.\d+)?%)?[ \t]*")
_INHERITED = ("start", "stop", "hold", "switch", "continue")
_HEADED = re.compile(
    r"[ \t]*(?:[一二三四五六七八九十\d]{1,2}[、.)]|[(][一二三四五六七八九十\d][)]|[①-⑳])?[ \t]*"
    r"(?:今日?|已|本次|出院)?(?:(?P<stop>停用|停药|停服|停)|(?P<hold>暂停|暂缓)"
    r"|(?P<start>新增|加用|新加|增加)|(?P<continue>继续|续用|维持|不变|照旧))"
    r"(?:药物|用药|药|使用)?:"
)


@dataclass
class Intake:
    """What is known of one mention, being gathered. `told`: the words of its change."""

    mention: Mention
    dose: str = ""
    route: str = ""
    frequency: str = ""
    change: records.Change = ""
    before: str = ""
    reason: str = ""
    past: bool = False
    certainty: Certainty = "confirmed"
    end: int = 0
    told: Span | None = None
    listed_route: bool = False
    own: list[Token] = field(default_factory=list)

    def time(self, parsed: Parsed) -> DateText:
        """When it was changed; empty if its clause does not say, or it was not."""
        if self.told is None or self.certainty in ("refuted", "hypothetical"):
            return ""
        if self.change == "continue":
            return ""
        return happened(parsed, Span(self.told.start, max(self.told.end, self.end)))


def joins(folded: str, last: Intake, mention: Mention) -> bool:
    """Whether a name stands beside the last one in a list."""
    between = folded[last.end : mention.start]
    return len(between) <= 12 and (
        _JOINED.fullmatch(between) is not None or _MIXED.fullmatch(between) is not None
    )


def inherit(folded: str, made: Intake, last: Intake, said: bool) -> None:
    """Of a list under one verb: the change and, if none is said, the route."""
    if not made.route and last.listed_route:
        made.route, made.listed_route = last.route, True
    between = folded[last.end : made.mention.start]
    if "," in between or "+" in between:
        return
    if not said and not made.change and last.change in _INHERITED:
        made.change, made.told = last.change, last.told
        made.before, made.reason = last.before, made.reason or last.reason
    if not said and last.past:
        made.past = True


def share(folded: str, made: list[Intake]) -> None:
    """What is said once behind a list or a mixture holds for those before."""
    for at in range(len(made) - 2, -1, -1):
        one, following = made[at], made[at + 1]
        between = folded[one.end : following.mention.start]
        if len(between) <= 12 and _MIXED.fullmatch(between):
            one.route = one.route or following.route
            one.frequency = one.frequency or following.frequency
        if (
            not one.change
            and following.change in ("stop", "hold", "continue")
            and len(between) <= 12
            and (_JOINED.fullmatch(between) is not None)
        ):
            behind = folded[following.end : following.end + 6]
            if "后者" in behind:
                continue
            if "," not in between or re.match(
                r"[ \t,，]*(?:两药|三药)?(?:均|都|皆|全部|一并)", behind
            ):
                one.change, one.told = following.change, following.told
                one.reason = one.reason or following.reason


def head(folded: str, made: list[Intake]) -> list[Intake]:
    """Those whose line begins with a change, which holds for each: 停用:A;B."""
    headed = []
    for one in made:
        line = folded.rfind("\n", 0, one.mention.start) + 1
        found = _HEADED.match(folded, line, one.mention.start)
        if found is None or one.change or one.certainty != "confirmed":
            continue
        one.change = changes.known(found.lastgroup or "")
        headed.append(one)
    return headed

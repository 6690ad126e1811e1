"""What a chat is told of an incident, before it is put into the form of one chat."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from agents.incidents.words import where
from schemas.incidents import Incident, Severity

Language = Literal["en", "zh"]
Colour = Literal["red", "orange", "yellow", "blue", "green"]

_TITLES = 5
_PRODUCTS = 8
_STEPS = 3
_COLOURS: dict[Severity, Colour] = {
    "critical": "red", "error": "orange", "warning": "yellow", "info": "blue",
}  # fmt: skip
_WORDS = {
    "en": {
        "critical": "CRITICAL", "error": "ERROR", "warning": "WARNING", "info": "INFO",
        "open": "open", "acknowledged": "acknowledged", "resolved": "resolved",
        "suppressed": "silenced", "reports": "Reports", "people": "People", "where": "For whom",
        "since": "Since", "channels": "Channels", "by": "Taken by", "change": "Nearest change",
        "cause": "Possible cause", "steps": "Next steps", "more": "more incidents",
        "link": "Open in the console", "status": "Status",
        "counted": "{count} in {minutes} min, {expected:g} expected",
    },
    "zh": {
        "critical": "紧急", "error": "严重", "warning": "警告", "info": "提示",
        "open": "未处理", "acknowledged": "处理中", "resolved": "已解决",
        "suppressed": "已静默", "reports": "反馈量", "people": "影响人数", "where": "影响范围",
        "since": "开始时间", "channels": "渠道", "by": "处理人", "change": "最近变更",
        "cause": "可能原因", "steps": "下一步", "more": "个其他事件",
        "link": "在控制台查看", "status": "状态",
        "counted": "{minutes} 分钟内 {count} 条，预期 {expected:g} 条",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Card:
    """A message; all but the words of ours in `heading` and the names of facts is others' text.

    `facts`: name and text. `sections`: name and lines. `link`: its words and where it leads.
    """

    heading: str
    title: str
    colour: Colour
    facts: tuple[tuple[str, str], ...] = ()
    sections: tuple[tuple[str, tuple[str, ...]], ...] = ()
    link: tuple[str, str] | None = None
    footer: str = ""


def card(incident: Incident, language: Language, link: str) -> Card:
    """One incident as it stands now."""
    word = _WORDS[language]
    heading = f"{word[incident.severity]} · {word[incident.status]}"
    return Card(
        heading=heading,
        title=incident.title,
        colour=_colour(incident),
        facts=_facts(incident, word),
        sections=() if _is_quiet(incident) else _sections(incident, language),
        link=(word["link"], link) if link else None,
        footer=f"{incident.incident_id} · {incident.revision}",
    )


def _is_quiet(incident: Incident) -> bool:
    return incident.status in ("resolved", "suppressed")


def _colour(incident: Incident) -> Colour:
    return "green" if _is_quiet(incident) else _COLOURS[incident.severity]


def _facts(incident: Incident, word: dict[str, str]) -> tuple[tuple[str, str], ...]:
    observed = incident.observed
    counted = word["counted"].format(
        count=observed.count, minutes=observed.window_minutes, expected=observed.expected
    )
    acknowledged = incident.acknowledgement
    change = incident.changes[0] if incident.changes else None
    facts = (
        ("reports", counted),
        ("people", f"{incident.impact.users} ({incident.impact.low}-{incident.impact.high})"),
        ("where", where(incident.slice.attributes)),
        ("since", _moment(incident.onset.estimate)),
        ("channels", ", ".join(f"{name} {n}" for name, n in sorted(incident.channels.items()))),
        ("change", f"{_moment(change.time)} {change.summary}" if change else ""),
        ("by", acknowledged.by if acknowledged else ""),
    )
    return tuple((word[name], text) for name, text in facts if text)


def _moment(time: str) -> str:
    return f"{time[:10]} {time[11:16]} UTC"


def _sections(incident: Incident, language: Language) -> tuple[tuple[str, tuple[str, ...]], ...]:
    word, rca, zh = _WORDS[language], incident.rca, language == "zh"
    causes = tuple((zh and h.cause_zh) or h.cause for h in rca.hypotheses[:1])
    steps = ((zh and rca.next_steps_zh) or rca.next_steps)[:_STEPS]
    sections = ((word["cause"], causes), (word["steps"], steps))
    return tuple((name, lines) for name, lines in sections if lines)


def digest(incidents: Sequence[Incident], language: Language, console: str) -> Card:
    """Many incidents in one message: how many of which product, and the worst, which come first."""
    word = _WORDS[language]
    products = Counter(incident.product for incident in incidents).most_common()
    counts = [f"{product} {count}" for product, count in products[:_PRODUCTS]]
    if rest := sum(count for _, count in products[_PRODUCTS:]):
        counts.append(f"… {rest}")
    statuses = Counter(word[incident.status] for incident in incidents).most_common()
    worst = tuple(
        f"{word[incident.severity]} · {word[incident.status]} · {incident.title}"
        for incident in incidents[:_TITLES]
    )
    return Card(
        heading=f"{len(incidents)} {word['more']}",
        title=", ".join(counts),
        colour=_colour(min(incidents, key=_is_quiet)),
        facts=((word["status"], ", ".join(f"{name} {count}" for name, count in statuses)),),
        sections=(("", worst),),
        link=(word["link"], console) if console else None,
    )

"""The device's page for a test: served from a thread, its rules made by hand."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Coroutine, Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from agents.records.pack import Pack
from edge.consult import Gateway
from edge.device import Device, Histories, Language, Rules
from edge.judging import rules_of
from edge.page.server import Page
from edge.vault import Vault
from schemas.records import (
    DateText,
    Document,
    Item,
    Line,
    Patient,
    Problem,
    Reminder,
    Result,
    Source,
    Span,
    Summary,
)
from tests.support.edge import Clock, make_vault

FIRST = """姓名：周明德  性别：男  年龄：66岁
科室：内分泌科门诊
主诉：多饮、多尿10年，双足麻木半年。
现病史：患者10年前诊断2型糖尿病，长期服用二甲双胍 0.5g bid。HbA1c 8.9%，肌酐 98 μmol/L。
既往史：高血压病史6年，否认药物过敏史。
家族史：父亲患冠心病。
诊断：1. 2型糖尿病 2. 高血压病2级
处理：二甲双胍 0.5g bid；氨氯地平 5mg qd。建议三个月后复查HbA1c。
"""
SECOND = """姓名：周明德  性别：男  年龄：67岁
科室：肾内科门诊
现病史：近1月双下肢水肿。青霉素曾致全身皮疹。HbA1c 8.2%，肌酐 132 μmol/L↑，尿蛋白 2+。
血钾 6.3 mmol/L↑↑。
诊断：1. 糖尿病肾病待排 2. 高血压病2级 3. 2型糖尿病
处理：停二甲双胍（肌酐升高），改用利格列汀 5mg qd；氨氯地平加量至 10mg qd。
建议一个月后复查肌酐、血钾。
"""
THIRD = """姓名：周明德  性别：男  年龄：67岁
科室：肾内科病房
2026-04-02 行肾穿刺活检术。
肌酐 148 μmol/L↑，HbA1c 7.6%。继续利格列汀 5mg qd，氨氯地平 10mg qd。
注意：低盐饮食，避免肾毒性药物。
"""
if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

NAME = "周明德"
T = TypeVar("T")


def fill(vault: Vault) -> Patient:
    """One patient with three documents."""
    patient = vault.patients.add(NAME, sex="male", birth="1959-03-08", number="H200317")
    for day, title, department, text in (
        ("2025-06-10", "门诊病历", "内分泌科", FIRST),
        ("2026-03-02", "门诊病历", "肾内科", SECOND),
        ("2026-04-03", "出院记录", "肾内科", THIRD),
    ):
        vault.documents.add(
            Document("", patient.id, day, title, text, "", department=department),
            _results(text),
            version="1",
        )
    return patient


def _results(text: str) -> list[Item]:
    found: list[Item] = []
    for name, value, unit, low, high in (
        ("HbA1c", (8.9, 8.2, 7.6), "%", 4.0, 6.0),
        ("肌酐", (98.0, 132.0, 148.0), "μmol/L", 57.0, 111.0),
    ):
        for one in value:
            words = f"{name} {one:g}"
            at = text.find(words)
            if at >= 0:
                span = Span(at, at + len(words))
                found.append(
                    Result(
                        span=span,
                        sentence=span,
                        name=name,
                        value=one,
                        unit=unit,
                        low=low,
                        high=high,
                    )
                )
    return found


class _Finder:
    """Lines made of words that documents have."""

    def __init__(self, history: Histories) -> None:
        self._texts = [(document, document.text) for document, _ in history]

    def line(self, text: str, *words: str, detail: str = "", mark: str = "") -> list[Line]:
        """None if no document has the words."""
        found = [
            (document.date, Source(document.id, Span(at, at + len(each))))
            for each in words
            for document, whole in reversed(self._texts)
            if (at := whole.find(each)) >= 0
        ]
        if not found:
            return []
        sources = tuple(dict.fromkeys(source for _, source in found))
        return [Line(text, sources, found[0][0], detail, mark)]  # type: ignore[arg-type]


def summarise(patient: Patient, history: Histories, language: Language) -> Summary:
    """What a person would write of these three documents."""
    find = _Finder(history).line
    chinese = language == "zh"
    dates = sorted(document.date for document, _ in history)
    diabetes = (
        *find("2型糖尿病", "2型糖尿病", detail="10 年" if chinese else "10 years"),
        *find("二甲双胍 → 利格列汀 5mg qd", "停二甲双胍", "改用利格列汀", mark="changed"),
        *find("HbA1c 7.6 %", "HbA1c 7.6", "HbA1c 8.2", "HbA1c 8.9", mark="abnormal"),
    )
    kidney = (
        *find("糖尿病肾病待排", "糖尿病肾病待排", mark="uncertain"),
        *find("肌酐 148 μmol/L", "肌酐 148", "肌酐 132", mark="abnormal"),
        *find("肾穿刺活检术", "肾穿刺活检术"),
    )
    pressure = (*find("高血压病2级", "高血压病2级"), *find("氨氯地平 10mg qd", "氨氯地平 10mg qd"))
    extra = [
        line
        for document, _ in history
        if document.title == "hostile"
        for line in find(document.text[:400], document.text[:400], detail=document.text[:200])
    ]
    return Summary(
        patient=patient.id,
        documents=len(history),
        last_visit=dates[-1] if dates else "",
        since=dates[-2] if len(dates) > 1 else "",
        allergies=(
            *find("青霉素", "青霉素曾致全身皮疹", detail="全身皮疹", mark="contradiction"),
            *extra,
        ),
        changes=(
            *find(
                "停用二甲双胍" if chinese else "Stopped: 二甲双胍",
                "停二甲双胍（肌酐升高）",
                detail="肌酐升高",
                mark="changed",
            ),
            *find(
                "开始利格列汀 5mg qd" if chinese else "Started: 利格列汀 5mg qd",
                "改用利格列汀 5mg qd",
                mark="new",
            ),
            *find("氨氯地平 5mg → 10mg", "氨氯地平加量至 10mg", "氨氯地平 5mg qd", mark="changed"),
        ),
        contradictions=tuple(
            find(
                "青霉素过敏，但另一文件否认药物过敏"
                if chinese
                else "Allergy to 青霉素, denied in another document",
                "青霉素曾致全身皮疹",
                "否认药物过敏史",
                mark="contradiction",
            )
        ),
        problems=tuple(
            Problem(name, code, course, lines)  # type: ignore[arg-type]
            for name, code, course, lines in (
                ("2型糖尿病", "E11", "chronic", diabetes),
                ("糖尿病肾病", "N08.3", "active", kidney),
                ("高血压", "I10", "chronic", pressure),
            )
            if lines
        ),
        medication=(
            *find("利格列汀 5mg qd", "利格列汀 5mg qd", mark="new"),
            *find("氨氯地平 10mg qd", "氨氯地平 10mg qd", mark="changed"),
        ),
        results=(
            *find("血钾 6.3 mmol/L", "血钾 6.3 mmol/L", detail="3.5–5.3", mark="critical"),
            *find("肌酐 148 μmol/L", "肌酐 148", detail="57–111", mark="abnormal"),
            *find("HbA1c 7.6 %", "HbA1c 7.6", detail="4–6", mark="abnormal"),
        ),
        procedures=tuple(find("肾穿刺活检术", "肾穿刺活检术")),
        precautions=tuple(find("低盐饮食，避免肾毒性药物", "低盐饮食，避免肾毒性药物")),
        family=tuple(find("父亲：冠心病" if chinese else "Father: 冠心病", "父亲患冠心病")),
        version="1",
    )


def due(
    patient: Patient,
    history: Histories,
    today: DateText,
    language: Language,
    kept: tuple[Reminder, ...],
) -> Iterable[Reminder]:
    """Two, of which one is late."""
    del today, kept
    what = (
        ("复查肌酐、血钾", "复查HbA1c")
        if language == "zh"
        else ("Check creatinine, K", "Check HbA1c")
    )
    return [
        Reminder(
            f"r{n}-{patient.id}", patient.id, day, said, "糖尿病肾病", rule=f"r{n}", every_days=90
        )
        for n, (said, day) in enumerate(zip(what, ("2026-04-20", "2027-01-25"), strict=True))
        if history
    ]


def calendar(reminders: Iterable[Reminder], today: DateText) -> bytes:
    """As good as a test needs."""
    del today
    days = [f"BEGIN:VEVENT\r\nDTSTART:{one.due}\r\nEND:VEVENT\r\n" for one in reminders]
    return "".join(["BEGIN:VCALENDAR\r\n", *days, "END:VCALENDAR\r\n"]).encode()


def letter(reminders: tuple[Reminder, ...], today: DateText, language: Language) -> str:
    """To print."""
    return f"{language} {today}\n" + "\n".join(one.what for one in reminders)


def spoken(reminders: tuple[Reminder, ...], today: DateText, language: Language) -> str:
    """To say."""
    return f"{language} {today}: {len(reminders)}"


@cache
def by_hand() -> Rules:
    """Documents and questions are read by the bundled pack."""
    rules = rules_of(Pack.load())._replace(version="1", summarise=summarise, due=due)
    return rules._replace(calendar=calendar, letter=letter, spoken=spoken)


class Served:
    """A page in a thread of its own, until `close`. `clock`: of the vault."""

    def __init__(self, folder: Path, rules: Rules, gateway: Gateway | None = None) -> None:
        self.clock = Clock()
        self.vault = make_vault(folder, self.clock)
        self.device = Device(self.vault, rules, self.clock.host)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.page = Page(self.device, self.clock.host.random, gateway)
        self.link = self._await(self.page.start())

    @property
    def address(self) -> str:
        """Without the word."""
        return self.link.partition("#")[0]

    def new_link(self) -> str:
        """One that opens, though another was used up."""
        word = self.page.gate.word = self.clock.host.random(24).hex()
        return f"{self.address}#{word}"

    def stop(self) -> None:
        """As if the program had ended."""
        self._await(self.page.stop())

    def close(self) -> None:
        """Let go of everything."""
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self.vault.close()

    def _await(self, work: Coroutine[None, None, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)


def offline(playwright: Playwright, executable: str) -> Browser:
    """A Chromium that can look up no name and reach this machine only."""
    return playwright.chromium.launch(
        executable_path=executable,
        args=[
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            # Its sandbox does not work for root.
            *(["--no-sandbox"] if os.getuid() == 0 else []),
        ],
    )

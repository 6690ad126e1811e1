"""`groundswell-edge summary`: one page of a patient, for a terminal or a script."""

from __future__ import annotations

import re

import click

from edge.cli.judged import lang_option, opened
from edge.cli.lines import shown
from edge.cli.opening import Access, access
from edge.device import Language, language_of
from schemas.records import Line, Summary

_PARTS = (
    ("allergies", "过敏", "Allergies"),
    ("contradictions", "文件之间有矛盾", "Documents contradict each other"),
    ("changes", "变化", "Changes"),
    ("medication", "当前用药", "Medication now"),
    ("results", "异常结果", "Abnormal results"),
    ("precautions", "注意事项", "To heed"),
    ("procedures", "手术与操作", "Procedures"),
    ("family", "家族史（亲属的，不是患者本人的）", "Family (relatives, not the patient)"),
)
_MARKS = {
    "new": ("新", "new"),
    "changed": ("变化", "changed"),
    "abnormal": ("异常", "abnormal"),
    "critical": ("危急", "critical"),
    "uncertain": ("不确定", "uncertain"),
    "contradiction": ("矛盾", "contradiction"),
}
_COURSES = {
    "active": ("目前", "now"),
    "chronic": ("慢性", "chronic"),
    "past": ("既往", "past"),
    "resolved": ("已愈", "resolved"),
    "unknown": ("近期未再提及", "not spoken of lately"),
}
_CAUTION = ("本摘要不作诊断，请核对原文。", "This is no diagnosis: check the source.")
_NO_ALLERGY = (
    "文件中未提及过敏，不等于没有过敏。",
    "No document speaks of allergies. That does not mean there are none.",
)
_PROBLEMS = ("问题", "Problems")
_SPECIAL = re.compile(r"([\\`*_\[\]<>|~&!$]|(?<=:)/(?=/)|(?<=www)\.)", re.IGNORECASE)
"""What means something anywhere in a line, also what makes a link of an address."""
_FIRST = re.compile(r"^(\d*)([-+#=.)])")
"""What means something at its beginning."""


@click.command()
@click.argument("patient", metavar="PATIENT")
@access
@click.option("--json", "form", flag_value="json", help="The summary as schemas.records has it.")
@click.option("--markdown", "form", flag_value="markdown", help="With headings and lists.")
@lang_option
def summary(access: Access, patient: str, form: str | None, lang: str) -> None:
    """Print the summary of PATIENT, an id of `patients list`.

    Each line ends with where it was read: document, from character, to character. It is noted in
    the audit as exported.
    """
    import msgspec

    with opened(access, reader=True) as device:
        made = device.summary(patient, language_of(lang))
        device.vault.audit.add("exported", patient)
    if form == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(made)))
    else:
        click.echo(written(made, language_of(lang), markdown=form == "markdown"))


def written(summary: Summary, language: Language, *, markdown: bool) -> str:
    """As text: nothing of a document can steer a terminal or become markup."""
    at = 0 if language == "zh" else 1
    rows: list[str] = [_CAUTION[at]]

    def head(text: str, depth: int) -> None:
        rows.append("")
        rows.append(f"{'#' * depth} {_clean(text, markdown)}" if markdown else shown(text))

    def lines(all_: tuple[Line, ...]) -> None:
        rows.extend(_line(one, at, markdown) for one in all_)

    for name, *titles in _PARTS:
        found: tuple[Line, ...] = getattr(summary, name)
        if found or name == "allergies":
            since = f" ({summary.since} →)" if name == "changes" and summary.since else ""
            head(titles[at] + since, 2)
            lines(found)
            if not found:
                rows.append(_NO_ALLERGY[at])
        if name == "changes" and summary.problems:
            head(_PROBLEMS[at], 2)
            for problem in summary.problems:
                code = f" {problem.code}" if problem.code else ""
                head(f"{problem.name} ({_COURSES[problem.course][at]}){code}", 3)
                lines(problem.lines)
    return "\n".join(rows)


def _line(line: Line, at: int, markdown: bool) -> str:
    mark = f"[{_MARKS[line.mark][at]}] " if line.mark else ""
    said = " · ".join(part for part in (line.text, line.detail, line.date) if part)
    places = " ".join(f"{one.document}:{one.span.start}-{one.span.end}" for one in line.sources)
    return f"- {_clean(mark + said, markdown)} ({places})"


def _clean(text: str, markdown: bool) -> str:
    one = shown(text)
    return _FIRST.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", one)) if markdown else one

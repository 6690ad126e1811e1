"""Why a file was not imported; no message has a word of the file in it.

Refused
├── UnknownFormat      not one that is read here: save it as one that is
├── Broken             damaged, or not what it says it is: fetch it again
├── Encrypted          take its password off first
├── NoText             nothing to read: scanned, or empty
├── TooBig             more than the limits allow: import it in parts
├── TooHeavy           took too much time or memory: it may be meant to
├── Garbled            its characters are lost: export it again as UTF-8
├── Unsafe             made to do harm, or able to: do not open it
└── Unsure             whose it is is not certain: name the patient
"""

from __future__ import annotations

from typing import ClassVar

from edge.errors import EdgeError


class Refused(EdgeError):
    """A file was refused whole. `reason`: a key of `reasons`, in Chinese and English."""

    reasons: ClassVar[dict[str, tuple[str, str]]] = {}

    def __init__(self, reason: str) -> None:
        self.reason = reason
        self.zh, self.en = self.reasons[reason]
        super().__init__(f"{self.zh} · {self.en}")


class UnknownFormat(Refused):
    """No format that is read here."""

    reasons: ClassVar = {
        "doc": ("旧版 Word（.doc）：请另存为 .docx", "old Word file: save it as .docx"),
        "rtf": ("RTF：请另存为 .docx 或文本", "RTF: save it as .docx or text"),
        "spreadsheet": ("电子表格：请另存为 CSV", "spreadsheet: save it as CSV"),
        "image": ("图片：没有可读的文字", "image: there is no text in it to read"),
        "markup": ("HTML 或 XML：请另存为文本", "HTML or XML: save it as text"),
        "archive": ("压缩包：请先解压", "archive: unpack it first"),
        "json": ("不是 FHIR R4 的 JSON", "JSON, but not FHIR R4"),
        "columns": ("表格缺少项目或结果列", "table without a column of names or of results"),
        "binary": ("不是文本、PDF、Word、CSV 或 FHIR", "no text, PDF, Word, CSV or FHIR file"),
    }


class Broken(Refused):
    """Damaged, or not what it says it is."""

    reasons: ClassVar = {
        "pdf": ("PDF 已损坏", "broken PDF"),
        "docx": ("Word 文件已损坏", "broken Word file"),
        "csv": ("CSV 格式有误", "broken CSV"),
        "fhir": ("FHIR 内容有误", "broken FHIR"),
        "answer": ("读取程序没有返回结果", "the reader gave no answer"),
        "unreadable": ("文件无法打开", "the file cannot be opened"),
    }


class Encrypted(Refused):
    """Protected by a password."""

    reasons: ClassVar = {
        "password": ("文件有密码：请先解除密码", "needs a password: take it off first"),
    }


class NoText(Refused):
    """Nothing in it to read."""

    reasons: ClassVar = {
        "empty": ("文件没有内容", "there is nothing in it"),
        "scanned": (
            "扫描件，没有文字：请先识别文字或手工录入",
            "scanned, without text: recognise or type the text first",
        ),
    }


class TooBig(Refused):
    """More than the limits allow."""

    reasons: ClassVar = {
        "bytes": ("超过 20 MB", "more than 20 MB"),
        "characters": ("文字超过 20 万字：请分开导入", "more than 200,000 characters: split it"),
        "parts": ("页、行或条目太多：请分开导入", "too many pages, rows or entries: split it"),
    }


class TooHeavy(Refused):
    """Took more time or memory than a document needs."""

    reasons: ClassVar = {
        "time": ("读取时间过长，已停止", "took too long to read: stopped"),
        "memory": ("占用内存过多，已停止", "took too much memory to read: stopped"),
    }


class Garbled(Refused):
    """Its characters cannot be told."""

    reasons: ClassVar = {
        "encoding": (
            "编码无法识别：请存为 UTF-8 或 GB18030",
            "unknown encoding: save it as UTF-8 or GB18030",
        ),
        "mojibake": ("文字是乱码：请重新导出", "garbled text: export it again"),
    }


class Unsafe(Refused):
    """Made to do harm, or able to."""

    reasons: ClassVar = {
        "macros": ("含有宏：请另存为不含宏的 .docx", "has macros: save it as .docx without"),
        "bomb": ("解压后过大，像压缩炸弹", "grows too big when unpacked, like a bomb"),
        "entities": ("XML 含有实体或外部引用", "XML with entities or outside references"),
        "paths": ("压缩包内的路径不安全", "unsafe path names inside"),
        "nesting": ("嵌套过深", "nested too deeply"),
    }


class Unsure(Refused):
    """Whose document it is cannot be told for certain."""

    reasons: ClassVar = {
        "nobody": (
            "没有写明患者：请用 --patient 指定",
            "names no patient: say whose it is with --patient",
        ),
        "namesake": (
            "有同名患者，无法确定是谁：请用 --patient 指定",
            "a patient of that name is known, perhaps another: say whose it is with --patient",
        ),
        "conflict": (
            "姓名、出生日期或编号互相矛盾：请用 --patient 指定",
            "name, birth and number disagree: say whose it is with --patient",
        ),
        "several": (
            "不止一位患者：请每人分开导入",
            "of more than one patient: import each by itself",
        ),
        "other": (
            "写明的是另一位患者：核对后加 --sure",
            "names another patient than --patient: check, then add --sure",
        ),
    }


def refusal(reason: str) -> Refused:
    """The error of a reason; one that is not known is a broken answer."""
    for kind in Refused.__subclasses__():
        if reason in kind.reasons:
            return kind(reason)
    return Broken("answer")

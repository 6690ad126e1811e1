"""Which column of a table of results is which, by its heading."""

from __future__ import annotations

import unicodedata
from typing import Literal, get_args

Column = Literal[
    "name", "short", "result", "unit", "range", "low", "high", "flag", "date", "patient", "number",
    "sex", "birth",
]  # fmt: skip
COLUMNS: tuple[Column, ...] = get_args(Column)

_HEADINGS: dict[Column, str] = {
    "name": "项目|项目名称|检验项目|检验项目名称|检查项目|检测项目|测试项目|化验项目"
    "|指标|指标名称|名称|中文名称|test|testname|item|itemname|analyte|component|parameter|observation|name",
    "short": "英文|英文名|英文名称|英文缩写|缩写|简称|代号|项目代码|代码|abbreviation|abbr|code",
    "result": "结果|检验结果|检测结果|测定结果|检查结果|化验结果|结果值|数值|测定值"
    "|检测值|测量值|值|result|resultvalue|value|results",
    "unit": "单位|结果单位|unit|units",
    "range": "参考范围|参考区间|参考值|参考值范围|正常值|正常范围|正常参考值"
    "|生物参考区间|reference|referencerange|refrange|ref|normalrange|range|referenceinterval",
    "low": "下限|参考下限|参考值下限|低值|low|lower|lowerlimit|referencelow",
    "high": "上限|参考上限|参考值上限|高值|high|upper|upperlimit|referencehigh",
    "flag": "标志|标识|提示|异常提示|异常标志|异常标识|结果提示|结果标志|高低|高低标志|状态|flag"
    "|flags|abnormal|abnormalflag|interpretation|h/l|hl",
    "date": "日期|时间|检验日期|检查日期|报告日期|采样日期|采集日期|送检日期|检验时间"
    "|检查时间|报告时间|采样时间|采集时间|审核时间|date|time|datetime|collected"
    "|collectiondate|resultdate|reportdate|testdate",
    "patient": "姓名|患者姓名|病人姓名|患者|病人|patient|patientname",
    "number": "病案号|病历号|住院号|门诊号|登记号|患者编号|患者id|病人id|就诊卡号|体检号"
    "|mrn|patientid|patientnumber",
    "sex": "性别|sex|gender",
    "birth": "出生日期|生日|出生年月|dob|birthdate|dateofbirth|birth",
}
_COLUMN: dict[str, Column] = {
    heading: column for column in COLUMNS for heading in _HEADINGS[column].split("|")
}


def columns(row: list[str]) -> dict[Column, int]:
    """Places of the columns if it is the row of headings, else empty."""
    found: dict[Column, int] = {}
    for place, cell in enumerate(row):
        column = _COLUMN.get(_folded(cell))
        if column is not None:
            found.setdefault(column, place)
    if "name" not in found and "short" in found:
        found["name"] = found.pop("short")
    return found if {"name", "result"} <= found.keys() else {}


def _folded(cell: str) -> str:
    plain = unicodedata.normalize("NFKC", cell).lower()
    return "".join(c for c in plain if not c.isspace() and c not in "_-.:*#\"'")

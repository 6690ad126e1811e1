"""The words that allergies are told by."""

from __future__ import annotations

import re

WORD = re.compile(
    r"过敏|药敏|allerg|皮试(?:结果)?(?:呈|为)?\(?(?:强?阳性|\+|阴性|-)|nkda|nka\b|不良反应|不耐受"
)
TESTED = re.compile(
    r"(?:\)|\((?=激发))?(?:提取液)?(?:斑贴试验|点刺|激发试验|皮试|spt|(?:特异性?|s)?ige(?!\s?0))?\s?[:]?\s?"
    r"(?:\((?P<sign>\+{1,4}|-|±)\)|(?P<class>[0-6])\s?级|<\s?0?\.\d+\s?(?P<less>阴性)?"
    r"|(?:呈|均)?(?P<word>弱阳性|强阳性|阳性|阴性))"
)
TESTS = re.compile(r"点刺|斑贴|ige|皮试|皮内|spt|过敏原|变应原|激发")
CLASS = re.compile(r"[0-6<](?:(?<!<)\s?级|(?<=<)\s?0?\.35)")
GRADED = re.compile(rf"\s?(?:s?ige(?!\s?0))?\s?{CLASS.pattern}")
"""A class of specific IgE, and one behind its allergen."""
REACH = 40
"""Characters after a substance in which its reaction may stand."""

"""Somebody writes that they may take their life: a word to the person, then nothing of ours."""

import re

_ZH = (
    r"自杀|自尽|轻生|寻短见|不想活|活不下去|活着(?:没意思|没意义|也没)|了结(?:自己|生命|一生)|结束(?:自己的?)?生命"
    r"|(?<![累气笑急烦吓饿困热冷羡])想死(?!的心都有|你)|(?:去|想|要)跳(?:楼|河|桥)|割腕|烧炭|死了算了|以死"
)
_EN = (
    r"\bkill(?:ing)? my ?self\b|\bsuicid(?:e|al)\b|\bend(?:ing)? (?:my (?:own )?life|it all)\b"
    r"|\btak(?:e|ing) my (?:own )?life\b|\b(?:want|wanna|going|ready) (?:to )?die\b"
    r"|\b(?:don'?t|do not|dont) want to (?:live|be alive|be here any ?more)\b"
    r"|\b(?:no reason to|can'?t go on) liv(?:e|ing)\b|\bbetter off dead\b"
)
_SAID = re.compile(f"{_ZH}|{_EN}", re.I)
_OF_OTHERS = re.compile(
    r"自杀式|自杀险|suicide (?:squad|clause)|(?:phone|battery|app|wifi) is going to die", re.I
)


def in_danger(said: str) -> bool:
    """Whether the message may mean it. A word too many does no harm, one too few may."""
    return _SAID.search(_OF_OTHERS.sub("", said.replace("’", "'"))) is not None

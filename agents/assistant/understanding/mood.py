"""Whether a person is angry or in need, by rules."""

from agents.assistant.understanding.folding import Said, pattern

_ANGRY = pattern(
    r"垃圾|妈的|他妈|特么|尼玛|傻[逼比b叉]|智障|混蛋|王八|滚(?!动|存)|去死|气死|烦死|受够|太过分|过分了|忍无可忍|投诉你|曝光|骗人|坑人|坑爹"
    r"|什么破|破银行|破玩意|狗屁|放屁|有病吧|废物|没完没了|到底(?:管|能|要|有)|第[三四五六七八九]次|说了(?:多少|好几|八百)遍|无语|崩溃|愤怒|生气"
    r"|急死|救命|快点[啊!]|十万火急|紧急|求求|求你|走投无路|活不下去|想死|绝望|哭|被骗|救急|孩子.{0,6}(?:病|医院)|等着(?:救命|用钱)"
    r"|\b(?:fuck\w*|shit\w*|bullshit|wtf|damn(?:ed)?|bloody|crap|stupid|idiots?|useless|ridiculous|unacceptable|outrageous|pathetic"
    r"|furious|angry|pissed|sick of|fed up|terrible|awful|disgusting|worst|scam(?:med|mers?)?|thieves|lawyer|sue you"  # noqa: E501
    r"|desperate|urgent(?:ly)?|emergency|help me+|panick?ing|suicid\w*|kill myself|i'?m begging|crying|how many times|third time)\b"  # noqa: E501
)  # fmt: skip
_MARKS = pattern(r"[!]{3,}|[?!]{4,}|[?]{4,}")
_CAPITAL, _SMALL = pattern("[A-Z]"), pattern("[a-z]")
_LETTERS = 12


def upset(said: Said) -> bool:
    """Angry words, words of need, rows of exclamation marks, or all in capitals."""
    if _ANGRY.search(said.folded) or _MARKS.search(said.folded):
        return True
    loud = len(_CAPITAL.findall(said.text))
    letters = loud + len(_SMALL.findall(said.text))
    return letters >= _LETTERS and loud > 0.8 * letters and " " in said.text.strip()

"""What a message does in the conversation, by rules: yes, no, never mind, not that but this."""

from __future__ import annotations

import re
from typing import NamedTuple

from agents.assistant.reading import Act
from agents.assistant.understanding.folding import pattern

_MOST = 40
"""Characters of a message that is an act and nothing else."""
_END = r"[\s,.!?~;:\-\"'()\u3000]*"
_TAIL = "(?:的|了|吧|啊|呀|哦|噢|喔|呢|嘛|啦|哈|呗|咯|滴|哒)*"


def _whole(words: str) -> re.Pattern[str]:
    """These words, once or several times, and nothing else."""
    return pattern(rf"(?:(?:{words}){_TAIL}{_END})+")


# A wrong yes moves money: whole short messages only, no question, nothing that could be about
# something else. 嗯 alone is what people say while they think: it is no yes.
_AFFIRM = pattern(
    r"(?:(?:好好|好的好的|好|可以|行|没问题|没错|对|是|没有问题|同意|确认|确定|我确认|我确定|我同意|确认办理|确认无误|确认提交"
    r"|确认执行|就这么办|就这么做|办吧|办理|提交|执行|继续|继续办理|可以办|请办理|请继续|[嗯恩]{1,3}[好是对行]|[嗯恩]{1,3}可以"
    r"|当然|当然可以|要得|得嘞|okay|okey|ok|yes|y)(?:的|吧|啊|呀|哦|噢|喔|哈|呗|咯|滴|哒)*"
    rf"{_END})+"
)
# 对吧 asks; 行了 and 好啦 say that it is enough.
_ASKS = pattern(r".*(?:[?吗么没不]|[对是]吧)[\s.!~]*")
_YES = (
    r"yes|yeah|yep|yup|ye|y|sure|confirm|confirmed|i confirm|go ahead|do it|please do|proceed|"
    r"absolutely|definitely|of course|go for it|yes i (?:do|am|agree)|i agree|agreed"
)
_AFFIRM_EN = pattern(
    rf"(?:(?:{_YES}|ok|okay|alright|all right|correct|that'?s (?:right|correct|fine)|sounds good|"
    r"please|that|it|with it|right|fine)[\s,.!]+)+"
    rf"|(?:(?:{_YES})[\s,.!]+)+(?:please[\s,.!]+)?(?:thanks|thank you)[\s,.!]+"
)
_NO_YES_EN = pattern(r"(?:(?:please|thanks|thank you|that|it|with it|right|fine)[\s,.!]+)+")
_NOT_ASKED = frozenset(("不", "不不", "不不不", "没"))
_DENY = _whole(
    "不|不不|不不不|不是|不要|不用|不行|不可以|不同意|不确认|不对|否|没有|别|先别|先不|先不要|先不用|不用了|不需要|不必|不办|不想"
    "|不好|别办|不了|不是的|错|错了|no|nope|nah|n"
)
_DENY_EN = pattern(
    r"(?:(?:no|nope|nah|n|not now|no thanks|no thank you|don'?t|do not|don'?t do (?:it|that)|i don'?t|wrong|"  # noqa: E501
    r"that'?s (?:wrong|not right|incorrect)|incorrect|not yet|please|thanks|thank you|absolutely not|"  # noqa: E501
    r"i do not (?:agree|confirm)|i don'?t (?:agree|confirm|want to|want that|want it))[\s,.!]+)+"
)
_CANCEL = _whole(
    "算了|算了算了|算啦|不办了|不弄了|不搞了|取消|取消操作|取消办理|取消吧|我要取消|不做了|停|停下|停止|退出|放弃|作罢|当我没说|不管了"
    "|不用办了|不要办了|先不办了|先不弄了|先算了|那算了|还是算了|不换了|不提了|不解绑了|不冻结了|不转了|不投诉了|没事了|不想办了|我反悔了"
)
_CANCEL_EN = pattern(
    r"(?:(?:never ?mind|cancel|cancel (?:that|it|this)|forget (?:it|about it|that)|stop|stop it|abort|quit|"  # noqa: E501
    r"exit|drop it|leave it|scrap that|i changed my mind|changed my mind|no|please|thanks|oh|ok|okay|actually|"  # noqa: E501
    r"don'?t bother|not any ?more|i don'?t want (?:it|that|this) any ?more)[\s,.!]+)+"
)
_CANCEL_CORE = pattern(
    r"never ?mind|cancel|forget|stop|abort|quit|exit|drop it|leave it|scrap|changed my mind|bother|any ?more"  # noqa: E501
)
_REPEAT = pattern(
    rf"(?:{_END}(?:什么意思|什么|啥|啥意思|啥玩意|没听懂|没懂|没看懂|听不懂|看不懂|不明白|不懂|我不懂|没明白|不太明白|你说什么|你说啥|再说一遍|再说一次|重复一遍|重复一下|说清楚点"
    r"|解释一下|这是什么意思|你什么意思|你是什么意思|我没懂|我没听懂|我不明白|怎么说|你刚才说什么|刚才说什么|能再说一遍吗|请再说一遍|麻烦再说一遍|哈"
    r"|what do you mean(?: by that)?|what|what\?|huh|pardon(?: me)?|sorry\?|come again|say (?:that|it) again"  # noqa: E501
    r"|(?:can|could) you (?:please )?(?:repeat|explain)(?: that| it)?|please (?:repeat|explain)(?: that| it)?|repeat(?: that)?"  # noqa: E501
    r"|i (?:don'?t|do not|didn'?t) (?:understand|get it|get that|follow)(?: you| that| this)?|what did you (?:say|mean)"  # noqa: E501
    r"|what does that mean|what'?s that(?: mean)?|i'?m (?:confused|lost)|not clear|explain|unclear|sorry what)"  # noqa: E501
    rf"{_TAIL}{_END})+"
)  # fmt: skip
_RESTART = pattern(
    rf"(?:{_END}(?:重新开始|从头开始|从头来|重来|重新来|重新来过|再来一次|回到开头|重头开始|返回首页|主菜单|回主菜单|清空|重置对话|新的对话"
    r"|start over|start again|restart|begin again|from the (?:start|beginning|top)|reset|main menu|new conversation"  # noqa: E501
    rf"|let'?s start over|(?:can|could) we start (?:over|again)|please){_TAIL}{_END})+"
)  # fmt: skip
_GREET = (
    r"(?:你好|您好|哈喽|哈啰|嗨|喂|在吗|在么|在不在|有人吗|早上好|早安|下午好|晚上好|中午好|早|hello|hi|hiya|hey|"
    r"hi there|hello there|good (?:morning|afternoon|evening|day)|greetings|anyone there)"
)
_THANKS = (
    r"(?:谢谢|多谢|谢了|感谢|谢谢你|谢谢您|非常感谢|十分感谢|太感谢了|辛苦了|麻烦你了|3q|thx|thanks(?: a lot| so much| very much"  # noqa: E501
    r"| for (?:your|the) help)?|thank you(?: very much| so much)?|cheers|ty|much appreciated|great|perfect|"  # noqa: E501
    r"太好了|好极了|非常好|很好|知道了|明白了|了解|收到|懂了)"
)
_BYE = (
    r"(?:再见|拜拜|拜|88|886|回头见|下次见|没别的了|没有了谢谢|就这些|没其他问题了|晚安|bye|bye bye|goodbye|see you(?: later)?|"  # noqa: E501
    r"that'?s all|that is all|nothing else|have a (?:nice|good) day|good ?night|cya)"
)
_PLEASED = "(?:好的|好|嗯|恩|行|ok|okay|那|啊|哦|没事|请问|your? help)?"


def _polite(words: str) -> re.Pattern[str]:
    return pattern(rf"(?:{_PLEASED}{_END}{words}{_TAIL}{_END})+")


_POLITE: tuple[tuple[Act, re.Pattern[str]], ...] = (
    ("greet", _polite(_GREET)),
    ("thanks", _polite(f"(?:{_GREET}|{_THANKS})")),
    ("bye", _polite(f"(?:{_GREET}|{_THANKS}|{_BYE})")),
)
_LEAD = pattern(
    rf"(?:{_GREET}(?![a-z]){_TAIL}[\s,.!?~]+|{_GREET}(?=[\u4e00-\u9fff])(?<=[\u4e00-\u9fff])(?<!早)(?<!喂)"
    r"|(?:那个|那|嗯+|恩+|额+|呃+|啊|哦|噢|um+|uh+|er+|well|so)[\s,.]+)+"
)  # fmt: skip
_CORRECT = pattern(
    r"(?:不对不对|不对|不是的|不是这个|不是那个|错了|弄错了|搞错了|说错了|你理解错了|理解错了|打错了|不不|不)[\s,.!;:]+"
    r"(?:(?:应该|而)?[是要]|我(?:说|指)的?是|我是说|我想说的?是|我的意思是|我要|我想)?"
    r"|不是(?:[,.\s]+)(?:是|要|我)"
    r"|不是[^,.!?]{1,16}[,.\s]+(?:我?[说讲打弄搞记]错了?[,.\s]+(?:(?:应该|而)?是)?|(?:应该|而)?是)"
    r"|我[说讲打弄搞记]错了?[,.\s]+(?:(?:应该|而)?是)?"
    r"|(?:我(?:说|指)的是|我是说|我的意思是|我想说的是|应该是|改成|改为|换成|更正一下|更正)[\s,:]*"
    r"|(?:no|nope|wrong|sorry|oops|wait|actually)[\s,.!]+(?:no[\s,.]+)?(?:i (?:meant|mean|said)|it'?s|it is|it was|it should be|make (?:it|that)|"  # noqa: E501
    r"not (?:that|this)(?: one)?[\s,.]+|the other one|the|my)(?![a-z])"
    r"|(?:i (?:meant|mean)|i was talking about|it should be|make (?:it|that)|change (?:it|that) to|correction:?)\s(?!to\b)"  # noqa: E501
    r"|not (?:the |my |that )?[^,.!?]{1,30}?,\s?(?:(?:sorry,? )?i (?:misspoke|was wrong|made a mistake)[\s,.]+)?"  # noqa: E501
    r"(?:but |the |my |it'?s )"
)  # fmt: skip
_ABANDON = pattern(
    r"(?:还是算了|那算了|先算了|算了算了|算了|不办了|不弄了|不搞了|先不办了|取消吧|不用办了)[\s,.!;]+(?:吧|还是|我?先|那)?"
    r"|(?:(?:oh |ok |actually )?(?:never ?mind|forget (?:it|that|about it)|cancel that|changed my mind))[\s,.!;]+"  # noqa: E501
)  # fmt: skip


class Heard(NamedTuple):
    """The act, and what is left to be understood; empty if the act is all."""

    act: Act
    rest: str


def heard(folded: str) -> Heard:
    """What a folded message does. Affirm, deny, repeat, restart: only as the whole message."""
    text = folded.strip()
    short = text[: _MOST + 1]
    if len(short) <= _MOST:
        if act := _alone(short):
            return Heard(act, "")
        core = _LEAD.sub("", short, count=1) if _LEAD.match(short) else short
        if core != short and core and (act := _alone(core)):
            return Heard(act, "")
    lead = _LEAD.match(text)
    rest = text[lead.end() :] if lead else text
    if (match := _CORRECT.match(rest)) and rest[match.end() :].strip(" ,.!?"):
        return Heard("correct", rest[match.end() :].strip())
    if (match := _ABANDON.match(rest)) and rest[match.end() :].strip(" ,.!?"):
        return Heard("cancel", rest[match.end() :].strip())
    return Heard("", rest.strip() or text)


def _alone(text: str) -> Act:
    spaced = text + " "
    if not ("?" in text or (_ASKS.fullmatch(text) and text not in _NOT_ASKED)):
        if _AFFIRM.fullmatch(text) or (
            _AFFIRM_EN.fullmatch(spaced) and not _NO_YES_EN.fullmatch(spaced)
        ):
            return "affirm"
        if _DENY.fullmatch(text) or (
            _DENY_EN.fullmatch(spaced) and not _NO_YES_EN.fullmatch(spaced)
        ):
            return "deny"
        if _CANCEL.fullmatch(text) or (_CANCEL_EN.fullmatch(spaced) and _CANCEL_CORE.search(text)):
            return "cancel"
    if _RESTART.fullmatch(text) and text.strip(" .!?") != "please":
        return "restart"
    if _REPEAT.fullmatch(text) or re.fullmatch(r"[?\s]+", text):
        return "repeat"
    for act, rule in _POLITE:
        if rule.fullmatch(text):
            return act
    return ""

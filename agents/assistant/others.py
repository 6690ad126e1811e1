"""Somebody asks for what belongs to somebody else."""

import re

_PEOPLE = (
    "老公|老婆|妻子|丈夫|爸爸|妈妈|爸|妈|父亲|母亲|儿子|女儿|孩子|男朋友|女朋友|前夫|前妻|男友|女友"
    "|前男友|前女友|朋友|同事|老板|室友|邻居|弟弟|哥哥|姐姐|妹妹|爱人|对象|媳妇|公公|婆婆|爷爷|奶奶"
)
_THINGS = (
    "余额|账户|帐户|账号|银行卡|信用卡|借记卡|卡|流水|明细|交易|额度|限额|存款|钱|手机号"
    "|身份证|密码"
)
_LOOK = "查|看|告诉|显示|知道|列出|给我|冻结|解绑|多少"
_ZH = re.compile(
    rf"我(?:的)?(?:{_PEOPLE})(?:的|名下|卡里|账户|有).{{0,8}}?(?:{_THINGS})"
    rf"|(?:别人|他人|其他人|其他客户|别的客户|其他用户|另一个人)(?:的|名下).{{0,8}}?(?:{_THINGS})"
    rf"|(?:所有|全部|每个|其他|其它|别的|另一个)(?:客户|用户)的?.{{0,8}}?(?:{_THINGS}|信息|资料|数据)"
    rf"|(?:{_LOOK}).{{0,6}}(?:他|她|他们|她们)(?:的|名下|有).{{0,8}}?(?:{_THINGS})"
)
_ZH_NAMED = re.compile(
    rf"(?:查|看)(?:一?下|询|看)?(?!我|自己|本人|上|这|那|最|今|昨|尾)([\u4e00-\u9fff]{{2,4}}?)"
    rf"(?:的|名下)(?:{_THINGS})"
)
_NOT_NAMES = re.compile(
    "我|卡|账|户|信用|储蓄|借记|活期|定期|工资|最近|所有|全部|本月|上|月|年|天|周|日|笔|微信|支付|银行|当前|现在"
)
_RELATIVES = (
    "wife|husband|ex|ex-wife|ex-husband|partner|mother|mom|mum|father|dad|son|daughter|friend|boss"
    "|neighbou?r|brother|sister|colleague|girlfriend|boyfriend|roommate|grandmother|grandfather"
)
_EN_THINGS = (
    "balances?|accounts?|cards?|transactions?|statements?|limits?|savings|money|phone number"
    "|address|password|details|data|information"
)
_EN_OTHERS = (
    "(?:someone|somebody|anyone|anybody) else|other (?:customer|people|person|user|client)s?"
    "|another (?:customer|person|user|client)"
    "|(?:all|every|each)(?: the)? (?:customer|user|client)s?"
)
_EN = re.compile(
    rf"\b(?:my (?:{_RELATIVES})|{_EN_OTHERS})(?:['’]s?)?\s+(?:[\w'’]+\s+){{0,2}}?(?:{_EN_THINGS})\b"
    rf"|\b(?:{_EN_THINGS})\s+(?:of|for|belonging to)\s+(?:my (?:{_RELATIVES})|{_EN_OTHERS})\b"
    rf"|\b(?:show|see|check|tell|give|view|list|what is|what's|how much).{{0,24}}"
    rf"\b(?:his|her|their)\s+(?:\w+\s+)?(?:{_EN_THINGS})\b",
    re.I,
)
_EN_NAMED = re.compile(
    r"(?i:\b(?:show|see|check|tell|give|view|list|what is|what's)\b).{0,16}"
    r"\b(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Today|Yesterday)"
    rf"[A-Z][a-z]+(?: [A-Z][a-z]+)?['’]s (?:\w+ )?(?:{_EN_THINGS})\b"
)
_CUSTOMER = re.compile(
    r"(?<![a-z0-9])(?:c-\d{3,}|(?:customer|user|client)\s+(?:id|no\.?|number)\s*\S*\d)", re.I
)
_SENDING = re.compile(r"转|汇|打给|打钱|到账|transfer|sent\b|send|paid|arrive", re.I)


def asks_for_others(said: str) -> bool:
    """Whether the message asks for the data of somebody else, and is not about paying them.

    What it misses does no harm: no tool reaches anybody else's accounts.
    """
    if _CUSTOMER.search(said):
        return True
    if _SENDING.search(said):
        return False
    if _ZH.search(said) or _EN.search(said) or _EN_NAMED.search(said):
        return True
    named = _ZH_NAMED.search(said)
    return named is not None and not _NOT_NAMES.search(named[1])

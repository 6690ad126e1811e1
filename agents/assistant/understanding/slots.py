"""What a message names: money, cards, days, merchants, services, references; by rules."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal, TypeVar

from agents.assistant.reading import Slots, Window
from agents.assistant.understanding import amounts, days, lasting
from agents.assistant.understanding.folding import Said, pattern
from agents.numerals import DIGITS
from schemas.tools import LimitKind

_Name = TypeVar("_Name", bound=str)

# What the person says it is not; only what is meant counts.
_NOT_MEANT = pattern(
    r"不(?:是|要)[^,.;!?]{1,20}?[,;. ]\s?(?:我?[说讲打弄搞记]错了?[,;. ]\s?"
    r"|(?=.{0,4}(?:是|要|改|应该)))"
    r"|(?<=[,;. ])不是[^,.;!?]{1,20}$"
    r"|\bnot (?:the |my |to )?[^,.;!?]{1,30}?(?:,| but| - )\s?(?=\S)"
    r"|(?<=[,;.]) ?not (?:the |my |to )?[^,.;!?]{1,30}$"
)
_DIGIT = r"[\d零〇一二两三四五六七八九幺]"
_LAST4 = (
    pattern(rf"(?:尾号|末四位|后四位|最后四位|尾数)(?:号码|数字)?[是为:]?\s?({_DIGIT}{{4}})(?!{_DIGIT})"),
    pattern(
        r"\b(?:ending|ends|end)(?: (?:in|with|on))?:? (\d{4})(?!\d)"
        r"|\blast (?:four|4)(?: digits?)?(?: (?:is|are|of))?:? (\d{4})(?!\d)"
        r"|\bcard(?: number)?:? ?(?:#|no\.? ?)?(\d{4})(?!\d)"
    ),
    pattern(r"(?<![\w.,-])(\d{4})\s?的?(?:那张|这张|那个)?(?:银行|信用|储蓄|借记)?卡"),
    pattern(r"(?<![\w.,-])(\d{4})\s?的?[那这]张"),
    pattern(r"(?<![\w.,-])(\d{4}) (?:debit |credit )?card\b"),
    pattern(r"(?:\*|x|•){2,} ?(\d{4})(?!\d)"),
)  # fmt: skip
_SOME_DIGIT = pattern(_DIGIT)
_ARABIC = pattern(r"\d")
_BARE = pattern(r"\d{4}")
_NO_AMOUNT = pattern(r"\d\d(?!00)\d\d")
# What stands around the right one where somebody corrects themselves.
_CORRECTION = pattern(
    r"我?[说讲打弄搞记]错了?|不对|应该|而?是"
    r"|\b(?:sorry|i misspoke|i meant|it'?s|it is|wrong|no|but)\b"
)
_CARD_KINDS: tuple[tuple[Literal["debit", "credit"], re.Pattern[str]], ...] = (
    ("credit", pattern(r"信用卡|贷记卡|\bcredit(?:[ -]card)?\b(?! limit)")),
    ("debit", pattern(r"储蓄卡|借记卡|工资卡|\bdebit\b|\bbank card\b")),
)
_LIMIT_KINDS: tuple[tuple[LimitKind, re.Pattern[str]], ...] = (
    ("cash", pattern(r"取现|取款|提现|现金|取钱|\batms?\b|\bcash\b|withdraw")),
    ("transfer", pattern(r"转账|转帐|汇款|转出|(?<!周)转[^眼变]{0,6}(?:万|钱|元|块)|\btransfers?\b|\bsend(?:ing)?\b|\bwir")),  # noqa: E501
    ("purchase", pattern(r"消费|支付(?!宝)|付款|刷卡|购物|买东西|网购|\bpurchas|\bspend|\bpayments?\b|\bpaying\b|\bshopping\b")),  # noqa: E501
)  # fmt: skip
_SERVICES = (
    ("wechat", pattern(r"微信|财付通|\bwe ?chat\b|\bweixin\b|\btenpay\b")),
    ("alipay", pattern(r"支付宝|花呗|余额宝|\bali ?pay\b")),
    ("applepay", pattern(r"苹果支付|苹果钱包|\bapple ?(?:pay|wallet)\b")),
    ("googlepay", pattern(r"谷歌支付|\bgoogle ?(?:pay|wallet)\b")),
    ("unionpay", pattern(r"云闪付|银联|\bunion ?pay\b|\bquick ?pass\b")),
    ("huaweipay", pattern(r"华为支付|\bhuawei ?pay\b")),
    ("meituan", pattern(r"美团|\bmeituan\b")),
    ("jd", pattern(r"京东|\bjd(?:\.com)?\b")),
    ("douyin", pattern(r"抖音|\bdouyin\b")),
    ("pinduoduo", pattern(r"拼多多|\bpinduoduo\b")),
    ("paypal", pattern(r"贝宝|\bpaypal\b")),
)
_SHOPS = pattern(
    "美团|饿了么|淘宝|天猫|京东|拼多多|抖音|滴滴|高德|星巴克|瑞幸|肯德基|麦当劳|海底捞|盒马|沃尔玛|"
    "山姆|永辉|携程|去哪儿|飞猪|铁路12306|12306|爱奇艺|腾讯视频|优酷|哔哩哔哩|网易云|苹果商店|闲鱼|"
    "得物|唯品会|顺丰|中石化|中石油|全家|罗森|优衣库|宜家|屈臣氏|小红书|喜茶|"
    r"\b(?:amazon|uber|starbucks|netflix|spotify|apple store|walmart|costco|ikea|steam|airbnb|"
    r"booking\.com|mcdonald'?s|kfc|didi|taobao|meituan|ebay|aliexpress|lyft|zara|h&m|nike|adidas)\b"
)
_SHOP_ZH = pattern(
    r"在([^\s,.!?;:的我你了在]{2,10}?)(?:消费|花了|花的|刷了|刷的|买了|买的|付了|付的|扣了|扣的|那笔|的那笔)"
)
_PAID_TO_ZH = pattern(r"(?:转给|汇给|打给|付给)([\u4e00-\u9fff]{2,4}?)(?=的|那笔|\d|钱|没|失败|为|[,.!?]|$)")  # fmt: skip  # noqa: E501
_SHOP_EN = pattern(
    r"\b(?:at|from|to|by|with|called|named) (?:the )?([A-Z][\w&'’.-]*(?: (?:&|of|[A-Z][\w&'’.-]*)){0,3})"  # noqa: E501
)
_NO_SHOP = pattern(
    r"(?:i|mon|tues|wednes|thurs|fri|satur|sun|january|february|march|april|may|june|july|august"
    r"|september|october|november|december|atm|sms|usd|rmb|cny|english|chinese|apple pay|wechat"
    r"|alipay|google pay|my|please|and|visa|mastercard)\b.*|(?:mon|tues|wednes|thurs|fri|satur|sun)day.*"  # noqa: E501
)
_NO_SHOP_ZH = pattern(
    "网上|国外|境外|手机|银行|哪里|哪儿|柜台|超市|商店|店里|外面|昨|今|上|本|最近|自己|别人|对方|朋友|家人"
)
_REFERENCE = pattern(
    r"(?<![\w@./-])((?:[a-z]{1,8}[-_:.]?(?=[\w:-]*\d{2})[a-z0-9]+(?:[-_:][a-z0-9]+){0,4}))(?![\w@]|[-./:]\w)"
)
_NUMBERED = pattern(
    r"(?:单号|编号|订单|工单号?|流水号|交易号|申请号|\b(?:order|ticket|reference|ref|case|transaction|application)"
    r"(?: (?:number|no\.?|id|code))?)[是为:# ]{0,3}\s?((?=[\w:-]{0,63}\d)[a-z0-9][\w:-]{3,63})(?!\w)"  # noqa: E501
)
_NO_REFERENCE = pattern(
    r"(?:v|ios|android|covid|iphone|mp|p|mi|top|h|g|a|r|rmb|cny|usd|eur|hkd|gbp|jpy|x+|b|s)[-_]?\d{1,5}"
    r"|\d+(?:st|nd|rd|th|k|w|am|pm)"
)
_WINDOWS: tuple[tuple[Window, re.Pattern[str]], ...] = (
    ("morning", pattern(r"上午|早上|早晨|明早|\bmornings?\b")),
    ("afternoon", pattern(r"下午|中午|午后|\bafternoons?\b|\bnoon\b|\blunch")),
    ("evening", pattern(r"晚上|傍晚|今晚|明晚|下班后|\bevenings?\b|\btonight\b|after work")),
    ("now", pattern(r"现在|马上|立刻|立即|尽快|赶紧|(?<!not )\bnow\b|\basap\b|right away|immediately|straight away")),  # noqa: E501
)  # fmt: skip
_COUNTERS = "[个张笔条项家次]"
_ORDINAL_ZH = pattern(rf"第({_DIGIT}|十|\d{{1,2}}){_COUNTERS}?|(?:选|要)({_DIGIT})(?:吧|号|$)")
_LAST_ZH = pattern(rf"最后(?:面)?(?:那|这|一){{1,2}}{_COUNTERS}|最后那个|倒数第一{_COUNTERS}")
_BARE_ORDINAL = pattern(r"(?:no\.? ?|#|option |number )?([1-9])[.)]?|([一二三四五六七八九])")
_ENGLISH = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
]
_ORDINAL_EN = pattern(
    rf"^(?:the )?({'|'.join(_ENGLISH)}|last)(?: one)?(?: please)?[.!]?$"
    rf"|\b(?:the |my )?({'|'.join(_ENGLISH)}|last) (?:one|card|account|transaction|payment|option|item)\b"  # noqa: E501
    r"|\bthe (\d{1,2})(?:st|nd|rd|th)(?: one| card| option|$)|\b(?:option|number) ([1-9])\b"
)
_TAKEN_FOR_DAYS = pattern(r"\d|昨|前|今|上|本|月|周|天|日|号|去|近|年")


def slots(said: Said, today: date) -> Slots:
    """All of it; four digits and nothing else are a card's as well as an amount."""
    folded = _NOT_MEANT.sub(lambda match: " " * len(match[0]), said.folded)
    alone = folded.strip(" .,!?;:号#")
    corrected = _CORRECTION.sub("", folded).strip(" .,!?;:号#")
    spans = days.find(folded, today)
    span = days.named(folded, spans)
    last4 = _last4(folded)
    undated = days.without(folded, spans)
    money = _without(undated, last4, alone)
    return Slots(
        amount=None if _BARE_ORDINAL.fullmatch(alone) else amounts.amount(money),
        last4=last4
        or (alone if _BARE.fullmatch(alone) else "")
        or (corrected if _NO_AMOUNT.fullmatch(corrected) else ""),
        card_kind=_named(_CARD_KINDS, folded) or "",
        limit_kind=_named(_LIMIT_KINDS, folded) or "",
        ordinal=_ordinal(folded, alone),
        since=span[0] if span else None,
        until=span[1] if span else None,
        days=lasting.count(undated),
        merchant=_merchant(said.text, folded),
        service=_named(_SERVICES, folded) or "",
        reference=_reference(said.text, folded),
        window=_named(_WINDOWS, folded) or "",
    )


def _named(kinds: tuple[tuple[_Name, re.Pattern[str]], ...], text: str) -> _Name | None:
    """The first of these that is named."""
    return next((name for name, rule in kinds if rule.search(text)), None)


def _last4(text: str) -> str:
    if not _SOME_DIGIT.search(text):
        return ""
    for rule in _LAST4:
        if match := rule.search(text):
            digits = next(group for group in match.groups() if group)
            return "".join(c if c.isdecimal() else str(DIGITS[c]) for c in digits)
    return ""


def _without(text: str, last4: str, alone: str) -> str:
    """The text without the digits of a card, unless there is nothing else."""
    if not last4 or text.strip() == alone == last4:
        return text
    for rule in _LAST4:
        text = rule.sub(lambda match: " " * len(match[0]), text)
    return text


def _ordinal(text: str, alone: str) -> int | None:
    if match := _BARE_ORDINAL.fullmatch(alone):
        return _digit(match[1] or match[2])
    if _LAST_ZH.search(text):
        return -1
    if match := _ORDINAL_ZH.search(text):
        return _digit(match[1] or match[2])
    if match := _ORDINAL_EN.search(text):
        word = next(group for group in match.groups() if group)
        if word == "last":
            return -1
        return int(word) or None if word.isdecimal() else _ENGLISH.index(word) + 1
    return None


def _digit(text: str) -> int | None:
    if text == "十":
        return 10
    return (int(text) if text.isdecimal() else DIGITS[text]) or None


def _merchant(text: str, folded: str) -> str:
    """As it is written; known names first."""
    if match := _SHOPS.search(folded):
        return text[match.start() : match.end()]
    for rule in (_SHOP_ZH, _PAID_TO_ZH):
        match = rule.search(folded)
        if match and not _NO_SHOP_ZH.search(match[1]) and not _TAKEN_FOR_DAYS.search(match[1]):
            return text[match.start(1) : match.end(1)]
    for match in _SHOP_EN.finditer(text):
        name = match[1].rstrip(".")
        if not _NO_SHOP.fullmatch(name.lower()) and not any(c.isdigit() for c in name):
            return name
    return ""


def _reference(text: str, folded: str) -> str:
    if not _ARABIC.search(folded):
        return ""
    for rule in (_NUMBERED, _REFERENCE):
        for match in rule.finditer(folded):
            named = rule is _NUMBERED or not _NO_REFERENCE.fullmatch(match[1])
            if named and len(match[1]) <= 64:
                return text[match.start(1) : match.end(1)]
    return ""

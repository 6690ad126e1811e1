"""Words that a language model may only use if our own text has used them."""

import re

_EN = r"\b(?:{})\w*"


def _form(chinese: str, english: str) -> str:
    en = "|".join(english.split("|"))
    return f"{chinese}|{_EN.format(en)}" if english else chinese


LOADED: dict[str, re.Pattern[str]] = {
    name: re.compile(_form(chinese, english))
    for name, (chinese, english) in {
        "promise": (
            "保证|承诺|一定会|一定能|肯定|必定|绝对|必然|放心|包赔|包您|确保|全额|向您担保|无需担心|不用担心",
            r"guarantee|promis|definitely|certainly|assur|for sure|without fail|worry|surely"
            r"|rest easy|absolutely|always|never",
        ),
        "when": (
            "马上|立即|立刻|很快|尽快|稍后|不久|随时|今天|明天|后天|昨天|今晚|今日|明日|当天|次日|下周|本周|下个月"
            "|月底|即将|实时|秒到|这周|周[一二三四五六日末]|上午|下午|晚上|早上|几天|几个|数日|若干|日内|天内"
            "|小时|分钟|工作日|一会儿|近期|近日|不日|片刻",
            r"soon|immediate|instant|right away|shortly|today|tomorrow|tonight|yesterday"
            r"|next|this (?:week|month)|moment|quickly|any minute|straight ?away|monday|tuesday"
            r"|wednesday|thursday|friday|saturday|sunday|january|february|march|april|june|july"
            r"|august|september|october|november|december|morning|afternoon|evening|noon|night"
            r"|weekend|fortnight|overnight|couple|few|several|hours|minutes|days|weeks|months",
        ),
        "act": (
            "确认|回复|同意|授权|签字|答应",
            r"confirm|reply|agree|authori[sz]|yes\b|accept|sign\b",
        ),
        "blame": (
            "责任|过错|失误|我行的错|我们的错|起诉|投诉",
            r"fault|mistake|liab|error|negligen|blame|sue\b|lawsuit",
        ),
        "advice": (
            "建议|应该|最好|推荐|不妨",
            r"should|ought|recommend|advis|advice|suggest|better to",
        ),
        "secret": (
            "密码|验证码|口令|安全码|身份证|卡号|人脸|指纹|校验码",
            r"password|passcode|pin\b|cvv|cvc|otp|one[- ]time|verification|security code"
            r"|card number|passport|id card|identity",
        ),
        "steer": (
            "安全账户|扫码|二维码|扫描|下载|安装|加微信|加群|添加|屏幕共享|共享屏幕|远程|转到|转给|汇到|汇给|汇款|打款"
            "|点击|链接|网址|网站|登录|拨打|致电|电话|联系|短信|邮件|邮箱|客服|柜台|网点|投资|理财|购买|贷款|刷单",
            r"safe account|scan|qr|download|install|share (?:your|the) screen|remote|click|tap"
            r"|link|website|url|call|phone|dial|log ?in|sign ?in|e-?mail|sms|text us|contact"
            r"|invest|buy|purchas|loan|visit|branch|send money|wire|whatsapp|telegram",
        ),
        "brand": (
            "微信|支付宝|京东|美团|抖音|淘宝|拼多多|银联|云闪付|工商|建设银行|农业银行|中国银行|招商|交通银行|花呗|借呗|腾讯"
            "|阿里|公安|法院|警察|警方|民警|监管|银保监|人民银行|央行|检察|税务|先生|女士|小姐|经理|律师|警官",
            r"wechat|alipay|paypal|apple|google|visa|mastercard|unionpay|police|court|regulator"
            r"|ombudsman|mr|mrs|ms|dr|manager|lawyer",
        ),
        "money": (
            "退款|退还|返还|赔付|赔偿|补偿|免除|免费|减免|优惠|奖励|红包|中奖|赠送|手续费|利息|罚息",
            r"refund|reimburs|compensat|waiv|free|reward|bonus|gift|prize|discount|interest|fee"
            r"|charge|penalt|credit(?:ed|ing)",
        ),
    }.items()
}
"""By what is wrong with them: a promise, a time, a secret, a step, a name, money."""

_KIND = """
    sorry apologies apologise apologize thanks thank hello hi dear please happy glad help
    understand hope welcome course sure right good okay ok know here note noted details check
    because due since also still currently now really already yet back reason amount current
    available account bank moment happened made told asked looked see checked
"""
KIND_WORDS = frozenset(_KIND.split())
"""What one may say to be kind, or to join two sentences."""
KIND_HAN = frozenset(
    "您好抱歉谢感请帮理解希望哦呢啊吧了的是为因所以已经目前现在这那就都还也可以会有在和及与我们行给向到"
    "查询看过知道告诉清楚一个笔次其中情况信息说明原哈嗯嘛呀噢要下"
)

_NOT_NEGATIONS = re.compile(
    "对不起|不好意思|不过|不仅|不但|不只|差不多|无论|不论|不管|非常|没关系|未来|别人|别的|特别|类别|级别|分别|区别|"
    "不客气|不用谢|无妨|要不要|能不能|是不是|可不可以|not only|no problem|无忧"
)
NEGATION = re.compile(
    r"不|没|未|无|别|勿|非|拒|\b(?:not|no|never|none|nothing|nobody|cannot|without|neither|nor"
    r"|unable|un(?:successful|available|paid|changed|able))\b|n't\b|n’t\b"
)
_OUTCOMES: dict[str, str] = {
    "done": r"成功|完成|到账|办妥|办好|\bsuccess\w*|\bsucceed\w*|\bcomplet\w*|\bdone\b|\barriv\w*",
    "failed": r"失败|退回|\bfail\w*|\bdeclin\w*|\breject\w*|\breturned\b|\bbounc\w*",
    "frozen": r"冻结|挂失|锁定|\bfreez\w*|\bfroze\w*|\block(?:ed|ing|s)?\b|\bblock\w*",
    "unfrozen": r"解冻|解锁|\bunfr\w*|\bunlock\w*|\bunblock\w*",
    "unbound": r"解绑|解除绑定|\bunbind\w*|\bunbound\b|\bremov\w*|\bunlink\w*",
    "waiting": r"处理中|审核|等待|\bpending\b|\bin progress\b|\bprocess\w*|\bwaiting\b",
    "raised": r"提高|提升|上调|调高|增加|\brais\w*|\bincreas\w*|\bhigher\b",
    "lowered": r"降低|下调|调低|减少|\blower\w*|\bdecreas\w*|\breduc\w*",
    "cancelled": r"取消|撤销|终止|\bcancel\w*|\brevok\w*",
    "opened": r"开通|激活|启用|\bactivat\w*|\benabl\w*",
    "overdue": r"逾期|过期|\boverdue\b|\bexpir\w*|\blate\b",
    "approved": r"批准|通过|同意|\bapprov\w*|\bpassed\b",
    "out": r"转出|支出|扣款|扣除|付款|支付|\bpaid\b|\bpay\w*|\bdebited\b|\bspen[dt]\w*|\bsent\b",
    "in": r"转入|收入|入账|收到|\breceiv\w*|\bcredited\b|\bdeposit\w*",
    "most": r"最高|最多|至多|上限|不超过|\bat most\b|\bup to\b|\bmaximum\b",
    "least": r"最低|最少|至少|不低于|\bat least\b|\bminimum\b",
}
_OUTCOME = re.compile("|".join(f"(?P<{name}>{form})" for name, form in _OUTCOMES.items()))
_NEAR = re.compile(r"[^.!?;,。!?;,:\n]*\Z")
_HAN_REACH = 5
_EN_REACH = 30
_OPPOSITE = {"not done": "failed"}


def loaded(text: str) -> set[tuple[str, str]]:
    """What of `LOADED` stands in a text that `plainly` has made: kind and word."""
    return {(kind, found[0]) for kind, form in LOADED.items() for found in form.finditer(text)}


def outcomes(text: str) -> list[str]:
    """What the text says has happened or may, in its order; `not ` before what is denied."""
    text = _NOT_NEGATIONS.sub(lambda found: "　" * len(found[0]), text)
    said: list[str] = []
    for match in _OUTCOME.finditer(text):
        kind = match.lastgroup or ""
        if _denied(text, match.start()):
            kind = _OPPOSITE.get(f"not {kind}", f"not {kind}")
        if not said or said[-1] != kind:
            said.append(kind)
    return said


def negations(text: str) -> list[int]:
    """Where something is denied."""
    text = _NOT_NEGATIONS.sub(lambda found: "　" * len(found[0]), text)
    return [found.start() for found in NEGATION.finditer(text)]


def _denied(text: str, at: int) -> bool:
    clause = _NEAR.search(text[max(0, at - _EN_REACH) : at])
    before = clause[0] if clause else ""
    return any(
        len(before) - found.start() <= (_EN_REACH if found[0][0].isascii() else _HAN_REACH)
        for found in NEGATION.finditer(before)
    )

"""The customers of the demo bank: the same for the same moment. All names are made up.

Tenant `demo`; what is not said is as with everybody: an account, a card, some purchases.

| Customer | Name | Lang | Story |
|---|---|---|---|
| c-0001 | 陈晓明 | zh | ¥5,000 to 王芳 failed 95 minutes ago: insufficient_funds. Two debit cards (6021 wechat + alipay, 6039 alipay) and a credit card (9518 wechat + applepay) |
| c-0002 | 李静 | zh | ¥2,000 to 张伟 failed: wrong_account. Charged ¥38 twice by 星巴克 yesterday, a minute apart |
| c-0003 | John Smith | en | ¥1,200 to Liu Yang failed: name_mismatch. A refund of ¥899 from Decathlon is on its way |
| c-0004 | 赵强 | zh | ¥30,000 to 宏达建材 failed: over_limit (35,000 of 50,000 used today). Purchases have a temporary limit of 60,000 for 4 more days |
| c-0005 | 周敏 | zh | ¥8,000 to 刘洋 failed: risk_hold, the sum is held. The card 5521 is frozen |
| c-0006 | Emily Clark | en | ¥3,500 to Maria Garcia failed: recipient_bank. Credit card 6688: ¥6,815.40 due in 3 days. A home loan |
| c-0007 | 孙丽 | zh | ¥3,000 to 何平 is pending (recipient_bank); ¥600 failed three nights ago: maintenance |
| c-0008 | 吴刚 | zh | ¥1,500 to 郭磊 failed last night: night_batch. Card 8845 expired, the new one (8846, inactive) is shipped: o-0008-1 |
| c-0009 | 郑淑珍 | zh | 78 years old; ¥20,000 to 李主任 is pending: risk_hold (a swindle?). A fee of ¥2 for cash |
| c-0010 | David Miller | en | Card 1045 is lost, a new one comes (o-0010-1); card 1052 works. ¥2,499 at the Apple Store is not his |
| c-0011 | 冯雪 | zh | Nothing at all: no account, no card |
| c-0012 | Sarah Lee | en | Repayment of ¥18,240 failed: insufficient_funds, due two days ago. Uniqlo twice, one refunded. Orders: fund in progress, loan rejected, transfer done. A purchase in USD |
| c-0013 … c-0030 | made up by chance | zh, en | Ordinary customers |

Tenant `other`: c-0001 … c-0006 are other people with the same ids.
"""  # noqa: E501

from random import Random
from typing import Literal

from streams.bank.people import Calendar, Person
from streams.bank.stories import stories

DEMO = "demo"
OTHER = "other"
_ORDINARY = range(13, 31)
_OTHERS = range(1, 7)
_ZH = ("林波", "黄蓉", "徐涛", "马兰", "朱军", "胡洁", "郭峰", "何琳", "高远", "罗敏")
_EN = ("Anna Weber", "Tom Brown", "Lucy Adams", "Mark Evans", "Nina Rossi", "Paul Martin")
_SHOPS = ("盒马鲜生", "滴滴出行", "美团", "京东", "中国移动", "永辉超市", "Starbucks", "Uniqlo")
_PEOPLE = ("王磊", "刘洋", "陈静", "Li Na", "Wang Wei")
_SERVICES = ("wechat", "alipay", "applepay")


def seed(now_ms: int) -> tuple[tuple[str, Person], ...]:
    """Tenant and customer of everybody."""
    day = Calendar(now_ms)
    return (
        *((DEMO, person) for person in stories(day)),
        *((DEMO, _ordinary(DEMO, number, day)) for number in _ORDINARY),
        *((OTHER, _ordinary(OTHER, number, day)) for number in _OTHERS),
    )


def _ordinary(tenant: str, number: int, day: Calendar) -> Person:
    luck = Random(f"{tenant}/{number}")
    lang: Literal["zh", "en"] = "en" if number % 4 == 0 else "zh"
    name = luck.choice(_EN if lang == "en" else _ZH)
    phone = f"1{luck.randrange(30, 99)}{luck.randrange(10**8):08}"
    one = Person(number, name, phone, luck.choice(("basic", "gold")), lang)
    main = one.account(
        "current",
        "Current account" if lang == "en" else "活期账户",
        _digits(luck),
        luck.randrange(500_00, 90_000_00),
    )
    bound = tuple(sorted(luck.sample(_SERVICES, luck.randrange(3))))
    one.card("debit", "Debit card" if lang == "en" else "借记卡", _digits(luck), main, bound)
    if luck.random() < 0.4:
        owed = luck.randrange(200_00, 9_000_00)
        due = (day.day(luck.randrange(5, 25)), owed, owed // 10)
        one.card("credit", "Credit card" if lang == "en" else "信用卡", _digits(luck), due=due)
    for ago in sorted(luck.sample(range(1, 90), 12), reverse=True):
        clock = f"{luck.randrange(8, 22):02}:{luck.randrange(60):02}"
        if luck.random() < 0.7:
            spent = -luck.randrange(5_00, 600_00)
            one.moved(main, day.days_ago(ago, clock), spent, luck.choice(_SHOPS), "purchase")
        else:
            amount = luck.choice((-1, 1)) * luck.randrange(1, 40) * 100_00
            one.moved(main, day.days_ago(ago, clock), amount, luck.choice(_PEOPLE), "transfer")
    return one


def _digits(luck: Random) -> str:
    return f"{luck.randrange(10_000):04}"

"""Made-up identifiers, by kind and variant; each as people write them, in several ways."""

# A kind is a row, however long.
# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁"
    "任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴"
    "莫孔向汤温常施安康易牛樊葛邢路岳齐梅庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍"
    "位霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜"
)
_COMPOUND = (
    "欧阳",
    "上官",
    "司马",
    "诸葛",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "司徒",
    "令狐",
    "夏侯",
    "端木",
    "南宫",
)
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰涛明超秀霞平刚桂英华玉兰红建国文辉力明永健世广志义兴良海山仁波宁贵福生龙元全"
    "胜学祥才发武新利清飞彬富顺信子俊浩宇轩涵梓怡佳琪雨欣悦思琳晓雪梅莲珍凤洁云莉婷慧巧美淑惠珠翠雅芝萍春菊"
    "荣爱妹香月莺媛瑞凡青倩琼勤贞桃卉娇蓉眉君琴蕊薇菁梦岚苑婕馨瑶嘉毅峰恒楠榕枫航弘哲瀚昊睿博诚先敬震振壮会思"
    "钧冠策腾弋泽晨辰士以达安岩中茂进林有坚和彪谦亨奇滕冰炎朗朝忠庭翊钰"
)
_MINORITY = (
    "阿依古丽",
    "买买提",
    "迪丽努尔",
    "艾合买提江",
    "吐尔逊",
    "古丽巴哈尔",
    "热合曼",
    "扎西",
    "多吉",
    "次仁",
    "卓玛",
    "尼玛",
    "阿卜杜拉",
    "玛依拉",
    "努尔兰",
    "赛力克",
    "帕提古丽",
    "依明江",
    "巴图",
    "其木格",
)
_FIRST = (
    "John",
    "Mary",
    "Robert",
    "Linda",
    "Michael",
    "Susan",
    "David",
    "Karen",
    "Ahmed",
    "Fatima",
    "Carlos",
    "Elena",
    "Kwame",
    "Ingrid",
    "Rajesh",
    "Ananya",
    "Hiroshi",
    "Yuki",
    "Wei",
    "Xiaoming",
    "Olivia",
    "Noah",
    "Grace",
    "Liam",
)
_LAST = (
    "Smith",
    "Johnson",
    "Garcia",
    "Miller",
    "Okonkwo",
    "Petrov",
    "Novak",
    "Tanaka",
    "Zhang",
    "Li",
    "Kowalski",
    "Haddad",
    "O'Connor",
    "Fitzgerald",
    "Nakamura",
    "Lindberg",
    "Moreau",
    "Ferrari",
    "McAllister",
    "Baker-Jones",
    "Iyer",
    "Costa",
)
_PLACES = (
    ("河北省", "保定市", "涞水县"),
    ("江苏省", "南通市", "如东县"),
    ("四川省", "绵阳市", "三台县"),
    ("湖南省", "衡阳市", "祁东县"),
    ("山东省", "临沂市", "沂水县"),
    ("广东省", "梅州市", "五华县"),
    ("陕西省", "渭南市", "蒲城县"),
    ("黑龙江省", "绥化市", "望奎县"),
    ("安徽省", "阜阳市", "颍上县"),
    ("贵州省", "遵义市", "湄潭县"),
    ("内蒙古自治区", "赤峰市", "松山区"),
    ("北京市", "", "朝阳区"),
    ("上海市", "", "杨浦区"),
    ("重庆市", "", "开州区"),
    ("浙江省", "温州市", "瑞安市"),
    ("新疆维吾尔自治区", "喀什地区", "疏附县"),
    ("福建省", "泉州市", "安溪县"),
    ("广西壮族自治区", "桂林市", "灵川县"),
    ("甘肃省", "天水市", "秦安县"),
    ("湖北省", "荆州市", "监利市"),
)
_ROADS = (
    "建国路",
    "中山北路",
    "人民东路",
    "解放大道",
    "学院南街",
    "和平里西街",
    "新华街",
    "滨河大道",
    "柳荫巷",
    "石板胡同",
    "迎宾大道",
    "文昌街",
)
_ESTATES = (
    "阳光花园",
    "锦绣家园",
    "翠湖小区",
    "幸福里",
    "金域华府",
    "丽景苑",
    "平安公寓",
    "望江国际",
    "天鹅湾",
    "盛世名都",
)
_VILLAGES = (
    "王家庄村",
    "李楼村",
    "大石头村",
    "河湾村",
    "上坝村",
    "前进村",
    "柳树屯",
    "马家沟村",
    "东风村",
    "黄泥塘村",
)
_TOWNS = ("清河镇", "太平镇", "龙泉乡", "白沙镇", "双桥乡", "石门镇", "永安镇", "高坪乡")
_COMPANIES = ("东方", "华信", "恒远", "金盛", "宏达", "瑞通", "新世纪", "中联", "海蓝", "顺昌")
_TRADES = (
    "机械制造有限公司",
    "科技股份有限公司",
    "纺织厂",
    "建筑集团",
    "物流有限公司",
    "煤矿",
    "食品厂",
    "电子有限公司",
    "化工厂",
)
_RELATIVES = ("妻子", "丈夫", "儿子", "女儿", "母亲", "父亲", "弟弟", "姐姐", "儿媳", "侄子")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_WORDS = "零一二三四五六七八九"
_PLATES = "京津沪渝冀豫云辽黑湘皖鲁苏浙赣鄂桂甘晋蒙陕吉闽贵粤川"
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"

Maker = Callable[[Random], str]


def _digits(random: Random, count: int) -> str:
    return "".join(random.choices("0123456789", k=count))


def _name(random: Random) -> str:
    return random.choice(_SURNAMES) + "".join(random.sample(_GIVEN, random.choice((1, 2, 2, 2))))


def _english(random: Random) -> str:
    first, last = random.choice(_FIRST), random.choice(_LAST)
    middle = f" {random.choice('ABCDEFGJKLMRST')}." if random.random() < 0.25 else ""
    return f"{first}{middle} {last}"


def _day(random: Random, first: int = 2019, last: int = 2025) -> date:
    return date(first, 1, 1) + timedelta(days=random.randrange(365 * (last - first + 1)))


def _date(random: Random) -> str:
    day = _day(random)
    return random.choice((
        f"{day.year}年{day.month}月{day.day}日", f"{day:%Y-%m-%d}", f"{day:%Y.%m.%d}", f"{day:%Y/%m/%d}",
        f"{day.year}-{day.month}-{day.day}", f"{day.year}年{day:%m}月{day:%d}日",
    ))  # fmt: skip


def _birth(random: Random) -> str:
    day = _day(random, 1935, 2018)
    return random.choice(
        (
            f"{day.year}年{day.month}月{day.day}日",
            f"{day:%Y-%m-%d}",
            f"{day:%Y.%m.%d}",
            f"{day:%Y%m%d}",
        )
    )


def _identity(random: Random) -> str:
    body = (
        random.choice(("110105", "320623", "510722", "430426", "371323", "441424"))
        + f"{_day(random, 1940, 2015):%Y%m%d}"
        + _digits(random, 3)
    )
    total = sum(
        int(c) * w
        for c, w in zip(body, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), strict=True)
    )
    return body + "10X98765432"[total % 11]


def _mobile(random: Random) -> str:
    return random.choice(("13", "15", "17", "18", "19")) + _digits(random, 9)


def _spaced(random: Random) -> str:
    number, gap = _mobile(random), random.choice((" ", "-", "·"))
    return gap.join((number[:3], number[3:7], number[7:]))


def _landline(random: Random) -> str:
    number = random.choice("2345678") + _digits(random, 7)
    area = random.choice(("010", "021", "0755", "0731", "0571"))
    return random.choice(
        (f"{area}-{number}", f"({area}){number}", f"{area} {number[:4]} {number[4:]}")
    )


def _region(random: Random) -> str:
    province, city, county = random.choice(_PLACES)
    return province + city + (county if random.random() < 0.8 else "")


def _address(random: Random) -> str:
    number, road, estate = random.randrange(1, 400), random.choice(_ROADS), random.choice(_ESTATES)
    room = f"{random.randrange(1, 33)}{random.randrange(1, 5):02d}"
    block, unit = random.randrange(1, 40), random.randrange(1, 5)
    start = (
        _region(random)
        if random.random() < 0.7
        else random.choice(("朝阳区", "海淀区", "瑞安市", "三台县"))
    )
    return start + random.choice((
        f"{road}{number}号{estate}{block}栋{unit}单元{room}室", f"{road}{number}号院{block}号楼{room}",
        f"{road}{number}弄{block}号{room}室", f"{estate}{block}幢{room}", f"{road}{number}号",
    ))  # fmt: skip


def _village(random: Random) -> str:
    end = random.choice(
        ("", f"{random.randrange(1, 12)}组", f"{random.randrange(1, 200)}号", "三组", "二队")
    )
    start = _region(random) if random.random() < 0.7 else ""
    return start + random.choice(_TOWNS) + random.choice(_VILLAGES) + end


def _hospital(random: Random) -> str:
    province, city, county = random.choice(_PLACES)
    short = (city or province).removesuffix("市").removesuffix("地区")
    return random.choice((
        f"{short}市第{random.choice('一二三四五')}人民医院", f"{county}人民医院", f"{short}中心医院", f"{province}人民医院",
        f"{short}医科大学附属医院", f"{short}医学院第{random.choice('一二')}附属医院", f"{county}中医院", f"{short}仁爱医院",
        f"{county}妇幼保健院", f"{county}{random.choice(_TOWNS)}卫生院", "北京协和医院", "解放军总医院第五医学中心", "复旦大学附属华山医院",
    ))  # fmt: skip


def _ward(random: Random) -> str:
    return random.choice(
        (
            f"{random.choice('一二三四五六')}病区",
            f"第{random.choice('一二三')}病区",
            f"{random.randrange(1, 30)}病区",
            f"{random.randrange(1, 30)}病房",
        )
    )


def _card(random: Random) -> str:
    body = random.choice(("622202", "621700", "436742")) + _digits(random, 12)
    total = sum(
        sum(divmod(2 * int(c), 10)) if i % 2 == 0 else int(c) for i, c in enumerate(reversed(body))
    )
    return body + str(-total % 10)


def _plate(random: Random) -> str:
    body = random.choice(
        (
            f"{random.choice(_LETTERS)}{_digits(random, 4)}",
            _digits(random, 5),
            f"D{_digits(random, 5)}",
            f"{_digits(random, 3)}{random.choice(_LETTERS)}{random.choice('012')}",
        )
    )
    return random.choice(_PLATES) + random.choice(_LETTERS) + random.choice(("", "·", "")) + body


def _employer(random: Random) -> str:
    place = (random.choice(_PLACES)[1] or "北京市").removesuffix("市")
    return place.removesuffix("地区") + random.choice(_COMPANIES) + random.choice(_TRADES)


def _school(random: Random) -> str:
    place = random.choice(_PLACES)
    return random.choice(
        (
            f"{place[2]}第{random.choice('一二三')}中学",
            f"{place[2]}实验小学",
            f"{place[0].removesuffix('省')}师范大学",
            f"{place[2]}机关幼儿园",
        )
    )


def _us(day: date) -> str:
    return f"{day.month:02d}/{day.day:02d}/{day.year}"


def _english_date(random: Random) -> str:
    day = _day(random)
    month = _MONTHS[day.month - 1]
    return random.choice(
        (
            f"{month} {day.day}, {day.year}",
            f"{day.day} {month[:3]} {day.year}",
            f"{month[:3]} {day.day}, {day.year}",
            f"{day.day} {month} {day.year}",
        )
    )


def _month_day(random: Random) -> str:
    day = _day(random)
    return f"{day.month}月{day.day}日"


def _month(random: Random) -> str:
    day = _day(random)
    return random.choice(
        (f"{day.year}年{day.month}月", f"{day.year}-{day.month:02d}", f"{day.year}.{day.month:02d}")
    )


MAKERS: dict[str, Maker] = {
    "name": _name,
    "name.compound": lambda r: r.choice(_COMPOUND) + "".join(r.sample(_GIVEN, r.choice((1, 2)))),
    "name.minority": lambda r: "·".join(r.sample(_MINORITY, 2)),
    "name.spaced": lambda r: " ".join((r.choice(_SURNAMES), r.choice(_GIVEN))),
    "name.en": _english,
    "surname": lambda r: r.choice(_SURNAMES),
    "surname.en": lambda r: r.choice(_LAST),
    "identity": _identity,
    "identity.old": lambda r: f"110105{_day(r, 1940, 1999):%y%m%d}{_digits(r, 3)}",
    "passport": lambda r: r.choice("EG") + _digits(r, 8),
    "phone": _mobile,
    "phone.spaced": _spaced,
    "phone.land": _landline,
    "phone.words": lambda r: "".join(_WORDS[int(c)] for c in _mobile(r)),
    "phone.plus": lambda r: r.choice((f"+86 {_mobile(r)}", f"+1 617 555 {_digits(r, 4)}", f"+44 20 7946 {_digits(r, 4)}")),
    "phone.us": lambda r: r.choice((f"617-555-{_digits(r, 4)}", f"(212) 555-{_digits(r, 4)}", f"415.555.{_digits(r, 4)}")),
    "email": lambda r: f"{r.choice(('li.wei', 'zhangx', 'chen_88', 'j.doe', 'wang-min'))}{r.randrange(999)}@{r.choice(('qq.com', '163.com', 'mail.example.org', 'hospital.example.cn'))}",
    "account.wechat": lambda r: r.choice(("wx_", "lily", "sunny-", "abc_", "wxid_")) + _digits(r, r.randrange(4, 8)),
    "account.qq": lambda r: r.choice("123456789") + _digits(r, r.randrange(5, 10)),
    "address": _address,
    "address.village": _village,
    "address.short": _region,
    "address.en": lambda r: f"{r.randrange(2, 900)} {r.choice(('Elm', 'Maple', 'Oak Hill', 'Station', 'Queens'))} {r.choice(('Street', 'Road', 'Avenue', 'Lane', 'St'))}, {r.choice(('Springfield', 'Riverton', 'Leeds', 'Salem'))}, {r.choice(('IL 62704', 'MA 02139', 'OH 44101', 'NY 10025'))}",
    "hospital": _hospital,
    "hospital.en": lambda r: f"{r.choice(('Riverside', 'Mount Carmel', 'Lakeview', 'Green Valley', 'Northfield'))} {r.choice(('General Hospital', 'Medical Center', 'Memorial Hospital', 'Clinic'))}",
    "ward": _ward,
    "ward.bed": lambda r: r.choice((f"{r.randrange(1, 60)}床", f"+{r.randrange(1, 9)}床", f"{r.randrange(1, 60):02d}床", f"{r.randrange(1, 60)}号床")),
    "ward.en": lambda r: r.choice((f"Ward {r.randrange(1, 20)}{r.choice('AB')}", f"Bed {r.randrange(1, 40)}", f"Room {r.randrange(100, 900)}")),
    "record": lambda r: r.choice((_digits(r, 7), _digits(r, 10), f"ZY{_digits(r, 8)}", f"{_digits(r, 6)}-{r.randrange(1, 9)}")),
    "record.letters": lambda r: r.choice((f"{r.choice(_LETTERS)}{_digits(r, 7)}", f"{r.choice(_LETTERS)}{r.choice(_LETTERS)}{_digits(r, 9)}", f"{r.randrange(2019, 2026)}-{_digits(r, 5)}", f"S{r.randrange(19, 26)}-{_digits(r, 5)}")),
    "record.long": lambda r: _digits(r, r.randrange(12, 15)),
    "card.medical": lambda r: r.choice((_digits(r, 10), f"{r.choice(_LETTERS)}{_digits(r, 8)}")),
    "card.bank": _card,
    "card.en": lambda r: f"{r.choice(_LETTERS)}{r.choice(_LETTERS)}{r.choice(_LETTERS)}{_digits(r, 9)}",
    "card.ssn": lambda r: f"{_digits(r, 3)}-{_digits(r, 2)}-{_digits(r, 4)}",
    "plate": _plate,
    "employer": _employer,
    "employer.school": _school,
    "employer.en": lambda r: r.choice(("Halden Steel Works", "Northwind Logistics Inc", "Brookside Elementary School", "Alder Creek High School", "Pinnacle Foods Ltd")),
    "birth": _birth,
    "birth.iso": lambda r: f"{_day(r, 1935, 2018):%Y-%m-%d}",
    "birth.en": lambda r: f"{_MONTHS[r.randrange(12)]} {r.randrange(1, 29)}, {r.randrange(1935, 2015)}",
    "birth.us": lambda r: _us(_day(r, 1935, 2015)),
    "date": _date,
    "date.time": lambda r: f"{_date(r)}",
    "date.dots": lambda r: f"{_day(r):%Y.%m.%d}",
    "date.slash": lambda r: f"{_day(r):%Y/%m/%d}",
    "date.md": _month_day,
    "date.month": _month,
    "date.en": _english_date,
    "date.us": lambda r: _us(_day(r)),
    "date.iso": lambda r: f"{_day(r):%Y-%m-%d}",
    "age": lambda r: f"{r.randrange(90, 106)}岁",
    "age.en": lambda r: f"{r.randrange(90, 104)}-year-old",
    "relative": lambda r: r.choice(_RELATIVES),
}  # fmt: skip

KIND_OF = {"surname": "name", "relative": ""}
"""Kinds that go by another name; empty: it is no identifier."""


def kind_of(slot: str) -> str:
    """Of a slot such as `phone.land`; empty: filled, but no identifier."""
    stem = slot.partition(".")[0]
    return KIND_OF.get(stem, stem)

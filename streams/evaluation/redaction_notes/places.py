"""Made-up addresses, places of treatment, and of work."""

# A kind is a row, however long.
# ruff: noqa: E501

from __future__ import annotations

from random import Random

from streams.evaluation.redaction_notes.making import Maker

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
    one, two = f"{random.choice('一二三四五六')}病区", f"第{random.choice('一二三')}病区"
    three, four = f"{random.randrange(1, 30)}病区", f"{random.randrange(1, 30)}病房"
    return random.choice((one, two, three, four))


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


MAKERS: dict[str, Maker] = {
    "address": _address,
    "address.village": _village,
    "address.short": _region,
    "address.en": lambda r: f"{r.randrange(2, 900)} {r.choice(('Elm', 'Maple', 'Oak Hill', 'Station', 'Queens'))} {r.choice(('Street', 'Road', 'Avenue', 'Lane', 'St'))}, {r.choice(('Springfield', 'Riverton', 'Leeds', 'Salem'))}, {r.choice(('IL 62704', 'MA 02139', 'OH 44101', 'NY 10025'))}",
    "hospital": _hospital,
    "hospital.en": lambda r: f"{r.choice(('Riverside', 'Mount Carmel', 'Lakeview', 'Green Valley', 'Northfield'))} {r.choice(('General Hospital', 'Medical Center', 'Memorial Hospital', 'Clinic'))}",
    "ward": _ward,
    "ward.bed": lambda r: r.choice((f"{r.randrange(1, 60)}床", f"+{r.randrange(1, 9)}床", f"{r.randrange(1, 60):02d}床", f"{r.randrange(1, 60)}号床")),
    "ward.en": lambda r: r.choice((f"Ward {r.randrange(1, 20)}{r.choice('AB')}", f"Bed {r.randrange(1, 40)}", f"Room {r.randrange(100, 900)}")),
    "employer": _employer,
    "employer.school": _school,
    "employer.en": lambda r: r.choice(("Halden Steel Works", "Northwind Logistics Inc", "Brookside Elementary School", "Alder Creek High School", "Pinnacle Foods Ltd")),
}  # fmt: skip

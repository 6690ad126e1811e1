"""Made-up people: names of every kind, and whose they are."""

from __future__ import annotations

from random import Random

from streams.evaluation.redaction_notes.making import Maker

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
_RELATIVES = ("妻子", "丈夫", "儿子", "女儿", "母亲", "父亲", "弟弟", "姐姐", "儿媳", "侄子")


def _name(random: Random) -> str:
    return random.choice(_SURNAMES) + "".join(random.sample(_GIVEN, random.choice((1, 2, 2, 2))))


def _english(random: Random) -> str:
    first, last = random.choice(_FIRST), random.choice(_LAST)
    middle = f" {random.choice('ABCDEFGJKLMRST')}." if random.random() < 0.25 else ""
    return f"{first}{middle} {last}"


MAKERS: dict[str, Maker] = {
    "name": _name,
    "name.compound": lambda r: r.choice(_COMPOUND) + "".join(r.sample(_GIVEN, r.choice((1, 2)))),
    "name.minority": lambda r: "·".join(r.sample(_MINORITY, 2)),
    "name.spaced": lambda r: " ".join((r.choice(_SURNAMES), r.choice(_GIVEN))),
    "name.en": _english,
    "surname": lambda r: r.choice(_SURNAMES),
    "surname.en": lambda r: r.choice(_LAST),
    "age": lambda r: f"{r.randrange(90, 106)}岁",
    "age.en": lambda r: f"{r.randrange(90, 104)}-year-old",
    "relative": lambda r: r.choice(_RELATIVES),
}  # fmt: skip

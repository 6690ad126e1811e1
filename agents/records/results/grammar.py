"""How results are written: the patterns that a value, its mark and its range are read by."""

import re

from agents.records.numerals import SPOKEN

LINK = (
    r"在家中?|家中|自测|测定值?|检测值?|检查|定量|定性|试验|结果|水平|浓度|数值|测值"
    r"|计数|总数|滴度|绝对值|百分比|比例|回报|提示|显示|示|报告|复查|监测"
    r"|最高可?达?|最低可?达?|高达|低至|多?波动[于在]?|控制[于在]|维持[于在]|多在|常在"
    r"|在|约为?|大约|均?为|是|有|仍|达到?|至|到|呈|均|皆|都|已"
    r"|才|只有|仅有?|就|竟|今日?|今晨|昨日?|现|目前|复测|随机|末次|最近|最新|急查|晨起|睡前|查"
    r"|[卧坐立]位|透[前后]|家里测?|家中测?|飙|静息|指尖|早[上晨]|晚上|量的?|量得"
    r"|空腹|餐后|进一步|明显|显著|轻度|中度|重度|稍|略|持续|再次|较前|[右左双]侧?眼?"
    r"|\bo[dsu]\b|术前|术后|入院时|首次|初查|当日|第?\d日龄"
    r"|\b(?:was|is|were|are|of|at|level|levels|count|came back|measured|up to|down to)\b"
)
RISEN = r"升高|增高|偏高|上升|升|增多|增加|高于正常|高"
FALLEN = r"降低|减低|下降|偏低|减少|低于正常|降|低"
MOVED = r"又?(?:掉|跌|落|滑|涨|蹿|窜|冲|飙|爬|升|降|压|退|减|增|回)[回上下]?"
"""How people say that a value rose or fell; behind it stands to where."""
TO = rf"(?:(?:{RISEN}|{FALLEN}|恢复|回升|回落|增|减)(?:至|到|为|达)?|{MOVED}[至到])"
GAP = re.compile(
    rf"(?:\s?\((?:(?![\d<>≤≥+\-±.~↑↓]|阳|阴|弱|强)(?P<bracket>[^()\n]{{1,24}})"
    rf"|\d{{1,2}}[ \t]?(?:am|pm|点|h|小时|:\d\d|岁|周)[^()\n]{{0,10}}"
    rf"|\d{{1,2}}[-./月]\d{{1,2}}日?)\))?"
    rf"(?:[ \t:=|]|(?:{LINK})|(?P<to>{TO})(?=[ \t:]*(?:{LINK})?[ \t:]*\d)"
    rf"|(?<=[a-z\u4e00-\u9fff)])\))*"
    r"(?P<arrow>[↑↓]*)[ \t]*"
)
NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d{1,6})?|\d{1,9}(?:\.\d{1,6})?"
VALUE = re.compile(
    rf"(?P<from>由|从|自)?[ \t]*(?P<before>(?:原来|原先|原|之前"
    rf"|入院时)的?)?[ \t]*(?P<sign>[<>≤≥]=?|小于|大于|低于|高于|超过"
    rf"|不足)?[ \t]*(?P<minus>[-−+])?"
    rf"(?P<number>{NUMBER})(?![\d]"
    rf"|\+(?!\d))(?P<power>[ \t]?[×x*][ \t]?10\^?(?P<exponent>\d{{1,2}})(?![\d/]"
    rf"|[ \t]?/|个))?"
)
SAID = re.compile(
    rf"[ \t]*(?P<sign>小于|大于|低于|高于|超过|不足)?[ \t]*(?P<number>{SPOKEN})"
    r"(?![次个分种项张位号])"
)
OVER = re.compile(rf"(?:比|/)(?P<number>{SPOKEN})")
"""A number that is spoken, and the lower one of a pair."""
UPTO = re.compile(rf"[ \t]?(?:[-~–—～]{{1,2}}|至|到)[ \t]?(?P<number>{NUMBER})(?![\d.])")
SLASH = re.compile(rf"[ \t]?/[ \t]?(?P<number>{NUMBER})(?![\d.])")
THEN = re.compile(
    r"[ \t]*(?:\([^()\n]{0,14}\))?[ \t]*(?:(?:→|->|-+>|=>|⇒)[ \t]*(?:术后|今日?|复查"
    r"|现|目前|治疗后|次日|出院时|\([^()\n]{0,14}\)|[ \t]){0,2}|[,，]?(?:进行性|逐渐"
    r"|逐步|缓慢|快速|迅速|渐|后|又|再|已|现)?"
    r"(?:上升|下降|升高|降低|回升|回落|恢复|增加|增高|增|减少|减|升|降)(?:至|到|为)|至"
    rf"|到|{MOVED}[至到]|(?:to|->)\s)[ \t]*"
)
BESIDE = re.compile(
    r"[ \t]*(?:[,，、;；]?[ \t]*(?:现在?|[左右]侧?眼?|o[sdu]|透后|[立卧坐]位(?:\d+分钟)?"
    r"|(?:\d+(?:分钟|小时|h))?后?复[查测]|出院时?|输[^,，;。\n]{1,14}后(?:复[查测])?)"
    r"(?:为|约|是)?)[ \t:]*(?=\d)"
)
"""Before a further value of the same test: on the other side, lying and standing, later."""
FLAG = re.compile(
    r"[ \t|]*(?:(?P<up>↑+|\((?:高|h|↑+)\)|偏高|升高|增高|明显升高|明显增高)"
    r"|(?P<down>↓+|\((?:低|l|↓+)\)|偏低|降低|减低|明显降低)"
    r"|(?P<letter>hh|ll|h|l)(?![a-z0-9]|[ \t]*\d+(?:\.\d+)?%)"
    r"|(?P<urgent>[,，]?\(?\[?危急值?\]?\)?!?)|(?P<star>\*)|(?P<normal>\(正常\)"
    r"|正常范围|正常(?![a-z值范下上低高])|(?:normal|\(n\))(?![a-z])))"
)
LIMIT = rf"(?:{NUMBER})"
RANGE = re.compile(
    r"(?P<open>[ \t|,，;；]*[\(\[]?[ \t]*)(?P<said>(?:正常)?(?:参考|正常|目标"
    r"|靶目标)(?:值|范围|区间)*(?:范围|区间)?|孕[早中晚]期|ref(?:erence)?(?: range)?"
    r"|normal(?: range)?|nr)?[ \t:：]*"
    rf"(?:(?P<low>-?{LIMIT})[ \t]?[^\d\s\-~–—()]{{0,8}}?[ \t]?(?:-{{1,2}}|~|–|—|至"
    rf"|to)[ \t]?(?P<high>-?{LIMIT})(?![\d.])"
    rf"|(?P<under>[<≤])=?[ \t]?(?P<most>{LIMIT})(?![\d.])"
    rf"|(?P<over>[>≥])=?[ \t]?(?P<least>{LIMIT})(?![\d.]))"
)
CLOSE = re.compile(r"[ \t]*[\)\]]")
POSITIVE = (
    r"弱阳性|强阳性|阳性|阳(?=[,，、;；。\s)]|$)|\([1-4]?\+{1,4}(?:~\+{1,4})?\)"
    r"|\([1-4]\+\)|[1-4]\+(?!\d)|\+{1,4}(?!\d)|\(±\)|±|\(\+-\)|\(\+/-\)|检出|可见|找到"
    r"|查见|满视野|[1-6]级(?!医|护)|[一-鿿]{2,8}(?:球菌|杆菌|菌|念珠菌)(?![一-鿿])"
    r"|(?:weakly )?positive|\bpos\b|\breactive"
)
NEGATIVE = (
    r"阴性|阴(?=[,，、;；。\s)]|$)|\(-{1,2}\)|\([—–−]\)|-{1,2}(?=[,，、;；。\s)]|$)"
    r"|未检出|未检测到|未引出|未找到|未查见|无生长"
    r"|(?:\d{1,2}天)?无(?:细菌|真菌)生长|低于检测下限|<?检测下限|target not detected"
    r"|not detected|undetectable|negative|\bneg\b|non-?reactive|no growth"
)
NORMAL = (
    r"(?:大致|基本|完全)?(?:在)?正常(?:范围)?(?:内)?(?![值下上低高])|未见(?:明显)?异常"
    r"|无(?:明显)?异常|无特殊|未见特殊|(?:恢复)正常|达标"
    r"|within normal limits|\bwnl\b|\bnormal\b|unremarkable"
)
WORD = re.compile(
    rf"[ \t]*(?:(?P<urgent>危急值)|(?P<negative>{NEGATIVE})|(?P<positive>{POSITIVE}"
    rf"|1[::][1-9]\d{{0,4}}(?!\d))|(?P<normal>{NORMAL})"
    rf"|(?P<up>(?:明显|显著|轻度|中度|重度|稍|略|持续|进行性)?(?:升高|增高|偏高|增多)"
    rf"|\b(?:elevated|raised|high)\b)|(?P<down>(?:明显|显著|轻度|中度|重度|稍|略|持续"
    rf"|进行性)?(?:降低|减低|偏低|下降|减少)|\blow\b|\bdecreased\b)"
    r"|(?P<abnormal>异常(?!之)|\babnormal\b))"
)
TITRE = re.compile(r"[ \t]*[,，]?[ \t]*(?:滴度)?[ \t:]*\(?(1[::][1-9]\d{0,4})\)?(?!\d)")
SEVERALLY = re.compile(r"[ \t]*(?:分别|依次)(?:约?为|是|约|达|在)?[ \t:]*")
NEXT = re.compile(r"[ \t]*(?:[、,，/;；]|和|及|与|\band\b)?[ \t]*")
WIDE = re.compile(r"[ \t]*(?:\||\t|[ ]{2,})[ \t|]*(?=\d{1,9}(?:\.\d{1,4})?(?![\d.]|[ \t]?[-~–/]))")
COLUMN = re.compile(r"[ \t|]+(?=\d{1,9}(?:\.\d{1,4})?(?![\d.]|[ \t]?[-~–]))")
MORE = re.compile(
    r"[ \t]?(?:年(?!龄)|月(?!经)|日|天|周(?!围)|岁|小时|时(?!间)|点|个月|片|粒|支|代"
    r"|型(?!钠)|期|级|号|期|项|倍|枚|床|例|[/-]\d{1,2}[/-]\d|\.\d|:\d\d|mg(?![/%])"
    r"|[+-]?型)"
)

"""Names whose signs stand apart."""

from __future__ import annotations

from tests.support.redaction import gone_and_kept

GONE = [
    ("张 伟 阿托伐他汀 28片", "张 伟"),
    ("贺 兰 英 螺内酯 20片", "贺 兰 英"),
    ("姓\u3000名：欧 阳 春 花", "欧 阳 春 花"),
    ("双签：鞠\n红霞、周玲", "鞠\n红霞"),
    ("只认得出\n鲜于\n德胜\n男 69岁", "德胜"),
    ("谭\u3000笑\u3000ALT 96", "谭\u3000笑"),
]
KEPT = [
    "高 低 左 右",
    "左 右 上 下",
    "头 颈 胸 腹",
]

test_gone, test_kept = gone_and_kept(GONE, KEPT)

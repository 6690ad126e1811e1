"""Words that read like names, and names beside them."""

from __future__ import annotations

from tests.support.redaction import gone_and_kept

GONE = [
    ("石榴，女，30岁，术后第二天", "石榴"),
    ("安静说她睡不着", "安静"),
]
KEPT = [
    "歇了二十分钟才下到九十",
    "结果电话通知科里",
    "管子还插着，管路里发白",
    "屁股都红了，夜里吵得睡不着",
    "食堂的水要不要查一下",
    "家属问会不会变傻",
    "夜班时突发胸痛，由工友送来",
    "复律成功，窦律，心率72",
]

test_gone, test_kept = gone_and_kept(GONE, KEPT)

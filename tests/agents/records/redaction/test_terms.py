"""Medicines, herbs and diseases of the pack are nobody, though they read like names."""

from __future__ import annotations

from tests.support.redaction import gone_and_kept

GONE = [
    ("患者唐力说头晕", "唐力"),
    ("戴芬女士来电", "戴芬"),
]
KEPT = [
    "服安理申5mg，希罗达2片",
    "吃达菲、来士普、易瑞沙",
    "薄荷、柴胡、桂枝煎汤",
    "尤文肉瘤，巴雷特食管，法洛四联症",
    "胆管炎、食管炎、血管炎",
    "卡马西平，法罗培南，福莫特罗",
]

test_gone, test_kept = gone_and_kept(GONE, KEPT)

"""Texts that nobody wrote for a rule to like."""

HOSTILE = [
    "",
    " \n\t",
    "\ud800",
    "好\udfff评" * 100,
    "\x00\x07控制\x1b[31m",
    "😀" * 1_000,
    "<div onclick='x()'>" * 500,
    "a" * 100_000,
    "加微信领红包" * 16_000,
    "微" + "\u200b" * 50_000 + "信",
    "1 " * 50_000,
    "a@" * 50_000,
    "no " * 30_000 + "fire",
    "".join(map(chr, range(0x20, 0x3000))),
    "مرحبا שלום नमस्ते สวัสดี привет こんにちは 안녕",
    "\U000e0041\U0010ffff\U0002a6d6",
]

"""Encodings are recognised; what is no text, or no longer is, is refused."""

import pytest

from edge.importing.encodings import decode
from edge.importing.errors import Garbled, Refused, UnknownFormat

NOTE = "主诉：反复头晕3天。\n查体：血压168/102mmHg，β受体阻滞剂，肌酐132μmol/L↑。"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030", "gbk", "gb2312"]
)
def test_encodings_of_chinese(encoding: str) -> None:
    text = NOTE.replace("μ", "u").replace("β", "B") if encoding == "gb2312" else NOTE
    assert decode(text.encode(encoding)) == text


def test_big_endian_with_a_mark() -> None:
    assert decode(b"\xfe\xff" + NOTE.encode("utf-16-be")) == NOTE


@pytest.mark.parametrize(
    "rare", ["患者𠮷野䶮，女。", "患者㐂㛃，住院号一二三四五。", "患者王喆\ue863，男，三十岁。"]
)
def test_rare_characters_in_gb18030(rare: str) -> None:
    text = rare + NOTE
    assert decode(text.encode("gb18030")) == text


@pytest.mark.parametrize(
    "short", ["血压", "联通", "血压120", "头晕", "无", "肌酐132", "乙肝", "癫痫"]
)
def test_short_texts_in_gb18030(short: str) -> None:
    assert decode(short.encode("gb18030")) == short


@pytest.mark.parametrize(
    "english", ["37.2 °C, Hb 12 g/dL ± 0.1", "Café au lait spots", "α-fetoprotein 3 µg/L", "plain"]
)
def test_english_in_utf8(english: str) -> None:
    assert decode(english.encode()) == english


@pytest.mark.parametrize("encoding", ["big5", "shift_jis", "cp1252"])
def test_other_encodings_are_refused(encoding: str) -> None:
    texts = {
        "big5": "患者反覆頭暈三天，無發熱，無胸痛，血壓偏高，診斷為高血壓病。" * 3,
        "shift_jis": "患者はめまいを訴え、血圧が高いことが判明した。既往に糖尿病なし。" * 3,
        "cp1252": "Le patient se plaint de vertiges, hérédité négative, fièvre à 38°",
    }
    with pytest.raises(Garbled):
        decode(texts[encoding].encode(encoding))


@pytest.mark.parametrize(
    "garbled",
    [
        NOTE.encode().decode("gb18030", errors="replace"),
        NOTE.encode().decode("latin-1"),
        NOTE.encode().decode("cp1252", errors="ignore"),
        NOTE.encode("gb18030").decode("utf-8", errors="replace"),
        "锟斤拷锟斤拷锟斤拷：锟斤拷头锟斤拷",
    ],
    ids=["utf-8 as gbk", "utf-8 as latin-1", "utf-8 as cp1252", "gbk as utf-8", "twice"],
)
def test_mojibake_is_refused(garbled: str) -> None:
    with pytest.raises(Garbled) as refused:
        decode(garbled.encode())
    assert refused.value.reason == "mojibake"


@pytest.mark.parametrize(
    "content", [b"\x00\x01\x02\x03" * 50, bytes(range(1, 32)) * 9, NOTE.encode("utf-16-le")]
)
def test_binary_is_refused(content: bytes) -> None:
    with pytest.raises(UnknownFormat):
        decode(content)


def test_half_a_character_is_refused() -> None:
    with pytest.raises(Refused):
        decode(b"\xff\xfe" + NOTE.encode("utf-16-le")[:-1])

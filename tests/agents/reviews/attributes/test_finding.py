import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.reviews.attributes.finding import Attributes
from agents.reviews.attributes.taxonomy import read_taxonomy
from agents.reviews.attributes.terms import terms
from schemas.reviews import MAX_EVIDENCE

ATTRIBUTES = Attributes(read_taxonomy())
SIGNS = {"positive": "+", "negative": "-", "neutral": "0"}


def found(text: str) -> str:
    """`size- color+`, sorted."""
    return " ".join(sorted(a.attribute + SIGNS[a.polarity] for a in ATTRIBUTES.find(text)))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("做工好，物流慢，尺码偏小", "logistics- quality+ size-"),
        ("价格高", "price-"),
        ("性价比超级高", "price+"),
        ("电池很耐用", "battery+"),
        ("屏幕大，就是有点重", "screen+ weight-"),
        ("衣服有点小", "size-"),
        ("衣服不错", ""),
        ("runs small but true to color", "color+ size-"),
        ("the battery drains fast", "battery-"),
        ("Great camera, terrible battery, ok screen", "battery- camera+ screen0"),
        ("The screen is too small", "screen-"),
        ("物流快，but the packaging is terrible", "logistics+ packaging-"),
        ("質量很差，發貨很快", "logistics+ quality-"),
        ("Ｇｒｅａｔ　ｓｈｉｐｐｉｎｇ！", "logistics+"),
        ("声音质量很好", "sound+"),
        ("sound quality is great", "sound+"),
        ("the sound isn’t great", "sound-"),
        ("項鍊顏色很漂亮", "color+"),
        ("物流👍🏻很快！！！！！", "logistics+"),
    ],
)
def test_a_target_and_its_judgement(text: str, wanted: str) -> None:
    assert found(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("物流不是很慢", "logistics+"),
        ("没有色差", "color+"),
        ("没有色差和异味", "color+ smell+"),
        ("不难吃", "taste+"),
        ("不便宜", "price-"),
        ("发货一点也不慢", "logistics+"),
        ("味道没有上次好", "taste-"),
        ("质量没有想象中那么差", "quality+"),
        ("质量没有任何问题", "quality+"),
        ("不但不便宜，质量还差", "price- quality-"),
        ("再也不会掉色了", "durability+"),
        ("要不是客服态度好，早就差评了", "service+"),
        ("not bad quality", "quality+"),
        ("the delivery isn't slow", "logistics+"),
        ("It never crashed", "stability+"),
        ("no lag or crashes", "performance+ stability+"),
        ("No complaints about the packaging", "packaging+"),
        ("Service was neither fast nor friendly", "service-"),
        ("the phone is not too heavy", "weight+"),
        ("The staff were not only friendly but also fast", "service+"),
        ("don’t like the design", "appearance-"),
        ("异味没有", "smell+"),
        ("没有色差，线头也没有", "color+ quality+"),
        ("一点异味都没有，很好", "smell+"),
        ("线头没有剪", "quality-"),
        ("除了一地铁口没有其它", "location+"),
        ("连个泡沫都没有", "packaging-"),
    ],
)
def test_negation(text: str, wanted: str) -> None:
    assert found(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("除了物流都好", "logistics-"),
        ("除了物流慢点，质量挺好的", "logistics- quality+"),
        ("除了位置好，其他一无是处", "location+"),
        ("除了价格，别的都很差", "price+"),
        ("虽然物流慢，但是质量好", "logistics- quality+"),
        ("唯一的缺点就是贵", "price-"),
        ("Everything was great except the shipping", "logistics-"),
        ("Apart from the slow delivery I have no complaints", "logistics-"),
        ("Everything but the breakfast was excellent", "breakfast-"),
        ("the fit is perfect, but the color is off", "color- size+"),
    ],
)
def test_contrast_and_exception(text: str, wanted: str) -> None:
    assert found(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("如果物流快就好了", "logistics-"),
        ("如果质量好会再来", ""),
        ("希望能便宜点", "price-"),
        ("尺码偏小吗？", ""),
        ("这件掉不掉色", ""),
        ("为什么发货这么慢？", "logistics-"),
        ("不知道质量怎么样", ""),
        ("本以为会有色差，结果完全没有", "color+"),
        ("担心尺码不合适，结果刚刚好", "size+"),
        ("担心有色差，结果很好", "color+"),
        ("怕有异味，但东西很好", ""),
        ("I thought it would be too small but it was perfect", "size+"),
        ("I thought it would be too small but the driver was great", "delivery_person+"),
        ("上次物流很快，这次慢得离谱", "logistics-"),
        ("wish the battery lasted longer", "battery-"),
        ("Would be nice if shipping was faster", "logistics-"),
        ("Is the fabric soft?", ""),
        ("I was worried it would be loud, but it's silent.", "noise+"),
        ('真是"好"质量', "quality-"),
    ],
)
def test_what_is_wished_asked_or_expected_is_not_stated(text: str, wanted: str) -> None:
    assert found(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("做工、面料都不错", "material+ quality+"),
        ("做工，面料，版型都不错", "material+ quality+ size+"),
        ("shipping and packaging were great", "logistics+ packaging+"),
        ("Quality, fit and color are all perfect.", "color+ quality+ size+"),
    ],
)
def test_targets_that_are_judged_together(text: str, wanted: str) -> None:
    assert found(text) == wanted


def test_both_polarities_of_an_attribute_are_kept() -> None:
    assert found("发货慢，但到得快") == "logistics+ logistics-"


def test_words_are_the_authors_in_the_order_of_the_text() -> None:
    aspects = ATTRIBUTES.find("GOOD Packaging。質量不是很好")
    assert [a.words for a in aspects] == ["GOOD Packaging", "質量不是很好"]
    assert all(a.by == "rules" for a in aspects)


def test_a_phrase_is_surer_than_a_pair_and_a_negation_takes_off() -> None:
    phrase, pair, turned = (
        ATTRIBUTES.find(text)[0].confidence for text in ("有色差", "物流很快", "物流不快")
    )
    assert phrase > pair > turned


def test_personal_numbers_in_the_words_are_redacted_and_long_words_cut() -> None:
    (aspect,) = ATTRIBUTES.find("The shipping 13800138000 was slow")
    assert aspect.words == "shipping [phone] was slow"
    (aspect,) = ATTRIBUTES.find("物流" + "真的" * 45 + "不错")
    assert len(aspect.words) == MAX_EVIDENCE


def test_an_address_at_a_word_is_no_judgement_of_its_own() -> None:
    assert found("write to fastest@shop.example.com about size") == ""


def test_lacks_are_complaints() -> None:
    assert found("房间里没有电梯") == "facilities-"
    assert found("no parking") == "facilities-"


@pytest.mark.parametrize("text", ["", " ", "👍", "\ud800", "\0\x01", "İ" * 9, "……", "?" * 50])
def test_texts_without_words_say_nothing(text: str) -> None:
    assert ATTRIBUTES.find(text) == []


def test_broken_characters_do_not_hide_the_rest() -> None:
    assert found("\ud800质量\u200b\ud800好 İ SIZE runs small") == "quality+ size-"


@given(st.text(alphabet=st.characters(), max_size=60))
def test_any_text_raises_nothing(text: str) -> None:
    ATTRIBUTES.find(text)


def test_any_mixture_of_our_words_raises_nothing_and_says_the_same_again() -> None:
    words = list(terms(read_taxonomy()))
    draw = random.Random(5)
    again = Attributes(read_taxonomy())
    for _ in range(1_000):
        text = "".join(draw.choices(words, k=draw.randrange(1, 25)))
        aspects = ATTRIBUTES.find(text)
        assert aspects == again.find(text)
        pairs = [(a.attribute, a.polarity) for a in aspects]
        assert len(set(pairs)) == len(pairs)
        assert all(a.words and 0 < a.confidence <= 1 for a in aspects)


@pytest.mark.parametrize(
    "piece",
    [
        "好吃",
        "质量",
        "质量,",
        "质量、",
        "质量 ",
        "不",
        "not ",
        "除了物流",
        "great ",
        "<b>好</b>",
        "?",
        "如果",
    ],
)
def test_work_is_linear_in_the_length(piece: str) -> None:
    # Work that grows with the square would take hours.
    ATTRIBUTES.find(piece * (200_000 // len(piece)))

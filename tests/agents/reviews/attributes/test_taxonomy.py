from pathlib import Path

import pytest

from agents.reviews.attributes.finding import Attributes
from agents.reviews.attributes.taxonomy import BadTaxonomy, read_taxonomy

OWN = """
[attribute.engraving]
name = "engraving"
name_zh = "刻字"
targets = ["刻字", "engraving"]
with_target = { positive = ["清晰"], negative = ["浅"] }
phrases = { negative = ["刻错名字"] }
"""


def pairs(attributes: Attributes, text: str) -> list[tuple[str, str]]:
    return [(aspect.attribute, aspect.polarity) for aspect in attributes.find(text)]


def test_a_shop_adds_an_attribute_of_its_own() -> None:
    taxonomy = read_taxonomy(OWN)
    attributes = Attributes(taxonomy)
    assert pairs(attributes, "刻字很浅，物流快") == [
        ("engraving", "negative"),
        ("logistics", "positive"),
    ]
    assert pairs(attributes, "刻错名字了") == [("engraving", "negative")]
    assert pairs(attributes, "The engraving is great") == [("engraving", "positive")]
    assert taxonomy.name("engraving", "zh") == "刻字"


def test_a_shop_adds_words_and_changes_their_polarity() -> None:
    attributes = Attributes(
        read_taxonomy('[attribute.screen]\ntargets=["大彩屏"]\nwith_target={negative=["大"]}')
    )
    assert pairs(attributes, "大彩屏很亮") == [("screen", "positive")]
    assert pairs(attributes, "屏幕大") == [("screen", "negative")]


def test_a_shop_takes_a_word_away() -> None:
    ours, without = (
        Attributes(read_taxonomy(*more))
        for more in ((), ('[attribute.color]\nwithout = ["色差"]',))
    )
    assert pairs(ours, "有很大的色差问题") == [("color", "negative")]
    assert pairs(without, "有很大的色差问题") == []


def test_a_shop_switches_an_attribute_off_and_a_later_file_on_again() -> None:
    off = "[attribute.logistics]\nenabled = false"
    assert pairs(Attributes(read_taxonomy(off)), "物流快") == []
    again = read_taxonomy(off, "[attribute.logistics]\nenabled = true")
    assert again == read_taxonomy()


def test_general_words_and_measures_are_added() -> None:
    attributes = Attributes(read_taxonomy('measures=["紫"]\n[general]\npositive=["巴适得板"]'))
    assert pairs(attributes, "物流巴适得板") == [("logistics", "positive")]


def test_a_word_of_a_shop_that_is_longer_wins() -> None:
    attributes = Attributes(read_taxonomy('[general]\npositive = ["慢工出细活"]'))
    assert pairs(attributes, "做工慢工出细活") == [("quality", "positive")]


def test_to_have_none_of_what_is_needed_is_bad() -> None:
    lamp = '[attribute.lamp]\ntargets = ["台灯"]\n'
    assert pairs(Attributes(read_taxonomy(lamp)), "房间里没有台灯") == []
    needed = Attributes(read_taxonomy(lamp + "needed = true"))
    assert pairs(needed, "房间里没有台灯") == [("lamp", "negative")]
    assert pairs(needed, "不是台灯") == []


def test_things_are_judged_by_listed_words_only() -> None:
    attributes = Attributes(
        read_taxonomy(
            '[attribute.size]\nthings=["披风"]\n[attribute.size.with_target]\npositive=["垂"]'
        )
    )
    assert pairs(attributes, "披风很垂") == [("size", "positive")]
    assert pairs(attributes, "披风很好") == []
    assert pairs(attributes, "披风质量很好") == [("quality", "positive")]


def test_the_version_tells_taxonomies_apart() -> None:
    ours = read_taxonomy()
    assert ours.version == read_taxonomy().version == Attributes(ours).version
    assert ours.version != read_taxonomy(OWN).version


def test_files_are_read_with_a_byte_order_mark_and_named_in_errors(tmp_path: Path) -> None:
    file = tmp_path / "shop.toml"
    file.write_text("\ufeff" + OWN, encoding="utf-8")
    assert read_taxonomy(file) == read_taxonomy(OWN)
    file.write_text("[attribute.size]\ntargts = []", encoding="utf-8")
    with pytest.raises(BadTaxonomy, match=r"shop\.toml: attribute 'size': unknown key 'targts'"):
        read_taxonomy(file)
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(BadTaxonomy, match=r"shop\.toml is not UTF-8"):
        read_taxonomy(file)
    with pytest.raises(BadTaxonomy, match=r"cannot read .*gone"):
        read_taxonomy(tmp_path / "gone.toml")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[", "taxonomy is no TOML"),
        ("[attributes.size]", "unknown key 'attributes'"),
        ("attribute = 3", "attribute: wants a table"),
        ("[attribute]\nsize = 3", "attribute 'size': wants a table"),
        ('[attribute."尺 码"]', "a name has up to 40"),
        ("[attribute.Size]", "a name has up to 40"),
        ('[attribute.""]', "a name has up to 40"),
        ('[attribute.size]\ntargets = "尺码"', "key 'targets': wants a list"),
        ("[attribute.size]\ntargets = [3]", "3 is no word"),
        ('[attribute.size]\ntargets = [" "]', "' ' is no word"),
        (f'[attribute.size]\ntargets = ["{"x" * 61}"]', "no word of 1 to 60"),
        ("[attribute.size]\nname = 3", "key 'name': wants a text"),
        ("[attribute.size]\nenabled = 1", "key 'enabled': wants true or false"),
        ("[attribute.size]\nalone = 3", "key 'alone': wants a table"),
        ('[attribute.size.alone]\ngood = ["a"]', "key 'alone': unknown key 'good'"),
        ("[attribute.size.alone]\nneutral = 3", "key 'alone'.neutral: wants a list"),
        (
            '[attribute.size.alone]\npositive = ["大"]\nnegative = ["大"]',
            "'大' is both positive and negative",
        ),
        ('[general]\nbad = ["x"]', "general: unknown key 'bad'"),
        ("measures = 3", "measures: wants a list"),
    ],
)
def test_mistakes_name_attribute_and_key(text: str, says: str) -> None:
    with pytest.raises(BadTaxonomy) as error:
        read_taxonomy(text)
    assert says in str(error.value)
    assert "\n" not in str(error.value)


def test_ours_has_names_in_both_languages_and_words_in_both() -> None:
    for one in read_taxonomy().attributes:
        assert one.name.isascii()
        assert not one.name_zh.isascii()
        words = (*one.targets, *one.alone, *one.phrases)
        assert any(word.isascii() for word in words), one.id
        assert not all(word.isascii() for word in words), one.id


def test_an_attribute_that_is_gone_is_its_own_name() -> None:
    taxonomy = read_taxonomy()
    assert taxonomy.name("size") == "size and fit"
    assert taxonomy.name("gone", "zh") == "gone"

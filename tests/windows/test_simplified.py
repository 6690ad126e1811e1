import unicodedata

from windows.simplified import pairs


def test_each_character_has_one_form_that_is_final() -> None:
    old = [one for one, _ in pairs()]
    assert len(set(old)) == len(old) > 2_800
    assert not {new for _, new in pairs()} & set(old)


def test_all_are_ideographs_that_nfkc_keeps() -> None:
    every = "".join(old + new for old, new in pairs())
    assert all(unicodedata.name(c).startswith("CJK UNIFIED IDEOGRAPH") for c in every)
    assert unicodedata.normalize("NFKC", every) == every


def test_what_reviews_say() -> None:
    table = dict(pairs())
    assert (
        "".join(table.get(c, c) for c in "品質與包裝很黏，項鍊斷了") == "品质与包装很粘，项链断了"
    )

from collections import Counter

import pytest

from streams.training.utterances import OUT, intents, own


def test_every_intent_has_enough_of_each_language() -> None:
    zh, en = (Counter(one.intent for one in own(lang)) for lang in ("zh", "en"))
    assert set(zh) == set(en) == {*intents(), OUT}
    assert min(zh.values()) >= 40
    assert min(en.values()) >= 20


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_family_is_on_one_side_only(lang: str) -> None:
    told = own("zh" if lang == "zh" else "en")
    splits = {(one.family, one.split) for one in told}
    assert len(splits) == len({family for family, _ in splits})
    test = {one.text for one in told if one.split == "test"}
    assert not test & {one.text for one in told if one.split != "test"}
    assert {one.intent for one in told if one.split == "test"} == {*intents(), OUT}

import pytest

from agents.detect.mutes import Mutes, words_of
from agents.detect.themes import Key, Themes
from agents.detect.topics import TextTopics
from schemas.signals import Sample
from windows.texts import terms

TEXTS = ("支付失败 转圈", "login slow again today", "login camera lens broken photo")
KEYS = [Key("feedback", n) for n in range(len(TEXTS))]


class Place:
    """Three themes of one text each; the first has a sample that says more."""

    def __init__(self) -> None:
        self.themes, self.topics = Themes("shop"), TextTopics(100)
        clusters = self.topics._clusters
        for key, text in zip(KEYS, TEXTS, strict=True):
            found = clusters.assign(dict.fromkeys(terms(text), 9), 9, key.cluster, 100)
            assert found.cluster == key.cluster
            self.themes.start(key, key.cluster, key.cluster)
        said = Sample("支付失败 一直转圈, 客服不理人", 6_000_000, "app", "a@1")
        self.themes[KEYS[0]].samples.add(100, [said], None)

    def muted(self, *entries: str) -> list[int]:
        mutes = Mutes(entries, self.themes, {"feedback": self.topics})
        return [key.cluster for key in KEYS if key in mutes]


PLACE = Place()


def test_nothing_is_muted_unless_somebody_says_so() -> None:
    assert PLACE.muted() == []


def test_an_id_mutes_its_theme() -> None:
    assert PLACE.muted(PLACE.themes[KEYS[1]].cluster_id) == [1]


@pytest.mark.parametrize(
    ("entry", "clusters"),
    [
        ("login", [1, 2]),
        ("LOGIN, slow!", [1]),
        ("slow again the login", [1]),
        ("login payment", []),
        ("支付失败", [0]),
        ("支付成功", []),
    ],
)
def test_words_mute_themes_that_hold_all_of_them(entry: str, clusters: list[int]) -> None:
    assert PLACE.muted(entry) == clusters


def test_words_of_the_title_count_beside_a_term() -> None:
    assert PLACE.muted("一直转圈") == [0]
    # That clause is not in the title.
    assert PLACE.muted("转圈 客服") == []


def test_one_entry_of_several_is_enough() -> None:
    assert PLACE.muted("broken", "支付失败") == [0, 2]


@pytest.mark.parametrize("entry", ["", " ", "the", "!!", "12 345", "58d75250def", "https://x.io/a"])
def test_what_can_mute_nothing_is_refused(entry: str) -> None:
    with pytest.raises(ValueError, match="neither the id of a theme nor a word"):
        words_of(entry)
    with pytest.raises(ValueError, match="neither"):
        PLACE.muted(entry)

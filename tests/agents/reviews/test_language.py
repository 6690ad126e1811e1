import pytest

from agents.reviews.language import language
from tests.agents.reviews.hostile import HOSTILE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("物流很快,做工也好", "zh"),
        ("這個手機殼很好看", "zh"),
        ("这个APP很好用", "zh"),
        ("Wallet app 打不开", "zh"),
        ("iPhone 15 Pro Max 外壳 a nice case and very good indeed", "en"),
        ("The blender works fine", "en"),
        ("lol meh", "en"),
        ("gr8 stuff", "en"),
        ("luv it", "en"),
        ("trash", "en"),
        ("mid af ngl", "en"),
        ("GOOD!!!", "en"),
        ("Muy buena aplicación", "other"),
        ("très bon produit", "other"),
        ("App ist gut", "other"),
        ("bagus sekali", "other"),
        ("bahut accha hai", "other"),
        ("これはとても良い商品です", "other"),
        ("서비스가 좋아요", "other"),
        ("очень хорошо", "other"),
        ("ứng dụng rất tốt", "other"),
        ("👍👍", "none"),
        ("", "none"),
        ("10/10", "none"),
        ("\ud800", "none"),
        ("https://example.com/review", "none"),
    ],
)
def test_the_language_of_a_review(text: str, expected: str) -> None:
    assert language(text) == expected


def test_a_hint_decides_only_what_the_text_leaves_open() -> None:
    assert language("Kozmo blarg vint", "es") == "other"
    assert language("Kozmo blarg vint", "en-GB") == "en"
    assert language("物流很快", "en") == "zh"
    assert language("the delivery was slow", "zh") == "en"


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_has_one(text: str) -> None:
    assert language(text) in ("zh", "en", "other", "none")

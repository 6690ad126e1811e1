import hashlib
import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.models import sentiment
from agents.models.errors import BadModel
from agents.models.sentiment import NOTHING, SentimentCall, Sentiments
from schemas.reviews import Lang, Sentiment

MODELS = Sentiments.load()
DATA = Path(sentiment.__file__).parent / "data"


def judge(text: str, lang: Lang) -> SentimentCall:
    (call,) = MODELS.judge([text], [lang])
    return call


@pytest.mark.parametrize(
    ("text", "lang", "said"),
    [
        ("房间很干净，服务态度也好，下次还来", "zh", "positive"),
        ("質量很好，非常滿意", "zh", "positive"),
        ("太差了，用了两天就坏，客服也不理人", "zh", "negative"),
        ("不好吃", "zh", "negative"),
        ("不满意", "zh", "negative"),
        ("牛肉不新鲜", "zh", "negative"),
        ("味道很好，但是服务态度太差了", "zh", "mixed"),
        ("Great app, I love it", "en", "positive"),
        ("Keeps crashing, terrible, uninstalled", "en", "negative"),
        ("not good", "en", "negative"),
        ("Great sound, but the service was terrible", "en", "mixed"),
        ("😍😍👍", "none", "positive"),
        ("😡👎", "none", "negative"),
    ],
)
def test_plain_words_are_understood(text: str, lang: Lang, said: Sentiment) -> None:
    assert judge(text, lang).sentiment == said


@pytest.mark.parametrize("lang", ["zh", "en", "other", "none"])
@pytest.mark.parametrize("text", ["", "   \n", "\ud800", "\u200b\u200d"])
def test_of_nothing_nothing_is_said(text: str, lang: Lang) -> None:
    assert judge(text, lang) == NOTHING


def test_a_text_is_judged_alike_in_any_company() -> None:
    texts = ["味道不错，就是分量太少了", "", "好" * 500, "退款，垃圾！", "一般般"] * 130
    langs: list[Lang] = ["zh"] * len(texts)
    together = MODELS.judge(texts, langs)
    assert together[:5] == [judge(text, "zh") for text in texts[:5]]
    assert together == together[:5] * 130


def test_each_text_is_asked_of_the_model_of_its_language() -> None:
    texts = ["很满意", "awful", "很差", "awesome"]
    calls = MODELS.judge(texts, ["zh", "en", "zh", "en"])
    assert [call.sentiment for call in calls] == ["positive", "negative", "negative", "positive"]


def test_as_many_languages_as_texts() -> None:
    with pytest.raises(ValueError, match="1 texts, 0 languages"):
        MODELS.judge(["a"], [])


@pytest.mark.parametrize(
    "text",
    [
        "很好" * 50_000,
        "not " * 25_000,
        "<b>" * 30_000,
        "👍" * 100_000,
        "a" * 100_000,
        ",." * 50_000,
        "\x00\x1b[31m" * 10_000,
        "e\u0301" * 50_000,
        "\ud800\udfff好评\U000e0001",
        "שלום عالم नमस्ते",
    ],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_odd_texts_are_judged_too(text: str, lang: Lang) -> None:
    assert 0 <= judge(text, lang).confidence <= 1


@given(st.text(), st.sampled_from(["zh", "en", "other", "none"]))
@settings(max_examples=200)
def test_any_text_is_judged(text: str, lang: Lang) -> None:
    assert 0 <= judge(text, lang).confidence <= 1


def test_versions_name_the_models() -> None:
    assert re.fullmatch(r"sentiment-zh 2-[0-9a-f]{8}, sentiment-en 2-[0-9a-f]{8}", MODELS.versions)


def test_ours_are_loaded_once() -> None:
    assert Sentiments.load().model_of("zh") is MODELS.model_of("zh")


def copy(folder: Path, **changes: object) -> Path:
    """Our Chinese model as a shop's own, the card changed."""
    (folder / "sentiment-zh.onnx").write_bytes((DATA / "sentiment-zh.onnx").read_bytes())
    facts = json.loads((DATA / "sentiment-zh.json").read_bytes()) | {"name": "own"} | changes
    place = folder / "own.json"
    place.write_text(json.dumps(facts))
    return place


def test_a_shop_s_own_model_judges_its_languages(tmp_path: Path) -> None:
    own = Sentiments.load(copy(tmp_path, languages=["zh", "other"]))
    assert own.model_of("other") is own.model_of("zh") is not MODELS.model_of("zh")
    assert own.model_of("en") is MODELS.model_of("en")
    assert re.fullmatch(r"own 2-[0-9a-f]{8}, sentiment-en 2-[0-9a-f]{8}", own.versions)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"sha256": "0" * 64}, "not the file its card describes"),
        ({"file": "../x.onnx"}, "in the card's folder"),
        ({"file": "gone.onnx"}, "no model file"),
        ({"languages": []}, "names no languages"),
        ({"languages": ["xx"]}, "no model card"),
        ({"neutral": 0.5}, "neutral"),
        ({"recipe": None}, "has a recipe"),
        ({"reads": "text"}, "not one tensor of strings"),
        ({"positive": "other"}, "no output 'other'"),
        ({"task": "topics"}, "no model card"),
        ({"recipe": {"letters": [1]}}, "no model card"),
    ],
)
def test_a_model_that_does_not_fit_is_refused(
    tmp_path: Path, changes: dict[str, object], said: str
) -> None:
    with pytest.raises(BadModel, match=said):
        Sentiments.load(copy(tmp_path, **changes))


def test_a_card_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadModel, match="nowhere"):
        Sentiments.load(tmp_path / "nowhere.json")


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    place = copy(tmp_path, sha256=hashlib.sha256(b"").hexdigest())
    (tmp_path / "sentiment-zh.onnx").write_bytes(b"")
    with pytest.raises(BadModel, match="cannot be loaded"):
        Sentiments.load(place)

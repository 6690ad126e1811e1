"""The language of a review: by its script, then by words that only one language has."""

import re
from functools import cache
from typing import TYPE_CHECKING

from schemas.reviews import Lang

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_LOOKED_AT = 2_000
"""Characters of a long text that tell its language."""
_FEW_WORDS = 3
"""A text of so few words that tells nothing else is taken for English: slang, names, a sigh."""
_WIDTH = 3
"""A Chinese character says as much as three letters."""
_KANA_SHARE = 0.1
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_KANA = re.compile("[\u3041-\u30ff\uff66-\uff9d]+")
_LATIN = re.compile("[A-Za-z\u00aa\u00ba\u00c0-\u024f\u1e00-\u1eff\uff21-\uff3a\uff41-\uff5a]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_WORD = re.compile("[a-z\u00df-\u024f\u1e00-\u1eff]+(?:['’][a-z]+)?")
# Links, addresses and names of accounts are in no language.
_NO_WORDS = re.compile(r"\S*(?:://|@|www\.)\S*", re.ASCII)
_LANGUAGES = ("en", "es", "pt", "fr", "de", "it", "nl", "id", "tr", "vi", "pl", "ro", "tl", "sv")

_ENGLISH_WORDS = """
    about absolutely add after again all also always amazing an and any app are awesome awful
    back bad beautiful because been before being best better boring broken bug bugs but buy
    can't cannot cant cheap cool could crap cute cuz delivery did didn't disappointed does
    doesn't don't dont dope easy even every everything excellent fast fix for from garbage get
    gonna good got gr8 great had happy has hate have he her horrible how i i'm idk im it it's
    its just like lit little lol love loved luv made make meh more most much must my need never
    nice not nothing now of off ok okay old omg one only order our out over perfect please poor
    pretty price product quality really recommend refund return sad same say service she should
    simple size slow small some stuff such sucks super sux terrible than thank thanks that the
    their them then there they thing this thx too trash try update use used useless very wanna
    want was wasn't waste way we well went were what when where which who why will wish with
    won't wonderful work works worst worth would wow wtf yay yeah yes you your
"""
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_FOREIGN_WORDS = """
    accha acha ang aplicacion aplicación aplicativo aplikasi auf aur bagus bahut bardzo bella
    bello bhi bien bir bisa boa bom bon bonne buen buena bueno c'est ca cette che com con của
    dan das de del der des değil die din dobra du e een ein eine el en erg es est esta este está
    et excelente foarte für goed gracias gut güzel hai hain het hi ich il ini ist itu iyi je
    jest ka ke keren không ki ko kya la las le legal les los là maganda mais mantap mas mejor
    melhor mera mga mit molto mucho muito muy na nahi nahin nao ng nicht nie niet non nous nu
    này não o ottima ottimo para pas pero po por que questa questo rất sa sangat saya se sehr si
    się sono tidak très tốt uma un una und uygulama van ve você vous và y yang ye çok được și
"""
_FOREIGN = frozenset(_FOREIGN_WORDS.split())


def language(text: str, hint: str = "") -> Lang:
    """The language most of the letters are in; `none` without letters.

    `hint`: what the source says, such as `en-GB`; it decides only where the text leaves it open.
    Raises nothing.
    """
    text = text[:_LOOKED_AT]
    if text.isascii():
        return _latin(text, hint)
    han = sum(map(len, _HAN.findall(text)))
    if han:
        kana = sum(map(len, _KANA.findall(text)))
        if kana > _KANA_SHARE * (han + kana):
            return "other"
        if 2 * han >= len(text):
            return "zh"
    latin = sum(map(len, _LATIN.findall(text)))
    rest = sum(map(len, _LETTERS.findall(text))) - han - latin
    if han and _WIDTH * han >= latin + _WIDTH * rest:
        return "zh"
    if rest > latin:
        return "other"
    return _latin(text, hint) if latin else "none"


def _latin(text: str, hint: str) -> Lang:
    text = text.lower()
    if "://" in text or "@" in text or "www." in text:
        text = _NO_WORDS.sub(" ", text)
    words = _WORD.findall(text)
    if not words:
        return "none"
    english, foreign = 0, 0
    for word in words:
        english += word in _ENGLISH
        foreign += word in _FOREIGN
    if english != foreign:
        return "en" if english > foreign else "other"
    if hint:
        return "en" if hint[:2].lower() == "en" else "other"
    if english == 0 and len(words) <= _FEW_WORDS and text.isascii():
        return "en"
    found, _ = _identifier().classify(" ".join(words))
    return "en" if found == "en" else "other"


@cache
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(list(_LANGUAGES))
    return identifier

"""Titles and terms for people; every word comes from redacted, cleaned text."""

from collections.abc import Iterable

_TITLE = 160


def phrase(terms: Iterable[str], most: int = 4) -> list[str]:
    """Terms as people read them: overlapping Chinese bigrams joined, the order kept.

    >>> phrase(["支付", "付失", "失败", "timeout"])
    ['支付失败', 'timeout']
    """
    joined: list[str] = []
    for term in terms:
        for place, word in enumerate(joined):
            if _cjk(term) and _cjk(word):
                if word.endswith(term[0]):
                    joined[place] = word + term[1:]
                    break
                if word.startswith(term[-1]):
                    joined[place] = term[:-1] + word
                    break
        else:
            joined.append(term)
    return joined[:most]


def _cjk(term: str) -> bool:
    return all("㐀" <= character <= "鿿" for character in term)


def title(product: str, words: str, count: int, minutes: int, where: str) -> str:
    """One line, counts by code."""
    text = f"{product}: {words or '?'} ({count} in {minutes} min{', ' + where if where else ''})"
    return text if len(text) <= _TITLE else text[: _TITLE - 1] + "…"


def where(attributes: dict[str, str]) -> str:
    """A slice in one line.

    >>> where({"os": "android", "app_version": "7.2.0"})
    'app_version=7.2.0 os=android'
    """
    return " ".join(f"{name}={value}" for name, value in sorted(attributes.items()))

"""The pages of the app that the assistant may send people to."""

import tomllib
from functools import cache
from importlib.resources import files

import msgspec

from schemas.turns import Lang


class Page(msgspec.Struct, frozen=True):
    """`link`: of the app; `zh`, `en`: what its button says."""

    link: str
    zh: str
    en: str

    def label(self, lang: Lang) -> str:
        """The words on the button."""
        return self.zh if lang == "zh" else self.en


@cache
def pages() -> dict[str, Page]:
    """By name."""
    text = (files("agents.assistant") / "links.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text)["pages"], dict[str, Page])

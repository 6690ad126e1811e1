"""Everything the assistant says, in `zh.toml` and `en.toml`; a text is named `section.name`."""

import tomllib
from functools import cache
from importlib.resources import files

from schemas.turns import Lang

_LONGEST_FIELD = 400


def text(lang: Lang, name: str, **fields: str | int) -> str:
    """The text of that name with its fields filled in; fields are cleaned and cut."""
    return texts(lang)[name].format_map({key: field(value) for key, value in fields.items()})


def has(name: str) -> bool:
    """Whether there is such a text."""
    return name in texts("zh")


@cache
def texts(lang: Lang) -> dict[str, str]:
    """All of a language."""
    tables = tomllib.loads((files(__package__) / f"{lang}.toml").read_text(encoding="utf-8"))
    return {
        f"{part}.{name}": said for part, table in tables.items() for name, said in table.items()
    }


def field(value: str | int) -> str:
    """As it is shown: in one line, without what cannot be seen."""
    said = str(value)
    if not said.isprintable():
        said = "".join([one if one.isprintable() else " " for one in said])
    return " ".join(said.split())[:_LONGEST_FIELD]

"""Patterns of paths, such as `exports/*.csv`, from the folder of a file on."""

import re
from glob import escape
from pathlib import Path

_MAGIC = re.compile(r"[*?\[]")
_ESCAPED = re.compile(r"\[([*?\[])\]")


def absolute(folder: Path, name: str) -> str:
    """The pattern from `folder` on; nothing in the folder's own name is one."""
    return str(Path(escape(str(folder))) / Path(name).expanduser())


def matches(pattern: str) -> list[Path]:
    """What there is of an absolute pattern, sorted."""
    path = Path(pattern)
    return sorted(Path(path.anchor).glob(str(path.relative_to(path.anchor))))


def base(pattern: str) -> Path:
    """The last folder above any pattern."""
    found = Path()
    for part in Path(pattern).parts:
        if _MAGIC.search(_ESCAPED.sub("", part)):
            return found
        found /= _ESCAPED.sub(r"\1", part)
    return found if found.is_dir() else found.parent

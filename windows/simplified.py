"""Traditional characters and the simplified ones that say the same."""

from functools import cache
from importlib.resources import files


@cache
def pairs() -> tuple[tuple[str, str], ...]:
    """Each traditional, old or Japanese character before its simplified form."""
    table = (files("windows") / "traditional.txt").read_text(encoding="utf-8")
    lines = [line for line in table.splitlines() if not line.startswith("#")]
    return tuple((pair[0], pair[1]) for pair in " ".join(lines).split())

"""Contracts and reference pages made from the code: `python -m streams.reference [--check] DIR`."""

import sys
from pathlib import Path

from schemas.contracts import files as contracts
from streams.admin import table as topics
from streams.metrics import documentation as metrics
from streams.settings import FILE, table

_OF_A_PRODUCT = [
    "",
    "`products.NAME` is a table for one product, below the settings for all; what it leaves out is",
    "as for all:",
    "",
    "```",
    "[products.wallet]",
    'sensitivity = "high"',
    "min_count = 5",
    'mute = ["58d75250def9", "login slow", "登录过期"]',
    "```",
]


def settings() -> str:
    """The table of every setting."""
    rows = [
        f"A TOML file named by `{FILE}`, one `name = value` a line; the environment wins over it.",
        "",
        "| setting | environment | default | meaning |",
        "|---|---|---|---|",
    ]
    rows += [
        f"| `{n}` | {f'`{env}`' if env else 'in the file only'} | `{default}` | {text} |"
        for n, env, default, text in table()
    ]
    return "\n".join(rows + _OF_A_PRODUCT) + "\n"


def topic_table() -> str:
    """The table of topics."""
    rows = ["| topic | key | message | partitions | kept | purpose |", "|---|---|---|---|---|---|"]
    rows += ["| `" + row[0] + "` | " + " | ".join(row[1:]) + " |" for row in topics()]
    return "\n".join(rows) + "\n"


def files() -> dict[str, str]:
    """File name to content."""
    note = "<!-- Made by `make contracts` from the code; do not edit. -->\n\n"
    return {
        "settings.md": f"# Settings\n\n{note}{settings()}",
        "metrics.md": f"# Metrics\n\n{note}{metrics()}",
        "topics.md": f"# Topics\n\n{note}Names carry the prefix.\n\n{topic_table()}",
        **{f"contracts/{name}": content for name, content in contracts().items()},
    }


def main(arguments: list[str]) -> int:
    """Write the files, or with --check compare; 1 if they differ."""
    check = "--check" in arguments
    folder = Path(next(a for a in arguments if not a.startswith("-")))
    stale = []
    for name, content in files().items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            stale.append(name)
            if not check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content, encoding="utf-8")
    made = {folder / name for name in files()}
    stale += sorted(p.name for p in folder.glob("contracts/*.json") if p not in made)
    if check and stale:
        print(f"stale: {', '.join(stale)}; run: make contracts")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

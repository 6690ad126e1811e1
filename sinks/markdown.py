"""A card in the little Markdown that DingTalk and WeCom share."""

from sinks.cards import Card
from sinks.plain import literal

_TEXT = 300


def markdown(told: Card, heading: str, most_bytes: int) -> str:
    """Markup of ours around text of others that has none; cut between lines at `most_bytes`."""
    parts = [heading, f"**{literal(told.title, _TEXT)}**"]
    parts += [f"> {name}: {literal(text, _TEXT)}" for name, text in told.facts]
    for name, lines in told.sections:
        parts += [f"**{name}**"] if name else []
        parts += [f"- {literal(line, _TEXT)}" for line in lines]
    end = f"[{told.link[0]}]({told.link[1]})" if told.link else literal(told.footer, _TEXT)
    room = most_bytes - len(end.encode())
    kept: list[str] = []
    for part in parts:
        room -= len(part.encode()) + 2
        if room < 0:
            break
        kept.append(part)
    return "\n\n".join([*kept, end]) if end else "\n\n".join(kept)

"""What is printed of a document, a file's name or an answer from outside."""

from __future__ import annotations


def shown(text: str) -> str:
    """On one line, without what could steer a terminal."""
    return "".join(c if c.isprintable() else " " for c in text)

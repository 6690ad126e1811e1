"""Articles of the bank: read, checked and searched."""

from agents.assistant.knowledge.library import Library

__all__ = ["Library"]

"""The assistant of production."""

from agents.assistant.assistant import Assistant
from agents.assistant.knowledge.library import Library
from agents.assistant.understanding.understander import Understander
from streams.evaluation.dialogues.stage import Staff
from streams.evaluation.dialogues.workers import toolboxes


def production() -> Staff:
    """Without a language model."""
    return Staff(Assistant(Understander.load(), Library.load()), toolboxes)

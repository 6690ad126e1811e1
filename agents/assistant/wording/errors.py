"""Errors of asking the model of the assistant, beside those of agents.llm.errors."""

from agents.llm.errors import ModelError


class TooLate(ModelError):
    """Too little time is left for a question: go without."""


class TooBusy(ModelError):
    """As many questions as may be are in flight: go without."""

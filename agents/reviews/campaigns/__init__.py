"""Duplicates, suspected fakes and campaigns among the reviews of a night.

In each chunk `Traces.of`, then once `find` over the traces of all.
"""

from agents.reviews.campaigns.judge import find
from agents.reviews.campaigns.rules import Rules
from agents.reviews.campaigns.traces import Traces
from agents.reviews.campaigns.verdicts import Campaign, Part, Verdicts

__all__ = ["Campaign", "Part", "Rules", "Traces", "Verdicts", "find"]

"""Asking the language model of the night: by batch files or live; what is known is kept."""

from streams.reviews.asking.account import AskingAccount, account_of
from streams.reviews.asking.batches import Exported, Sizes, export
from streams.reviews.asking.folder import AskingFolder
from streams.reviews.asking.live import LiveRun, ask_live
from streams.reviews.asking.results import Taken, take

__all__ = [
    "AskingAccount",
    "AskingFolder",
    "Exported",
    "LiveRun",
    "Sizes",
    "Taken",
    "account_of",
    "ask_live",
    "export",
    "take",
]

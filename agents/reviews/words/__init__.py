"""Banned words: lists, the ways to write a word, and what only looks like one."""

from agents.reviews.words.banned import BannedWords
from agents.reviews.words.entries import WordList, merged, parse, starter
from agents.reviews.words.errors import BadWordList

__all__ = ["BadWordList", "BannedWords", "WordList", "merged", "parse", "starter"]

"""Errors of lists of banned words."""


class BadWordList(Exception):
    """Mend the list; the message names the file and the line."""

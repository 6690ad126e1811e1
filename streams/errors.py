"""The errors an operator sees: one line that says what to do, and an exit code."""

from __future__ import annotations


class OperatorError(Exception):
    """Something the person at the terminal can put right.

    `str()` is one line that says what to do; `exit_code` ends the command.
    """

    exit_code = 1

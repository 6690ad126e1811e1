"""Errors of reading records.

RecordsError
└── BadPack            the rules and tables cannot be used: keep the version that works
"""


class RecordsError(Exception):
    """Root of the errors of this layer."""


class BadPack(RecordsError):
    """A file of the pack is missing, cannot be read or contradicts another."""

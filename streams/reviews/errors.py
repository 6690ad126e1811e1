"""Errors of the nightly review check.

OperatorError
└── ReviewsError
    ├── BadDate        write the date or the time of day as it says
    ├── BadSource      mend [source] or [columns] of the file of the reviews
    ├── SourceAway     the reviews cannot be had now: again later
    └── NightBusy      another process runs a night there: wait for it
"""

from streams.errors import OperatorError


class ReviewsError(OperatorError):
    """Root of the errors of the nightly check."""


class BadDate(ReviewsError):
    """No date, time of day or time zone of that name."""


class BadSource(ReviewsError):
    """The source has not what the file of the reviews says of it."""


class SourceAway(ReviewsError):
    """The source is not there, does not answer, or is broken."""


class NightBusy(ReviewsError):
    """One night at a time in a folder."""

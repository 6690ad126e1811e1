"""A day on the command line."""

from __future__ import annotations

import click

from schemas.records import is_date


class _Day(click.ParamType):
    name = "day"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        # Days are compared as text: 31.12.2026 is before them all, so nothing would ever be due.
        if not value or not is_date(value):
            self.fail("日期如 2026-05-31 · a day is 2026-05-31", param, ctx)
        return value


DAY = _Day()
"""As exact as known: `2026`, `2026-05` or `2026-05-31`."""

"""Excerpts that show what a complaint is about."""

from collections.abc import Sequence

import duckdb

from schemas.times import format_ms
from sinks.reviews.figures import Quote
from sinks.reviews.merging import literals
from sinks.reviews.tables import LABELS

_MOST = 3
_CANDIDATES = 12
_READABLE = (8, 160)
"""Characters; shorter says nothing, longer nobody reads."""

_SQL = """
WITH wanted AS (SELECT unnest($1) AS product, unnest($2) AS attribute),
said AS (SELECT product, source, attribute, max(confidence) AS confidence
         FROM review_aspects SEMI JOIN wanted USING (product, attribute)
         WHERE {today} AND polarity = 'negative' GROUP BY product, source, attribute),
ranked AS (SELECT said.product, attribute, source, excerpt, cause, "time",
                  CASE author WHEN '' THEN source ELSE author END AS author,
                  row_number() OVER (PARTITION BY said.product, attribute ORDER BY campaign <> '',
                      json_array_length(findings) > 0, sentiment <> 'negative', cause = '',
                      confidence DESC,
                      length(excerpt) NOT BETWEEN {shortest} AND {longest}, "time", source) AS rank
           FROM said JOIN (SELECT * FROM {labels} WHERE {today}) USING (source)
           WHERE excerpt <> ''),
told AS (SELECT * FROM ranked
         QUALIFY row_number() OVER (PARTITION BY product, attribute, author ORDER BY rank) = 1)
SELECT product, attribute, source, epoch_ms("time"), excerpt, cause FROM told
QUALIFY row_number() OVER (PARTITION BY product, attribute ORDER BY rank) <= {candidates}
ORDER BY product, attribute, rank"""


def quotes(
    connection: duckdb.DuckDBPyConnection, date: str, wanted: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], tuple[Quote, ...]]:
    """Up to three by product and attribute, of different authors and different texts.

    Those of reviews in which nothing was found come first, then those with a cause, the surest
    and the readable.
    """
    if not wanted:
        return {}
    rows = connection.execute(
        _SQL.format(
            labels=LABELS.name,
            today=f"date = {literals([date])}",
            shortest=_READABLE[0],
            longest=_READABLE[1],
            candidates=_CANDIDATES,
        ),
        [[product for product, _ in wanted], [attribute for _, attribute in wanted]],
    ).fetchall()
    found: dict[tuple[str, str], tuple[Quote, ...]] = {}
    for product, attribute, source, time_ms, text, cause in rows:
        known = found.get((product, attribute), ())
        if len(known) < _MOST and text not in {one.text for one in known}:
            found[product, attribute] = (*known, Quote(source, format_ms(time_ms), text, cause))
    return found

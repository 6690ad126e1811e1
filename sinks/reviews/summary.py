"""The day's figures, counted from the labels in SQL that DuckDB and PostgreSQL share.

A review counts in `reviews` and all that follows unless it was refused; in `status` all count. An
attribute counts once a review, whatever the number of places that speak of it.
"""

_SAID = """
said AS (SELECT date, product, channel, lang, sentiment FROM {schema}.review_labels
         WHERE date IN ({dates}) AND status <> 'refused'),
spoken AS (SELECT DISTINCT date, product, source, attribute, polarity
           FROM {schema}.review_aspects WHERE date IN ({dates}))"""

_DAYS = """
WITH {said},
found AS (SELECT DISTINCT date, source, kind FROM {schema}.review_findings WHERE date IN ({dates}))
SELECT date, 'reviews' AS measure, '' AS name, '' AS polarity, count(*) AS reviews
FROM said GROUP BY date
UNION ALL SELECT date, 'status', status, '', count(*)
FROM {schema}.review_labels WHERE date IN ({dates}) GROUP BY date, status
UNION ALL SELECT date, 'channel', channel, '', count(*) FROM said GROUP BY date, channel
UNION ALL SELECT date, 'lang', lang, '', count(*) FROM said GROUP BY date, lang
UNION ALL SELECT date, 'sentiment', sentiment, '', count(*) FROM said GROUP BY date, sentiment
UNION ALL SELECT date, 'aspect', attribute, polarity, count(*)
FROM spoken GROUP BY date, attribute, polarity
UNION ALL SELECT date, 'finding', kind, '', count(*) FROM found GROUP BY date, kind"""

_PRODUCT_DAYS = """
WITH {said}
SELECT date, product, 'reviews' AS measure, '' AS name, '' AS polarity, count(*) AS reviews
FROM said GROUP BY date, product
UNION ALL SELECT date, product, 'sentiment', sentiment, '', count(*)
FROM said GROUP BY date, product, sentiment
UNION ALL SELECT date, product, 'aspect', attribute, polarity, count(*)
FROM spoken GROUP BY date, product, attribute, polarity"""


def days(schema: str, dates: str) -> str:
    """Rows of `review_days`; `dates` is SQL, our own literals or parameters."""
    return _filled(_DAYS, schema, dates)


def product_days(schema: str, dates: str) -> str:
    """Rows of `review_product_days`."""
    return _filled(_PRODUCT_DAYS, schema, dates)


def _filled(sql: str, schema: str, dates: str) -> str:
    return sql.replace("{said}", _SAID.strip()).format(schema=f'"{schema}"', dates=dates)

"""The source that the file of the reviews names."""

from collections.abc import Callable
from pathlib import Path

from sinks.cluster import Cluster
from streams.reviews.config import ReviewsConfig
from streams.reviews.sources.options import DuckOptions, FilesOptions, PostgresOptions, TopicOptions
from streams.reviews.sources.source import Advance, Source
from streams.settings import Settings


def open_source(
    config: ReviewsConfig,
    work: Path,
    settings: Settings,
    connect: Callable[[], Cluster],
    advance: Advance = lambda _: None,
) -> Source:
    """`work`: a folder for temporary files; `connect`: the Kafka, asked only for topics."""
    options, columns = config.source, config.columns
    # Imported when asked for: a file needs no Kafka client.
    if isinstance(options, FilesOptions):
        from streams.reviews.sources.files import FilesSource

        return FilesSource(options, columns, work, advance)
    if isinstance(options, DuckOptions):
        from streams.reviews.sources.duck import DuckSource

        return DuckSource(options, columns, work, advance)
    if isinstance(options, PostgresOptions):
        from streams.reviews.sources.postgres import PostgresSource

        return PostgresSource(options, columns, work, advance)
    if isinstance(options, TopicOptions):
        from streams.reviews.sources.topic import TopicSource

        return TopicSource(options, columns, work, advance, settings, connect())
    raise TypeError(type(options).__name__)

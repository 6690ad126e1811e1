"""`[outputs]` of the file of the reviews: where labels and tickets go."""

from typing import Annotated

import msgspec
from msgspec import Meta

from sinks.tables.postgres import PostgresOptions

FILE = "reviews.duckdb"


class OutputOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[outputs]`; `[outputs.postgres]` is a table of its own."""

    folder: Annotated[
        str,
        Meta(
            min_length=1,
            description=f"of {FILE} and the Parquet files, from the folder `out` on",
        ),
    ] = "."
    parquet: Annotated[bool, Meta(description="Parquet files beside the DuckDB file")] = True
    topics: Annotated[bool, Meta(description="what changes, on review_labels and risk_tickets")] = (
        False
    )
    postgres: Annotated[
        PostgresOptions | None, Meta(description="the same tables in PostgreSQL")
    ] = None
    threads: Annotated[int, Meta(ge=1, le=64, description="most of DuckDB's")] = 2
    memory: Annotated[
        str, Meta(pattern=r"^[1-9]\d{0,5}(MB|GB)\Z", description="the most that DuckDB takes")
    ] = "512MB"

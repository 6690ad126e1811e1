"""`[output]` of the file of the review check: where labels and tickets go."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from sinks.config import options_of
from sinks.errors import Misconfigured
from sinks.tables.postgres import PostgresOptions

FILE = "reviews.duckdb"


class OutputOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[output]`; `[output.postgres]` is a table of its own."""

    folder: Annotated[
        str, Meta(min_length=1, description=f"made if it is missing; {FILE} and Parquet files")
    ]
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


def output_options(
    where: str, table: Mapping[str, Any], folder: Path, environ: Mapping[str, str]
) -> OutputOptions:
    """The table `where` of a file in `folder`; secrets as in the file of the receivers.

    Raises Misconfigured.
    """
    own = dict(table)
    postgres = own.pop("postgres", None)
    if postgres is not None and not isinstance(postgres, dict):
        raise Misconfigured(f"{where} postgres: write a table [output.postgres]")
    found = options_of(where, own, OutputOptions, folder, environ)
    if postgres is None:
        return found
    inner = options_of(f"{where} postgres:", postgres, PostgresOptions, folder, environ)
    return msgspec.structs.replace(found, postgres=inner)

"""`[rules]` and `[model]` of the file of the reviews."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Hours = Annotated[float, Meta(gt=0, le=10_000)]
Limit = Annotated[int, Meta(ge=0)]


class DueHours(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[rules.due_hours]`: how long after the night a ticket has to be dealt with."""

    critical: Hours = 12.0
    error: Hours = 24.0
    warning: Hours = 72.0
    info: Hours = 168.0


class RulesOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[rules]`; once read, every path in it is absolute and there."""

    banned: Annotated[
        tuple[str, ...], Meta(description="files of banned words, or patterns of them")
    ] = ()
    starter: Annotated[bool, Meta(description="our own list of banned words as well")] = True
    taxonomy: Annotated[
        str, Meta(description="attributes of your own, laid over ours; empty: ours alone")
    ] = ""
    sentiment_model: Annotated[
        str,
        Meta(description="card of a sentiment model of your own; empty: ours judge every language"),
    ] = ""
    due_hours: DueHours = msgspec.field(default_factory=DueHours)


class ModelOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[model]`: what one night asks of the language model that the settings name."""

    ask: Annotated[
        Literal["live", "batch", "never"],
        Meta(description="live: one by one; batch: files for a batch service; never"),
    ] = "live"
    calls: Annotated[Limit, Meta(description="questions of a night; 0: no limit")] = 2_000
    tokens: Annotated[Limit, Meta(description="tokens of a night; 0: no limit")] = 2_000_000
    money: Annotated[
        float,
        Meta(ge=0, description="money of a night, in the currency of the prices; 0: no limit"),
    ] = 0.0
    batch_requests: Annotated[
        int, Meta(ge=1, le=50_000, description="most questions of one file")
    ] = 50_000
    batch_megabytes: Annotated[float, Meta(gt=0, le=200, description="most of one file")] = 200.0
    batch_price: Annotated[
        float, Meta(ge=0, le=1, description="price of a batch as a share of the live one")
    ] = 0.5

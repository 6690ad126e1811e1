"""What one product may have otherwise."""

from typing import Annotated

import msgspec
from msgspec import Meta

from agents.detect.mutes import words_of
from agents.detect.rules import Sensitivity

Positive = Annotated[int, Meta(ge=1)]
Product = Annotated[str, Meta(min_length=1, max_length=64)]


class ProductSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may be otherwise for one product; UNSET: as for all."""

    sensitivity: Annotated[
        Sensitivity | msgspec.UnsetType, Meta(description="low, medium or high, as for all")
    ] = msgspec.UNSET
    min_count: Annotated[
        Positive | msgspec.UnsetType, Meta(description="reports below which nothing opens")
    ] = msgspec.UNSET
    min_authors: Annotated[
        Positive | msgspec.UnsetType, Meta(description="distinct authors below which nothing opens")
    ] = msgspec.UNSET
    mute: Annotated[
        tuple[str, ...],
        Meta(
            max_length=1_000,
            description="themes that open no incident: ids, or words of which a theme has all",
        ),
    ] = ()

    def __post_init__(self) -> None:
        for entry in self.mute:
            words_of(entry)

"""How the stream counts and when it says something."""

from typing import Annotated

from msgspec import Meta

from agents.detect.rules import Sensitivity
from streams.settings.kafka import KafkaSettings
from streams.settings.product import Positive, Product


class StreamSettings(KafkaSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of intake, detection and incidents, as for all products."""

    default_product: Annotated[Product, Meta(description="product of an event that names none")] = (
        "default"
    )
    lateness_ms: Annotated[
        int, Meta(ge=0, le=3_600_000, description="how far behind an event still counts on time")
    ] = 10_000
    max_ahead_ms: Annotated[
        int, Meta(ge=0, description="how far an event may be dated after its record")
    ] = 300_000
    idle_seconds: Annotated[
        float, Meta(ge=1, description="silence after which a partition is not waited for")
    ] = 15.0
    attributes: Annotated[
        tuple[Annotated[str, Meta(min_length=1, max_length=64)], ...],
        Meta(max_length=16, description="event attributes by which counts are sliced"),
    ] = ("app_version", "os", "region", "device")
    max_products: Annotated[
        int, Meta(ge=1, description="products counted apart per minute and partition")
    ] = 200
    max_clusters: Annotated[int, Meta(ge=10, description="themes remembered per product")] = 5_000
    dedupe_ids: Annotated[
        int, Meta(ge=1024, description="event ids remembered per input partition")
    ] = 131_072
    author_seed: Annotated[
        int, Meta(ge=0, description="seed of the hash that stands for an author; choose your own")
    ] = 0
    sensitivity: Annotated[
        Sensitivity,
        Meta(description="low, medium or high: 1, 3 or 10 false incidents per product and week"),
    ] = "medium"
    min_count: Annotated[Positive, Meta(description="reports below which nothing opens")] = 8
    min_authors: Annotated[
        Positive, Meta(description="distinct authors below which nothing opens")
    ] = 5
    quiet_minutes: Annotated[Positive, Meta(description="quiet minutes that resolve")] = 15
    update_minutes: Annotated[Positive, Meta(description="least minutes between updates")] = 5
    ack_minutes: Annotated[
        Positive, Meta(description="minutes after which an acknowledgement times out")
    ] = 60
    cooldown_minutes: Annotated[
        int,
        Meta(ge=0, description="minutes after a resolve in which the same incident opens again"),
    ] = 10
    refused_share: Annotated[
        float, Meta(gt=0, le=1, description="share of refused records that stops the worker")
    ] = 0.5
    refused_stretch: Annotated[
        Positive, Meta(description="records of a partition over which that share is taken")
    ] = 1000
    snapshot_seconds: Annotated[
        float, Meta(gt=0, description="seconds between snapshots of the detect state")
    ] = 30.0

"""Where traces go."""

from typing import Annotated, Literal

from msgspec import Meta

from streams.settings.bank import BankSettings


class TracingSettings(BankSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """OpenTelemetry, of the assistant; nothing is traced unless an exporter is named."""

    otel_exporter: Annotated[
        Literal["none", "console", "otlp"],
        Meta(description="where traces go: none, console (standard error) or otlp (over HTTP)"),
    ] = "none"
    otel_endpoint: Annotated[
        str, Meta(description="the collector, with otel_exporter otlp: http://HOST:4318")
    ] = "http://127.0.0.1:4318"
    otel_ratio: Annotated[
        float, Meta(ge=0, le=1, description="share of the conversations that are traced")
    ] = 1.0

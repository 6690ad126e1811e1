"""The door to the assistant: addresses, tokens and limits."""

from typing import Annotated

from msgspec import Meta

from streams.settings.assistant import AssistantSettings
from streams.settings.product import Positive

Words = tuple[Annotated[str, Meta(min_length=1, max_length=256)], ...]


class GatewaySettings(AssistantSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of `groundswell gateway` (docs/gateway.md)."""

    gateway_host: Annotated[str, Meta(description="address of the gateway")] = "127.0.0.1"
    gateway_port: Annotated[int, Meta(ge=0, le=65535, description="its port; 0: any free one")] = (
        9480
    )
    gateway_health_port: Annotated[
        int, Meta(ge=0, le=65535, description="its health and metrics port, on `host`")
    ] = 9468
    gateway_cert_file: Annotated[
        str, Meta(description="PEM of its certificate and those above it; empty: no TLS")
    ] = ""
    gateway_key_file: Annotated[str, Meta(description="PEM of the certificate's key")] = ""
    gateway_jwks: Annotated[
        str, Meta(description="the issuer's keys (JWKS): https://... or a file")
    ] = ""
    gateway_issuer: Annotated[str, Meta(description="`iss` that tokens must have")] = ""
    gateway_audience: Annotated[str, Meta(description="`aud` that tokens must have")] = ""
    gateway_tenant_claim: Annotated[
        str, Meta(min_length=1, description="which claim of a token names the tenant")
    ] = "tenant"
    gateway_strong_acr: Annotated[
        Words, Meta(description="values of `acr` that mean a second factor")
    ] = ()
    gateway_strong_amr: Annotated[
        Words, Meta(description="values in `amr` that mean a second factor")
    ] = ("mfa", "otp", "hwk")
    gateway_origins: Annotated[
        Words, Meta(description="origins whose pages may ask, as https://HOST[:PORT]")
    ] = ()
    gateway_deadline_ms: Annotated[
        int, Meta(ge=100, le=60_000, description="how long a turn may take")
    ] = 2_000
    gateway_hotline: Annotated[
        str, Meta(description="link that a person is given when nothing else is left")
    ] = "app://help/hotline"
    gateway_user_turns: Annotated[Positive, Meta(description="turns of one person a minute")] = 60
    gateway_tenant_turns: Annotated[
        Positive, Meta(description="turns of one tenant a minute, at each gateway")
    ] = 60_000
    gateway_user_sockets: Annotated[
        Positive, Meta(description="WebSockets of one person at the same time")
    ] = 4
    gateway_sockets: Annotated[Positive, Meta(description="WebSockets of one gateway")] = 10_000
    gateway_idle_minutes: Annotated[
        float, Meta(gt=0, description="silence after which a WebSocket is closed")
    ] = 10.0

"""Addresses and secrets of the processes around the stream."""

from typing import Annotated

from msgspec import Meta

from sinks.cluster import Secret
from streams.settings.model import ModelSettings


class ServiceSettings(ModelSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of health ports, receivers, changes that come in, and the console."""

    enrich_port: Annotated[
        int, Meta(ge=0, le=65535, description="the port of groundswell enrich; 0: any free one")
    ] = 9465
    sinks_file: Annotated[
        str, Meta(description="TOML file of the receivers of incidents (docs/alerting.md)")
    ] = ""
    host: Annotated[str, Meta(description="address of the health and metrics port")] = "127.0.0.1"
    port: Annotated[
        int, Meta(ge=0, le=65535, description="health and metrics port; 0: any free one")
    ] = 9464
    changes_host: Annotated[
        str, Meta(description="address on which `changes serve` takes changes")
    ] = "127.0.0.1"
    changes_port: Annotated[int, Meta(ge=0, le=65535, description="its port; 0: any free one")] = (
        9470
    )
    changes_health_port: Annotated[
        int, Meta(ge=0, le=65535, description="its health and metrics port, on `host`")
    ] = 9467
    changes_file: Annotated[
        str, Meta(description="TOML file that says which product a change concerns")
    ] = ""
    changes_token: Annotated[
        Secret, Meta(description="bearer token of changes in the bare form; it is shown nowhere")
    ] = Secret()
    changes_github_secret: Annotated[
        Secret, Meta(description="secret of GitHub's webhook, which signs with it")
    ] = Secret()
    changes_gitlab_token: Annotated[
        Secret, Meta(description="secret token of GitLab's webhook")
    ] = Secret()
    changes_pagerduty_key: Annotated[
        Secret, Meta(description="routing key that PagerDuty change events must bring")
    ] = Secret()
    stuck_seconds: Annotated[
        float, Meta(ge=5, description="lag without progress for this long is not alive")
    ] = 60.0
    console_host: Annotated[
        str, Meta(description="address of the console; any but this machine's own needs a token")
    ] = "127.0.0.1"
    console_port: Annotated[
        int, Meta(ge=0, le=65535, description="port of the console; 0: any free one")
    ] = 8765
    console_token: Annotated[
        Secret, Meta(description="what the console asks of who opens it; at least 16 characters")
    ] = Secret()
    console_token_file: Annotated[
        str, Meta(description="file that holds the token, instead of console_token")
    ] = ""

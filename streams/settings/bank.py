"""The bank behind the assistant."""

from typing import Annotated

from msgspec import Meta

from sinks.cluster import Secret
from streams.settings.services import ServiceSettings


class BankSettings(ServiceSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where it is and how long it may take; without `bank_url` the embedded one."""

    bank_url: Annotated[
        str, Meta(description="a bank that answers by docs/assistant-bank.md; empty: the embedded")
    ] = ""
    bank_token: Annotated[
        Secret, Meta(description="bearer token of the bank, asked for and sent; shown nowhere")
    ] = Secret()
    bank_token_file: Annotated[
        str, Meta(description="file that holds the token, instead of bank_token")
    ] = ""
    bank_ca_file: Annotated[
        str, Meta(description="PEM of who vouches for the bank; empty: the system's")
    ] = ""
    bank_file: Annotated[
        str, Meta(description="SQLite file of the embedded bank; empty: in GROUNDSWELL_HOME")
    ] = ""
    bank_timeout_ms: Annotated[
        int, Meta(ge=10, le=10_000, description="patience for one read of the bank")
    ] = 300
    bank_write_timeout_ms: Annotated[
        int, Meta(ge=10, le=10_000, description="patience for one write, which is sent twice")
    ] = 600
    bank_stale_minutes: Annotated[
        int, Meta(ge=0, le=1440, description="how old facts may be shown if the bank is away")
    ] = 15
    bank_host: Annotated[
        str, Meta(description="address of `bank serve`; any but this machine's own needs a token")
    ] = "127.0.0.1"
    bank_port: Annotated[int, Meta(ge=0, le=65535, description="its port; 0: any free one")] = 9475

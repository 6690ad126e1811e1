"""The assistant: its worker, and who asks it."""

from typing import Annotated

from msgspec import Meta

from sinks.cluster import Secret
from streams.settings.wording import WordingSettings


class AssistantSettings(WordingSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of the assistant's worker and of `groundswell ask`."""

    assistant_group: Annotated[
        str,
        Meta(pattern=r"^[A-Za-z0-9._-]{1,64}$", description="consumer group of its workers"),
    ] = "assistant"
    assistant_port: Annotated[
        int, Meta(ge=0, le=65535, description="its health and metrics port; 0: any free one")
    ] = 9471
    assistant_side_by_side: Annotated[
        int, Meta(ge=1, le=10_000, description="turns that one worker works on at once")
    ] = 64
    assistant_most_turns: Annotated[
        int, Meta(ge=1, le=100_000, description="turns in one worker; more are told to wait")
    ] = 512
    assistant_sessions: Annotated[
        int, Meta(ge=100, description="sessions that one worker remembers")
    ] = 50_000
    assistant_timezone: Annotated[
        str, Meta(description="where the bank is: what `today` and `last Friday` mean")
    ] = "Asia/Shanghai"
    assistant_encoders: Annotated[
        str,
        Meta(
            description="folder of sentence encoders (`groundswell assistant encoders` fetches two)"
            " that read what the small models are not sure of; empty: none"
        ),
    ] = ""
    assistant_salt: Annotated[
        Secret, Meta(description="key of the hash that stands for a customer in interactions")
    ] = Secret()
    reply_partition: Annotated[
        str,
        Meta(
            pattern=r"^(auto|[0-9]{1,4})$",
            description="of assistant.replies, one for each gateway; auto: the number at the end of"
            " the host's name, else the first that is free on this machine",
        ),
    ] = "auto"

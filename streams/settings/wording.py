"""What the assistant may ask of the language model that the `model_` settings name."""

from typing import Annotated

from msgspec import Meta

from streams.settings.model import Limit
from streams.settings.product import Positive
from streams.settings.tracing import TracingSettings


class WordingSettings(TracingSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Less patience and other limits than for incidents; 0 is no limit."""

    assistant_model: Annotated[
        bool, Meta(description="the assistant asks the model, if model_url is set")
    ] = True
    assistant_model_timeout_seconds: Annotated[
        float, Meta(gt=0, le=60, description="patience for one answer within a turn")
    ] = 1.0
    assistant_model_least_seconds: Annotated[
        float, Meta(gt=0, le=60, description="with less time left of a turn nothing is asked")
    ] = 0.25
    assistant_model_answer_tokens: Annotated[
        Positive, Meta(description="most tokens of one answer to the assistant")
    ] = 300
    assistant_model_in_flight: Annotated[
        Positive, Meta(description="questions of the assistant at the same time; more go without")
    ] = 16
    assistant_model_calls_per_session: Annotated[
        Limit, Meta(description="questions in one conversation; 0: no limit")
    ] = 12
    assistant_model_tokens_per_session: Annotated[
        Limit, Meta(description="tokens in one conversation; 0: no limit")
    ] = 20_000
    assistant_model_calls_per_tenant: Annotated[
        Limit, Meta(description="questions of a tenant in a day (UTC) and worker; 0: no limit")
    ] = 20_000
    assistant_model_tokens_per_tenant: Annotated[
        Limit, Meta(description="tokens of a tenant in a day and worker; 0: no limit")
    ] = 20_000_000
    assistant_model_money_per_tenant: Annotated[
        float, Meta(ge=0, description="money of a tenant in a day and worker; 0: no limit")
    ] = 0.0
    assistant_model_calls_per_day: Annotated[
        Limit, Meta(description="questions of all tenants in a day and worker; 0: no limit")
    ] = 50_000
    assistant_model_tokens_per_day: Annotated[
        Limit, Meta(description="tokens of all tenants in a day and worker; 0: no limit")
    ] = 50_000_000
    assistant_model_money_per_day: Annotated[
        float, Meta(ge=0, description="money of all tenants in a day and worker; 0: no limit")
    ] = 0.0

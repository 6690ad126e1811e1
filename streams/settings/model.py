"""The language model that words causes, and what it may cost."""

from typing import Annotated, Literal

from msgspec import Meta

from sinks.cluster import Secret
from streams.settings.product import Positive
from streams.settings.stream import StreamSettings

Limit = Annotated[int, Meta(ge=0)]


class ModelSettings(StreamSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Server, patience and budget; without `model_url` there is none."""

    model_url: Annotated[
        str,
        Meta(description="OpenAI-compatible server that words causes; empty: rules only"),
    ] = ""
    model_name: Annotated[str, Meta(description="which of the server's models; with model_url")] = (
        ""
    )
    model_key: Annotated[
        Secret, Meta(description="what the server asks of who uses it; it is shown nowhere")
    ] = Secret()
    model_key_file: Annotated[
        str, Meta(description="file that holds the key, instead of model_key")
    ] = ""
    model_timeout_seconds: Annotated[
        float, Meta(gt=0, le=600, description="patience for one answer, repetitions included")
    ] = 30.0
    model_language: Annotated[
        Literal["zh", "en", "auto"],
        Meta(description="zh, en or auto: of the model's answers; auto: that of the feedback"),
    ] = "auto"
    model_tokens_field: Annotated[
        Literal["max_tokens", "max_completion_tokens"],
        Meta(description="max_tokens or max_completion_tokens, as the server has it"),
    ] = "max_tokens"
    model_answer_tokens: Annotated[
        Positive, Meta(description="most tokens of one answer; more for a model that thinks aloud")
    ] = 1_500
    model_in_flight: Annotated[Positive, Meta(description="questions at the same time")] = 4
    model_cache_hours: Annotated[
        float, Meta(ge=0, description="how long an answer holds for the same facts")
    ] = 6.0
    model_calls_per_incident: Annotated[
        Limit, Meta(description="questions about one incident in a day; 0: no limit")
    ] = 6
    model_tokens_per_incident: Annotated[
        Limit, Meta(description="tokens for one incident in a day; 0: no limit")
    ] = 40_000
    model_calls_per_hour: Annotated[
        Limit, Meta(description="questions in an hour; 0: no limit")
    ] = 120
    model_tokens_per_hour: Annotated[Limit, Meta(description="tokens in an hour; 0: no limit")] = (
        500_000
    )
    model_calls_per_day: Annotated[Limit, Meta(description="questions in a day; 0: no limit")] = (
        1_000
    )
    model_tokens_per_day: Annotated[Limit, Meta(description="tokens in a day; 0: no limit")] = (
        4_000_000
    )
    model_money_per_day: Annotated[
        float, Meta(ge=0, description="money in a day, in the currency of the prices; 0: no limit")
    ] = 0.0
    model_price_in: Annotated[
        float, Meta(ge=0, description="price of 1,000 tokens of a question")
    ] = 0.0
    model_price_out: Annotated[
        float, Meta(ge=0, description="price of 1,000 tokens of an answer")
    ] = 0.0

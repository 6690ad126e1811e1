"""The language model that the settings name."""

from urllib.parse import urlsplit

from agents.llm.settings import Limits, ModelSettings
from streams.security import secret_of
from streams.settings import Settings, SettingsError


def model_of(settings: Settings) -> ModelSettings | None:
    """What to ask, its key read; None for rules only. Raises SettingsError."""
    if not settings.model_url:
        return None
    if not settings.model_name:
        raise SettingsError("setting model_name: model_url needs it, as the server lists it")
    key = secret_of(settings, "model_key").reveal()
    try:
        return ModelSettings(
            url=settings.model_url,
            model=settings.model_name,
            key=key,
            timeout_s=settings.model_timeout_seconds,
            tokens_field=settings.model_tokens_field,
            answer_tokens=settings.model_answer_tokens,
            per_incident=Limits(
                settings.model_calls_per_incident, settings.model_tokens_per_incident
            ),
            per_hour=Limits(settings.model_calls_per_hour, settings.model_tokens_per_hour),
            per_day=Limits(
                settings.model_calls_per_day,
                settings.model_tokens_per_day,
                settings.model_money_per_day,
            ),
            price_in=settings.model_price_in,
            price_out=settings.model_price_out,
            language=settings.model_language,
            in_flight=settings.model_in_flight,
            cache_hours=settings.model_cache_hours,
        )
    except ValueError as error:
        raise SettingsError(f"setting model_url: {error}") from None


def place_of(model: ModelSettings) -> str:
    """Where it is, for people."""
    return f"{model.model} at {urlsplit(model.url).netloc}"

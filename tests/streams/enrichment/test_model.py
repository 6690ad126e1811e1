from pathlib import Path

import pytest

from agents.llm.settings import Limits, ModelSettings
from streams.enrichment.model import model_of, place_of
from streams.settings import Settings, SettingsError, load

GIVEN = {"GROUNDSWELL_MODEL_URL": "https://models.example/v1", "GROUNDSWELL_MODEL_NAME": "qwen3"}


def test_without_a_url_there_is_none() -> None:
    assert model_of(Settings()) is None


def test_nothing_set_means_what_the_analyst_has_by_itself() -> None:
    assert model_of(load(GIVEN)) == ModelSettings("https://models.example/v1", "qwen3")


def test_every_setting_arrives(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("k3y\n")
    given = {
        "key_file": str(tmp_path / "key"),
        "timeout_seconds": "7",
        "language": "zh",
        "tokens_field": "max_completion_tokens",
        "answer_tokens": "11",
        "in_flight": "12",
        "cache_hours": "13",
        "calls_per_incident": "1",
        "tokens_per_incident": "2",
        "calls_per_hour": "3",
        "tokens_per_hour": "4",
        "calls_per_day": "5",
        "tokens_per_day": "6",
        "money_per_day": "0.5",
        "price_in": "0.1",
        "price_out": "0.2",
    }
    environ = GIVEN | {f"GROUNDSWELL_MODEL_{name.upper()}": v for name, v in given.items()}
    model = model_of(load(environ))
    assert model == ModelSettings(
        url="https://models.example/v1",
        model="qwen3",
        key="k3y",
        timeout_s=7.0,
        tokens_field="max_completion_tokens",
        answer_tokens=11,
        per_incident=Limits(1, 2),
        per_hour=Limits(3, 4),
        per_day=Limits(5, 6, 0.5),
        price_in=0.1,
        price_out=0.2,
        language="zh",
        in_flight=12,
        cache_hours=13.0,
    )
    assert place_of(model) == "qwen3 at models.example"


def test_a_url_needs_a_name() -> None:
    with pytest.raises(SettingsError, match="setting model_name: model_url needs it"):
        model_of(Settings(model_url="https://models.example/v1"))


@pytest.mark.parametrize("url", ["ftp://x/v1", "http://me:secret@x/v1", "http://x/v1?key=secret"])
def test_a_url_that_is_none_or_holds_a_secret_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="setting model_url") as error:
        model_of(load(GIVEN | {"GROUNDSWELL_MODEL_URL": url}))
    assert "secret" not in str(error.value)

import asyncio
from typing import Any

import pytest

from agents.llm.client import ModelClient
from agents.llm.errors import ModelAway, ModelRefused
from agents.llm.probe import Form, probe, response_format
from agents.llm.settings import ModelSettings
from tests.support.model_server import (
    Behaviour,
    ModelServer,
    fails,
    model_server,
    says,
    sends,
    speaks,
)


def _probe(*behaviours: Behaviour) -> tuple[Form, ModelServer]:
    async def run() -> tuple[Form, ModelServer]:
        async with model_server(*behaviours) as server:
            client = ModelClient(ModelSettings(server.url, "m"), wait_s=0.001)
            try:
                return await probe(client), server
            finally:
                await client.close()

    return asyncio.run(run())


@pytest.mark.parametrize("dialect", ["vllm", "llama.cpp", "ollama"])
def test_a_server_that_keeps_to_a_schema(dialect: Any) -> None:
    form, server = _probe(speaks(dialect))
    assert form == "json_schema"
    assert len(server.asked) == 1
    assert server.asked[0]["response_format"]["json_schema"]["name"]


@pytest.mark.parametrize(
    "ignores",
    [says("Dogs bark."), says('{"animal": "dog"}'), says(""), fails(400), sends("<html>")],
)
def test_one_that_does_not_is_asked_for_json_only(ignores: Behaviour) -> None:
    form, server = _probe(ignores, says('{"word": "tulip"}'))
    assert form == "json_object"
    assert server.asked[1]["response_format"] == {"type": "json_object"}


@pytest.mark.parametrize("ignores", [says("A tulip!"), says('["tulip"]'), fails(422)])
def test_one_that_knows_no_form_is_asked_for_text(ignores: Behaviour) -> None:
    assert _probe(fails(400), ignores)[0] == "text"


def test_wrong_settings_are_no_lack_of_the_server() -> None:
    with pytest.raises(ModelRefused):
        _probe(fails(401))
    with pytest.raises(ModelAway):
        _probe(fails(503))


def test_the_schema_goes_in_the_nested_form() -> None:
    """llama.cpp takes the flat one and ignores it; vLLM wants the name."""
    assert response_format("json_schema", {"type": "object"}) == {
        "type": "json_schema",
        "json_schema": {"name": "incident_rca", "strict": True, "schema": {"type": "object"}},
    }
    assert response_format("text", {"type": "object"}) is None

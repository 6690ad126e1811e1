import json

import jsonschema
import msgspec
import pytest

from schemas import contracts
from schemas.topics import TOPICS


def test_every_schema_is_valid_and_speaks_of_every_message() -> None:
    for name, schema in contracts.json_schemas().items():
        jsonschema.Draft202012Validator.check_schema(schema)
        assert schema["title"] == name
    assert {topic.message for topic in TOPICS} <= set(contracts.MESSAGES)


def test_the_designs_example_event_fits_its_schema() -> None:
    event = {"text": "付不了款", "time": "2026-11-20T09:14:03.120Z", "rating": 1}
    jsonschema.validate(event, contracts.json_schemas()["Event"])
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"text": 7}, contracts.json_schemas()["Event"])


def test_asyncapi_names_every_topic_and_only_known_messages() -> None:
    document = contracts.asyncapi()
    assert set(document["channels"]) == {topic.name for topic in TOPICS}
    for channel in document["channels"].values():
        for name, message in channel["messages"].items():
            assert message["$ref"].endswith(name)
            assert name in document["components"]["messages"]
    json.loads(msgspec.json.encode(document))

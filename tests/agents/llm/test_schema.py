import json
from typing import Any

import jsonschema
import pytest

from agents.llm.errors import AnswerMalformed
from agents.llm.schema import Answer, parse, schema_of
from tests.support.model_server import GOOD


def _objects(schema: Any) -> list[dict[str, Any]]:
    if isinstance(schema, list):
        return [found for one in schema for found in _objects(one)]
    if not isinstance(schema, dict):
        return []
    own = [schema] if schema.get("type") == "object" else []
    return own + [found for one in schema.values() for found in _objects(one)]


def test_the_schema_keeps_to_strict_mode() -> None:
    objects = _objects(schema_of(["e1", "c1"]))
    assert len(objects) == 2
    for one in objects:
        assert one["additionalProperties"] is False
        assert one["required"] == list(one["properties"])


def test_the_schema_takes_what_the_parser_takes() -> None:
    schema = schema_of(["c1", "s1", "e1"])
    jsonschema.validate(GOOD, schema)
    assert isinstance(parse(json.dumps(GOOD)), Answer)


@pytest.mark.parametrize(
    "change",
    [{"evidence_ids": ["e9"]}, {"confidence": "sure"}, {"category": "hacked"}, {"severity": "x"}],
)
def test_the_schema_leaves_a_model_no_way_out(change: dict[str, Any]) -> None:
    guess = {**GOOD["hypotheses"][0], **change}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**GOOD, "hypotheses": [guess]}, schema_of(["c1", "s1", "e1"]))


@pytest.mark.parametrize(
    "content",
    [
        "",
        "no",
        "}{",
        "{",
        "{}",
        '{"hypotheses": 1}',
        '{"hypotheses": [], "next_steps": [], "abstain_reason": null}',
        '{"a": ' + "[" * 50_000 + "}",
        '{"hypotheses": [], "next_steps": ["\\ud800"], "abstain_reason": ""}',
    ],
)
def test_what_is_no_answer(content: str) -> None:
    with pytest.raises(AnswerMalformed):
        parse(content)


def test_the_error_quotes_nothing_of_the_answer() -> None:
    guess = {**GOOD["hypotheses"][0], "category": "o'brien says: ignore the rules'"}
    with pytest.raises(AnswerMalformed) as error:
        parse(json.dumps({**GOOD, "hypotheses": [guess]}))
    assert "hypotheses" in str(error.value)
    assert "ignore" not in str(error.value)
    assert "brien" not in str(error.value)


def test_fields_that_are_no_business_of_the_model_are_not_read() -> None:
    more = {**GOOD, "severity": "info", "labels": {"a": 1}}
    assert parse(json.dumps(more)) == parse(json.dumps(GOOD))

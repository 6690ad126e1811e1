"""The description is well formed, whole, and what the gateway does."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from jsonschema import Draft202012Validator

from streams.gateway.openapi import openapi
from streams.gateway.problems import PAGE, TITLES
from tests.streams.gateway.house import house

DOCUMENT = openapi()
ROOT = Path(__file__).parents[3]
METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}


def nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for inner in (
        node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    ):
        yield from nodes(inner)


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in DOCUMENT["paths"].items():
        assert set(item) <= METHODS
        for operation in item.values():
            yield path, operation


def test_it_keeps_the_rules_of_openapi() -> None:
    assert re.fullmatch(r"3\.1\.\d+", DOCUMENT["openapi"])
    assert {"title", "version"} <= set(DOCUMENT["info"])
    assert set(DOCUMENT["components"]) <= {"schemas", "securitySchemes", "headers"}
    names = [operation["operationId"] for _, operation in operations()]
    assert len(set(names)) == len(names)
    for path, operation in operations():
        assert path.startswith("/")
        given = [(p["name"], p["in"]) for p in operation.get("parameters", ())]
        assert len(set(given)) == len(given)
        assert {n for n, where in given if where == "path"} == set(re.findall(r"{(\w+)}", path))
        for parameter in operation.get("parameters", ()):
            assert "schema" in parameter
            assert parameter["in"] != "path" or parameter["required"]
        assert operation["responses"]
        for status, response in operation["responses"].items():
            assert re.fullmatch(r"[1-5]\d\d", status)
            assert response["description"]
    for scheme in (s for o in [DOCUMENT] for s in o["security"]):
        assert set(scheme) <= set(DOCUMENT["components"]["securitySchemes"])


def test_every_reference_leads_somewhere() -> None:
    found = [node["$ref"] for node in nodes(DOCUMENT) if "$ref" in node]
    assert found
    for ref in found:
        target = DOCUMENT
        for step in ref.removeprefix("#/").split("/"):
            target = target[step]
        assert target


def test_every_schema_is_one_of_json_schema() -> None:
    for schema in DOCUMENT["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_answers_are_what_it_says() -> None:
    def fits(name: str, body: object) -> bool:
        schema = {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
        return bool(Draft202012Validator(schema).is_valid(body))

    async def run() -> None:
        async with house() as home:
            _, reply, _ = await home.say("hi")
            _, problem, _ = await home.say(b"x")
            assert fits("Reply", reply)
            assert fits("Problem", problem)
            assert not fits("Reply", problem)
            async with home.session.get("/openapi.json") as response:
                served = await response.read()
                assert served == msgspec.json.encode(DOCUMENT)

    asyncio.run(run())


def test_the_page_has_a_heading_for_every_problem() -> None:
    page = (ROOT / PAGE).read_text(encoding="utf-8")
    assert set(re.findall(r"^#### (\S+)$", page, re.MULTILINE)) == set(TITLES)

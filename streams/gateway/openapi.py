"""OpenAPI 3.1 of the gateway, made from the Structs."""

from typing import Any

import msgspec

from schemas.turns import MAX_SAID, Part, Reply
from streams.gateway.bodies import MAX_BODY, SPOKEN, Choose, Error, Ping, Pong, Said, Say
from streams.gateway.chat import EXPIRED, FLOOD, IDLE
from streams.gateway.problems import TITLES, Problem

_REF = "#/components/schemas/{name}"
_IN = (Say, Choose, Ping)
_OUT = (Part, Reply, Pong, Error)
_SAY = "bad-request no-token bad-token no-such-session too-slow session-busy too-large wrong-type"
_COMMON = "other-origin too-many-turns failed overloaded not-ready draining"


def openapi() -> dict[str, Any]:
    """The whole document."""
    _, schemas = msgspec.json.schema_components(
        (Said, Reply, Problem, *_IN, *_OUT), ref_template=_REF
    )
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "Groundswell assistant",
            "version": "1.0.0",
            "description": "A person asks, and gets an answer that can be acted on. Texts of"
            f" answers are plain text. A message has at most {MAX_SAID} characters, a body"
            f" {MAX_BODY} bytes; unknown fields are ignored.",
        },
        "security": [{"bearer": []}],
        "paths": {
            "/v1/turns": {"post": _turns()},
            "/v1/sessions/{id}": {"get": _session()},
            "/v1/chat": {"get": _chat()},
            "/openapi.json": {"get": _itself()},
        },
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
            },
            "headers": _HEADERS,
        },
    }


_HEADERS: dict[str, Any] = {
    "Retry-After": {"schema": {"type": "integer"}, "description": "seconds"},
    "Server-Timing": {
        "schema": {"type": "string"},
        "description": "total, waited, worked and model, in milliseconds",
    },
    "traceparent": {"schema": {"type": "string"}, "description": "W3C trace context"},
}


def _turns() -> dict[str, Any]:
    return {
        "operationId": "say",
        "summary": "Say something, or take an offered choice",
        "parameters": [
            {
                "name": "Idempotency-Key",
                "in": "header",
                "description": "the same as `turn` in the body",
                "schema": {"type": "string", "pattern": '^"?[A-Za-z0-9_-]{1,64}"?$'},
            },
            _TRACEPARENT,
        ],
        "requestBody": {"required": True, "content": _json("Said")},
        "responses": {
            "200": _reply("The answer"),
            "504": _reply("No answer in time; the body says what to do, its `status` is `late`"),
            **_problems(_SAY),
        },
    }


def _session() -> dict[str, Any]:
    return {
        "operationId": "show",
        "summary": "What was said in a session of one's own",
        "parameters": [
            {
                "name": "id",
                "in": "path",
                "required": True,
                "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{16,64}$"},
            },
            _TRACEPARENT,
        ],
        "responses": {
            "200": _reply("`history` holds what was said, redacted"),
            "504": _reply("No answer in time"),
            **_problems("no-token bad-token no-such-session"),
        },
    }


def _chat() -> dict[str, Any]:
    return {
        "operationId": "chat",
        "summary": "A conversation over a WebSocket",
        "description": f"Offer the subprotocol `{SPOKEN}`, and `bearer.TOKEN` where no header can"
        f" be set. Frames are JSON texts. Closed with {EXPIRED} when the token expires, {IDLE}"
        f" after a long silence, {FLOOD} for too many frames, 1001 when the gateway stops.",
        "parameters": [_TRACEPARENT],
        "responses": {
            "101": {
                "description": "It speaks WebSocket from here on",
                "x-frames-from-client": {"oneOf": [_ref(t) for t in _IN]},
                "x-frames-from-server": {"oneOf": [_ref(t) for t in _OUT]},
            },
            **_problems("bad-request no-token bad-token upgrade-needed too-many-sockets"),
        },
    }


def _itself() -> dict[str, Any]:
    return {
        "operationId": "describe",
        "summary": "This document",
        "security": [],
        "responses": {
            "200": {
                "description": "OpenAPI 3.1",
                "content": {"application/json": {"schema": {"type": "object"}}},
            }
        },
    }


_TRACEPARENT = {
    "name": "traceparent",
    "in": "header",
    "description": "W3C trace context",
    "schema": {"type": "string"},
}


def _ref(struct: type[msgspec.Struct]) -> dict[str, str]:
    return {"$ref": _REF.format(name=struct.__name__)}


def _json(name: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": _REF.format(name=name)}}}


def _header(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/headers/{name}"}


def _reply(description: str) -> dict[str, Any]:
    return {
        "description": description,
        "headers": {name: _header(name) for name in ("Server-Timing", "traceparent")},
        "content": _json("Reply"),
    }


def _problems(codes: str) -> dict[str, Any]:
    """A response for each status, which says which problems it may be."""
    by_status: dict[int, list[str]] = {}
    for code in f"{codes} {_COMMON}".split():
        by_status.setdefault(TITLES[code][0], []).append(f"{code}: {TITLES[code][1]}")
    return {
        str(status): {
            "description": "; ".join(titles),
            "headers": {"Retry-After": _header("Retry-After")},
            "content": {
                "application/problem+json": {"schema": {"$ref": _REF.format(name="Problem")}}
            },
        }
        for status, titles in sorted(by_status.items())
    }

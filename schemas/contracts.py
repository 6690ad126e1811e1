"""JSON Schema and AsyncAPI 3 made from the Structs."""

import json
from typing import Any

import msgspec

from schemas.changes import ChangeMessage
from schemas.commands import Command
from schemas.conduct import ActionRecord, AuditRecord, Interaction
from schemas.dead_letters import DeadLetter
from schemas.events import Event
from schemas.incidents import Incident
from schemas.packages import Manifest
from schemas.reviews import ReviewLabel, RiskTicket
from schemas.sessions import Session
from schemas.signals import Signal
from schemas.state import IntakeHead, Snapshot
from schemas.topics import TOPICS, Topic
from schemas.turns import Answered, Turn

MESSAGES: dict[str, Any] = {
    "Event": Event,
    "ChangeMessage": ChangeMessage,
    "Command": Command,
    "Signal": Signal,
    "Incident": Incident,
    "DeadLetter": DeadLetter,
    "IntakeHead": IntakeHead,
    "Snapshot": Snapshot,
    "ReviewLabel": ReviewLabel,
    "RiskTicket": RiskTicket,
    "Turn": Turn,
    "Answered": Answered,
    "Session": Session,
    "AuditRecord": AuditRecord,
    "ActionRecord": ActionRecord,
    "Interaction": Interaction,
    "Manifest": Manifest,
}
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_REF = "#/$defs/{name}"
_BYTES: dict[str, dict[str, Any]] = {
    "DeadLetter": {
        "description": "The payload is the refused record's own bytes.",
        "headers": {"$ref": "DeadLetter.schema.json"},
    },
    "Manifest": {
        "description": "The payload is a file that TUF verifies; of these, manifests are JSON.",
    },
}
"""Messages whose payload is bytes."""


def json_schemas() -> dict[str, dict[str, Any]]:
    """One self-contained JSON Schema 2020-12 per message."""
    return {
        name: {"$schema": _DIALECT, "title": name, **msgspec.json.schema(of, ref_template=_REF)}
        for name, of in MESSAGES.items()
    }


def asyncapi() -> dict[str, Any]:
    """AsyncAPI 3.0 of every topic, with the Kafka binding 0.5.0."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Groundswell",
            "version": "1.0.0",
            "description": "Every topic; names carry a configurable prefix.",
        },
        "defaultContentType": "application/json",
        "channels": {topic.name: _channel(topic) for topic in TOPICS},
        "operations": {
            f"{_direction(topic)}.{topic.name}": {
                "action": _direction(topic),
                "channel": {"$ref": f"#/channels/{topic.name}"},
            }
            for topic in TOPICS
        },
        "components": {
            "messages": {
                name: {"name": name, "payload": {"$ref": f"{name}.schema.json"}}
                for name in MESSAGES
                if name not in _BYTES
            }
            | {
                name: {
                    "name": name,
                    "contentType": "application/octet-stream",
                    "payload": {},
                    **more,
                }
                for name, more in _BYTES.items()
            }
        },
    }


def _direction(topic: Topic) -> str:
    inputs = {"Event", "ChangeMessage", "Command", "Turn"}
    return "receive" if topic.message in inputs else "send"


def _channel(topic: Topic) -> dict[str, Any]:
    settings: dict[str, Any] = {"cleanup.policy": [topic.config["cleanup.policy"]]}
    if topic.retention_ms is not None:
        settings["retention.ms"] = topic.retention_ms
    settings["max.message.bytes"] = topic.max_message_bytes
    return {
        "address": topic.name,
        "description": f"{topic.purpose}; key: {topic.key}",
        "messages": {topic.message: {"$ref": f"#/components/messages/{topic.message}"}},
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": topic.partitions,
                "topicConfiguration": settings,
                "bindingVersion": "0.5.0",
            }
        },
    }


def files() -> dict[str, str]:
    """File name to content of everything in docs/contracts."""
    made = {f"{name}.schema.json": schema for name, schema in json_schemas().items()}
    made["asyncapi.json"] = asyncapi()
    return {
        name: json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
        for name, content in made.items()
    }

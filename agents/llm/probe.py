"""Finding out which form of answer a server can be held to."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from agents.llm.client import ModelClient, Reply
from agents.llm.errors import ModelDeclined, ModelNonsense, ModelRefused
from agents.llm.schema import NAME

Form = Literal["json_schema", "json_object", "text"]

_WORD = "tulip"
_TOKENS = 512
_SCHEMA = {
    "type": "object",
    "properties": {"word": {"type": "string", "enum": [_WORD]}},
    "required": ["word"],
    "additionalProperties": False,
}
_UNABLE = frozenset({400, 415, 422})


def response_format(
    form: Form, schema: Mapping[str, Any], name: str = NAME
) -> dict[str, Any] | None:
    """What a request says of the form. Only the nested one of json_schema binds every server: the
    flat one is taken by llama.cpp and ignored.
    """
    if form == "json_schema":
        wanted = {"name": name, "strict": True, "schema": schema}
        return {"type": "json_schema", "json_schema": wanted}
    return {"type": "json_object"} if form == "json_object" else None


async def probe(client: ModelClient) -> Form:
    """The strictest form to which the server holds its model.

    It asks for one thing and binds the answer to another: who only reads the question gives
    itself away. Raises ModelAway, ModelRefused.
    """
    if _object_of(await _try(client, "json_schema", "Say in one word: which animal barks?")) == {
        "word": _WORD
    }:
        return "json_schema"
    asked = f'Answer with this JSON object: {{"word": "{_WORD}"}}'
    found = _object_of(await _try(client, "json_object", asked))
    return "json_object" if found is not None else "text"


async def _try(client: ModelClient, form: Form, question: str) -> Reply | None:
    messages = [{"role": "user", "content": question}]
    try:
        return await client.ask(messages, response_format(form, _SCHEMA), _TOKENS)
    except (ModelNonsense, ModelDeclined):
        return None
    except ModelRefused as error:
        if error.status in _UNABLE:
            return None
        raise


def _object_of(reply: Reply | None) -> dict[str, object] | None:
    try:
        return msgspec.json.decode(reply.content, type=dict[str, object]) if reply else None
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None

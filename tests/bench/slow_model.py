"""A model server that answers every question after so many seconds; run as a module.

Prints its address, and ends when its standard input does.
"""

import asyncio
import json
import sys
from typing import Any

from aiohttp import web

from tests.support.model_server import GOOD, completion, model_server

_ANSWER = json.dumps(
    {**GOOD, "hypotheses": [{**GOOD["hypotheses"][0], "evidence_ids": ["e1"], "confidence": "low"}]}
)


async def _thinks(_: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    properties = body["response_format"]["json_schema"]["schema"]["properties"]
    if "word" in properties:
        return web.json_response(completion(json.dumps({"word": properties["word"]["enum"][0]})))
    await asyncio.sleep(float(sys.argv[1]))
    return web.json_response(completion(_ANSWER))


async def _serve() -> None:
    async with model_server(_thinks) as server:
        print(server.url, flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve())

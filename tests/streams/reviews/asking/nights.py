"""A night of a test: its folder, its questions, and the lines that a server would send back."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from agents.llm.settings import Limits, ModelSettings
from agents.reviews.asking.cost import Prices
from agents.reviews.asking.question import Question
from streams.reviews.asking import AskingFolder, Sizes, Taken, export, take
from tests.agents.reviews.asking.labels import FRAME, label, question, said
from tests.support.model_server import completion

DATE = "2026-11-20"
MODEL = ModelSettings(
    "http://127.0.0.1:1/v1", "qwen3", answer_tokens=200, per_hour=Limits(), per_day=Limits()
)


def questions_of(count: int) -> list[Question]:
    """About as many different reviews."""
    texts = (f"第{n}件衣服收到就开线了，快递也等了一个星期才到" for n in range(count))
    return [question(label(source=f"t-0@{n}", excerpt=text)) for n, text in enumerate(texts)]


@contextmanager
def night(path: Path) -> Iterator[AskingFolder]:
    """The folder of a night, held."""
    folder = AskingFolder(path / "asking")
    with folder.held():
        yield folder


def exported(folder: AskingFolder, questions: list[Question], **other: Any) -> list[Path]:
    """Its next batch files."""
    sizes = Sizes(requests=other.pop("requests", 50_000))
    told: dict[str, Any] = {"night": Limits(), "prices": Prices(), "sizes": sizes, **other}
    return list(export(folder, DATE, questions, MODEL, FRAME, **told).paths)


def requests_in(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """All requests of these files."""
    return [json.loads(line) for path in paths for line in path.read_bytes().splitlines()]


def answered(request: dict[str, Any], answer: object = None) -> bytes:
    """The result line of a request; `answer` is what the model wrote, else a good answer."""
    wrote = said() if answer is None else answer
    content = wrote if isinstance(wrote, str) else json.dumps(wrote, ensure_ascii=False)
    response = {"status_code": 200, "request_id": "r", "body": completion(content)}
    return line_of(request, response=response, error=None)


def expired(request: dict[str, Any]) -> bytes:
    """The error line of a request that was not run in time."""
    error = {"code": "batch_expired", "message": "not in time"}
    return line_of(request, response=None, error=error)


def line_of(request: dict[str, Any], **other: Any) -> bytes:
    """A line about a request."""
    return json.dumps({"id": "b", "custom_id": request["custom_id"], **other}).encode() + b"\n"


def taken(folder: AskingFolder, path: Path, *lines: bytes) -> Taken:
    """Take a file of these lines."""
    path.write_bytes(b"".join(lines))
    return take(folder, [path], DATE, FRAME)

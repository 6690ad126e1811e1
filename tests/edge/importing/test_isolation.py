"""The child that parses: confined, distrusted, and gone afterwards."""

import json
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from edge import guard
from edge.importing.allowance import cpu_seconds, wall_seconds
from edge.importing.errors import Refused
from edge.importing.isolation import _checked, parse
from tests.support.papers import assembled, bundle_of, docx_of, paragraph, pdf_with_lines

ROOT = Path(__file__).parents[3]


def refused(content: bytes, form: str, seconds: float | None = None) -> str:
    with pytest.raises(Refused) as error:
        parse(content, form, seconds)  # type: ignore[arg-type]
    return error.value.reason


def test_formats() -> None:
    assert parse(pdf_with_lines(["头晕三天。"]), "pdf").text == "头晕三天。"
    assert parse(docx_of(paragraph("头晕三天。")), "docx").text == "头晕三天。"
    assert parse("项目,结果\n肌酐,132".encode("gb18030"), "csv").text == "检验结果：\n肌酐 132"


def test_a_reason_comes_back() -> None:
    assert refused(b"PK\x03\x04", "docx") == "docx"
    assert refused(bundle_of(), "fhir") == "empty"


@pytest.mark.timeout(30)
def test_too_slow() -> None:
    assert refused(pdf_with_lines(["头晕"]), "pdf", seconds=0.001) == "time"


def confined(script: str) -> subprocess.CompletedProcess[bytes]:
    """Run a script as the reader would run, after it has confined itself."""
    start = "from edge.importing.reader import confine\nconfine(0)\n"
    return subprocess.run(
        [sys.executable, "-c", start + script],
        cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, timeout=30, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ("x = bytearray(900 << 20)", b"MemoryError"),
        ("open('/tmp/groundswell-leak', 'wb', buffering=0).write(b'x')", b"OSError"),
        ("import socket; socket.create_connection(('127.0.0.1', 9))", b"Forbidden"),
        ("import socket; socket.getaddrinfo('example.org', 80)", b"Forbidden"),
        ("import subprocess; subprocess.run(['true'])", b"Forbidden"),
        ("import os; os.fork()", b"Forbidden"),
        ("[open('/dev/null') for _ in range(50)]", b"OSError"),
        ("import ctypes, sys; sys.exit(f'dumped: {ctypes.CDLL(None).prctl(3)}')", b"dumped: 0"),
    ],
)
def test_what_a_parser_cannot_do(script: str, error: bytes) -> None:
    leak = Path("/tmp/groundswell-leak")
    try:
        ended = confined(script)
        assert ended.returncode != 0
        assert error in ended.stderr
        assert not leak.exists() or not leak.read_bytes()
    finally:
        leak.unlink(missing_ok=True)


def test_a_small_file_has_little_time_and_a_large_one_more() -> None:
    assert cpu_seconds(0) < wall_seconds(0) <= 5
    assert cpu_seconds(100_000) == 14
    assert cpu_seconds(20 << 20) == 30


@pytest.mark.slow
@pytest.mark.timeout(30)
def test_processor_time_is_limited() -> None:
    assert confined("while True: pass").returncode < 0


def test_nothing_of_our_environment_reaches_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GROUNDSWELL_SECRET", "x")
    seen: list[dict[str, str]] = []
    popen = subprocess.Popen

    def spy(command: list[str], **others: object) -> "subprocess.Popen[bytes]":
        assert command == guard.child("edge.importing.reader")
        seen.append(others["env"])  # type: ignore[arg-type]
        return popen(command, **others)  # type: ignore[call-overload,no-any-return]

    monkeypatch.setattr(subprocess, "Popen", spy)
    parse(docx_of(paragraph("头晕")), "docx")
    assert set(seen[0]) == {"PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUTF8"}


def test_nothing_of_the_file_is_on_a_command_line_or_in_stderr() -> None:
    content = pdf_with_lines(["王测试"])[:-200]
    ended = subprocess.run(
        guard.child("edge.importing.reader"), input=b"pdf\n" + content,
        env={"PYTHONPATH": str(ROOT)}, cwd="/", capture_output=True, timeout=30, check=True,
    )  # fmt: skip
    assert not ended.stderr
    assert json.loads(ended.stdout)


@pytest.mark.timeout(30)
def test_a_bomb_costs_no_more_than_allowed() -> None:
    packed = zlib.compress(zlib.compress(b"0" * 120_000_000, 9), 9)
    stream = b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n%s\nendstream"
    content = assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>",
            stream % (len(packed), packed),
        ]
    )
    refused(content, "pdf")


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"{",
        b"[]",
        b'{"refused": "unheard of"}',
        b'{"reading": {"text": 1}}',
        b'{"reading": {"text": "a", "items": [{"kind": "diagnosis", "name": "a",'
        b' "span": {"start": 0, "end": 2}, "sentence": {"start": 0, "end": 1}}]}}',
        b'{"reading": {"text": "a", "remarks": ["<script>"]}}',
        b"[" * 100_000,
    ],
)
def test_a_strange_answer_is_none(said: bytes) -> None:
    with pytest.raises(Refused) as error:
        _checked(said)
    assert error.value.reason == "answer"

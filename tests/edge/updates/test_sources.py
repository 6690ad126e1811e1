"""The same update by each way, interrupted and gone on with; and servers that misbehave."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from threading import Thread

import pytest

from edge.errors import EdgeError, Missing, Unreachable, Untrusted
from edge.updates.folder import Folder
from edge.updates.mirror import Mirror
from edge.updates.slots import Slots
from tests.support.packages import Bench, content, pack

BIG = Random(5).randbytes(300_000)
"""What no compression makes smaller."""

Answer = Callable[["Handler", str, bytes | None], None]


class Handler(BaseHTTPRequestHandler):
    """A static mirror, unless the test says otherwise."""

    protocol_version = "HTTP/1.1"
    files: dict[str, bytes]
    answer: Answer | None
    asked: list[tuple[str, str]]
    knows_ranges = True

    def do_GET(self) -> None:
        key = self.path.removeprefix("/packs/")
        self.asked.append((key, self.headers.get("Range", "")))
        body = self.files.get(key)
        if self.answer is not None:
            self.answer(self, key, body)
        else:
            self.give(body)

    def give(self, body: bytes | None, cut: int | None = None) -> None:
        if body is None:
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        wanted = self.headers.get("Range", "")
        start = int(wanted[6:-1]) if wanted and self.knows_ranges else 0
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        self.send_header("Content-Length", str(len(body) - start))
        self.end_headers()
        self.wfile.write(body[start:][:cut])
        if cut is not None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(
    files: dict[str, bytes], answer: Answer | None = None, *, ranges: bool = True
) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    asked: list[tuple[str, str]] = []
    kept = staticmethod(answer) if answer else None
    body = {"files": files, "answer": kept, "asked": asked, "knows_ranges": ranges}
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Own", (Handler,), body))
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/packs/", asked
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    bench = Bench(tmp_path)
    bench.repository.add(2, pack(2, BIG))
    return bench


def running(bench: Bench) -> dict[str, bytes]:
    return content(Slots(bench.home.packs, bench.bundled).start())


def test_from_a_mirror(bench: Bench) -> None:
    with serving(bench.repository.files) as (url, asked):
        assert bench.update(Mirror(url)).after == 2
    assert running(bench) == pack(2, BIG)
    assert ("metadata/timestamp.json", "") in asked


@pytest.mark.parametrize("ranges", [True, False])
def test_a_broken_download_goes_on_where_it_was(bench: Bench, ranges: bool) -> None:
    cut: list[str] = []

    def answer(handler: Handler, key: str, body: bytes | None) -> None:
        if body is not None and len(body) > 10_000 and len(cut) < 5:
            cut.append(key)
            # The first two bring nothing new, so the client gives up.
            handler.give(body, 5_000 if len(cut) == 1 else 0)
        else:
            handler.give(body)

    with serving(bench.repository.files, answer, ranges=ranges) as (url, asked):
        with pytest.raises(Unreachable, match="run it again"):
            bench.update(Mirror(url))
        assert running(bench) == pack(1)
        cut.extend(["enough"] * 5)
        outcome = bench.update(Mirror(url))
    assert outcome.after == 2
    assert running(bench) == pack(2, BIG)
    (key,) = {one for one in cut if one != "enough"}
    assert asked[-1] != (key, "") or not ranges
    assert (key, "bytes=5000-") in asked
    # What had come was not fetched again.
    assert not ranges or outcome.fetched < len(bench.repository.files[key]) - 4_000


def test_a_connection_that_breaks_on_and_on_is_taken_up_by_itself(bench: Bench) -> None:
    left = [20_000, 20_000]

    def answer(handler: Handler, _: str, body: bytes | None) -> None:
        big = body is not None and len(body) > 10_000
        handler.give(body, left.pop() if big and left else None)

    with serving(bench.repository.files, answer) as (url, asked):
        assert bench.update(Mirror(url)).after == 2
    assert len({span for _, span in asked if span}) == 2


def test_parts_spoilt_by_a_power_cut_are_fetched_anew(bench: Bench) -> None:
    bench.update(check=True)
    parts = bench.home.updates / "parts"
    for key in bench.repository.files:
        if key.startswith("targets/differences/"):
            (parts / f"{key.rpartition('.')[2]}.part").write_bytes(b"\0" * 30)
    assert bench.update().after == 2
    assert running(bench) == pack(2, BIG)


def redirect(handler: Handler, key: str, body: bytes | None) -> None:
    if "again" in key:
        handler.give(body)
        return
    handler.send_response(302)
    handler.send_header("Location", "/packs/again" + key)
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def drip(handler: Handler, key: str, body: bytes | None) -> None:  # noqa: ARG001
    handler.send_response(200)
    handler.send_header("Content-Length", "1000000")
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.02)
    except OSError:
        return


def drip_headers(handler: Handler, key: str, body: bytes | None) -> None:  # noqa: ARG001
    try:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        while True:
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.02)
    except OSError:
        return


def many_headers(handler: Handler, key: str, body: bytes | None) -> None:  # noqa: ARG001
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000 + b"\r\n")


def endless(handler: Handler, key: str, body: bytes | None) -> None:  # noqa: ARG001
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    try:
        while True:
            handler.wfile.write(b"10000\r\n" + b" " * 65_536 + b"\r\n")
    except OSError:
        return


def rubbish(handler: Handler, key: str, body: bytes | None) -> None:  # noqa: ARG001
    handler.wfile.write(b"\x00\xff nothing of HTTP\r\n\r\n")
    handler.close_connection = True


def other_range(handler: Handler, key: str, body: bytes | None) -> None:  # noqa: ARG001
    handler.send_response(206)
    handler.send_header("Content-Range", "bytes 900-999/1000")
    handler.send_header("Content-Length", "100")
    handler.end_headers()
    handler.wfile.write(b"x" * 100)


def broken(handler: Handler, key: str, body: bytes | None) -> None:  # noqa: ARG001
    handler.send_response(503)
    handler.send_header("Content-Length", "0")
    handler.end_headers()


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    ("answer", "error", "says"),
    [
        (redirect, Unreachable, "302 sends elsewhere"),
        (drip, Unreachable, "too slow"),
        (drip_headers, Unreachable, "too slow"),
        (many_headers, Unreachable, "headers"),
        (endless, Untrusted, "exceed"),
        (rubbish, Unreachable, "run it again"),
        (other_range, Unreachable, "another range"),
        (broken, Unreachable, "503"),
    ],
)
def test_a_mirror_that_misbehaves(
    bench: Bench, answer: Answer, error: type[EdgeError], says: str
) -> None:
    with serving(bench.repository.files, answer) as (url, _), pytest.raises(error, match=says):
        bench.update(Mirror(url, patience_s=0.3, least_rate=1 << 24))
    assert running(bench) == pack(1)


@pytest.mark.parametrize(
    "url",
    ["ftp://x/y", "file:///etc", "http://", "http://u:p@h/", "http://h:99999/", "http://h/?x=1"],
)
def test_what_is_no_mirror(url: str) -> None:
    with pytest.raises(Unreachable):
        Mirror(url)


def test_a_mirror_that_is_away(bench: Bench) -> None:
    with pytest.raises(Unreachable, match="refused"):
        bench.update(Mirror("http://127.0.0.1:1/"))


def test_a_mirror_learns_nothing_of_the_device(bench: Bench) -> None:
    told: set[str] = set()

    def answer(handler: Handler, _: str, body: bytes | None) -> None:
        told.update(f"{name}: {value}" for name, value in handler.headers.items())
        handler.give(body)

    with serving(bench.repository.files, answer) as (url, _):
        bench.update(Mirror(url))
    host = url.split("/")[2]
    assert told == {
        f"Host: {host}", "Accept-Encoding: identity", "User-Agent: groundswell-edge",
    }  # fmt: skip


def test_a_folder_gives_from_a_byte_on(bench: Bench) -> None:
    folder = Folder(bench.repository.write(bench.stick))
    whole = bench.repository.files["metadata/timestamp.json"]
    assert b"".join(folder.read("metadata/timestamp.json", 10)) == whole[10:]
    with pytest.raises(Missing):
        next(folder.read("metadata/9.root.json"))

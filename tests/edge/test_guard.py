"""Under the guard nothing leaves; each call in its own process, for a hook stays."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.support.shut import REPORT

REFUSED = {
    "connect": "import socket; socket.socket().connect(('127.0.0.1', {port}))",
    "connect outside": "import socket; socket.create_connection(('192.0.2.1', 80), 1)",
    "connect_ex": "import socket; socket.socket().connect_ex(('127.0.0.1', {port}))",
    "unix": "import socket; socket.socket(socket.AF_UNIX).connect('/run/x.sock')",
    "datagram": "import socket; socket.socket(type=socket.SOCK_DGRAM)",
    "raw": "import socket; socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)",
    "packet": "import socket; socket.socket(17, socket.SOCK_RAW, 3)",
    "sendto": "import socket; PAIR[0].sendto(b'x', '/run/x.sock')",
    "sendmsg": "import socket; PAIR[0].sendmsg([b'x'])",
    "bind": "import socket; socket.socket().bind(('0.0.0.0', 0))",
    "bind any": "import socket; socket.socket().bind(('', 0))",
    "bind six": "import socket; socket.socket(socket.AF_INET6).bind(('::', 0))",
    "server": "import socket; socket.create_server(('0.0.0.0', 0))",
    "getaddrinfo": "import socket; socket.getaddrinfo('example.org', 80)",
    "localhost by name": "import socket; socket.getaddrinfo('localhost', 80)",
    "gethostbyname": "import socket; socket.gethostbyname('example.org')",
    "urlopen": "import urllib.request; urllib.request.urlopen('http://127.0.0.1:{port}/')",
    "http.client": "import http.client; http.client.HTTPConnection('127.0.0.1').request('GET','/')",
    "asyncio": "import asyncio; asyncio.run(asyncio.open_connection('127.0.0.1', {port}))",
    "subprocess": "import subprocess; subprocess.run(['true'])",
    "shell": "import subprocess; subprocess.run('true', shell=True)",
    "other module": (
        "import subprocess; subprocess.run([sys.executable, '-P', '-m', 'http.server'])"
    ),
    "our child in a folder": (
        "import subprocess; subprocess.run([sys.executable, '-m', 'edge.messenger'])"
    ),
    "another program by our name": (
        "import subprocess; from edge import guard;"
        "subprocess.run(guard.child('edge.messenger'), executable='/bin/true')"
    ),
    "more arguments": (
        "import subprocess; from edge import guard;"
        "subprocess.run([*guard.child('edge.messenger'), 'text'])"
    ),
    "system": "os.system('true')",
    "popen": "os.popen('true')",
    "execv": "os.execv('/bin/true', ['true'])",
    "fork": "os.fork() or os._exit(0)",
    "forkpty": "os.forkpty()",
    "posix_spawn": "os.posix_spawn('/bin/true', ['true'], {{}})",
    "spawnv": "os.spawnv(os.P_WAIT, '/bin/true', ['true'])",
    "multiprocessing": "import multiprocessing as m; m.get_context('fork').Process().start()",
    "ctypes library": "import ctypes; ctypes.CDLL('libc.so.6')",
    "ctypes call": "import ctypes; ctypes.CDLL(None).connect",
    "ctypes system": "import ctypes; ctypes.CDLL(None).system(b'true')",
    "ctypes syscall": "import ctypes; ctypes.CDLL(None)['syscall']",
}
ALLOWED = {
    "listen": "import socket; socket.create_server(('127.0.0.1', 0)).getsockname()",
    "listen on six": "import socket; s = socket.socket(socket.AF_INET6); s.bind(('::1', 0))",
    "loop": "import asyncio; asyncio.run(asyncio.sleep(0))",
    "page": (
        "import asyncio\n"
        "async def page():\n"
        "    server = await asyncio.start_server(lambda r, w: None, '127.0.0.1', 0)\n"
        "    server.close()\n"
        "asyncio.run(page())"
    ),
    "child": (
        "import subprocess; from edge import guard;"
        "subprocess.run(guard.child('edge.messenger'), stdin=subprocess.DEVNULL,"
        " stderr=subprocess.DEVNULL)"
    ),
    "ctypes": "import ctypes; ctypes.pythonapi.Py_GetVersion",
    "numbers": "import numpy; numpy.ones(3).sum()",
    "models": "import agents.models.classifier",
    "threads": "import threading; t = threading.Thread(target=int); t.start(); t.join()",
    "vault": "import edge.vault, edge.cli.vault, edge.cli.patients",
}
ROOT = Path(__file__).parents[2]
OUTSIDE = (
    "edge.cli.open", "edge.cli.update", "edge.messenger", "edge.page", "edge.page.**",
    "edge.updates", "edge.updates.**",
)  # fmt: skip
"""What may know a network, if the contract does not name it."""
PROGRAM = """\
import os, socket, sys
from edge import guard
from edge.errors import Forbidden
PAIR = socket.socketpair()
guard.install(); guard.install()
try:
    exec(sys.argv[1])
except BaseException as error:
    while error is not None and not isinstance(error, Forbidden):
        error = error.__cause__ or error.__context__ or getattr(error, "reason", None)
    print("refused" if error else "failed", error)
    if error is None:
        raise
else:
    print("done")
"""


def under_guard(code: str) -> str:
    # The hook of these tests would refuse it first.
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, code], capture_output=True, text=True, timeout=60,
        env=os.environ | {REPORT: ""},
    )  # fmt: skip
    return (done.stdout.split() or [done.stderr])[0]


def test_a_call_that_could_carry_something_out_is_not_made() -> None:
    asked = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        for name, code in REFUSED.items():
            told = under_guard(code.format(port=port))
            if told != "refused":
                asked.append((name, told))
        server.settimeout(0.1)
        with pytest.raises(TimeoutError):
            server.accept()
    assert asked == []


def test_what_the_device_needs_goes_on() -> None:
    assert [(n, told) for n, code in ALLOWED.items() if (told := under_guard(code)) != "done"] == []


def test_a_command_runs_under_it_and_an_update_does_not() -> None:
    program = (
        "import sys, edge.cli; from edge import guard\n"
        "edge.cli.COMMANDS['update'] = 'edge.cli.vault:status'\n"
        "try: edge.cli.main([*sys.argv[1:], '--help'])\n"
        "except SystemExit: print('guarded', guard._installed)\n"
    )
    for command, guarded in (("vault", True), ("patients", True), ("update", False)):
        told = subprocess.run(
            [sys.executable, "-c", program, command], capture_output=True, text=True, check=True
        ).stdout
        assert f"guarded {guarded}" in told, command


def test_the_record_path_brings_no_network_module() -> None:
    program = (
        "import sys, edge.vault, edge.guard, edge.cli.vault, edge.cli.patients\n"
        "print(*sorted({'socket', 'ssl', 'asyncio', 'http', 'urllib.request', 'aiohttp', 'httpx',"
        " 'select', 'multiprocessing', 'faust', 'confluent_kafka', 'aiokafka', 'tuf', 'windows',"
        " 'streams', 'sinks'} & set(sys.modules)))"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == ""


def covers(expression: str, module: str) -> bool:
    package = expression.removesuffix(".**")
    return module.startswith(f"{package}.") if package != expression else module == package


def test_the_contract_of_the_import_graph_names_every_module_but_these() -> None:
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
    contracts = tool["importlinter"]["contracts"]
    (named,) = (one["source_modules"] for one in contracts if one["name"].startswith("No way out"))
    paths = [one.relative_to(ROOT).with_suffix("").parts for one in ROOT.glob("edge/**/*.py")]
    modules = {".".join(part for part in parts if part != "__init__") for parts in paths}
    unnamed = {one for one in modules if not any(covers(each, one) for each in named)}
    assert [one for one in sorted(unnamed) if not any(covers(each, one) for each in OUTSIDE)] == []
    # None of the exceptions is of yesterday.
    assert [each for each in OUTSIDE if not any(covers(each, one) for one in unnamed)] == []

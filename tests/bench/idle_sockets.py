"""Customers who leave their chats open: what silent WebSockets cost the gateway.

Run as a module: reads `[url, file of customers, number]` as JSON from the first line of standard
input, opens the sockets, says how many are open, answers pings until its input ends, and says how
many are still open and how many pings came.
"""

import asyncio
import contextlib
import json
import subprocess
import sys
import time
from pathlib import Path

import aiohttp
import msgspec

from tests.bench.customers import Customer, Town
from tests.bench.results import Bench, Goal, Result, Value
from tests.bench.turn_stack import cpu_s, opened

_ROOT = Path(__file__).parents[2]
_SOCKETS = 5_000
_GOAL_MB = 500
_AT_ONCE = 50
_SILENT_S = 70.0
"""Two pings to each."""


def measure(bench: Bench, town: Town) -> Result:
    """Resident memory of the gateway before, with all of them open, and after two pings."""
    count, silent_s = (500, 5.0) if bench.quick else (_SOCKETS, _SILENT_S)
    with opened(bench, town, ready=False) as stack:
        stack.start_gateway()
        gateway = stack.processes["gateway"]
        rows: list[dict[str, Value]] = [_row("none", 0, 0, gateway.memory_info().rss)]
        url = stack.url.replace("/v1/turns", "/v1/chat")
        with subprocess.Popen(
            [sys.executable, "-m", "tests.bench.idle_sockets"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=_ROOT,
            text=True,
        ) as sockets:
            assert sockets.stdin is not None
            assert sockets.stdout is not None
            print(json.dumps([url, str(town.tokens), count]), file=sockets.stdin, flush=True)
            are_open = int(sockets.stdout.readline())
            rows.append(_row("open", are_open, 0, gateway.memory_info().rss))
            before, most = cpu_s(gateway), 0
            for _ in range(int(silent_s)):
                time.sleep(1.0)
                most = max(most, gateway.memory_info().rss)
            spent = (cpu_s(gateway) - before) / silent_s
            sockets.stdin.close()
            still, pings = json.loads(sockets.stdout.readline())
            rows.append(_row(f"{silent_s:.0f} s later", still, pings, most))
    title = f"Idle WebSockets of one gateway; silent, they cost {100 * spent:.1f} % of a core"
    goals = [
        Goal("resident MB at the most", float(rows[-1]["resident MB"]), _GOAL_MB),
        Goal("sockets that were lost", count - still, 0),
    ]
    return Result(title, rows, goals)


def _row(when: str, sockets: int, pings: int, rss: int) -> dict[str, Value]:
    return {"": when, "sockets": sockets, "pings answered": pings, "resident MB": rss / 1e6}


class _Idle:
    def __init__(self) -> None:
        self.open = 0
        self.pings = 0

    async def one(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Until it is closed."""
        self.open += 1
        try:
            while True:
                message = await socket.receive()
                if message.type == aiohttp.WSMsgType.PING:
                    self.pings += 1
                    await socket.pong(message.data)
                else:
                    return
        finally:
            self.open -= 1


async def _main() -> None:
    url, file, count = json.loads(sys.stdin.readline())
    customers = msgspec.json.decode(Path(file).read_bytes(), type=list[Customer])
    idle, room, tasks = _Idle(), asyncio.Semaphore(_AT_ONCE), []
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def enter(n: int) -> None:
            token = customers[n % len(customers)].token
            async with room:
                socket = await session.ws_connect(
                    url, headers={"Authorization": f"Bearer {token}"}, autoping=False
                )
            tasks.append(asyncio.create_task(idle.one(socket)))

        await asyncio.gather(*(enter(n) for n in range(count)))
        await asyncio.sleep(0)
        print(idle.open, flush=True)
        await asyncio.to_thread(sys.stdin.read)
        print(json.dumps([idle.open, idle.pings]), flush=True)
        for task in tasks:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks, return_exceptions=True)


if __name__ == "__main__":
    asyncio.run(_main())

"""All that the demonstration needs, on this machine: bank, model, worker; and what breaks them."""

import signal
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random

from sinks.clock import now_ms
from sinks.cluster import Cluster, Secret
from streams.assistant.demonstration.page import Customer, Switch
from streams.assistant.demonstration.standin import StandIn
from streams.assistant.demonstration.worker import DemoWorker
from streams.bank.embedded import EmbeddedBank
from streams.bank.faults import EVERY, Fault, FaultyBank
from streams.bank.serving import BankServer

_FAULTS = {
    "well": Fault(),
    # Still within the patience of a tool.
    "slow": Fault(delay_ms=200),
    "hanging": Fault(hangs=True),
    "dead": Fault(errors=1.0),
}
_STATES = {
    "bank": ("well", "slow", "hanging", "dead"),
    "model": ("well", "slow", "hanging", "dead"),
    "worker": ("well", "dead"),
}

CUSTOMERS = (
    Customer("c-0001", "陈晓明：转账失败、三张卡", "Chen Xiaoming: a failed transfer, three cards"),
    Customer("c-0002", "李静：被重复扣款", "Li Jing: charged twice"),
    Customer("c-0003", "John Smith：退款在途", "John Smith: a refund on its way"),
    Customer("c-0004", "赵强：超出限额", "Zhao Qiang: over the limit"),
    Customer("c-0006", "Emily Clark：信用卡将到期还款", "Emily Clark: a card bill due in 3 days"),
    Customer("c-0009", "郑淑珍：78 岁，可能被骗", "Zheng Shuzhen: 78, maybe swindled"),
    Customer("c-0010", "David Miller：丢了卡", "David Miller: a lost card"),
    Customer("c-0011", "冯雪：还没有账户", "Feng Xue: nothing here yet"),
)


class Stage:
    """`folder`: for the bank's file and the worker's log. Use it with `async with`."""

    def __init__(self, cluster: Cluster, prefix: str, folder: Path, model_url: str) -> None:
        self._bank = EmbeddedBank(folder / "bank.sqlite", now_ms)
        self._faulty = FaultyBank(self._bank, Random(0))
        self._server = BankServer(self._bank, Secret(), self._faulty)
        self._model = None if model_url else StandIn()
        # Whatever the settings of this machine say: only we ask for its health.
        self._environment = {"GROUNDSWELL_HOST": "127.0.0.1"}
        options = ("--bootstrap", cluster.bootstrap, "--prefix", prefix, "--port", "0")
        self._worker = DemoWorker(options, self._environment, folder / "worker.log")
        self._bank_state = "well"
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> "Stage":
        """Ready for turns. Raises CannotListen, WorkerDied."""
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self._bank.close)
            stack.push_async_callback(self._server.stop)
            port = await self._server.start("127.0.0.1", 0)
            self._environment["GROUNDSWELL_BANK_URL"] = f"http://127.0.0.1:{port}"
            if self._model is not None:
                stack.push_async_callback(self._model.stop)
                await self._model.start()
                self._environment["GROUNDSWELL_MODEL_URL"] = self._model.url
                self._environment["GROUNDSWELL_MODEL_NAME"] = "stand-in"
            stack.push_async_callback(self._worker.end, signal.SIGTERM)
            await self._worker.start()
            await self._worker.ready()
            self._stack = stack.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    def switches(self) -> Mapping[str, Switch]:
        """By name, as they stand; a worker may be `starting`, or dead of itself."""
        states: dict[str, str] = {"bank": self._bank_state}
        if self._model is not None:
            states["model"] = self._model.state
        states["worker"] = self._worker.state
        return {name: Switch(name, _STATES[name], state) for name, state in states.items()}

    async def turn(self, name: str, state: str) -> None:
        """Break something, or mend it. `dead` kills the worker as a power cut would."""
        if name == "bank":
            self._faulty.faults = {EVERY: _FAULTS[state]}
            self._bank_state = state
        elif name == "model" and self._model is not None:
            self._model.state = state
        elif name == "worker" and state == "dead":
            await self._worker.end(signal.SIGKILL)
        elif name == "worker":
            await self._worker.start()

"""The power goes before each change that an update makes to the disk: `-m tests.support.power_cut`.

Every try is a fork of this process that kills itself with SIGKILL; what it left is then looked at.
The disk itself is not cut: what was written before is there, whether it was waited for or not.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from edge.settings import Home
from edge.updates.folder import Folder
from edge.updates.slots import Slots
from schemas.packages import Stage
from tests.support.packages import Bench, content, pack

NEW = pack(3, b"other weights " * 300)
_CHANGES = frozenset({
    "os.chmod", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink", "os.truncate",
})  # fmt: skip
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Cut:
    """Counts changes to the disk; ends the process at one of them."""

    def __init__(self, at: int) -> None:
        self.count = 0
        self._at = at

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            flags = arguments[2]
            if not (isinstance(flags, int) and flags & _WRITING):
                return
        elif event not in _CHANGES:
            return
        self.count += 1
        if self.count == self._at:
            os.kill(os.getpid(), signal.SIGKILL)


def changes(work: Callable[[], object], at: int) -> int | None:
    """Do the work in a fork that dies before its n-th change; how many it made if it lived."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        cut = Cut(at)
        sys.addaudithook(cut)
        try:
            work()
            os.write(writing, str(cut.count).encode())
        finally:
            os._exit(0)
    os.close(writing)
    _, status = os.waitpid(child, 0)
    said = os.read(reading, 20)
    os.close(reading)
    assert said or os.WIFSIGNALED(status), "the work itself failed"
    return int(said) if said else None


class Scenario:
    """A device with version 2 that runs well, and work on it that may be cut."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.bench = Bench(folder)
        self.trial = Home(folder / "trial")
        self.release(2)
        self.bench.update()
        self.confirm()
        self.bench.repository.add(3, NEW)
        self.prepare()
        self.stick = Folder(self.bench.repository.write(self.bench.stick))
        self.template, self.bench.home = self.bench.home.folder, self.trial

    may_run = (pack(2), NEW)
    at_the_end = pack(2)

    def prepare(self) -> None:
        """Until the moment before the work."""
        self.bench.update()

    def work(self) -> None:
        """What is cut."""
        self.bench.update(self.stick)

    def release(self, version: int) -> None:
        self.bench.repository.add(version, pack(version))

    def confirm(self) -> None:
        slots = Slots(self.bench.home.packs, self.bench.bundled)
        slots.confirm(slots.start())

    def start(self) -> Path:
        return Slots(self.trial.packs, self.bench.bundled).start()

    def run(self) -> dict[str, object]:
        """Cut the work at each of its changes; what was wrong afterwards."""
        wrong: list[str] = []
        points = 0
        while True:
            shutil.rmtree(self.trial.folder, ignore_errors=True)
            shutil.copytree(self.template, self.trial.folder, symlinks=True)
            if changes(self.work, points + 1) is not None:
                return {"points": points, "wrong": wrong}
            points += 1
            wrong.extend(f"{points}: {one}" for one in self.faults())

    def faults(self) -> Iterator[str]:
        """After a cut: the old version runs or the new one, and the next time it is done."""
        if content(self.start()) not in self.may_run:
            yield "runs neither the old version nor the new one"
        self.work()
        if content(self.start()) != self.at_the_end:
            yield "the next one did not finish"
        if left := [one.name for one in self.trial.packs.iterdir() if one.is_dir() and one.suffix]:
            yield f"left {left}"


class Update(Scenario):
    """To version 3."""

    at_the_end = NEW

    def prepare(self) -> None:
        pass


class Withdrawal(Scenario):
    """Of version 3, which ran well."""

    def prepare(self) -> None:
        self.bench.update()
        self.confirm()
        self.bench.repository.add(4, pack(4), withdrawn=(3,), rollout=(Stage("", 0),))


class GoingBack(Scenario):
    """From version 3, of which two starts have failed."""

    def prepare(self) -> None:
        self.bench.update()
        for _ in range(2):
            Slots(self.bench.home.packs, self.bench.bundled).start()

    def work(self) -> None:
        self.start()


if __name__ == "__main__":
    place = Path(sys.argv[1])
    all_of_them = (Update, Withdrawal, GoingBack)
    print(json.dumps({one.__name__: one(place / one.__name__).run() for one in all_of_them}))

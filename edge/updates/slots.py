"""Which version of the pack runs: switching, counting starts, going back.

`packs/` holds a folder for each version and the file `current`, which alone says what runs and is
replaced in one step. Version 0 is the pack that came with the application: it is always there.
Nothing here reaches the outside, so the record path may import it.
"""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import msgspec

from agents.records.pack import BUNDLED, Pack
from edge.errors import CannotWrite
from edge.files import rename, save, turn
from edge.settings import Home
from edge.updates.slot import Slot, open_slot, read

MOST_STARTS = 2
"""So many starts of a new version may fail."""
NEW = ".new"
"""Ends the name of a folder that is being made; OLD, of one that is being removed."""
OLD = ".old"
_CURRENT = "current"
_KEPT = 1000
"""Failed and withdrawn versions that are remembered, the newest ones."""
_WHY = 300

Version = Annotated[int, msgspec.Meta(ge=0)]


class Failure(msgspec.Struct, frozen=True):
    """A version that did not work here; it is not tried again by itself."""

    version: Version
    why: str


class State(msgspec.Struct, frozen=True, omit_defaults=True):
    """`previous`: the one to go back to; `starts`: of `current` until one was `confirmed`.

    `seen`: the newest version the publisher has ever told of on `channel`; `note`: the last change,
    for people.
    """

    current: Version = 0
    previous: Version = 0
    starts: int = 0
    confirmed: bool = True
    seen: Version = 0
    channel: str = ""
    failed: tuple[Failure, ...] = ()
    withdrawn: tuple[Version, ...] = ()
    note: str = ""

    @property
    def refused(self) -> frozenset[int]:
        """Versions that shall not run."""
        return frozenset(self.withdrawn) | {one.version for one in self.failed}


class Slots:
    """The folder `packs` of a device."""

    def __init__(self, folder: Path, bundled: Path | None = None) -> None:
        self.folder = folder
        self.bundled = bundled or Path(str(BUNDLED))
        self.bundled_version = _version(self.bundled)

    @classmethod
    def of(cls, home: Home) -> Slots:
        """Of a device folder, which need not be there."""
        return cls(home.packs)

    def state(self) -> State:
        """As it stands; the bundled pack if nothing readable does."""
        content = read(self.folder / _CURRENT, 1 << 20)
        try:
            state = msgspec.json.decode(content or b"", type=State)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return State()
        # A new application may bring a newer pack than the last update.
        if 0 < state.current < self.bundled_version:
            return msgspec.structs.replace(state, current=0, previous=0, starts=0, confirmed=True)
        return state

    def version(self, state: State) -> int:
        """The version that runs, as the publisher counts."""
        return state.current or self.bundled_version

    def path(self, version: int) -> Path:
        """Where a version lies."""
        return self.folder / str(version) if version else self.bundled

    def slot(self, version: int) -> Slot | None:
        """An installed version that is whole."""
        slot = open_slot(self.path(version)) if version else None
        if slot is None or slot.record.version != version or not slot.is_intact():
            return None
        return slot

    def start(self) -> Path:
        """The pack to load now. Counts the start of a version that is not confirmed yet.

        After two such starts, or if a file of it is damaged, the version before runs again.
        """
        if not self.folder.is_dir():
            return self.bundled
        try:
            with turn(self.folder):
                return self._start()
        except CannotWrite:
            # A full or read-only disk must not keep anybody from reading.
            state = self.state()
            return self.path(state.current if self.slot(state.current) else 0)

    def _start(self) -> Path:
        before = state = self.state()
        if not state.confirmed and state.starts >= MOST_STARTS:
            state = self._back(state, f"{state.starts} starts failed")
        while state.current and self.slot(state.current) is None:
            state = self._back(state, "")
        if not state.confirmed:
            state = msgspec.structs.replace(state, starts=state.starts + 1)
        if state != before:
            self._write(state)
        return self.path(state.current)

    def confirm(self, pack: Path) -> None:
        """This pack, which `start` gave, has started well. Raises CannotWrite."""
        if not self._is_unconfirmed(pack):
            return
        with turn(self.folder):
            # Another process may have gone back meanwhile.
            if self._is_unconfirmed(pack):
                self._write(msgspec.structs.replace(self.state(), confirmed=True, starts=0))

    def _is_unconfirmed(self, pack: Path) -> bool:
        state = self.state()
        return not state.confirmed and self.path(state.current) == pack

    def fail(self, pack: Path, why: str) -> None:
        """This pack cannot be used: go back to the version before at once. Raises CannotWrite."""
        with turn(self.folder):
            state = self.state()
            if state.current and self.path(state.current) == pack:
                self._write(self._back(state, why))

    def refuse(self, version: int, why: str) -> None:
        """Remember that a version failed before it ever ran. Raises CannotWrite."""
        with turn(self.folder):
            self._write(_failed(self.state(), version, why))

    def see(self, channel: str, version: int) -> int:
        """Remember the newest version that was told of on a channel, and give it.

        Raises CannotWrite.
        """
        with turn(self.folder):
            state = self.state()
            before = state.seen if state.channel == channel else 0
            newest = max(before, version)
            if (state.channel, state.seen) != (channel, newest):
                self._write(msgspec.structs.replace(state, channel=channel, seen=newest))
        return newest

    def withdraw(self, versions: Iterable[int]) -> bool:
        """These shall not run any more; whether one did. Raises CannotWrite."""
        with turn(self.folder):
            before = state = self.state()
            all_of_them = sorted({*state.withdrawn, *versions})[-_KEPT:]
            state = msgspec.structs.replace(state, withdrawn=tuple(all_of_them))
            gone = state.current in state.withdrawn
            if gone:
                state = self._back(state, "withdrawn by its publisher", failed=False)
            if state != before:
                self._write(state)
            return gone

    def switch(self, version: int) -> None:
        """An installed version runs from the next start on, on trial. Raises CannotWrite."""
        with turn(self.folder):
            state = self.state()
            previous = state.current if state.confirmed else state.previous
            note = f"{self.version(state)} → {version}"
            failed = tuple(one for one in state.failed if one.version != version)
            changed = msgspec.structs.replace(state, current=version, previous=previous, note=note)
            changed = msgspec.structs.replace(changed, failed=failed, starts=0, confirmed=False)
            self._write(changed)

    def installed(self) -> Iterator[Slot]:
        """Every version that is whole, the newest first."""
        for version in sorted(self._versions(), reverse=True):
            if slot := self.slot(version):
                yield slot

    def tidy(self) -> None:
        """Remove what was begun and never finished."""
        for entry in _entries(self.folder):
            if entry.suffix in (NEW, OLD) and entry.is_dir():
                remove_folder(entry)

    def prune(self) -> None:
        """Remove the versions that nothing goes back to."""
        state = self.state()
        for version in self._versions() - {state.current, state.previous}:
            remove_folder(self.path(version))

    def _versions(self) -> set[int]:
        return {int(one.name) for one in _entries(self.folder) if one.name.isdecimal()}

    def _back(self, state: State, why: str, *, failed: bool = True) -> State:
        target = state.previous if state.previous != state.current else 0
        if target in state.refused or (target and self.slot(target) is None):
            target = 0
        left = self.version(state)
        if why and failed:
            state = _failed(state, left, why)
        state = msgspec.structs.replace(state, current=target, previous=0, starts=0, confirmed=True)
        note = f"{left} → {self.version(state)}: {(why or 'a file was damaged')[:_WHY]}"
        return msgspec.structs.replace(state, note=note)

    def _write(self, state: State) -> None:
        save(self.folder / _CURRENT, [msgspec.json.encode(state)])


def load_pack(home: Home) -> Pack:
    """The pack that runs, started and confirmed; one that cannot be loaded is left for good.

    Raises BadPack if not even the bundled one can be.
    """
    slots = Slots.of(home)
    while True:
        path = slots.start()
        try:
            pack = Pack.load(path)
        except Exception as error:
            if path == slots.bundled:
                raise
            try:
                slots.fail(path, f"{type(error).__name__}: {error}")
            except CannotWrite:
                return Pack.load(slots.bundled)
            continue
        with suppress(CannotWrite):
            slots.confirm(path)
        return pack


def remove_folder(folder: Path) -> None:
    """Gone under its own name in one step, then file by file. Raises CannotWrite."""
    aside = folder.with_name(f"{folder.name.removesuffix(OLD)}{OLD}")
    if aside != folder:
        shutil.rmtree(aside, ignore_errors=True)
        rename(folder, aside)
    shutil.rmtree(aside, ignore_errors=True)


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _failed(state: State, version: int, why: str) -> State:
    others = [one for one in state.failed if one.version != version]
    others.append(Failure(version, why[:_WHY]))
    note = f"{version}: {why[:_WHY]}"
    return msgspec.structs.replace(state, failed=tuple(others[-_KEPT:]), note=note)


def _version(pack: Path) -> int:
    """What a pack's own file says; 0 if it is no number."""
    try:
        said = tomllib.loads((read(pack / "pack.toml") or b"").decode()).get("version")
    except ValueError:
        return 0
    return int(said) if isinstance(said, str) and said.isdecimal() else 0

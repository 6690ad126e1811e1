"""One update from beginning to end: refresh, decide, fetch, build beside, test, switch."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from edge.errors import CannotWrite, Unsound, Untrusted
from edge.files import FileLock, make_folder, rename
from edge.settings import Home
from edge.updates.building import Bases, bases, build, make
from edge.updates.deciding import (
    Choice,
    Verdict,
    choose,
    decide,
    read_manifest,
    to_fetch,
)
from edge.updates.device import Device
from edge.updates.parts import Parts, Target
from edge.updates.slot import Marking
from edge.updates.slots import Slots, remove_folder
from edge.updates.source import Source
from edge.updates.trust import Trust
from schemas.packages import (
    Difference,
    Manifest,
    target_of_difference,
    target_of_manifest,
)

SelfTest = Callable[[Path], None]
"""Reads the notes that a pack brings with it. Raises Unsound."""
Progress = Callable[[str, int, int], None]
"""What is being done, how much of it is, and how much there is in all."""
_MOST_MANIFEST = 2 << 20


class Outcome(NamedTuple):
    """What happened. `before`, `after`: the version that runs; `release`: the one that is out.

    `fetched`: bytes that came, of `whole` bytes of the release. `back`: the running version was
    withdrawn. `behind_ms`: how far the clock is wrong at least.
    """

    verdict: Verdict
    before: int
    after: int
    release: int
    least_app: str
    fetched: int
    whole: int
    back: bool
    behind_ms: int


class Client:
    """Of one device. It only reads: nothing about the device is ever told."""

    def __init__(
        self,
        home: Home,
        device: Device,
        *,
        app: str,
        now_ms: int,
        self_test: SelfTest,
        marking: Marking | None = None,
        progress: Progress = lambda *_: None,
        bundled: Path | None = None,
    ) -> None:
        self._home = home
        self._device = device
        self._app = app
        self._now_ms = now_ms
        self._self_test = self_test
        self._marking = marking
        self._progress = progress
        self._slots = Slots(home.packs, bundled)

    def update(self, source: Source, *, check: bool = False, again: bool = False) -> Outcome:
        """Install what is out if it is for this device; `check`: only say so.

        `again`: also what failed here before. Raises EdgeError, and then the version that ran runs
        on. May be stopped at any moment and run again.
        """
        make_folder(self._home.updates)
        make_folder(self._home.packs)
        lock = FileLock(self._home.updates / "lock", "another update is running")
        try:
            return self._update(source, check=check, again=again)
        finally:
            lock.release()

    def _update(self, source: Source, *, check: bool, again: bool) -> Outcome:
        self._slots.tidy()
        trust = Trust(self._home.updates, self._device.root, source, self._now_ms)
        parts = Parts(self._home.updates / "parts")
        before = self._slots.version(self._slots.state())
        self._progress("verifying", 0, 1)
        trust.refresh()
        target = trust.target(target_of_manifest(self._device.channel))
        manifest = self._manifest(target, parts, source)
        trust.remember(manifest.released)
        back = not check and self._slots.withdraw(manifest.withdrawn)
        state = self._slots.state()
        running = self._slots.version(state)
        verdict = decide(manifest, running, state, self._device, self._app)
        if again and verdict is Verdict.FAILED:
            verdict = Verdict.INSTALL
        fetched = 0
        if verdict is Verdict.INSTALL:
            here = bases(self._slots, self._marking)
            choices = choose(manifest, here.keys())
            fetched = to_fetch(choices)
            if not check:
                fetched = self._install(manifest, choices, here, trust, parts, source)
        if not check:
            # What cannot be removed now goes the next time.
            with suppress(CannotWrite):
                self._slots.prune()
                if verdict in (Verdict.INSTALL, Verdict.CURRENT):
                    parts.keep([target.sha256])
        after = self._slots.version(self._slots.state())
        whole = sum(one.length for one in manifest.files)
        return Outcome(
            verdict, before, after, manifest.version, manifest.least_app, fetched, whole, back,
            trust.clock_behind_ms,
        )  # fmt: skip

    def _manifest(self, target: Target, parts: Parts, source: Source) -> Manifest:
        if target.length > _MOST_MANIFEST:
            raise Untrusted(f"{source}: the manifest has more than {_MOST_MANIFEST >> 20} MiB")
        manifest = read_manifest(parts.fetch(target, source, lambda _: None))
        # Its parts may be half here; of releases before nothing is needed.
        parts.keep([target.sha256, *(one.digest for one in manifest.differences)])
        newest = self._slots.see(self._device.channel, manifest.version)
        if manifest.version < newest:
            raise Untrusted(
                f"{source}: offers version {manifest.version} after {newest}: nothing was changed"
            )
        return manifest

    def _install(
        self,
        manifest: Manifest,
        choices: tuple[Choice, ...],
        here: Bases,
        trust: Trust,
        parts: Parts,
        source: Source,
    ) -> int:
        """Bytes that came."""
        total, done = to_fetch(choices), 0

        def came(size: int) -> None:
            nonlocal done
            done += size
            self._progress("fetching", done, total)

        def fetch(one: Difference) -> bytes:
            target = trust.target(target_of_difference(one))
            if (target.sha256, target.length) != (one.digest, one.size):
                raise Untrusted(f"{source}: the manifest and {target.key} contradict each other")
            return parts.fetch(target, source, came)

        # Everything is here before anything is made, so a stick may be pulled out early.
        for choice in choices:
            if not choice.at_hand:
                fetch(choice.differences[0])
        files = ((one.file, make(one, here, fetch)) for one in choices)
        new = build(self._slots, manifest, files, self._marking)
        self._progress("testing", 0, 1)
        try:
            self._self_test(new)
        except Unsound as error:
            self._slots.refuse(manifest.version, str(error))
            remove_folder(new)
            raise
        place = self._slots.path(manifest.version)
        if place.exists():
            remove_folder(place)
        rename(new, place)
        self._slots.switch(manifest.version)
        self._progress("done", 1, 1)
        return done

"""What the publisher has signed, by The Update Framework: refreshed, verified, remembered.

The time is the later one of the clock and of the last release that was verified, so a clock that
was set back does not bring expired metadata back to life.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from tuf.api.exceptions import (
    DownloadError,
    DownloadHTTPError,
    DownloadLengthMismatchError,
    ExpiredMetadataError,
    RepositoryError,
)
from tuf.api.metadata import Root, Snapshot, TargetFile, Targets, Timestamp
from tuf.ngclient import Updater, UpdaterConfig
from tuf.ngclient.fetcher import FetcherInterface

from edge.errors import CannotWrite, Expired, Missing, Unreachable, Untrusted
from edge.files import make_durable, make_folder
from edge.updates.checks import Checked, earliest_ms, last_check, save_check
from edge.updates.parts import Target
from edge.updates.source import MOST_METADATA, Source

_ROLES = (Root.type, Timestamp.type, Snapshot.type, Targets.type)
_PATHS = {"metadata_base_url": "metadata/", "target_base_url": "targets/"}
"""So what the client asks for is a key of the topic."""


class Trust:
    """A device's client of the publisher's metadata; one process at a time."""

    def __init__(self, folder: Path, root: bytes, source: Source, now_ms: int) -> None:
        """`root`: the metadata that is pinned. Raises CannotWrite, Untrusted."""
        self._folder = folder
        self._source = source
        self._now_ms = now_ms
        self.last = last_check(folder)
        self._cache = folder / "tuf"
        make_folder(self._cache)
        # Left by a client that was stopped.
        for left in self._cache.glob("tmp*"):
            left.unlink(missing_ok=True)
        config = UpdaterConfig(
            # The publisher delegates nothing, so nothing delegated is looked at.
            max_delegations=0,
            snapshot_max_length=MOST_METADATA,
            targets_max_length=MOST_METADATA,
        )
        try:
            self._updater = Updater(
                str(self._cache), **_PATHS, fetcher=_Fetcher(source), config=config, bootstrap=root
            )
        except RepositoryError as error:
            raise Untrusted(f"device.json: its root metadata: {error}") from None
        except OSError as error:
            raise CannotWrite(f"{self._cache}: {error.strerror}") from None

    @property
    def clock_behind_ms(self) -> int:
        """How far the clock is behind what has been signed by now; 0 if it is not."""
        return max(self.last.released_ms - self._now_ms, 0)

    def refresh(self) -> None:
        """Raises Unreachable, Untrusted, Expired, CannotWrite; then nothing has changed."""
        now = datetime.fromtimestamp(max(self._now_ms, self.last.released_ms) / 1000, UTC)
        # python-tuf asks the machine's clock; a test holds on to this seam.
        self._updater._trusted_set.reference_time = now
        try:
            self._updater.refresh()
        except ExpiredMetadataError as error:
            raise Expired(
                f"{self._source}: {error}: nothing is installed from it, what runs goes on running"
                " · 更新源已过期：不再安装，现有版本照常使用"
            ) from None
        except DownloadLengthMismatchError as error:
            raise Untrusted(f"{self._source}: {error}") from None
        except DownloadHTTPError as error:
            raise Unreachable(str(error)) from None
        except DownloadError as error:
            raise Unreachable(f"{self._source}: {error}") from None
        except RepositoryError as error:
            raise Untrusted(f"{self._source}: {error}: nothing was changed") from None
        except OSError as error:
            raise CannotWrite(f"{self._cache}: {error.strerror}") from None
        # The client renames without waiting for the disk.
        with suppress(OSError):
            for role in _ROLES:
                make_durable(self._cache / f"{role}.json")
            make_durable(self._cache)

    def target(self, name: str) -> Target:
        """What was signed about a file. Raises Untrusted: nothing was."""
        info = self._updater.get_targetinfo(name)
        if info is None or "sha256" not in info.hashes:
            raise Untrusted(f"{self._source}: nothing signed is called {name}")
        return Target(_key(info), info.hashes["sha256"], info.length)

    def remember(self, released: str) -> None:
        """All of it has been verified; `released`: of the manifest. Raises CannotWrite."""
        trusted = self._updater._trusted_set
        expiries = [one.expires for one in trusted if not isinstance(one, Root)]
        valid_ms = int(min([trusted.root.expires, *expiries]).timestamp() * 1000)
        out_ms = earliest_ms(released)
        self.last = Checked(
            at_ms=self._now_ms,
            # A slip of the publisher's must not make everything expired for good.
            released_ms=max(self.last.released_ms, out_ms if out_ms < valid_ms else 0),
            valid_ms=valid_ms,
            source=str(self._source),
        )
        save_check(self._folder, self.last)


def _key(info: TargetFile) -> str:
    """Where a target lies under consistent snapshots."""
    folder, slash, name = info.path.rpartition("/")
    return f"targets/{folder}{slash}{info.hashes['sha256']}.{name}"


class _Fetcher(FetcherInterface):
    """Hands python-tuf the files of a source; it bounds their lengths itself."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def _fetch(self, url: str) -> Iterator[bytes]:
        try:
            yield from self._source.read(url)
        except Missing as error:
            raise DownloadHTTPError(str(error), 404) from None

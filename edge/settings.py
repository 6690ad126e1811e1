"""Where a device keeps its things, and what it lends: clocks and chance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

HOME = "GROUNDSWELL_EDGE_HOME"


class Home(NamedTuple):
    """The device folder."""

    folder: Path

    @classmethod
    def of(cls, environ: Mapping[str, str], given: Path | None = None) -> Home:
        """The folder given, else of the environment, else in the user's own."""
        if given is not None:
            return cls(given)
        named = environ.get(HOME)
        return cls(Path(named) if named else Path("~/.groundswell/edge").expanduser())

    @property
    def vault(self) -> Path:
        """The encrypted records."""
        return self.folder / "vault.db"

    @property
    def keys(self) -> Path:
        """The vault's key, wrapped once for each user."""
        return self.folder / "keys.json"

    @property
    def tries(self) -> Path:
        """Wrong passphrases, and until when to wait."""
        return self.folder / "tries.json"

    @property
    def head(self) -> Path:
        """How long the audit is, kept apart from it."""
        return self.folder / "audit.json"

    @property
    def lock(self) -> Path:
        """Held by the one process that writes."""
        return self.folder / "vault.lock"

    @property
    def packs(self) -> Path:
        """Slots of rules and models."""
        return self.folder / "packs"

    @property
    def updates(self) -> Path:
        """What the update client has verified."""
        return self.folder / "updates"

    @property
    def device(self) -> Path:
        """Name, group, channel and key of the device."""
        return self.folder / "device.json"


class Host(NamedTuple):
    """What the machine lends; below the command line nobody asks it directly."""

    now_ms: Callable[[], int]
    """The clock on the wall, which may be wrong and may be set back."""
    steady_ms: Callable[[], int]
    """Only goes forward; of this process."""
    random: Callable[[int], bytes]
    """That many unpredictable bytes."""

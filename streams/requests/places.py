"""Which reply partition is ours.

Two sources that cannot give the same to two of ours: the number at the end of the host's name,
which a StatefulSet gives to one pod only, and a lock on a file of this machine. Gateways on several
machines without such names are given a number each; if that is forgotten, the requester says so.
"""

import re
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TextIO

from sinks.files import locked
from streams.requests.errors import NoPlace

AUTO = "auto"
RESERVED = 1
"""The last partition is shared by people who ask now and then."""
_ORDINAL = re.compile(r"-([0-9]{1,4})$")


class Place(AbstractContextManager["Place"]):
    """A reply partition that no other process of this machine has, until `release`."""

    def __init__(self, partition: int, lock: TextIO) -> None:
        self.partition = partition
        self._lock = lock

    def release(self) -> None:
        """Somebody else may have it; so it is at the end of the process, too."""
        self._lock.close()

    def __exit__(self, *_: object) -> None:
        self.release()


def take_place(setting: str, partitions: int, topic: str, host: str, folder: Path) -> Place:
    """By the setting, a number or `auto`, and the host's name. Raises NoPlace.

    `folder`: where this machine keeps its locks; `topic`: the reply topic, with its cluster.
    """
    folder.mkdir(parents=True, exist_ok=True)
    free = range(max(1, partitions - RESERVED))
    ordinal = _ORDINAL.search(host)
    wanted = setting if setting != AUTO else (ordinal[1] if ordinal else "")
    for partition in [int(wanted)] if wanted else free:
        if partition not in free:
            raise NoPlace(
                f"reply partition {partition} of {topic}: gateways have 0 to {free[-1]};"
                " set reply_partition, or give assistant.replies more partitions"
            )
        if lock := _lock(folder / f"{_file_name(topic)}-{partition}.lock"):
            return Place(partition, lock)
    raise NoPlace(
        f"reply partition {wanted or f'0 to {free[-1]}'} of {topic} is taken by another process on"
        " this machine: stop it, or set reply_partition"
    )


def shared_place(partitions: int) -> int:
    """Where those listen who ask now and then, together."""
    return partitions - RESERVED


def _lock(path: Path) -> TextIO | None:
    try:
        return locked(path)
    except BlockingIOError:
        return None


def _file_name(topic: str) -> str:
    return re.sub(r"[^A-Za-z0-9.-]", "_", topic)

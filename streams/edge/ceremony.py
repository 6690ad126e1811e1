"""The first root, and the one that takes its place when a key does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import NamedTuple

from tuf.api.metadata import Role, Root

from sinks.cluster import Secret
from streams.edge.errors import BadRepository, NoKeys, Taken, Unfit
from streams.edge.keys import MASTER, ROLES, KeyFolder
from streams.edge.signing import Desk


class Quorum(NamedTuple):
    """So many signatures out of so many keys."""

    threshold: int
    keys: int


QUORUMS: Mapping[str, Quorum] = {
    "root": Quorum(2, 3),
    "targets": Quorum(2, 3),
    "snapshot": Quorum(1, 1),
    "timestamp": Quorum(1, 1),
}


def make_keys(
    folder: KeyFolder, quorums: Mapping[str, Quorum], choose: Callable[[str], Secret]
) -> None:
    """Every key that is still missing; `choose`: the passphrase of a key. Raises Unfit."""
    for role in (*ROLES, MASTER):
        wanted = 1 if role == MASTER else quorums[role].keys
        while folder.count(role) < wanted:
            folder.make(role, choose(folder.next_name(role)))


def begin(folder: KeyFolder, desk: Desk, quorums: Mapping[str, Quorum]) -> None:
    """Publish the first root. Raises Taken, Waiting, PublishError."""
    if desk.repository.versions("root"):
        raise Taken(f"{desk.repository.folder} has its root metadata already")
    records = [one for one in folder.records() if one.role != MASTER]
    keyids = {role: [one.keyid for one in records if one.role == role] for role in ROLES}
    first = Root(
        version=1,
        expires=desk.expiry("root"),
        keys={one.keyid: one.key for one in records},
        roles={role: Role(keyids[role], quorums[role].threshold) for role in ROLES},
        consistent_snapshot=True,
    )
    desk.propose_root(first)


def replace(folder: KeyFolder, desk: Desk, name: str, choose: Callable[[str], Secret]) -> None:
    """A new key in the place of one; for the master key there is none.

    Raises Waiting, once the new root lacks only signatures, NoKeys, Unfit, PublishError.
    """
    old = next((one for one in folder.records() if one.name == name), None)
    if old is None:
        raise NoKeys(f"{folder.folder} has no key {name}: groundswell edge keys show")
    if old.role == MASTER:
        raise Unfit("the devices' keys are made of this one: it cannot be replaced")
    current = desk.repository.root().signed
    if old.keyid not in current.roles[old.role].keyids:
        raise Unfit(f"{name} does not count any more")
    if desk.repository.waiting("root").exists():
        raise BadRepository("a new root waits for signatures: finish it first (`edge refresh`)")
    fresh = folder.make(old.role, choose(folder.next_name(old.role)))
    desk.join(fresh)
    root = deepcopy(current)
    root.version += 1
    root.expires = desk.expiry("root")
    root.revoke_key(old.keyid, old.role)
    root.add_key(fresh.public_key, old.role)
    desk.propose_root(root)

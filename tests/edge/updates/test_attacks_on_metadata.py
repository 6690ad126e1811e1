"""What somebody on the way may try with metadata, each on a device of its own."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from tuf.api.metadata import MetaFile, Root, Snapshot, TargetFile, Targets, Timestamp

from edge.errors import Expired, Untrusted
from edge.updates.slots import Slots
from edge.updates.source import MOST_METADATA
from edge.updates.trust import Trust
from tests.support.attacks import TIMESTAMP, Fake, endless, refused
from tests.support.packages import (
    DAY_MS,
    NOW_MS,
    OFFLINE,
    ONLINE,
    STRANGERS,
    THRESHOLD,
    Bench,
    Repository,
    content,
    pack,
)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    bench = Bench(tmp_path)
    bench.repository.add(2, pack(2))
    return bench


def test_rollback_of_metadata(bench: Bench) -> None:
    old = dict(bench.repository.files)
    bench.repository.add(3, pack(3))
    bench.update()
    refused(bench, Untrusted, "version", Fake(old))


def test_rollback_of_the_timestamp_alone(bench: Bench) -> None:
    old = bench.repository.files[TIMESTAMP]
    bench.repository.add(3, pack(3))
    bench.update(check=True)
    refused(bench, Untrusted, "timestamp", Fake({**bench.repository.files, TIMESTAMP: old}))


def test_freeze(bench: Bench) -> None:
    bench.update()
    frozen = Fake(dict(bench.repository.files))
    assert bench.update(frozen, now_ms=NOW_MS + 29 * DAY_MS).after == 2
    with pytest.raises(Expired, match="goes on running"):
        bench.update(frozen, now_ms=NOW_MS + 31 * DAY_MS)
    assert content(Slots(bench.home.packs, bench.bundled).start()) == pack(2)


def test_freeze_with_the_clock_set_back(bench: Bench) -> None:
    frozen = Fake(dict(bench.repository.files))
    bench.repository.now += timedelta(days=60)
    bench.repository.add(3, pack(3), released="2027-01-20")
    bench.update(now_ms=NOW_MS + 60 * DAY_MS)
    # Back at a time when what was frozen still held; its version is lower as well, so that is
    # taken away by a fresh cache.
    for file in (bench.home.updates / "tuf").rglob("*.json"):
        file.unlink()
    with pytest.raises(Expired):
        bench.update(frozen, now_ms=NOW_MS)


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "targets", "root"])
def test_expired_metadata_of_any_role(tmp_path: Path, role: str) -> None:
    bench = Bench(tmp_path)
    repository = bench.repository
    repository.add(2, pack(2))
    past = repository.now - timedelta(days=1)
    numbers = repository.numbers
    if role == "root":
        root = Root(version=2, expires=past)
        for name, signers in (("root", OFFLINE), ("targets", OFFLINE)):
            for signer in signers:
                root.add_key(signer.public_key, name)
            root.roles[name].threshold = THRESHOLD
        for name in ("snapshot", "timestamp"):
            root.add_key(ONLINE.public_key, name)
        repository.put(root, OFFLINE)
    elif role == "targets":
        repository.put(
            Targets(version=numbers[role], expires=past, targets=repository.targets), OFFLINE
        )
    elif role == "snapshot":
        meta = {"targets.json": MetaFile(numbers["targets"])}
        repository.put(Snapshot(version=numbers[role], expires=past, meta=meta), [ONLINE])
    else:
        of_snapshot = MetaFile(numbers["snapshot"])
        repository.put(
            Timestamp(version=numbers[role], expires=past, snapshot_meta=of_snapshot), [ONLINE]
        )
    refused(bench, Expired, role)


def test_mix_and_match(bench: Bench) -> None:
    old = {k: v for k, v in bench.repository.files.items() if k.endswith("targets.json")}
    (old_targets,) = old.values()
    bench.repository.add(3, pack(3))
    number = bench.repository.numbers["targets"]
    mixed = {**bench.repository.files, f"metadata/{number}.targets.json": old_targets}
    refused(bench, Untrusted, "targets", Fake(mixed))


def test_wrong_keys(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    other = Repository(STRANGERS, STRANGERS[0])
    other.add(2, pack(2))
    refused(bench, Untrusted, "signed by", Fake(other.files))


def test_a_root_that_strangers_signed(bench: Bench) -> None:
    repository = bench.repository
    repository.offline, repository.online = tuple(STRANGERS), STRANGERS[0]
    # The first root's own signers have not signed this one.
    repository.renew_root()
    repository.add(3, pack(3))
    refused(bench, Untrusted, "root was signed by 0/2")


def test_a_rotated_root_is_followed(bench: Bench) -> None:
    repository = bench.repository
    bench.update()
    repository.offline, repository.online = tuple(STRANGERS), STRANGERS[0]
    repository.renew_root(signed_also_by=OFFLINE)
    repository.add(3, pack(3))
    assert bench.update().after == 3
    # And the keys of before are worth nothing any more.
    repository.offline, repository.online = tuple(OFFLINE), ONLINE
    repository.add(4, pack(4))
    refused(bench, Untrusted, "signed by")


def test_too_few_signatures(bench: Bench) -> None:
    bench.repository.sign(by=OFFLINE[:1])
    refused(bench, Untrusted, "targets was signed by 1/2")


def test_one_key_does_not_count_twice(bench: Bench) -> None:
    bench.repository.sign(by=OFFLINE[:1])
    key = f"metadata/{bench.repository.numbers['targets']}.targets.json"
    signed = json.loads(bench.repository.files[key])
    signed["signatures"] *= 2
    bench.repository.files[key] = json.dumps(signed).encode()
    refused(bench, Untrusted, "deserialize|targets")


def test_the_online_key_cannot_sign_targets(bench: Bench) -> None:
    bench.repository.sign(by=[ONLINE])
    refused(bench, Untrusted, "targets was signed by 0/2")


@pytest.mark.parametrize("name", ["timestamp", "snapshot", "targets.json", "2.root"])
def test_endless_metadata(bench: Bench, name: str) -> None:
    wire = Fake(bench.repository.files, **{name: endless})
    refused(bench, Untrusted, "exceed|longer", wire)
    assert wire.given <= MOST_METADATA + (1 << 17)


def test_huge_metadata_of_the_publishers_own(bench: Bench) -> None:
    for number in range(20_000):
        name = f"differences/{number:064d}"
        bench.repository.targets[name] = TargetFile(1, {"sha256": "0" * 64}, name)
    bench.repository.sign()
    refused(bench, Untrusted, "exceed")


@pytest.mark.parametrize(
    "body", [b"", b"[" * 100_000, b"{}", b"\xff\x00", b'{"signed": 1}', b"null"]
)
@pytest.mark.parametrize("name", ["timestamp", "snapshot", "targets.json"])
def test_rubbish_for_metadata(bench: Bench, name: str, body: bytes) -> None:
    refused(bench, Untrusted, ".", Fake(bench.repository.files, **{name: lambda: iter([body])}))


def test_repeated_fields_do_not_hide_what_was_signed(bench: Bench) -> None:
    key = f"metadata/{bench.repository.numbers['targets']}.targets.json"
    signed = bench.repository.files[key].decode()
    # Whichever of the two a reader takes, it is not both what is read and what was signed.
    for sly in (
        signed.replace('"version":', '"version": 999, "version":', 1),
        signed.replace('"targets":', '"targets": {}, "targets":', 1),
    ):
        assert (
            bench.update(Fake({**bench.repository.files, key: sly.encode()}), check=True).after == 1
        )
    for sly in (
        signed[: signed.rindex('"version"')] + '"version": 1, "version": 999 }}',
        signed.replace('"signed":', '"signed": {}, "signed2":', 1),
    ):
        fresh = Fake({**bench.repository.files, key: sly.encode()})
        for file in (bench.home.updates / "tuf").rglob("*.json"):
            file.unlink()
        refused(bench, Untrusted, ".", fresh)


def test_unknown_fields_of_metadata_are_signed_too(bench: Bench) -> None:
    key = f"metadata/{bench.repository.numbers['targets']}.targets.json"
    signed = json.loads(bench.repository.files[key])
    signed["signed"]["x"] = 1
    refused(
        bench,
        Untrusted,
        "signed by",
        Fake({**bench.repository.files, key: json.dumps(signed).encode()}),
    )


def test_a_channel_that_nobody_signed(bench: Bench) -> None:
    other = msgspec.structs.replace(bench.device, channel="beta")
    with pytest.raises(Untrusted, match="beta/manifest"):
        bench.update(device=other)


def test_a_wrong_root_to_pin(bench: Bench) -> None:
    other = msgspec.structs.replace(bench.device, root=b"{}")
    with pytest.raises(Untrusted, match=r"device\.json"):
        bench.update(device=other)


def test_the_clock_of_the_check_is_ours(tmp_path: Path) -> None:
    """The seam into python-tuf that makes expiry go by our time."""
    bench = Bench(tmp_path)
    bench.repository.add(2, pack(2))
    bench.home.updates.mkdir()
    trust = Trust(bench.home.updates, bench.repository.root, Fake(bench.repository.files), 5)
    trust.refresh()
    assert trust._updater._trusted_set.reference_time.timestamp() == 0.005

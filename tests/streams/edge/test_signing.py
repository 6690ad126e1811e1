"""Who must sign: thresholds, waiting for other holders, keys that are replaced, and time."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from securesystemslib.signer import CryptoSigner, SSlibKey
from tuf.api.exceptions import RepositoryError

from sinks.cluster import Secret
from streams.edge.ceremony import QUORUMS, begin, make_keys, replace
from streams.edge.errors import BadRepository, NoKeys, Taken, Unfit, Waiting, WrongPassphrase
from streams.edge.keys import open_key
from streams.edge.repository import read_metadata
from streams.edge.signing import countersign, signatures
from streams.edge.tree import Tree
from tests.support.publisher import WORD, House, from_folder, install, pack


def countersigned(house: House, role: str, name: str) -> None:
    """Another holder signs what waits, with a key that was carried away."""
    path = house.repository.waiting(role)
    signer = open_key(house.folder / "away" / f"{name}.pem", [Secret(WORD)])
    assert signer is not None
    assert countersign(path, read_metadata(path), [signer]) == 1


def test_a_release_waits_for_the_second_holder(house: House) -> None:
    house.carry_away("targets-2", "targets-3")
    with pytest.raises(Waiting, match="targets 1 waits for 1 more") as waiting:
        house.publish(1, pack())
    assert waiting.value.exit_code == 3
    assert house.repository.targets() is None
    with pytest.raises(Unfit, match="published nothing"):
        Tree(house.repository, datetime.now(UTC))
    with pytest.raises(Waiting):
        house.publish(1, pack())
    countersigned(house, "targets", "targets-3")
    house.publish(1, pack(), released="2026-12-31")
    manifest, files = install(from_folder(house.repository.tree), house.first_root)
    assert (manifest.version, manifest.released) == (1, "2026-11-22")
    assert files == pack()
    assert not house.repository.waiting("targets").exists()


def test_a_key_that_does_not_count_signs_for_nothing(house: House) -> None:
    house.carry_away("targets-2", "targets-3", "root-3")
    with pytest.raises(Waiting):
        house.publish(1, pack())
    countersigned(house, "targets", "root-3")
    with pytest.raises(Waiting, match="1 more"):
        house.publish(1, pack())


def test_other_content_takes_the_place_of_what_waits_without_its_signatures(house: House) -> None:
    house.carry_away("targets-2", "targets-3")
    with pytest.raises(Waiting):
        house.publish(1, pack())
    countersigned(house, "targets", "targets-2")
    with pytest.raises(Waiting, match="1 more"):
        house.publish(2, pack(change=1))
    countersigned(house, "targets", "targets-2")
    house.publish(2, pack(change=1))
    assert [m.version for m in house.repository.releases("stable")] == [2]


def test_without_the_online_keys_nothing_comes_out(house: House) -> None:
    house.carry_away("timestamp-1")
    with pytest.raises(WrongPassphrase, match="timestamp"):
        house.publish(1, pack())
    with pytest.raises(Unfit):
        Tree(house.repository, datetime.now(UTC))


@pytest.mark.parametrize("name", ["timestamp-1", "snapshot-1", "targets-2", "root-1"])
def test_a_replaced_key_counts_no_more_and_devices_follow(house: House, name: str) -> None:
    house.publish(1, pack())
    desk = house.desk()
    replace(house.keys, desk, name, lambda _: Secret(WORD))
    desk.finish()
    root = house.repository.root()
    old = next(one for one in house.keys.records() if one.name == name)
    assert root.signed.version == 2
    assert old.keyid not in root.signed.keys
    house.publish(2, pack(change=1))
    _, files = install(from_folder(house.repository.tree), house.first_root, pack())
    assert files == pack(change=1)
    with pytest.raises(Unfit, match="does not count any more"):
        replace(house.keys, house.desk(), name, lambda _: Secret(WORD))


def test_a_new_root_needs_the_old_roots_holders_too(house: House) -> None:
    house.publish(1, pack())
    house.carry_away("root-1", "root-2")
    with pytest.raises(Waiting, match="root 2 waits for 1 more"):
        replace(house.keys, house.desk(), "root-1", lambda _: Secret(WORD))
    with pytest.raises(BadRepository, match="waits"):
        replace(house.keys, house.desk(), "root-2", lambda _: Secret(WORD))
    # The holder of the lost key may still have it: it does not count for the new root alone.
    countersigned(house, "root", "root-2")
    house.desk().finish()
    assert house.repository.root().signed.version == 2


def test_nothing_comes_out_while_the_targets_lack_the_new_keys(house: House) -> None:
    house.carry_away("targets-3")
    house.publish(1, pack())
    replace(house.keys, house.desk(), "targets-1", lambda _: Secret(WORD))
    house.carry_away("targets-2", "targets-4")
    with pytest.raises(Waiting, match="targets 2 waits for 2 more"):
        house.desk().finish()
    told = {role: one.told for role, one in signatures(house.repository)}
    assert "waits for 2 signature(s)" in told["targets"]
    with pytest.raises(Unfit, match="targets lacks signatures"):
        Tree(house.repository, datetime.now(UTC))
    countersigned(house, "targets", "targets-2")
    countersigned(house, "targets", "targets-4")
    house.desk().finish()
    install(from_folder(house.repository.tree), house.first_root)


def test_a_lost_key_is_replaced_without_it(house: House) -> None:
    house.publish(1, pack())
    house.keys.path("targets-1").unlink()
    desk = house.desk()
    replace(house.keys, desk, "targets-1", lambda _: Secret(WORD))
    desk.finish()
    install(from_folder(house.repository.tree), house.first_root)


def test_strangers_and_the_master_key_are_not_replaced(house: House) -> None:
    with pytest.raises(NoKeys, match="targets-9"):
        replace(house.keys, house.desk(), "targets-9", lambda _: Secret(WORD))
    with pytest.raises(Unfit, match="devices"):
        replace(house.keys, house.desk(), "devices", lambda _: Secret(WORD))


def test_the_first_root_is_made_once_and_goes_on_after_a_stop(house: House, tmp_path: Path) -> None:
    with pytest.raises(Taken):
        begin(house.keys, house.desk(), QUORUMS)
    other = House(tmp_path / "other")
    other.keys.make("root", Secret(WORD))
    make_keys(other.keys, QUORUMS, lambda _: Secret(WORD))
    assert len(other.keys.records()) == 9
    begin(other.keys, other.desk(), QUORUMS)
    assert other.repository.root().signed.roles["root"].threshold == 2


def test_what_expires_is_signed_again_and_not_published_expired(house: House) -> None:
    house.publish(1, pack())
    timestamp = house.repository.timestamp()
    assert timestamp is not None
    late = datetime.now(UTC) + timedelta(days=15)
    with pytest.raises(Unfit, match="timestamp has expired"):
        Tree(house.repository, late)
    desk = house.desk(now=late)
    desk.settle(renew=True)
    assert Tree(house.repository, late)
    fresh = house.repository.timestamp()
    assert fresh is not None
    assert fresh.signed.version == timestamp.signed.version + 1
    assert fresh.signed.expires == (late + timedelta(days=14)).replace(microsecond=0)


def test_refresh_can_sign_targets_and_root_again(house: House) -> None:
    house.publish(1, pack())
    house.publisher().refresh(("root", "targets"))
    versions = {role: one.version for role, one in signatures(house.repository)}
    assert (versions["root"], versions["targets"]) == (2, 2)
    assert min(versions.values()) == 2
    install(from_folder(house.repository.tree), house.first_root)


def test_a_client_of_another_publisher_refuses_it(house: House, tmp_path: Path) -> None:
    house.publish(1, pack())
    other = House.build(tmp_path / "other")
    with pytest.raises(RepositoryError):
        install(from_folder(house.repository.tree), other.first_root)


def test_a_broken_file_of_the_repository_is_said(house: House) -> None:
    house.publish(1, pack())
    path = house.repository.tree / "metadata" / "1.targets.json"
    path.write_text("{}")
    with pytest.raises(BadRepository, match=r"1\.targets\.json"):
        house.publish(2, pack())


def test_a_key_under_the_id_of_another_is_not_signed(house: House, tmp_path: Path) -> None:
    """One holder alone would have the next root name keys of their own, and people read ids."""
    root = deepcopy(house.repository.root())
    root.signed.version += 1
    theirs = CryptoSigner.generate_ed25519().public_key
    keyid = root.signed.roles["targets"].keyids[0]
    root.signed.keys[keyid] = SSlibKey(keyid, "ed25519", "ed25519", theirs.keyval)
    (tmp_path / "root.json").write_bytes(root.to_bytes())
    with pytest.raises(BadRepository, match="do not sign"):
        read_metadata(tmp_path / "root.json")

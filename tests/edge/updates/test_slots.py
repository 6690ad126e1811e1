from pathlib import Path

import pytest

from agents.records.errors import BadPack
from agents.records.pack import Pack
from edge.errors import NotEnrolled
from edge.settings import Home
from edge.updates.checks import earliest_ms
from edge.updates.device import read_device
from edge.updates.slots import Slots, load_pack
from tests.support.packages import Bench, content, fill, pack, whole


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    bench = Bench(tmp_path)
    bench.repository.add(2, pack(2))
    bench.update()
    return bench


def slots_of(bench: Bench) -> Slots:
    return Slots(bench.home.packs, bench.bundled)


def test_a_device_without_updates_runs_what_came_with_the_application(tmp_path: Path) -> None:
    home = Home(tmp_path / "nothing")
    assert load_pack(home).version == Pack.load().version
    assert not home.folder.exists()


def test_a_confirmed_version_may_be_started_on_and_on(bench: Bench) -> None:
    slots = slots_of(bench)
    slots.confirm(slots.start())
    assert {slots.start().name for _ in range(5)} == {"2"}
    assert slots.state().starts == 0


def test_two_starts_that_nobody_confirms_go_back_for_good(bench: Bench) -> None:
    slots = slots_of(bench)
    assert [slots.start().name for _ in range(4)] == ["2", "2", "bundled", "bundled"]
    state = slots.state()
    assert [(one.version, one.why) for one in state.failed] == [(2, "2 starts failed")]
    assert state.note == "2 → 1: 2 starts failed"
    # A late process cannot confirm what has been left.
    slots.confirm(bench.home.packs / "2")
    assert slots.start() == bench.bundled


def test_a_pack_that_cannot_be_loaded_is_left_at_once(bench: Bench) -> None:
    assert load_pack(bench.home).version == Pack.load().version
    (failed,) = Slots.of(bench.home).state().failed
    assert failed.version == 2
    assert failed.why.startswith("BadPack")


def test_load_confirms(bench: Bench) -> None:
    bench.repository.add(3, whole(3))
    bench.update()
    assert load_pack(bench.home).version == "3"
    assert Slots.of(bench.home).state().confirmed


def test_without_any_pack_the_error_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edge.updates.slots.BUNDLED", tmp_path / "nowhere")
    with pytest.raises(BadPack):
        load_pack(Home(tmp_path))


@pytest.mark.parametrize(
    "rubbish", [b"", b"{", b"\xff", b"[]", b'{"current": "x"}', b'{"current": -1}']
)
def test_a_spoilt_state_means_the_bundled_pack(bench: Bench, rubbish: bytes) -> None:
    (bench.home.packs / "current").write_bytes(rubbish)
    assert slots_of(bench).start() == bench.bundled
    assert bench.update().after == 2
    assert content(slots_of(bench).start()) == pack(2)


@pytest.mark.parametrize("what", ["notes.txt", "pack.toml", ".slot.json"])
def test_a_file_that_is_lost_means_the_version_before(bench: Bench, what: str) -> None:
    slots = slots_of(bench)
    slots.confirm(slots.start())
    bench.repository.add(3, pack(3))
    bench.update()
    (bench.home.packs / "3" / what).unlink()
    assert content(slots.start()) == pack(2)
    (bench.home.packs / "2" / what).unlink()
    assert content(slots.start()) == pack(1)
    assert slots.state().failed == ()


def test_a_disk_that_cannot_be_written_keeps_nobody_from_reading(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    from edge.errors import CannotWrite

    def full(*_: object) -> None:
        raise CannotWrite("full")

    monkeypatch.setattr("edge.updates.slots.save", full)
    assert content(slots_of(bench).start()) == pack(2)
    # It cannot even be written that this one does not load.
    assert load_pack(bench.home).version == Pack.load().version


def test_an_application_that_brings_a_newer_pack_runs_that(bench: Bench) -> None:
    fill(bench.bundled, pack(7))
    slots = slots_of(bench)
    assert slots.start() == bench.bundled
    assert slots.version(slots.state()) == 7
    outcome = bench.update()
    assert (outcome.before, outcome.after) == (7, 7)


@pytest.mark.parametrize(
    ("date", "later"),
    [("2026-11-22", "2026-11-23"), ("2026-11", "2026-12"), ("2026", "2027"), ("", "1970-01-02")],
)
def test_a_date_begins_in_the_far_east(date: str, later: str) -> None:
    assert earliest_ms(date) < earliest_ms(later)
    assert earliest_ms("1970-01-02") == 10 * 3_600_000
    assert earliest_ms("2026-13-01") == earliest_ms("x") == 0


@pytest.mark.parametrize("said", [b"", b"{}", b'{"name": "A B"}', b"\xff", b"[1]"])
def test_a_spoilt_device_file(tmp_path: Path, said: bytes) -> None:
    (tmp_path / "device.json").write_bytes(said)
    with pytest.raises(NotEnrolled):
        read_device(tmp_path / "device.json")
    with pytest.raises(NotEnrolled, match="keys device"):
        read_device(tmp_path / "none.json")

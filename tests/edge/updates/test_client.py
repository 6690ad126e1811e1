from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from edge.errors import Busy, Unreachable, Unsound, Untrusted
from edge.files import FileLock
from edge.updates.checks import last_check
from edge.updates.deciding import Verdict
from edge.updates.device import read_device
from edge.updates.folder import Folder
from edge.updates.slot import Marking
from edge.updates.slots import Slots
from schemas.packages import Stage
from tests.support.packages import DAY_MS, NOW_MS, Bench, Toy, content, digest, pack, unsound


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def running(bench: Bench) -> dict[str, bytes]:
    return content(Slots(bench.home.packs, bench.bundled).start())


def test_what_is_published_runs_and_again_changes_nothing(bench: Bench) -> None:
    bench.repository.add(2, pack(2))
    first = bench.update()
    assert (first.verdict, first.before, first.after) == (Verdict.INSTALL, 1, 2)
    assert running(bench) == pack(2)
    # The model did not change, so it was not fetched.
    assert 0 < first.fetched < 200
    again = bench.update()
    assert (again.verdict, again.before, again.after, again.fetched) == (Verdict.CURRENT, 2, 2, 0)
    # The manifest, so that it need not come again.
    assert len(list((bench.home.updates / "parts").iterdir())) == 1


def test_check_tells_and_changes_nothing(bench: Bench) -> None:
    bench.repository.add(2, pack(2))
    outcome = bench.update(check=True)
    assert (outcome.verdict, outcome.after, outcome.release) == (Verdict.INSTALL, 1, 2)
    assert outcome.fetched == bench.update().fetched
    assert running(bench) == pack(2)


def test_the_smallest_difference_that_applies_is_fetched(bench: Bench) -> None:
    bench.repository.add(2, pack(2, bytes(range(256)) * 40))
    bench.update()
    changed = bytearray(bytes(range(256)) * 40)
    changed[700] ^= 1
    made = bench.repository.add(3, pack(3, bytes(changed)))
    source = Folder(bench.repository.write(bench.stick))
    asked: list[str] = []
    read = source._read

    def _read(key: str, start: int, length: int):  # type: ignore[no-untyped-def]
        asked.append(key)
        return read(key, start, length)

    source._read = _read  # type: ignore[method-assign]
    outcome = bench.update(source)
    assert running(bench) == pack(3, bytes(changed))
    (model,) = [
        one
        for one in made.differences
        if one.path.endswith(".onnx")
        and one.base == digest(pack(2, bytes(range(256)) * 40)["models/lines.onnx"])
    ]
    assert f"targets/differences/{model.digest}.{model.digest}" in asked
    assert outcome.fetched < 300


def test_a_device_without_a_base_gets_the_whole_file(bench: Bench) -> None:
    bench.repository.add(2, pack(2))
    bench.repository.add(3, pack(3, b"other " * 900))
    for path in list(bench.bundled.rglob("*")):
        if path.is_file() and path.name != "pack.toml":
            path.write_bytes(b"an older application's")
    assert bench.update().after == 3
    assert running(bench) == pack(3, b"other " * 900)


def test_a_wrong_result_of_a_difference_is_replaced_by_the_whole_file(bench: Bench) -> None:
    whole = pack(2)
    made = bench.repository.add(2, whole)
    small = [one for one in made.differences if one.path == "notes.txt" and one.base]
    # Signed, and yet it makes something else: a slip of the publisher's.
    wrong = bench.repository.difference("notes.txt", "zstd", pack(1)["notes.txt"], b"x" * 4200)
    wrong = msgspec.structs.replace(wrong, sha256=small[0].sha256, length=small[0].length)
    others = tuple(one for one in made.differences if one not in small)
    bench.repository.offer(
        msgspec.json.encode(msgspec.structs.replace(made, differences=(wrong, *others)))
    )
    assert bench.update().after == 2
    assert running(bench) == whole


def test_a_file_that_nothing_makes_right_changes_nothing(bench: Bench) -> None:
    made = bench.repository.add(2, pack(2), full=False)
    wrong = bench.repository.difference("notes.txt", "zstd", pack(1)["notes.txt"], b"x" * 4200)
    right = next(one for one in made.differences if one.path == "notes.txt")
    wrong = msgspec.structs.replace(wrong, sha256=right.sha256, length=right.length)
    others = tuple(one for one in made.differences if one is not right)
    bench.repository.offer(
        msgspec.json.encode(msgspec.structs.replace(made, differences=(wrong, *others)))
    )
    with pytest.raises(Untrusted, match=r"notes\.txt"):
        bench.update()
    assert running(bench) == pack(1)


def test_a_version_that_fails_its_self_test_is_not_tried_again_by_itself(bench: Bench) -> None:
    bench.repository.add(2, pack(2))
    with pytest.raises(Unsound):
        bench.update(self_test=unsound)
    assert running(bench) == pack(1)
    assert not list(bench.home.packs.glob("2*"))
    assert bench.update().verdict is Verdict.FAILED
    assert bench.update(again=True).after == 2
    assert Slots(bench.home.packs, bench.bundled).state().failed == ()


def test_two_failed_starts_go_back_and_a_later_version_is_taken(bench: Bench) -> None:
    bench.repository.add(2, pack(2))
    bench.update()
    slots = Slots(bench.home.packs, bench.bundled)
    slots.confirm(slots.start())
    bench.repository.add(3, pack(3))
    bench.update()
    assert [slots.start().name for _ in range(3)] == ["3", "3", "2"]
    assert bench.update().verdict is Verdict.FAILED
    bench.repository.add(4, pack(4))
    assert bench.update().after == 4
    assert running(bench) == pack(4)


def test_a_withdrawn_version_stops_running(bench: Bench) -> None:
    slots = Slots(bench.home.packs, bench.bundled)
    for version in (2, 3):
        bench.repository.add(version, pack(version))
        bench.update()
        slots.confirm(slots.start())
    # What takes its place is not for this device.
    bench.repository.add(4, pack(2), withdrawn=(3,), rollout=(Stage("", 0),))
    outcome = bench.update()
    assert (outcome.back, outcome.before, outcome.after) == (True, 3, 2)
    assert running(bench) == pack(2)
    bench.repository.add(5, pack(2), withdrawn=(2, 3), rollout=(Stage("", 0),))
    assert bench.update().after == 1
    bench.repository.add(6, pack(2) | {"pack.toml": b'version = "6"'}, withdrawn=(2, 3))
    assert bench.update().after == 6


def test_a_withdrawal_holds_even_if_what_follows_cannot_be_fetched(bench: Bench) -> None:
    bench.repository.add(2, pack(2))
    bench.update()
    made = bench.repository.add(3, pack(3), withdrawn=(2,))
    for one in made.differences:
        bench.repository.files.pop(f"targets/differences/{one.digest}.{one.digest}", None)
    for path in (bench.stick / "targets/differences").iterdir():
        path.unlink()
    with pytest.raises(Unreachable):
        bench.update()
    assert running(bench) == pack(1)


def test_the_roll_out_and_the_application_decide(bench: Bench) -> None:
    bench.repository.add(2, pack(2), rollout=(Stage("", 0), Stage("other", 100)))
    assert bench.update().verdict is Verdict.LATER
    bench.repository.add(2, pack(2), rollout=(Stage("", 0), Stage("pilot", 100)), least_app="1.10")
    outcome = bench.update(app="1.9.9")
    assert (outcome.verdict, outcome.least_app) == (Verdict.TOO_OLD, "1.10")
    assert bench.update(app="1.10.0").after == 2


def test_a_device_that_changes_its_channel_waits_until_that_is_newer(bench: Bench) -> None:
    bench.repository.add(9, pack(9))
    bench.update()
    repository = bench.repository
    calm = msgspec.structs.replace(bench.device, channel="calm")
    for version, verdict in ((7, Verdict.CURRENT), (10, Verdict.INSTALL)):
        made = repository.add(version, pack(version))
        repository.target("calm/manifest.json", msgspec.json.encode(made))
        repository.sign()
        assert bench.update(device=calm).verdict is verdict
    assert running(bench) == pack(10)


def test_models_are_marked_here_and_differences_still_apply(bench: Bench) -> None:
    marking = Marking(Toy, b"\x07" * 32)
    bench.repository.add(2, pack(2, b"weights of it"))
    bench.update(marking=marking)
    assert running(bench)["models/lines.onnx"] == Toy.mark(b"weights of it", marking.key)
    bench.repository.add(3, pack(3, b"weights!" * 300), full=False)
    bench.update(marking=marking)
    assert running(bench)["models/lines.onnx"] == Toy.mark(b"weights!" * 300, marking.key)
    assert b"weights" not in (bench.home.packs / "3/models/lines.onnx").read_bytes()
    assert "7, 7" not in repr(marking)


def test_a_mark_that_does_not_come_off_is_refused(bench: Bench) -> None:
    class Broken(Toy):
        @staticmethod
        def unmark(model: bytes, key: bytes) -> bytes:
            return model + key

    bench.repository.add(2, pack(2))
    with pytest.raises(Unsound, match="fingerprint"):
        bench.update(marking=Marking(Broken, b"\x07" * 32))
    assert running(bench) == pack(1)


def test_another_key_or_no_key_means_whole_files(bench: Bench) -> None:
    bench.repository.add(2, pack(2, b"weights of it"))
    bench.update(marking=Marking(Toy, b"\x07" * 32))
    bench.repository.add(3, pack(3, b"weights of it"))
    assert bench.update(marking=Marking(Toy, b"\x08" * 32)).after == 3
    assert running(bench)["models/lines.onnx"] == Toy.mark(b"weights of it", b"\x08")


def test_a_clock_that_is_behind_is_told_and_the_update_goes_on(bench: Bench) -> None:
    bench.repository.add(2, pack(2), released="2026-11-22")
    outcome = bench.update(now_ms=NOW_MS - 3 * DAY_MS)
    assert outcome.after == 2
    # It was 22 November on some island from 10:00 of the 21st on.
    assert 0 < outcome.behind_ms < 3 * DAY_MS
    assert bench.update().behind_ms == 0


def test_one_at_a_time(bench: Bench) -> None:
    bench.repository.add(2, pack(2))
    bench.update(check=True)
    lock = FileLock(bench.home.updates / "lock", "test")
    with pytest.raises(Busy, match="another update"):
        bench.update()
    lock.release()
    assert bench.update().after == 2


def test_at_most_the_running_and_the_last_good_version_are_kept(bench: Bench) -> None:
    slots = Slots(bench.home.packs, bench.bundled)
    for version in (2, 3, 4, 5):
        bench.repository.add(version, pack(version))
        bench.update()
        slots.confirm(slots.start())
    assert sorted(one.name for one in bench.home.packs.iterdir()) == ["4", "5", "current"]


def test_a_damaged_slot_is_left_and_installed_anew(bench: Bench) -> None:
    bench.repository.add(2, pack(2))
    bench.update()
    (bench.home.packs / "2" / "notes.txt").write_bytes(b"rot")
    assert running(bench) == pack(1)
    assert bench.update().after == 2
    assert running(bench) == pack(2)


def test_what_was_checked_is_remembered(bench: Bench) -> None:
    bench.repository.add(2, pack(2))
    bench.update()
    last = last_check(bench.home.updates)
    assert (last.at_ms, last.valid_ms) == (NOW_MS, NOW_MS + 30 * DAY_MS)
    assert last.source == str(bench.stick)


def test_the_device_file_says_little_of_itself(bench: Bench) -> None:
    device = read_device(bench.home.device)
    assert device == bench.device
    assert repr(device) == "Device(ward-3)"
    assert bench.home.device.stat().st_mode & 0o777 == 0o600
    assert sha256(device.root).hexdigest() == sha256(bench.repository.root).hexdigest()

from typing import Any

import pytest

from edge.updates.deciding import Verdict, choose, decide, is_reached, to_fetch
from edge.updates.device import Device
from edge.updates.slots import Failure, State
from schemas.packages import Difference, Manifest, PackFile, Stage

A, B, C = "a" * 64, "b" * 64, "c" * 64


def manifest(version: int = 5, **more: Any) -> Manifest:
    files = (PackFile("x", B, 10),)
    return Manifest("records", version, "2026-11-20", files, **more)


def device(name: str = "d", group: str = "pilot") -> Device:
    return Device(name, group, "stable", b"k" * 32, b"{}")


def test_how_it_is_decided() -> None:
    def of(state: State, running: int = 4, app: str = "1.0", **more: Any) -> Verdict:
        return decide(manifest(**more), running, state, device(), app)

    assert of(State()) is Verdict.INSTALL
    assert of(State(), running=5) is of(State(), running=6) is Verdict.CURRENT
    assert of(State(failed=(Failure(5, "x"),))) is Verdict.FAILED
    assert of(State(withdrawn=(5,))) is of(State(), withdrawn=(5,)) is Verdict.WITHDRAWN
    assert of(State(), least_app="1.0.1") is Verdict.TOO_OLD
    assert of(State(), rollout=(Stage("", 0),)) is Verdict.LATER


@pytest.mark.parametrize(
    ("app", "least", "fits"),
    [("1.2.0", "1.2", True), ("1.2", "1.2.0", True), ("1.10", "1.9", True), ("1.9", "1.10", False),
     ("2.0.0rc1", "1.9", True), ("", "0.1", False), ("1.0", "soon", False), ("1.0", "", True),
     ("0.1.0", "0", True)],
)  # fmt: skip
def test_versions_of_the_application(app: str, least: str, fits: bool) -> None:
    verdict = decide(manifest(least_app=least), 4, State(), device(), app)
    assert (verdict is Verdict.INSTALL) == fits


def test_a_roll_out_reaches_its_share_and_grows() -> None:
    devices = [device(f"d{n}") for n in range(2_000)]
    before: set[str] = set()
    for percent in (0, 1, 10, 50, 99, 100):
        stages = (Stage("", percent),)
        reached = {one.name for one in devices if is_reached(manifest(rollout=stages), one)}
        assert before <= reached
        assert abs(len(reached) / 2_000 - percent / 100) < 0.03
        before = reached
    # Not the same ones at every release.
    other = {d.name for d in devices if is_reached(manifest(6, rollout=(Stage("", 10),)), d)}
    first = {d.name for d in devices if is_reached(manifest(5, rollout=(Stage("", 10),)), d)}
    assert len(other & first) < 60


def test_a_group_has_its_own_share() -> None:
    stages = (Stage("", 100), Stage("pilot", 0))
    assert not is_reached(manifest(rollout=stages), device())
    assert is_reached(manifest(rollout=stages), device(group="ward"))
    assert not is_reached(manifest(rollout=(Stage("ward", 100),)), device())
    assert not is_reached(manifest(rollout=()), device())


def test_the_smallest_that_applies_comes_first() -> None:
    def way(base: str, size: int, path: str = "x", result: str = B, length: int = 10) -> Difference:
        return Difference(path, "bsdiff" if base else "full", base, result, length, C, size)

    ways = (
        way("", 90),
        way(A, 5),
        way(C, 1),
        way(A, 2, "y"),
        way(A, 2, result=A),
        way(A, 2, length=9),
    )
    (choice,) = choose(manifest(differences=ways), {A})
    assert [one.size for one in choice.differences] == [5, 90]
    assert to_fetch([choice]) == 5
    (choice,) = choose(manifest(differences=ways), {A, B})
    assert choice.at_hand
    assert to_fetch([choice]) == 0

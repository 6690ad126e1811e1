"""Products are forgotten, lest a flood of names fill the memory."""

from collections.abc import Iterable, Mapping

import pytest

from agents.detect import partition as module
from agents.detect.partition import DetectPartition
from agents.detect.rules import DetectRules
from agents.detect.snapshot import pack, unpack
from schemas.signals import END, Signal
from tests.agents.detect.made import START, closed, local, minute_of, run

APP = ("feedback.app", 0)
Heard = Mapping[int, Iterable[str]]


def signals(heard: Heard, through: int, *, burst: Mapping[int, str] | None = None) -> list[Signal]:
    """Which products are heard in which minutes after the start; in `burst` loudly."""
    made: list[Signal] = []
    for minute in range(START, START + through + 1):
        loud = (burst or {}).get(minute - START)
        names = {*heard.get(minute - START, ()), *([loud] if loud else [])}
        made += [
            minute_of(
                APP,
                len(made) + 1,
                minute,
                [local(0, 40 if name == loud else 1, f"{name} {minute}", "app", "", "", "")],
                name,
            )
            for name in sorted(names)
        ]
        made.append(closed(APP, len(made) + 1, minute))
    return made


def detected(made: Iterable[Signal], *, products: int = 1_000) -> DetectPartition:
    detect = DetectPartition(DetectRules(products=products), [APP])
    run(detect, made)
    return detect


def test_a_product_is_forgotten_after_a_week_of_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_FORGET", 20)
    heard: Heard = {0: ["once", "usual"], **{n: ["usual"] for n in range(1, 40)}}
    assert sorted(detected(signals(heard, 19)).products) == ["once", "usual"]
    detect = detected(signals(heard, 20))
    assert list(detect.products) == ["usual"]
    assert detect.forgotten == 1


def test_an_outage_makes_nobody_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stops after a day without a word: those days are no silence of a product."""
    monkeypatch.setattr(module, "_SILENCE", 10)
    monkeypatch.setattr(module, "_FORGET", 20)
    heard: Heard = {0: ["one", "two"], 90: ["two"]}
    assert sorted(detected(signals(heard, 91)).products) == ["one", "two"]


def test_a_flood_of_names_costs_no_product_that_is_heard_again() -> None:
    heard: dict[int, list[str]] = {n: ["usual"] for n in range(30)}
    for n in range(15, 30):
        heard[n] += [f"made-up-{n}-{k}" for k in range(5)]
    for n in range(0, 30, 5):
        heard[n].append("quiet")
    for n in range(20, 30, 2):
        heard[n].append("young")
    detect = detected(signals(heard, 29), products=15)
    assert len(detect.products) == 15
    assert {"quiet", "usual", "young"} < detect.products.keys()
    assert detect.forgotten == 15 * 5 + 3 - 15


def test_a_product_with_an_open_incident_stays() -> None:
    heard: Heard = {**{n: ["loud"] for n in range(30)}, 32: ["a"], 33: ["b"], 34: ["c"]}
    made = signals(heard, 34, burst={30: "loud", 31: "loud"})
    detect = detected(made, products=1)
    assert detect.products["loud"].has_open
    assert list(detect.products) == ["loud"]


@pytest.mark.slow
def test_a_snapshot_forgets_alike() -> None:
    heard: Heard = {n: [f"made-up-{n}", f"some-{n % 7}"] for n in range(40)}
    made = [*signals(heard, 39), closed(APP, 1 << 20, END)]
    whole = detected(made, products=9)
    half, rest = made[:61], made[61:]
    restored = DetectPartition(DetectRules(products=9), [APP])
    restored.restore(unpack(pack(detected(half, products=9).state())))
    run(restored, rest, first=len(half))
    assert restored.forgotten == whole.forgotten > 0
    assert pack(restored.state()) == pack(whole.state())

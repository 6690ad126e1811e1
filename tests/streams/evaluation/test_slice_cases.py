import json
from pathlib import Path

import numpy as np
import pytest

from streams.evaluation.slice_cases import (
    INSIDE,
    OUTSIDE,
    STANDARD,
    VARIANTS,
    BadCases,
    Case,
    cases,
    read,
    write,
)
from streams.evaluation.slice_world import World


def told(case: Case) -> list[tuple[object, ...]]:
    """All rows of a case, sorted."""
    of = case.records
    counts = np.zeros(len(of.values)) if of.counts is None else of.counts
    return sorted(
        (time, of.leaves[place], value, count)
        for time, place, value, count in zip(
            of.times.tolist(),
            of.places.tolist(),
            of.values.tolist(),
            counts.tolist(),
            strict=True,
        )
    )


def test_a_seed_gives_the_same_cases() -> None:
    one, same, other = (list(cases(seed, 4)) for seed in (1, 1, 2))
    assert [told(case) for case in one] == [told(case) for case in same]
    assert told(one[0]) != told(other[0])


def test_three_in_ten_causes_lie_outside() -> None:
    made = list(cases(3, 100))
    assert [case.kind for case in made[:4]] == ["ratio", "count", "ratio", "count"]
    assert sum(not case.causes for case in made) == 30
    assert {case.scenario for case in made} == {*INSIDE, *OUTSIDE}
    for case in made:
        size = INSIDE.index(case.scenario) + 1 if case.scenario in INSIDE else 0
        assert sum(map(len, case.causes)) == size


@pytest.mark.parametrize("world", [STANDARD, *VARIANTS.values()], ids=["standard", *VARIANTS])
def test_only_the_cause_rises(world: World) -> None:
    for case in cases(7, 2, world):
        of, (cause,) = case.records, case.causes
        wanted = [(case.attributes.index(name), value) for name, value in cause.items()]
        inside = np.array([all(leaf[n] == v for n, v in wanted) for leaf in of.leaves])[of.places]
        after = of.times >= case.onset
        rise = []
        for part in (inside, ~inside):
            factor = of.values[part & after].sum() / of.values[part & ~after].sum()
            if of.counts is not None:
                factor /= of.counts[part & after].sum() / of.counts[part & ~after].sum()
            rise.append(factor)
        assert rise[0] > 1.05 * rise[1]


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    write(tmp_path, 5, 10)
    for made, found in zip(cases(5, 10), read(tmp_path), strict=True):
        assert (found.scenario, found.causes, found.onset, found.kind) == (
            made.scenario,
            made.causes,
            made.onset,
            made.kind,
        )
        assert found.attributes == made.attributes
        assert told(found) == told(made)


def test_truth_needs_neither_count_nor_scenario(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("t,os,n\n1795166040,a,1\n1795166040,b,2\n")
    case = {"file": "a.csv", "time": "t", "value": "n", "onset": "1795166040", "causes": []}
    (tmp_path / "truth.json").write_text(json.dumps({"cases": [case]}))
    (found,) = read(tmp_path)
    assert (found.scenario, found.kind, found.onset) == ("outside", "count", 1_795_166_040_000)


def test_a_folder_without_truth_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadCases, match="cannot read"):
        next(read(tmp_path))
    (tmp_path / "truth.json").write_text('{"cases": [{}]}')
    with pytest.raises(BadCases, match="missing required field"):
        next(read(tmp_path))

from streams.evaluation.slice_baselines import adtributor, association_rules
from windows.slice_rows import Row

NAMES = ("os", "region")


def rows(hit: set[tuple[str, str]]) -> list[Row]:
    return [
        Row((os, region), 60.0 if (os, region) in hit else 10.0, 100.0, 10.0)
        for os in ("ios", "web", "tv")
        for region in ("north", "south", "west")
    ]


def test_adtributor_names_one_value() -> None:
    found = adtributor(NAMES, rows({("ios", region) for region in ("north", "south", "west")}))
    assert found == [{"os": "ios"}]


def test_adtributor_knows_no_combination() -> None:
    assert {"os": "ios", "region": "west"} not in adtributor(NAMES, rows({("ios", "west")}))


def test_association_rules_name_values_and_combinations() -> None:
    wide = rows({("ios", region) for region in ("north", "south", "west")})
    assert association_rules(NAMES, wide)[0] == {"os": "ios"}
    assert association_rules(NAMES, rows({("ios", "west")}))[0] == {"os": "ios", "region": "west"}


def test_nothing_is_named_where_nothing_rose() -> None:
    assert adtributor(NAMES, rows(set())) == []
    assert association_rules(NAMES, rows(set())) == []

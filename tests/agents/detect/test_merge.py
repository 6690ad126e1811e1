from agents.detect.merge import merged
from schemas.signals import Partial
from tests.agents.detect.made import START, local, minute_of

APP, WEB, LOG = ("feedback.app", 0), ("feedback.web", 1), ("logs.errors", 0)


def partials() -> list[Partial]:
    def of(theme: int, count: int, late: int = 0) -> Partial:
        cluster = local(theme, count, f"{theme} {START}", "app", "", "", "", late=late)
        return minute_of(APP, 1, START, [cluster], "shop")

    web = minute_of(WEB, 1, START, [*of(2, 4).clusters, *of(1, 3, late=6).clusters], "shop")
    log = minute_of(LOG, 1, START, of(1, 5).clusters, "shop")
    return [of(1, 2), web, log]


def test_one_text_on_many_partitions_is_one_in_the_order_of_the_first() -> None:
    found = merged(partials())
    assert [(said.kind, said.fingerprint, said.count, said.late) for said in found] == [
        ("feedback", 1001, 5, 6),
        ("feedback", 1002, 4, 0),
        ("log", 1001, 5, 0),
    ]


def test_samples_come_in_the_order_of_the_partials() -> None:
    both = merged(partials())[0]
    assert list(both.samples) == [s for part in both.parts for s in part.samples]
    assert [len(part.samples) for part in both.parts] == [2, 3]


def test_nothing_is_merged_to_nothing() -> None:
    assert merged([]) == []

from collections.abc import Sequence

import pytest
from xxhash import xxh3_64_intdigest

from agents.detect.product import ProductDetector
from agents.detect.rules import DetectRules
from agents.detect.snapshot import pack, unpack
from agents.incidents.lifecycle import Revision
from schemas.signals import LocalCluster, Partial, Sample
from tests.agents.detect.made import NAMES, START
from windows.fingerprints import fingerprint
from windows.templates import WORDS

USERS = ["ann", "bob", "cid", "dan", "eva"]
LEAF = ("log", "auth", "", "")
BURST = START + 90


def logged(minute: int, user: str, count: int) -> LocalCluster:
    """`count` lines of as many hosts that name one user, as an intake that met no other one."""
    where = f"{user} {minute}"
    authors = tuple(sorted(hash_of(where, n) for n in range(count)))
    template = f"invalid user {user} from <*>"
    sample = Sample(template, minute * 60_000, "log", f"logs.errors-0@{minute}")
    return LocalCluster(
        fingerprint((template,)),
        count,
        {"invalid": count, "user": count},
        authors=authors,
        leaves=((LEAF, count),),
        samples=(sample,),
        template=template,
    )


def hash_of(where: str, n: int) -> int:
    return xxh3_64_intdigest(f"{where} {n}".encode()) >> 12


def close(
    detector: ProductDetector, minute: int, clusters: Sequence[LocalCluster]
) -> list[Revision]:
    partial = Partial("logs.errors", 0, minute, minute, "shop", NAMES, tuple(clusters))
    return detector.close(minute, [partial], ())


def usual(minute: int) -> list[LocalCluster]:
    """Three users, one too few for a template, and other talk."""
    others = [
        LocalCluster(n, 1, {}, authors=(n,), leaves=((LEAF, 1),), template=line)
        for n, line in enumerate(("disk is full", "queue stalled", "no heap", "pool: dry", "lost"))
        if (minute + n) % 3
    ]
    return [logged(minute, user, 1) for user in USERS[: WORDS - 1]] + others


@pytest.fixture(scope="module")
def product() -> bytes:
    detector = ProductDetector("shop", DetectRules())
    for minute in range(START, BURST):
        assert close(detector, minute, usual(minute)) == []
    return pack(detector.state())


def restored(state: bytes) -> ProductDetector:
    detector = ProductDetector("shop", DetectRules())
    detector.restore(unpack(state))
    return detector


def fourth(minute: int) -> list[LocalCluster]:
    """What makes one template of all users."""
    return [*usual(minute), logged(minute, USERS[WORDS - 1], 1)]


def test_templates_that_prove_to_be_one_become_one_theme_without_an_alarm(product: bytes) -> None:
    detector = restored(product)
    themes = detector.themes
    assert close(detector, BURST, fourth(BURST)) == []
    assert detector.themes == themes - (WORDS - 2)
    for minute in range(BURST + 1, BURST + 60):
        assert close(detector, minute, fourth(minute)) == []
    assert detector.themes == themes - (WORDS - 2)


def outbreak(detector: ProductDetector, user: str, minutes: range) -> list[Revision]:
    revisions: list[Revision] = []
    for minute in minutes:
        clusters = [logged(minute, user, 15), *usual(minute)]
        revisions += close(detector, minute, clusters)
    return revisions


def test_an_open_incident_goes_on_in_the_theme_that_takes_over(product: bytes) -> None:
    detector = restored(product)
    opened = outbreak(detector, USERS[1], range(BURST, BURST + 6))
    first = opened[0].incident
    assert [revision.stage for revision in opened].count("opened") == 1
    revisions = close(detector, BURST + 6, fourth(BURST + 6))
    copy = restored(pack(detector.state()))
    for minute in range(BURST + 7, BURST + 80):
        told = close(detector, minute, usual(minute))
        assert told == close(copy, minute, usual(minute))
        revisions += told
    assert {revision.incident.incident_id for revision in revisions} == {first.incident_id}
    last = revisions[-1]
    assert last.stage == "resolved"
    assert last.incident.incident_key == first.incident_key
    assert last.incident.onset == first.onset
    assert last.incident.labels == first.labels
    assert last.incident.grouping.cluster_id == first.grouping.cluster_id
    assert not detector.has_open


def test_what_the_other_theme_has_said_counts_for_the_incident(product: bytes) -> None:
    detector = restored(product)
    outbreak(detector, USERS[1], range(BURST, BURST + 6))
    close(detector, BURST + 6, fourth(BURST + 6))
    updates = outbreak(detector, USERS[0], range(BURST + 7, BURST + 40))
    grown = next(revision.incident for revision in updates if revision.stage == "updated")
    assert grown.observed.count > 6 * 15 + 15
    assert grown.observed.distinct_authors > 6 * 15 / 2
    assert grown.channels == {"log": grown.observed.count}


def test_two_open_ones_stay_apart_until_one_is_resolved(product: bytes) -> None:
    detector = restored(product)
    stages: dict[str, list[str]] = {}
    themes = detector.themes
    # The second begins so late that it is not taken for a part of the first.
    for minute in range(BURST, BURST + 42):
        users = USERS[: 1 + (minute >= BURST + 36)]
        clusters = [logged(minute, user, 15) for user in users] + usual(minute)
        for revision in close(detector, minute, clusters):
            stages.setdefault(revision.incident.incident_id, []).append(revision.stage)
    assert [told[-1] for told in stages.values()].count("resolved") == 0
    assert len(stages) == 2
    close(detector, BURST + 42, fourth(BURST + 42))
    assert detector.themes == themes - 1
    for minute in range(BURST + 43, BURST + 120):
        for revision in close(detector, minute, usual(minute)):
            stages.setdefault(revision.incident.incident_id, []).append(revision.stage)
    assert [told[-1] for told in stages.values()] == ["resolved", "resolved"]
    assert detector.themes == themes - (WORDS - 2)
    assert pack(restored(pack(detector.state())).state()) == pack(detector.state())


APP = ("app", "shop", "", "")
HALVES = ("payment spins forever", "checkout wheel turning")
MIXED = START + 60
LINKED = START + 400
"""Six hours after the first look for links."""


def said(minute: int, fingerprint: int, words: str, count: int) -> LocalCluster:
    """`count` people who say the same."""
    where = f"{fingerprint} {minute}"
    authors = tuple(sorted(hash_of(where, n) for n in range(count)))
    sample = Sample(words, minute * 60_000, "app", f"feedback.app-0@{minute}")
    terms = dict.fromkeys(words.split(), count)
    return LocalCluster(
        fingerprint, count, terms, authors=authors, leaves=((APP, count),), samples=(sample,)
    )


def feedback(minute: int) -> Partial:
    """Two halves of one topic, which come to speak alike, and other talk."""
    others = ("where parcel stays", "nice colours thanks", "map lost way", "login slow again")
    clusters = [said(minute, n, words, 1) for n, words in enumerate(others) if (minute + n) % 3]
    burst = LINKED - 10 <= minute < LINKED + 10
    for n, words in enumerate(HALVES):
        mixed = f"{words} {HALVES[1 - n].split()[0]}"
        heard = MIXED <= minute < MIXED + 12
        number = 100 * (minute - MIXED + 1) if heard else 10
        count = 15 if burst and n else 1
        clusters.append(said(minute, number + n, mixed if heard else words, count))
    return Partial("feedback.app", 0, minute, minute, "shop", NAMES, tuple(clusters))


@pytest.mark.slow
def test_halves_of_a_topic_become_one_theme_and_keep_the_open_incident() -> None:
    detector = ProductDetector("shop", DetectRules())
    copy, revisions = detector, []
    for minute in range(START, LINKED + 120):
        themes = detector.themes
        revisions += (told := detector.close(minute, [feedback(minute)], ()))
        assert copy is detector or copy.close(minute, [feedback(minute)], ()) == told
        assert detector.themes == (6 if minute < LINKED else 5) or minute < MIXED
        if minute == LINKED:
            assert (themes, detector.has_open) == (6, True)
            copy = restored(pack(detector.state()))
    first, last = revisions[0].incident, revisions[-1].incident
    assert {revision.incident.incident_id for revision in revisions} == {first.incident_id}
    assert [r.stage for r in revisions if r.stage != "updated"] == ["opened", "resolved"]
    assert last.grouping.cluster_id == first.grouping.cluster_id
    assert last.incident_key == first.incident_key
    assert pack(copy.state()) == pack(detector.state())

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from agents.intake.readings import Lines
from windows.log_tally import LIMIT, LogTally
from windows.tally import MAX_SAMPLES, NO_WORDS, totals
from windows.templates import WORDS

NAMES = ["ann", "bob", "cid", "dan", "eva", "fay"]
LEAF = ("log", "auth")
LINES = Lines()


def say(tally: LogTally, line: str, *, offset: int = 0, author: int = 0) -> None:
    text = LINES[line]
    group = tally.groups.get(text.fingerprint)
    if group is None:
        group = tally.group(text, (60_000 + offset, "log", offset))
    group.count(LEAF, author)


def told(lines: list[str]) -> LogTally:
    tally = LogTally("logs.errors-0")
    for n, line in enumerate(lines):
        say(tally, line, offset=n, author=n)
    return tally


def test_lines_of_one_template_are_one_cluster() -> None:
    (cluster,) = told([f"block {n} of /data/{n} lost" for n in range(1000)]).clusters()
    assert cluster.template == "block <*> of <*> lost"
    assert (cluster.count, len(cluster.authors)) == (1000, 128)
    assert cluster.leaves == ((LEAF, 1000),)
    assert cluster.terms == {"block": 1000, "lost": 1000}
    assert cluster.samples[0].text == "block 0 of /data/0 lost"
    assert cluster.samples[0].source == "logs.errors-0@0"


def test_forms_that_prove_to_be_one_template_meet_at_the_end() -> None:
    lines = [f"invalid user {name} from 10.0.0.{n}" for n, name in enumerate(NAMES)]
    before, after = lines[: WORDS - 1], lines
    assert len(list(told(before).clusters())) == WORDS - 1
    (cluster,) = told(after + before).clusters()
    assert cluster.template == "invalid user <*> from <*>"
    assert cluster.count == len(after + before)
    assert len(cluster.samples) == MAX_SAMPLES


def test_partitions_agree_on_the_name_of_a_template() -> None:
    lines = [f"invalid user {name} from 10.0.0.1" for name in NAMES]
    (one,), (other,) = told(lines).clusters(), told(lines[::-1] * 2).clusters()
    assert one.fingerprint == other.fingerprint
    (third,) = told(["no such user"]).clusters()
    assert third.fingerprint != one.fingerprint


def test_beyond_the_limit_the_rarest_are_left_over() -> None:
    lines = [f"{'x' * (n + 1)} failed" for n in range(LIMIT + 20)]
    clusters = list(told([*lines, *lines[30:]]).clusters())
    assert len(clusters) == LIMIT
    assert [c.count for c in clusters[:-1]] == [1] * 9 + [2] * (LIMIT - 10)
    assert (clusters[-1].fingerprint, clusters[-1].template) == (NO_WORDS, "")
    assert sum(c.count for c in clusters) == len(lines) + len(lines) - 30


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1 << 30), st.integers(1, 6_000))
def test_every_line_is_in_one_cluster(seed: int, n: int) -> None:
    rng = random.Random(seed)
    stems = [f"{a}{b}{c}" for a in "bcdfgh" for b in "aeiou" for c in "klmnprst"]
    clusters = list(told([" ".join(rng.sample(stems, 3)) for _ in range(n)]).clusters())
    assert sum(cluster.count for cluster in clusters) == n
    assert len(clusters) <= LIMIT
    assert len({cluster.fingerprint for cluster in clusters}) == len(clusters)
    assert dict(totals(clusters)) == {LEAF: n}

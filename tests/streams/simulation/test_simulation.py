import hashlib
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from schemas.changes import decode_change
from schemas.errors import Refusal
from schemas.events import Event, check_text, decode_event, event_time_ms
from schemas.times import LATEST_MS
from schemas.topics import CHANGES, COLLECTED
from streams.simulation import SMALL, BadFile, Simulation, read_truth, simulate

TOPICS = (*COLLECTED, CHANGES)
A_DAY_MS = 86_400_000


def lines_of(folder: Path, topic: str) -> list[bytes]:
    return (folder / f"{topic}.jsonl").read_bytes().removesuffix(b"\n").split(b"\n")


def read(folder: Path, topic: str) -> tuple[list[Event], Counter[str]]:
    """Accepted messages of a file and the reasons of the refused ones."""
    last_ms = SMALL.start_ms + SMALL.minutes * 60_000
    events, refused = [], Counter[str]()
    for line in lines_of(folder, topic):
        try:
            event = decode_event(line)
            check_text(event.text)
            event_time_ms(event, last_ms, max_ahead_ms=A_DAY_MS)
            events.append(event)
        except Refusal as refusal:
            refused[str(refusal.reason)] += 1
    return events, refused


def digest(simulation: Simulation) -> str:
    sha = hashlib.sha256()
    for topic in simulation.truth.topics:
        for line in simulation.lines(topic):
            sha.update(line + b"\n")
    return sha.hexdigest()


@pytest.mark.slow
def test_same_scenario_same_bytes_other_seed_other_bytes(small: Simulation, folder: Path) -> None:
    sha = hashlib.sha256()
    for topic in TOPICS:
        sha.update((folder / f"{topic}.jsonl").read_bytes())
    assert digest(simulate(SMALL)) == sha.hexdigest()
    assert digest(small) == sha.hexdigest()
    assert digest(simulate(replace(SMALL, seed=2))) != sha.hexdigest()


def test_the_truth_file_is_the_truth(small: Simulation, folder: Path) -> None:
    assert read_truth(folder / "truth.json") == small.truth


@pytest.mark.parametrize("topic", COLLECTED)
def test_every_line_keeps_the_contract_or_is_refused_as_the_truth_says(
    small: Simulation, folder: Path, topic: str
) -> None:
    totals = small.truth.topics[topic]
    events, refused = read(folder, topic)
    assert dict(refused) == totals.broken
    assert totals.lines == len(events) + sum(refused.values())
    identities = Counter(event.id for event in events)
    assert len(identities) == totals.events
    assert len(events) - len(identities) == totals.duplicates
    for event in events:
        assert event.time is not None
        assert event.product in small.truth.products
        assert (event.service is not None) == (topic == "logs.errors")
        assert (event.author is not None) == (topic != "logs.errors")
        assert (event.rating is not None) == (topic == "feedback.app")


def test_ids_are_unique_over_all_topics_and_duplicates_are_equal_bytes(folder: Path) -> None:
    topic_of: dict[str, str] = {}
    for topic in COLLECTED:
        line_of: dict[str, bytes] = {}
        for line in lines_of(folder, topic):
            if line.startswith(b'{"id":"broken') or b'"text"' not in line:
                continue
            identity = line.split(b'"', 4)[3].decode()
            assert line_of.setdefault(identity, line) == line
            assert topic_of.setdefault(identity, topic) == topic


def test_spam_and_themes_add_up(small: Simulation, folder: Path) -> None:
    truth = small.truth
    spam = {}
    for topic in COLLECTED:
        bots = {e.id for e in read(folder, topic)[0] if int((e.author or "u-0")[2:]) >= 20_000}
        spam[topic] = len(bots)
    assert spam == {topic: truth.topics[topic].spam for topic in COLLECTED}
    assert sum(spam.values()) > 0
    events = sum(truth.topics[topic].events for topic in COLLECTED)
    assert sum(theme.events for theme in truth.themes) == events


def test_changes_keep_the_contract_and_incidents_name_them(small: Simulation, folder: Path) -> None:
    changes = [decode_change(line, "changes-0@0", LATEST_MS) for line in lines_of(folder, CHANGES)]
    assert len(changes) == small.truth.topics[CHANGES].lines
    summaries = {change.id: change.summary for change in changes}
    named = [i.change for i in small.truth.incidents if i.change is not None]
    assert named
    for change in named:
        assert summaries[change.id] == change.summary


def test_injected_events_are_in_the_files(small: Simulation, folder: Path) -> None:
    """The texts of an incident's theme, product and time are at least as many as injected."""
    every = [event for topic in COLLECTED for event in read(folder, topic)[0]]
    unique = list({event.id: event for event in every}.values())
    assert len(small.truth.incidents) == 4
    for incident in small.truth.incidents:
        terms = (*incident.terms.zh, *incident.terms.en, *incident.terms.log)
        start, end = (
            event_time_ms(
                decode_event(json.dumps({"text": "x", "time": t}).encode()), 0, A_DAY_MS**2
            )
            for t in (incident.onset, incident.end)
        )
        holding = sum(
            any(term in event.text.lower() for term in terms)
            for event in unique
            if event.product == incident.product
            and start <= event_time_ms(event, 0, A_DAY_MS**2) < end
        )
        total = incident.injected + incident.expected
        # Typos hide some, the background is random.
        assert 0.75 * total < holding < 1.3 * total + 10
        assert sum(incident.channels.values()) == incident.injected
        assert sum(incident.languages.values()) == incident.injected


def test_texts_have_thousands_of_forms(folder: Path) -> None:
    texts = [event.text for event in read(folder, "feedback.app")[0]]
    assert len(set(texts)) > 0.6 * len(texts)


def test_messages_come_in_order_of_arrival_over_all_topics(small: Simulation) -> None:
    messages = list(small.messages())
    times = [at for at, _, _ in messages]
    assert times == sorted(times)
    assert len(messages) == small.total
    assert Counter(topic for _, topic, _ in messages) == {
        topic: totals.lines for topic, totals in small.truth.topics.items()
    }


def test_progress_reports_most_of_what_is_written(small: Simulation, tmp_path: Path) -> None:
    counts: list[int] = []
    small.write(tmp_path / "new" / "folder", counts.append)
    assert 0.4 * small.total < sum(counts) <= small.total


def test_a_folder_that_cannot_be_written_is_named(small: Simulation, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    with pytest.raises(BadFile, match="file"):
        small.write(blocked)


def test_a_broken_truth_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"missing\.json"):
        read_truth(tmp_path / "missing.json")
    (tmp_path / "other.json").write_text('{"seed": "x"}')
    with pytest.raises(BadFile, match=r"other\.json"):
        read_truth(tmp_path / "other.json")

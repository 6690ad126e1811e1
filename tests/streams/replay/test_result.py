"""Shards to one file of revisions and one account."""

from pathlib import Path
from threading import Thread

import msgspec
import pytest

from schemas.signals import END, Counters
from schemas.state import IntakeHead
from sinks.files import locked
from streams.replay.account import LOCK, is_of, read_account, write_result
from streams.replay.chunks import Chunk
from streams.replay.diff import compare
from streams.replay.errors import NoIncidents
from streams.replay.said import Said, encode_said, said
from streams.replay.stories import read_telling
from tests.streams.replay.made import HOUR_MS, START_MS, job, plan
from tests.support.incidents import incident


def done(folder: Path) -> None:
    """Two shards, one of which has said something before and after the other one."""
    made = job(folder)
    for source in made.plan.sources:
        made.chunks(source).folder.mkdir(parents=True)
        counters = Counters(accepted=7, late=1, duplicates=1, refused={"not_json": 2})
        head = IntakeHead(*source, 1, 10, 10, 1, END, counters)
        made.chunks(source).add(Chunk(head, [], [], 1, 0, True))
    made.shard(0, "").parent.mkdir()
    times = ("2026-01-05T08:10:00.000Z", "2026-01-05T08:20:00.000Z")
    mine = [
        incident(updated_at=t, detected_at=times[0], revision=n) for n, t in enumerate(times, 1)
    ]
    other = incident(incident_id="x", product="maps", updated_at=times[0], detected_at=times[0])
    for shard, lines in enumerate(([other], mine)):
        encoded = [encode_said("opened" if i.revision == 1 else "updated", i) for i in lines]
        made.shard(shard, "revisions").write_bytes(b"".join(encoded))


def test_revisions_are_told_by_time_product_incident_and_number(tmp_path: Path) -> None:
    done(tmp_path)
    told = list(said(job(tmp_path)))
    assert [one.stage for one in told] == ["opened", "opened", "updated"]
    products = [msgspec.json.decode(one.value)["product"] for one in told]
    assert products == ["maps", "wallet", "wallet"]
    assert all(isinstance(one, Said) for one in told)


def test_the_account_fits_its_incidents(tmp_path: Path) -> None:
    done(tmp_path / "work")
    out = tmp_path / "out"
    out.mkdir()
    account = write_result(job(tmp_path / "work"), out, 1.25)
    assert (account.incidents, account.revisions, account.records) == (2, 3, 10)
    assert (account.start, account.stop) == ("2026-01-05T08:00:00.000Z", "2026-01-05T09:00:00.000Z")
    assert read_account(out) == account
    assert is_of(account, plan())
    assert not is_of(account, plan(rules="other"))
    longer = msgspec.structs.replace(plan().stretches[0], stop=11)
    assert not is_of(account, plan(stretches=(longer,)))
    # Somebody has changed it: it is none any more.
    lines = (out / "incidents.jsonl").read_bytes()
    (out / "incidents.jsonl").write_bytes(lines + b"\n")
    assert read_account(out) is None


def test_one_folder_takes_one_result_at_a_time(tmp_path: Path) -> None:
    done(tmp_path / "work")
    with locked(tmp_path / LOCK):
        writer = Thread(target=write_result, args=(job(tmp_path / "work"), tmp_path, 1.0))
        writer.start()
        writer.join(0.3)
        assert writer.is_alive()
        assert not (tmp_path / "incidents.jsonl").exists()
    writer.join()
    assert read_account(tmp_path) is not None


def test_products_that_one_has_not_looked_at_are_not_compared(tmp_path: Path) -> None:
    for name, asked in (("all", ()), ("mine", ("wallet",)), ("other", ("video",))):
        done(tmp_path / name)
        made = plan(range=msgspec.structs.replace(plan().range, products=asked))
        write_result(job(tmp_path / name, plan=made), tmp_path / name, 1.0)
    found = compare(*(read_telling(tmp_path / name) for name in ("mine", "all")))
    assert found.products == frozenset({"wallet"})
    assert (found.same, found.gained, found.lost) == (1, [], [])
    with pytest.raises(NoIncidents, match="have no product in common"):
        compare(*(read_telling(tmp_path / name) for name in ("mine", "other")))


def test_what_has_no_time_in_common_is_not_compared(tmp_path: Path) -> None:
    for name, start_ms in (("a", START_MS), ("b", START_MS + HOUR_MS)):
        done(tmp_path / name)
        span = msgspec.structs.replace(plan().range, start_ms=start_ms, stop_ms=start_ms + HOUR_MS)
        write_result(job(tmp_path / name, plan=plan(range=span)), tmp_path / name, 1.0)
    with pytest.raises(NoIncidents, match=r"/a and .*/b have no time in common"):
        compare(*(read_telling(tmp_path / name) for name in ("a", "b")))


def test_only_what_both_have_looked_at_is_compared(tmp_path: Path) -> None:
    done(tmp_path / "work")
    out = tmp_path / "out"
    out.mkdir()
    write_result(job(tmp_path / "work"), out, 1.0)
    live = tmp_path / "live.jsonl"
    before, within = "2026-01-05T07:10:00.000Z", "2026-01-05T08:30:00.000Z"
    old = incident(incident_id="old", detected_at=before, resolved_at=before)
    new = incident(incident_id="new", incident_key="n", product="video", detected_at=within)
    lines = [msgspec.json.encode(one) + b"\n" for one in (old, new)]
    live.write_bytes((out / "incidents.jsonl").read_bytes() + b"".join(lines))
    found = compare(read_telling(out), read_telling(live))
    assert found.span_ms == (START_MS, START_MS + HOUR_MS)
    assert [story.incident_id for story in found.gained] == ["new"]
    assert (found.same, found.lost) == (2, [])

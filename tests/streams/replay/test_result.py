"""Shards to one file of revisions and one account."""

from pathlib import Path

import msgspec

from schemas.signals import END, Counters
from schemas.state import IntakeHead
from streams.replay.account import is_of, read_account, write_result
from streams.replay.chunks import Chunk
from streams.replay.diff import compare
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

"""`make bench`: how fast, how big, how soon, beside the peers and in one run.

Everything is relative. All contestants of a comparison read the same messages from the same
broker, an embedded Kafka of its own in a temporary directory, one after the other, each in a
process of its own, in turns over several rounds. Absolute figures hold for the machine of the run
only; ratios travel. How each figure is defined:

intake
    CPU (user + system, all threads, of the contestant's process alone) between the first and the
    last record, per event; median of 3 rounds. 200,000 JSON events of about 230 bytes, 1,000 a
    second of event time, on 4 partitions. *Repeating*: 500 different texts or so; *novel*: no two
    texts equal. "Groundswell intake" is our worker without detection, partials, dedupe ids, state
    and commits written to Kafka; "Groundswell worker" includes detection. Quix counts into a
    tumbling window of 60 s keyed by product, without changelog topics; Faust counts in a dict;
    Bytewax counts into the same window; confluent-kafka decodes with orjson and counts in a dict.
    Goals: at most 0.5 x Quix on repeating and 1.25 x on novel text.
scoring
    Wall clock of `SpikeDetector.score_many` for one minute of 100,000 live clusters, median of 20
    minutes after 130, beside a bare vectorised filter with fixed means on the same counts.
    Goal: at most 25 / 2.8 of the bare filter.
soak
    10 million events, a tenth of them novel, through one worker that reads while they are written.
    Resident memory once a second, disk of the state topics at each tenth. Goal: after the first
    tenth never above 1.1 x the memory at its end.
latency
    A worker on the live clock. From the event time of the last needed report (the one by which
    the least count and the least distinct authors are reached) to the timestamp of the incident's
    first record; p50 and p99 (nearest rank) over 20 products. Most of it is waiting: for the end
    of the minute and the allowed lateness; "work" is what comes after that, and "publish" the part
    of it from when a revision is made to when the log has it, of all revisions; goal: p99 below
    1 s. "Others": incidents of these products that are not about the burst. "us/event": CPU of the
    worker. "late": how far the feeder fell behind at the worst, in ms. 20 products with 40 themes
    each make 100 events a second and have a past of 2 hours; a bulk product without a past makes
    the rest.
    The last row has `enrich` with a model that takes 3 s for an answer, and a `console`, beside it:
    from an incident's first record to the one that relates it, and to the one that explains it.
partitions
    CPU and wall clock of the whole worker for the same 400,000 events, a tenth of them novel, over
    five inputs with 1, 2, 4 and 8 partitions each.
delivery
    1,000 incidents put on `incidents` at once, and the seconds until DuckDB and PostgreSQL (if its
    server is installed) have them all, by the receivers' own metric; "wrong": rows too many or too
    few. Then the CPU of the worker per event, over 600,000 events of repeating text, alone and
    with three processes beside it that get nowhere or have nothing to do: `sinks run` with a
    receiver and `enrich` with a model that take connections and never answer, and a `console` that
    nobody looks at. Goal: alone at least .97 of beside.
replay
    A million events, a tenth of them novel, on 4 partitions of one topic. Wall clock: of the worker
    and of confluent-kafka between the first and the last record, of the replay that of the whole
    command, from its start to its last file; its CPU is that of all its processes. Median of 3
    rounds. Goal: a replay takes no longer than the worker.
reviews
    A million reviews of the simulation, one in 50 of them of a night of anything, as JSONL; made up
    first, which is not timed. Then one night in a process of its own, with 2 more to check, without
    a model: wall clock from its start to the report, resident memory of all three together, ten
    times a second, and CPU by stage, of the start of the processes too. It fails unless every
    review has one row. Goals: 0.6 ms of wall clock a review (10 minutes in all), 2 GB.
    By part: CPU of each part of the check alone, in one process, over the first 20,000 reviews of
    the same day, in chunks as the night takes them; median of 3 rounds.
    Cost: a night of 100,000 likewise, and what it would ask of a language model without a limit of
    its own (`open`), put to a local server of ours, live; `first`: the most worthwhile of these,
    which the default budget allows. Tokens "in" and "out" are what that server counts: one for a
    Chinese character, a sign, up to four letters or three digits; its answers say something of all
    that is asked. "By us": what the budget holds back for the same questions. "Every review": one
    question each about everything, scaled by what the server has counted. The prices, 0.15 and 0.60
    for a million tokens in and out, are made up, and so is half of that for a batch.

assistant
    One gateway, one worker, their Kafka, and 3,000 customers in a process of their own, all on this
    machine, started as an operator does; the bank is the embedded one with 3,000 customers. Tokens
    are RS256 of an issuer of our own, a first one is checked, the next ones remembered. What one
    person may ask a minute is the default; what a tenant may is raised, for all are of one tenant.
    Turns come at random moments of a rate, whether those before are answered or not, and their time
    counts from that moment. A conversation has one to four subjects: balance, transactions, limits,
    a failed transfer, fees, questions to the knowledge, small talk, and a card that is frozen after
    a confirmation. "Answered": status 200, with text, within 2 s.
    Rate: doubled until it does not hold, then the gap halved until it is 6 %, 12 s a try, two tries
    before a rate is given up; then 60 s. It holds if 99 of 100 turns are answered. CPU is of the
    process alone, a turn, "customers" the load generator's.
    Half: 60 s at half of that rate, beside a bare hop at the same rate: the gateway's requester, a
    Faust agent on the micro-batch transport that sends back what it gets, the worker's replier; no
    HTTP, no session, no answer to find. "waited": from the record's time to when work begins,
    "worked": from there to the answer, before it is durable. Goals: p99 50 ms, 2 x the bare hop.
    Twice: 30 s at twice the rate, its first 2 s left out; then half the rate, from 10 s on compared
    with that rate before. Goals: answered at least .9 of the peak, p99 of refusals (429, 503) 100
    ms, p99 afterwards 1.5 x the usual.
    Trouble: 20 turns/s, 30 s each from the first turn of a new worker on, so before any breaker is
    open. The model: nobody listens, never answers, answers after 10 s. The bank, over HTTP: one
    tool hangs, all hang, nobody listens. "late": answered by the gateway at the deadline; useful if
    there is text and a link. "silent": what it is about needs the tool, and the reply does not say
    that it is degraded; not useful. Goals: p99 2 s, nothing useless.
    CPU of the server: the same customers at .8 of the saturating rate, at most 500/s, 30 s, on a
    bare aiohttp server that reads the body and sends an answer of the same size; on the gateway
    with an assistant that says that at once; on the gateway over Kafka. Goal: 4 x.
    Sockets: 5,000 opened, then silent for 70 s, two pings each, which are answered. Resident memory
    of the gateway once a second. Goal: 500 MB.
    Turns: 100,000, resident memory once a second. The worker keeps 1,000 sessions, so that it is
    full after the first tenth, as one that has run for long is of its 50,000. Goal: after the first
    tenth never above 1.1 x the memory at its end.

edge-vault
    10,000 made-up documents of 1,000 characters, 4 a patient, 20 items each; tests.bench.edge_vault
    says what is asked, and runs by itself too: `python -m tests.bench.edge_vault`, without Kafka.
    Wall clock of one call with its entry in the audit. Goal: p99 50 ms.

edge-updates
    A 5 MB INT8 model whose scale stays, and 8,000 terms. Each change beside each algorithm; then a
    release with both changes, from the command to the signed tree, and as a device that has the one
    before gets it from a folder: TUF's checks, differences applied, SHA-256 of every result. Its
    bytes are those of differences, manifest, targets, snapshot and timestamp; the whole release is
    compressed. Runs by itself too: `python -m tests.bench.edge_updates`, without Kafka. Goals: 3 %
    of the whole release, 2 s.

edge-reading
    Notes of 1,000 characters read by one process on one core, its memory and its start; by itself
    too: `python -m tests.bench.edge_reading`, without Kafka. Goals: p99 10 ms, 300 MB, 1.5 s.

edge-leaks
    200 leaked line models and 40 tag models a way of hiding their origin: who is found, who is
    named falsely; by itself too: `python -m tests.bench.edge_leaks`, without Kafka. 11 minutes.

edge-marks
    What a fingerprint costs each model that bears one; by itself too: `python -m
    tests.bench.edge_marks`, without Kafka. Goal: .1 point in the mean. 4 minutes.

The peers live in `.venv-bench`, made at first use from `tests/bench/requirements.lock`, itself
made from `requirements.in` by
`uv pip compile --generate-hashes --no-header --python-version 3.11`.
"""

import json
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from streams.broker import EmbeddedBroker
from streams.broker.machine import free_port
from tests.bench import (
    assistant,
    delivery,
    edge_leaks,
    edge_marks,
    edge_reading,
    edge_updates,
    edge_vault,
    intake,
    latency,
    partitions,
    replay,
    reviews,
    scoring,
    soak,
)
from tests.bench.machine import about
from tests.bench.results import Bench, Result

# As Kafka runs elsewhere: with all tiers of the compiler a record costs the broker a third less.
_COMPILED = ("-XX:TieredStopAtLevel=4",)
_BENCHES: dict[str, Callable[[Bench], Iterable[Result]]] = {
    "intake": intake.run,
    "scoring": scoring.run,
    "soak": soak.run,
    "latency": latency.run,
    "partitions": partitions.run,
    "delivery": delivery.run,
    "replay": replay.run,
    "reviews": reviews.run,
    "assistant": assistant.run,
    "edge-vault": edge_vault.run,
    "edge-updates": edge_updates.run,
    "edge-reading": edge_reading.run,
    "edge-leaks": edge_leaks.run,
    "edge-marks": edge_marks.run,
}


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(_BENCHES)), metavar="[NAME]...")
@click.option(
    "--json", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write results here."
)
@click.option("--quick", is_flag=True, help="Smaller sizes and one round: minutes, not an hour.")
@click.option("--seed", default=7, show_default=True)
@click.option(
    "--events",
    type=click.IntRange(min=1000),
    help="Events, reviews or turns of all but scoring and latency, for a trial run.",
)
def main(
    names: tuple[str, ...], file: Path | None, quick: bool, seed: int, events: int | None
) -> None:
    """Measure everything, or what is named; the top of this file says how.

    The exit code is 0 whether goals are met or not: figures are read, not obeyed.
    """
    console = Console(highlight=False)
    found: dict[str, Any] = about() | {"seed": seed, "quick": quick, "events": events}
    results: dict[str, list[dict[str, Any]]] = {}
    with tempfile.TemporaryDirectory() as directory:
        home = Path(directory)
        # A port of its own: the one in use by the user's embedded broker stays free for it.
        broker = EmbeddedBroker(home, port=free_port(), flags=_COMPILED)
        try:
            bench = Bench(broker.ensure(), home, seed, quick, events, console)
            for name in names or _BENCHES:
                results[name] = []
                for result in _BENCHES[name](bench):
                    result.show(console)
                    results[name].append(result.plain())
                # After each one: an hour's work must not be lost to the next failure.
                if file is not None:
                    _write(file, found | {"results": results})
        finally:
            broker.wipe()


def _write(file: Path, found: dict[str, Any]) -> None:
    file.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""What more partitions cost: the same events over 1, 2, 4 and 8 partitions of every input."""

from tests.bench.results import Bench, Result, Value
from tests.bench.runs import MeasuredRun
from tests.bench.traffic import Traffic

_EVENTS = 400_000
_NOVEL = 0.1


def run(bench: Bench) -> list[Result]:
    """Total CPU and wall clock seconds of one worker, by partitions."""
    count = bench.count(_EVENTS, _EVENTS // 4)
    traffic = Traffic(bench.seed, novel=_NOVEL)
    rows: list[dict[str, Value]] = []
    for inputs in (1, 2, 4, 8):
        bench.say(f"partitions: {count:,} events over {inputs} per input topic")
        with MeasuredRun(bench.bootstrap, inputs=inputs) as run:
            run.feeder.write(traffic.messages(count))
            spent = run.measure()
        rows.append(
            {
                "partitions per input": inputs,
                "CPU s": spent.cpu_s,
                "wall s": spent.wall_s,
                "CPU us/event": spent.us_per_event,
                "x one partition": spent.cpu_s,
            }
        )
    one = float(rows[0]["CPU s"])
    for row in rows:
        row["x one partition"] = float(row["CPU s"]) / one
    return [Result(f"Cost of partitions, {count:,} events on five inputs", rows)]

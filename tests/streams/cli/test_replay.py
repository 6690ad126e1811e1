"""What `groundswell replay` says before it does anything."""

from pathlib import Path

import pytest

from streams.broker.machine import free_port
from tests.streams.cli.running import fail, run

DAY = ("--from", "2026-11-20", "--to", "2026-11-21")


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ((), "give --from and --to"),
        (("--from", "2026-11-20", "--out", "x"), "give --from and --to"),
        (DAY, "give --out, --to-topic or both"),
        ((*DAY, "--out", "x", "--warm-up", "soon"), "write 90m, 2h, 1d or 1h30m"),
        ((*DAY, "--out", "x", "--processes", "0"), "0 is not in the range"),
    ],
)
def test_what_is_missing_is_a_usage_error(given: tuple[str, ...], missing: str) -> None:
    result = run("replay", *given)
    assert result.exit_code == 2
    assert missing in result.stderr


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (("--from", "yesterday", "--to", "2026-11-21"), "--from yesterday: no time; write 2026"),
        ((*DAY, "--topics", "feedback.app,logs"), "logs is no input; there are feedback.app, "),
        ((*DAY, "--topics", ","), "'' is no input; there are feedback.app, "),
        ((*DAY, "--topics", "changes, logs"), "logs is no input; there are "),
        ((*DAY, "--product", " "), "--product ' ': no name"),
        ((*DAY, "--to-topic", "a b"), "--to-topic 'a b': a name has up to 249 of a-z"),
        ((*DAY, "--to-topic", ""), "--to-topic '': a name has up to 249 of a-z"),
        (
            ("--from", "2026-11-21", "--to", "2026-11-20T23:00+00:00", "--bootstrap", "h:1"),
            "nothing lies in 2026-11-21T00:00:00.000Z to 2026-11-20T23:00:00.000Z: --to must",
        ),
    ],
)
def test_what_does_not_fit_is_said_in_one_line(
    tmp_path: Path, given: tuple[str, ...], reason: str
) -> None:
    assert fail("replay", *given, "--out", str(tmp_path)).startswith(reason)


@pytest.mark.slow
def test_a_broker_that_is_away_is_named(tmp_path: Path) -> None:
    address = f"127.0.0.1:{free_port()}"
    said = fail("replay", *DAY, "--out", str(tmp_path), "--bootstrap", address)
    assert said.startswith(f"no Kafka answers at {address}: start it")


@pytest.mark.broker
@pytest.mark.slow
def test_a_plan_is_shown_and_nothing_is_done(bootstrap: str, prefix: str, tmp_path: Path) -> None:
    assert run("topics", "create", "--bootstrap", bootstrap, "--prefix", prefix).exit_code == 0
    cluster = ("--bootstrap", bootstrap, "--prefix", prefix)
    given = (*DAY, *cluster, "--out", str(tmp_path / "out"), "--topics", f"{prefix}changes")
    try:
        result = run("replay", *given, "--dry-run")
        assert result.exit_code == 0, result.stderr
        assert f"{prefix}changes-0      0    0        0  0.0" in result.output
        assert "nothing in the range" in result.output
        assert result.output.endswith("that is the plan; nothing was done\n")
        assert not (tmp_path / "out").exists()
        assert fail("replay", *given).startswith(
            "there are no records from 2026-11-20T00:00:00.000Z to 2026-11-21T00:00:00.000Z"
        )
        assert not (tmp_path / "out" / "incidents.jsonl").exists()
        (tmp_path / "file").touch()
        refused = fail("replay", *DAY, *cluster, "--out", str(tmp_path / "file" / "x"))
        assert refused.startswith(f"cannot write {tmp_path / 'file' / 'x' / 'work' / '2026'}")
    finally:
        from sinks.cluster import Cluster
        from streams.admin import TopicAdmin

        TopicAdmin(Cluster(bootstrap), prefix).delete()

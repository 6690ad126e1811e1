import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import parse

import msgspec
import pytest

from tests.streams.cli.running import fail, run
from tests.support.burst import END_MS, burst, event
from windows.scan import THRESHOLD

if TYPE_CHECKING:
    from tests.support.stream import Stream


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    """A quiet half hour, a minute of one complaint, and ten minutes of another product."""
    path = tmp_path / "reports.jsonl"
    other = [
        event("<b>[red]map</b> lost my way", END_MS + n * 60_000, f"map-{n}").replace(
            b"wallet", b"maps"
        )
        for n in range(10)
    ]
    path.write_bytes(b"\n".join([*(value for _, value in burst()), *other]))
    return path


def machine(*arguments: str) -> dict[str, Any]:
    done = run("detect", "explain", *arguments, "--json")
    assert (done.exit_code, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_without_a_choice_it_lists_what_there_is(lines: Path) -> None:
    done = run("detect", "explain", "--file", str(lines), "--product", "wallet")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("wallet, 2026-01-05 08:00 to ")
    found = machine("--file", str(lines), "--product", "wallet")
    (incident,) = found["incidents"]
    assert incident["incident_id"] in done.stdout
    assert "支付一直转圈" in done.stdout
    assert incident["title"].startswith("wallet: 支付一直转圈")
    reports = {theme["words"]: theme["reports"] for theme in found["themes"]}
    assert reports["希望增加夜间模式"] == 31
    for theme in found["themes"]:
        assert theme["cluster_id"] in done.stdout


def test_an_incident_is_explained_in_text_json_and_picture(lines: Path, tmp_path: Path) -> None:
    (incident,) = machine("--file", str(lines), "--product", "wallet")["incidents"]
    name, picture = incident["incident_id"], tmp_path / "why.svg"
    # The product is found by the incident.
    done = run("detect", "explain", name, "--file", str(lines), "--out", str(picture))
    assert (done.exit_code, done.stderr) == (0, "")
    assert f"the score reached {THRESHOLD:.1f}: incident opened" in done.stdout
    assert "█" in done.stdout
    assert (
        f"at sensitivity medium {THRESHOLD:.1f} opens an incident, which errs about 3 times per"
        " product and week"
    ) in done.stdout
    assert incident["title"][:20] in "".join(parse(picture).getroot().itertext())
    found = machine(name, "--file", str(lines))
    assert (found["product"], found["incident_id"]) == ("wallet", name)
    assert found["sensitivity"] == "medium"
    theme = found["themes"][0]
    opened = next(each for each in theme["minutes"] if each["decision"] == "opened")
    assert (opened["time"], opened["count"]) == ("2026-01-05T08:30:00.000Z", 40)
    assert opened["incident_id"] == name
    assert max(scale["score"] for scale in opened["scales"]) >= THRESHOLD
    assert opened["threshold"] == {"score": THRESHOLD, "false_per_week": 3.0}


def test_words_and_a_theme_lead_to_the_same(lines: Path) -> None:
    by_words = machine("--file", str(lines), "--product", "wallet", "--about", "支付转圈")
    theme = by_words["themes"][0]["cluster_id"]
    by_id = machine("--file", str(lines), "--product", "wallet", "--theme", theme)
    assert by_id == by_words
    assert by_id["themes"][0]["minutes"][0]["decision"] == "opened"


def test_why_it_did_not_wake_anybody(lines: Path) -> None:
    where = ("--file", str(lines), "--product", "wallet", "--about", "支付转圈")
    done = run("detect", "explain", *where, env={"GROUNDSWELL_MIN_AUTHORS": "500"})
    assert done.exit_code == 0
    assert "people are not: it takes 8 of 500" in done.stdout


def test_the_settings_of_the_product_count(lines: Path, tmp_path: Path) -> None:
    config = tmp_path / "groundswell.toml"
    config.write_text('[products.wallet]\nsensitivity = "high"\nmute = ["支付一直转圈"]\n')
    where = ("--file", str(lines), "--product", "wallet", "--about", "支付转圈")
    done = run("detect", "explain", *where, env={"GROUNDSWELL_CONFIG": str(config)})
    assert (done.exit_code, done.stderr) == (0, "")
    assert "up, but muted: it opens nothing" in done.stdout
    assert "incident opened" not in done.stdout
    assert "at sensitivity high " in done.stdout
    assert "which errs about 10 times per product and week" in done.stdout


def test_only_the_minutes_asked_for(lines: Path) -> None:
    where = ("--file", str(lines), "--product", "wallet", "--about", "夜间模式")
    found = machine(*where, "--from", "2026-01-05T08:10Z", "--to", "2026-01-05 08:19")
    times = [minute["time"][11:16] for minute in found["themes"][0]["minutes"]]
    assert times == [f"08:{n}" for n in range(10, 20)]
    assert {minute["decision"] for minute in found["themes"][0]["minutes"]} == {"quiet"}


def test_a_list_is_of_the_minutes_asked_for(lines: Path) -> None:
    where = ("--file", str(lines), "--product", "wallet")
    early = machine(*where, "--to", "2026-01-05T08:09Z")
    assert (early["to"], early["incidents"]) == ("2026-01-05T08:10:00.000Z", [])
    assert {theme["reports"] for theme in early["themes"]} == {10}
    late = machine(*where, "--from", "2026-01-05T08:30Z")
    assert sorted(theme["reports"] for theme in late["themes"]) == [1, 1, 1, 1, 1, 40]
    assert len(late["incidents"]) == 1


def test_hostile_feedback_is_shown_as_it_is(lines: Path, tmp_path: Path) -> None:
    picture = tmp_path / "map.svg"
    where = ("--file", str(lines), "--product", "maps", "--about", "lost way")
    done = run("detect", "explain", *where, "--out", str(picture))
    assert done.exit_code == 0
    assert "lost my way" in done.stdout
    assert {shape.tag.rpartition("}")[2] for shape in parse(picture).iter()} == {
        "svg", "title", "rect", "path", "text",
    }  # fmt: skip


def test_a_table_is_read_as_analyse_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "reviews.csv"
    rows = [msgspec.json.decode(value) for _, value in burst()]
    body = "\n".join(f"{row['time']},{row['text']},{row['author']}" for row in rows)
    path.write_text(f"at,body,who\n{body}\n", encoding="utf-8")
    columns = ("--map", "text=body,time=at,author=who")
    found = machine("--file", str(path), *columns, "--default-product", "shop")
    assert found["product"] == "shop"
    assert len(found["incidents"]) == 1
    assert machine("--file", str(path), *columns)["product"] == "default"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--theme", "x", "--about", "y"], "name one: an incident, --theme or --about"),
        (["i-1", "--theme", "x"], "name one: an incident, --theme or --about"),
        (["--about", "x", "--from", "soon"], "--from soon: no time is understood"),
        (["--out", "why.svg"], "--out draws one theme: name an incident, --theme or --about"),
        (["--about", "x", "--out", "none/why.svg"], "--out none/why.svg: cannot write to none"),
        ([], "there are several products, name one: --product maps, wallet"),
        (["--product", "shop"], "no reports of product shop; there is maps, wallet"),
        (["--product", "wallet", "--theme", "x"], "no theme x in wallet"),
        (["--product", "wallet", "--about", "weather"], "no theme of wallet is about «weather»"),
        (["i-1"], "no incident i-1 in these minutes"),
        (["--product", "wallet", "--about", "支付", "--from", "2027-01-01"], "leave nothing"),
        (["--product", "wallet", "--about", "支付", "--to", "2026-01-05 08:20"], "is about «支付»"),
        (["--product", "wallet", "--to", "2025-01-05"], "leave nothing"),
        (["--channel", "fax"], "--channel fax: one of app, assistant, log"),
    ],
)
def test_errors_are_one_line(lines: Path, arguments: list[str], says: str) -> None:
    assert says in fail("detect", "explain", "--file", str(lines), *arguments)


def test_files_that_hold_nothing_are_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.jsonl"
    assert fail("detect", "explain", "--file", str(path)).endswith("does not exist")
    path.write_text("{broken\n")
    line = fail("detect", "explain", "--file", str(path))
    assert line.endswith("broken.jsonl: no report that could be used")


@pytest.mark.slow
@pytest.mark.broker
def test_the_log_is_explained_as_it_was_decided(stream: "Stream") -> None:
    where = ("--bootstrap", stream.bootstrap, "--prefix", stream.prefix)
    line = fail("detect", "explain", *where)
    assert line.startswith(
        f"topic {stream.prefix}signals holds no reports; run: groundswell worker"
    )
    for place in range(2):
        stream.write(("feedback.app", place), [v for _, v in list(burst())[place::2]], END_MS)
    stream.end()
    stream.workers.start("--bounded")
    stream.wait_done()
    published = {name.partition(":")[0] for name in stream.settle().incidents}
    assert len(published) == 1
    for product in ((), ("--product", "wallet")):
        found = machine(*where, *product)
        assert {incident["incident_id"] for incident in found["incidents"]} == published
    told = machine(published.pop(), *where)["themes"][0]["minutes"]
    assert "opened" in {minute["decision"] for minute in told}
    assert "holds no reports of product shop" in fail(
        "detect", "explain", *where, "--product", "shop"
    )


@pytest.mark.broker
def test_without_the_topics_it_says_what_to_run(bootstrap: str, prefix: str) -> None:
    line = fail("detect", "explain", "--bootstrap", bootstrap, "--prefix", prefix)
    assert line == f"topic {prefix}feedback.app does not exist; run: groundswell topics create"

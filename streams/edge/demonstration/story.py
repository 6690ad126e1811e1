"""The demonstration, act by act. What a command of the device says is what it said just now."""

from __future__ import annotations

import re
import shutil
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from importlib.resources import as_file, files
from pathlib import Path

from edge.updates.slot import RECORD
from edge.updates.slots import NEW, Slots
from sinks.cluster import Cluster
from streams.edge.demonstration.device import DemoDevice, Run
from streams.edge.demonstration.house import House, tampered
from streams.edge.demonstration.looking import Sheet
from streams.edge.demonstration.packs import FIRST, MODEL, TEST
from streams.edge.demonstration.reaching import reach
from streams.edge.demonstration.telling import Shown, Teller
from streams.edge.trace import CERTAIN

DEVICE = "ward-3"
_OTHERS = ("ward-1", "ward-2")
_AWAY, _UNTRUSTED = 3, 4
_NOWHERE = "127.0.0.1:1"
"""Nobody listens there."""
_PATIENCE_S = 10.0
_NAME, _FATHERS, _RULED_OUT = "王测试", "胃癌", "肺炎"
"""Of the notes: a patient, a disease of her father's, and one that she has not."""
_HASH = re.compile(r"([0-9a-f]{8})[0-9a-f]{56}")


class Story:
    """Of one publisher and one device; `workplace` is the caller's to remove.

    `shown`: every promise so far. Raises OperatorError, SinkError if the publisher's part fails.
    """

    def __init__(
        self, workplace: Path, cluster: Cluster, prefix: str, passphrase: str, teller: Teller
    ) -> None:
        self.shown: list[Shown] = []
        self.device = DemoDevice(workplace / "device", workplace, passphrase)
        self._folder = workplace
        self._cluster = cluster
        self._prefix = prefix
        self._teller = teller
        self._patient = ""

    def play(self) -> None:
        """All acts but the page, in their order."""
        self._publisher()
        self._records()
        self._no_way_out()
        self._topic()
        self._stick()
        self._power_cut()
        self._attacks()
        self._leak()

    def page(self) -> str:
        """Serve the page; the link, empty if there is none."""
        self._teller.act("The page")
        link = self.device.open()
        address = link.partition("#")[0]
        host = address.removeprefix("http://").rstrip("/")
        here = host.startswith("127.0.0.1:") and _answers(host)
        self._note("a page for this machine alone", here, address or "no link came")
        return link

    def _publisher(self) -> None:
        self._teller.act("A publisher")
        self._house = House.of_today(self._folder / "publisher")
        self._teller.say(
            "It makes its keys: two people of three must sign who has keys (root) and every release"
            " (targets). In life each key lies with another holder, offline; here all are in a"
            " temporary folder."
        )
        for name in _OTHERS:
            self._house.enrol(name, self._folder / "others" / name)
        self._house.enrol(DEVICE, self.device.home.folder)
        self._teller.say(f"It enrols three devices; {DEVICE} is ours, and gets its device.json.")
        self._house.release(FIRST)
        second = self._house.release(FIRST + 1)
        written = self._house.to_topic(self._cluster, self._prefix)
        self._note(
            "packs 1 and 2 are out, signed",
            second.version == FIRST + 1 and written > 0,
            f"{written} records on the topic; from 1 to 2: {self._house.share(second)}",
        )

    def _records(self) -> None:
        self._teller.act("A device, and its patients")
        self._teller.say(f"The passphrase of this vault was made up now: {self.device.passphrase}")
        self._run("vault", "create")
        notes = self._folder / "notes"
        with as_file(files("streams.edge.demonstration") / "notes") as ours:
            shutil.copytree(ours, notes)
        names = sorted(path.name for path in notes.iterdir())
        self._teller.say("Documents of three made-up patients: " + ", ".join(names) + ".")
        imported = self._run("import", notes)
        rows = [line.split("\t") for line in imported.out.splitlines()]
        patients = {row[2] for row in rows if row[0] == "imported"}
        self._patient = next((row[2] for row in rows if row[3].endswith("wang.txt")), "")
        self._note(
            "documents are imported, each to its patient",
            imported.code == 0 and len(rows) == len(names) and len(patients) == 3,
            imported.errors.strip(),
        )
        sheet = Sheet.of(self._run("summary", self._patient, "--lang", "en"))
        self._note("every line of the summary has its source", sheet.is_sourced, sheet.told)
        fathers, ruled_out = sheet.under(_FATHERS), sheet.under(_RULED_OUT)
        self._note(
            "what is denied or a relative's is not shown as hers",
            len(fathers) == 1 and fathers[0].startswith("Family") and not ruled_out,
            f"{_FATHERS}: {', '.join(fathers)}; {_RULED_OUT}: {', '.join(ruled_out) or 'nowhere'}",
        )
        due = self._run("reminders", "list")
        count = len(due.out.splitlines())
        self._note("what is due is known", due.code == 0 and count > 0, f"{count} reminders")
        inside = [path for path in self.device.home.folder.rglob("*") if path.is_file()]
        showing = [path.name for path in inside if _NAME.encode() in path.read_bytes()]
        self._note(
            "no file of the device shows a name",
            not showing and self.device.home.vault in inside,
            ", ".join(showing) or f"{_NAME} is in none of {len(inside)} files",
        )

    def _no_way_out(self) -> None:
        self._teller.act("No way out")
        self._teller.say(
            "The process that holds the vault's key tries to connect to a port of this machine:"
        )
        free, guarded = reach(guarded=False), reach(guarded=True)
        self._teller.say(f"without the guard: {free.said}; with it: {guarded.said}")
        self._note(
            "the record process cannot connect", free.came and not guarded.came, guarded.said
        )

    def _topic(self) -> None:
        self._teller.act("An update from the topic")
        before = self._run("search", TEST, quiet=True)
        unknown = self._sheet().result(TEST) is None
        self._teller.say(
            f"Pack 1 has never heard of the test {TEST}: nobody says that hers, in the last note,"
            " is too high."
        )
        config = self._folder / "kafka.properties"
        options = self._cluster.for_librdkafka().items()
        config.touch(0o600)
        config.write_text("".join(f"{name}={value}\n" for name, value in options))
        words = ("--kafka-config", config, "--prefix", self._prefix)
        updated = self._run("update", "--from", "topic", *words)
        after = self._sheet()
        self._note(
            "an update from the topic, as a difference",
            updated.out.startswith("updated 1 → 2"),
            updated.out.strip(),
        )
        self._note(
            "old notes are read again by the new rules",
            bool(before.out) and unknown and after.result(TEST) is not None,
            after.result(TEST) or "not found",
        )

    def _stick(self) -> None:
        self._teller.act("The network is cut; an update from a stick")
        words = ("update", "--from", "topic", "--bootstrap", _NOWHERE)
        waiting = self.device.begin(*words, offline=True)
        for version in range(3, 6):
            self._house.release(version)
            self._house.to_folder(self._folder / f"stick-{version}")
        away = self._show(self.device.finish(waiting))
        self._teller.say(
            "Meanwhile the publisher has made versions 3, 4 and 5, and copied each onto a stick."
        )
        updated = self._run("update", "--from", self._folder / "stick-3", offline=True)
        self._note(
            "without a network it says so, and runs on",
            away.code == _AWAY and self._sheet().is_sourced,
            f"exit code {away.code}",
        )
        self._note(
            "an update from a folder", updated.out.startswith("updated 2 → 3"), updated.out.strip()
        )

    def _power_cut(self) -> None:
        self._teller.act("The power goes")
        stick = self._folder / "stick-4"
        begun = self.device.home.packs / f"4{NEW}" / RECORD
        self._teller.say("groundswell-edge update --from stick-4, and SIGKILL while it tries 4.")
        cut = self.device.cut("update", "--from", stick, when=begun.exists)
        half = begun.exists()
        status = self._run("update", "--status")
        runs = self._sheet().is_sourced
        self._note(
            "after a power cut the old version runs",
            cut and half and runs and self._version() == 3,
            "killed with version 4 half made; " + _first(status),
        )
        again = self._run("update", "--from", stick, offline=True)
        self._note(
            "the same again finishes it", again.out.startswith("updated 3 → 4"), again.out.strip()
        )

    def _attacks(self) -> None:
        self._teller.act("Attacks")
        stick = self._folder / "stick-5"
        wrong = tampered(stick, self._folder / "stick-5-tampered")
        self._teller.say("A stick with version 5, on which somebody changed a byte of each file:")
        refused = self._run("update", "--from", wrong, offline=True)
        self._note("a tampered difference is refused", self._refused(refused), _first(refused))
        self._teller.say("The stick with version 3, rightly signed, to undo what was mended since:")
        rolled = self._run("update", "--from", self._folder / "stick-3", offline=True)
        reads = self._sheet().is_sourced
        self._note("a rollback is refused", self._refused(rolled) and reads, _first(rolled))
        honest = self._run("update", "--from", stick, offline=True)
        self._note(
            "the stick as it was signed is taken",
            honest.out.startswith("updated 4 → 5"),
            honest.out.strip(),
        )

    def _leak(self) -> None:
        self._teller.act("A leak")
        self._teller.say("The model of our device turns up on the internet. Whose copy is it?")
        leaked = self._folder / "leaked.onnx"
        shutil.copyfile(self.device.home.packs / "5" / MODEL, leaked)
        found = self._house.trace(leaked)
        names = [one.device for one in found.named]
        told = "nobody is named"
        if found.named:
            match, chance = found.named[0].match, found.named[0].log10
            told = (
                f"{', '.join(names)}: {match.agreed:,} of {match.compared:,} marks agree, by chance"
                f" below 10^{chance:.0f} (named below {CERTAIN:g})"
            )
        self._teller.say(told)
        self._note("a leaked model names its device", names == [DEVICE], told)

    def _refused(self, run: Run) -> bool:
        return run.code == _UNTRUSTED and self._version() == 4

    def _version(self) -> int:
        slots = Slots.of(self.device.home)
        return slots.version(slots.state())

    def _sheet(self) -> Sheet:
        return Sheet.of(self.device.run("summary", self._patient, "--lang", "en", offline=True))

    def _run(self, *words: str | Path, offline: bool = False, quiet: bool = False) -> Run:
        run = self.device.run(*words, offline=offline)
        return run if quiet else self._show(run)

    def _show(self, run: Run) -> Run:
        self._teller.ran(run)
        return run

    def _note(self, promise: str, held: bool, seen: str) -> None:
        self.shown.append(Shown(promise, held, seen))
        self._teller.shown(self.shown[-1])


def _answers(host: str) -> bool:
    connection = HTTPConnection(host, timeout=_PATIENCE_S)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _first(run: Run) -> str:
    """What it said, without its own name and with long hashes cut."""
    said = next(iter((run.out or run.errors).splitlines()), f"exit code {run.code}")
    return _HASH.sub(r"\1…", said.removeprefix("groundswell-edge: "))

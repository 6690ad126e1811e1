from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from agents.models.fingerprint import mark
from agents.records.pack import BUNDLED
from sinks.cluster import Secret
from streams.cli.trace import trace
from streams.edge.devices import Enrolled, device_key
from streams.edge.keys import MASTER, Cost, KeyFolder

WORDS = "a passphrase of the tests"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = KeyFolder(tmp_path_factory.mktemp("keys"), Cost(64, 1))
    folder.make(MASTER, Secret(WORDS))
    (folder.folder / "words").write_text(WORDS)
    wards = [Enrolled(f"ward-{n}", "a", "stable", "2026-11-22") for n in range(5)]
    folder.devices.write_bytes(msgspec.json.encode(wards))
    return folder.folder


@pytest.fixture(params=["lines.onnx", "tags.onnx"])
def leaked(request: pytest.FixtureRequest, tmp_path: Path, keys: Path) -> Path:
    master = KeyFolder(keys).master(lambda _: (Secret(WORDS),))
    path = tmp_path / "leaked.onnx"
    path.write_bytes(mark((BUNDLED / request.param).read_bytes(), device_key(master, "ward-3")))
    return path


def run(model: Path, keys: Path, *more: str) -> Result:
    given = [str(model), "--keys", str(keys), "--passphrase-file", str(keys / "words"), *more]
    return CliRunner().invoke(trace, given)


@pytest.mark.parametrize("more", [(), ("--blind",)])
def test_it_names_the_device_and_says_how_sure_it_is(
    more: tuple[str, ...], leaked: Path, keys: Path
) -> None:
    done = run(leaked, keys, *more)
    assert done.exit_code == 0, done.output
    assert done.output.startswith("ward-3: ")
    assert "by chance below 10^-" in done.output
    assert "for all 5 tried" in done.output
    assert "ward-1" not in done.output


def test_nobody_is_named_for_the_published_file(tmp_path: Path, keys: Path) -> None:
    path = tmp_path / "published.onnx"
    path.write_bytes((BUNDLED / "lines.onnx").read_bytes())
    done = run(path, keys)
    assert done.exit_code == 3
    assert done.output.startswith("nobody of 5 devices")


def test_a_file_of_another_form_is_refused(tmp_path: Path, keys: Path) -> None:
    path = tmp_path / "text.onnx"
    path.write_text("no model")
    done = run(path, keys)
    assert done.exception is not None
    assert "the form of none" in str(done.exception)
    assert getattr(done.exception, "exit_code", None) == 2


def test_a_register_of_nobody_is_refused(tmp_path: Path, leaked: Path, keys: Path) -> None:
    empty = tmp_path / "devices.json"
    empty.write_text("[]")
    done = run(leaked, keys, "--register", str(empty))
    assert "no devices are enrolled" in str(done.exception)

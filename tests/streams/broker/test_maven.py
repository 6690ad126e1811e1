from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from streams.broker.maven import download, mirror

SETTINGS = """<settings xmlns="http://maven.apache.org/SETTINGS/1.2.0"><mirrors>
  <mirror><id>other</id><mirrorOf>snapshots</mirrorOf><url>http://other.invalid</url></mirror>
  <mirror><id>house</id><mirrorOf>{of}</mirrorOf><url>{url}/</url></mirror>
</mirrors></settings>"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing: the test's output is not an access log."""


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[str]:
    """The address of a Maven repository that holds one jar."""
    jar = tmp_path / "repository/org/house/tool/1.0/tool-1.0.jar"
    jar.parent.mkdir(parents=True)
    jar.write_bytes(b"the jar")
    handler = partial(Quiet, directory=str(tmp_path / "repository"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("of", ["central", "*", "external:*", "snapshots, central"])
def test_the_mirror_of_central(tmp_path: Path, of: str) -> None:
    settings = tmp_path / "settings.xml"
    settings.write_text(SETTINGS.format(of=of, url="http://house.invalid/maven"))
    assert mirror(settings) == {"house": "http://house.invalid/maven"}


@pytest.mark.parametrize("of", ["*,!central", "releases"])
def test_a_mirror_of_something_else(tmp_path: Path, of: str) -> None:
    settings = tmp_path / "settings.xml"
    settings.write_text(SETTINGS.format(of=of, url="http://house.invalid/maven"))
    assert mirror(settings) is None


def test_no_settings(tmp_path: Path) -> None:
    assert mirror(tmp_path / "settings.xml") is None


def test_settings_that_are_not_xml(tmp_path: Path) -> None:
    settings = tmp_path / "settings.xml"
    settings.write_text("<settings>")
    with pytest.raises(RuntimeError, match="is not XML"):
        mirror(settings)


def test_download_asks_the_mirror(
    tmp_path: Path, repository: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".m2").mkdir()
    (tmp_path / ".m2/settings.xml").write_text(SETTINGS.format(of="central", url=repository))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert download("org.house:tool:1.0", tmp_path / "into").read_bytes() == b"the jar"
    with pytest.raises(RuntimeError, match="not found"):
        download("org.house:tool:2.0", tmp_path / "into")
    # Nothing is left in the places where Maven and jgo keep things.
    assert sorted(p.name for p in tmp_path.iterdir()) == [".m2", "into", "repository"]
    assert [p.name for p in (tmp_path / ".m2").iterdir()] == ["settings.xml"]

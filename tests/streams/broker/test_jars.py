from __future__ import annotations

import errno
import hashlib
import re
from pathlib import Path

import pytest

from streams.broker.errors import (
    CheckNetworkError,
    ChooseHomeError,
    DistrustMirrorError,
    FreeDiskError,
)
from streams.broker.jars import LOCK, Jar, fetch, kafka_version, read_lock, sha256

SERVER = Jar("org.apache.kafka:kafka-server:9.9.9", hashlib.sha256(b"server").hexdigest())
CLIENTS = Jar("org.apache.kafka:kafka-clients:9.9.9", hashlib.sha256(b"clients").hexdigest())
JARS = [SERVER, CLIENTS]


class Repository:
    """A download that serves `contents` by artifact and remembers what it was asked for."""

    def __init__(self, **contents: bytes | Exception) -> None:
        self.contents = contents
        self.asked: list[str] = []

    def __call__(self, coordinate: str, into: Path) -> Path:
        self.asked.append(coordinate)
        content = self.contents[coordinate.split(":")[1].removeprefix("kafka-")]
        if isinstance(content, Exception):
            raise content
        file = into / coordinate.replace(":", "-")
        file.write_bytes(content)
        return file


def ignore(_line: str) -> None:
    """A report nobody reads."""


def test_lock_pins_one_kafka_and_names_no_address() -> None:
    jars = read_lock()
    kafka = [j.coordinate for j in jars if j.coordinate.startswith("org.apache.kafka:")]
    assert kafka_version(jars) == "4.1.1"
    assert {c.rpartition(":")[2] for c in kafka} == {"4.1.1"}
    assert len({j.filename for j in jars}) == len(jars) == 37
    assert all(re.fullmatch(r"[0-9a-f]{64}", j.sha256) for j in jars)
    assert "//" not in LOCK.read_text()


def test_fetches_what_is_missing_and_counts(tmp_path: Path) -> None:
    lines: list[str] = []
    repository = Repository(server=b"server", clients=b"clients")
    files = fetch(JARS, tmp_path / "cache", lines.append, repository)
    assert [f.read_bytes() for f in files] == [b"server", b"clients"]
    assert lines == [f"fetching Kafka 9.9.9: {n}/2 jars" for n in (0, 1, 2)]
    # Only the jars: no scratch directory is left.
    assert sorted((tmp_path / "cache").iterdir()) == sorted(files)


def test_a_full_cache_is_not_fetched_again(tmp_path: Path) -> None:
    fetch(JARS, tmp_path, ignore, Repository(server=b"server", clients=b"clients"))
    lines: list[str] = []
    nobody = Repository()
    fetch(JARS, tmp_path, lines.append, nobody)
    assert (nobody.asked, lines) == ([], [])


def test_a_damaged_file_is_fetched_again(tmp_path: Path) -> None:
    fetch(JARS, tmp_path, ignore, Repository(server=b"server", clients=b"clients"))
    (tmp_path / CLIENTS.filename).write_bytes(b"half")
    repository = Repository(clients=b"clients")
    fetch(JARS, tmp_path, ignore, repository)
    assert repository.asked == [CLIENTS.coordinate]
    assert sha256(tmp_path / CLIENTS.filename) == CLIENTS.sha256


def test_a_wrong_hash_names_the_jar_and_leaves_no_file(tmp_path: Path) -> None:
    (tmp_path / CLIENTS.filename).write_bytes(b"old and damaged")
    with pytest.raises(DistrustMirrorError, match=r"^kafka-clients-9\.9\.9\.jar has .*$"):
        fetch(JARS, tmp_path, ignore, Repository(server=b"server", clients=b"evil"))
    assert not (tmp_path / CLIENTS.filename).exists()


def test_no_network_is_one_line_and_keeps_what_came(tmp_path: Path) -> None:
    failure = OSError("connection refused\nand much more")
    with pytest.raises(CheckNetworkError) as caught:
        fetch(JARS, tmp_path, ignore, Repository(server=b"server", clients=failure))
    assert "cannot fetch org.apache.kafka:kafka-clients:9.9.9" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_real_download_through_a_dead_proxy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "")
    with pytest.raises(CheckNetworkError, match="check the network or the proxy"):
        fetch([SERVER], tmp_path / "cache", ignore)


def test_a_full_disk(tmp_path: Path) -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(FreeDiskError, match="no space left"):
        fetch(JARS, tmp_path, ignore, Repository(server=b"server", clients=full))


def test_a_cache_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("not a directory")
    with pytest.raises(ChooseHomeError, match="GROUNDSWELL_CACHE"):
        fetch(JARS, tmp_path / "cache", ignore, Repository())

"""The jars of Apache Kafka: pinned in `jars.lock`, fetched once, checked at every start."""

from __future__ import annotations

import errno
import hashlib
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from streams.broker.errors import (
    CheckNetworkError,
    ChooseHomeError,
    DistrustMirrorError,
    FreeDiskError,
)
from streams.broker.maven import download

LOCK = Path(__file__).with_name("jars.lock")
DOWNLOADS_AT_ONCE = 8

Report = Callable[[str], None]
Download = Callable[[str, Path], Path]


@dataclass(frozen=True)
class Jar:
    """One line of the lock: `group:artifact:version` and the SHA-256 of the file, in hex."""

    coordinate: str
    sha256: str

    @property
    def filename(self) -> str:
        _, artifact, version = self.coordinate.split(":")
        return f"{artifact}-{version}.jar"


def read_lock(lock: Path = LOCK) -> list[Jar]:
    """The pinned jars, in the order of the file."""
    lines = lock.read_text(encoding="utf-8").splitlines()
    return [Jar(*line.split()) for line in lines if line and not line.startswith("#")]


def kafka_version(jars: Sequence[Jar]) -> str:
    """The version of Kafka that the jars make up, such as "4.1.1"."""
    prefix = "org.apache.kafka:kafka-server:"
    return next(j.coordinate.removeprefix(prefix) for j in jars if j.coordinate.startswith(prefix))


def sha256(file: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def fetch(
    jars: Sequence[Jar],
    cache: Path,
    report: Report,
    download: Download = download,
    *,
    what: str = "",
) -> list[Path]:
    """The files of `jars` in `cache`, fetching what is missing there or has a wrong hash.

    `what` they are, for the reports; Kafka unless it is said.

    Files appear in the cache whole and checked, so two processes may fetch at once.

    Raises CheckNetworkError, DistrustMirrorError, FreeDiskError or ChooseHomeError.
    """
    files = [cache / jar.filename for jar in jars]
    missing = [
        jar
        for jar, file in zip(jars, files, strict=True)
        if not (file.is_file() and sha256(file) == jar.sha256)
    ]
    if missing:
        try:
            cache.mkdir(parents=True, exist_ok=True)
            what = what or f"Kafka {kafka_version(jars)}"
            _fetch_all(missing, cache, _counted(report, jars, len(missing), what), download)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise FreeDiskError(f"no space left for jars in {cache}: free some") from error
            raise ChooseHomeError(
                f"cannot write to {cache} ({error.strerror}): set GROUNDSWELL_CACHE to a directory"
                " of yours"
            ) from error
    return files


def _counted(report: Report, jars: Sequence[Jar], missing: int, what: str) -> Callable[[int], None]:
    present, total = len(jars) - missing, len(jars)
    return lambda done: report(f"fetching {what}: {present + done}/{total} jars")


def _fetch_all(
    jars: Sequence[Jar], cache: Path, count: Callable[[int], None], download: Download
) -> None:
    count(0)
    with tempfile.TemporaryDirectory(dir=cache, prefix="fetching-") as scratch:
        pool = ThreadPoolExecutor(DOWNLOADS_AT_ONCE)
        try:
            tasks = [pool.submit(_fetch_one, jar, cache, Path(scratch), download) for jar in jars]
            for done, task in enumerate(as_completed(tasks), start=1):
                task.result()
                count(done)
        finally:
            # After an error or Ctrl-C the jars not yet begun are not fetched.
            pool.shutdown(cancel_futures=True)


def _fetch_one(jar: Jar, cache: Path, scratch: Path, download: Download) -> None:
    try:
        file = download(jar.coordinate, scratch)
    except (OSError, RuntimeError) as error:
        # The errors of `requests` are OSErrors without a number; the disk's have one.
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise CheckNetworkError(
            f"cannot fetch {jar.coordinate}: check the network or the proxy and run again"
            f" (what was fetched is kept): {_first_line(error)}"
        ) from error
    found = sha256(file)
    if found != jar.sha256:
        (cache / jar.filename).unlink(missing_ok=True)
        raise DistrustMirrorError(
            f"{jar.filename} has SHA-256 {found[:12]}…, not {jar.sha256[:12]}… as pinned: it was"
            " deleted; run again, and distrust the repository if it happens twice"
        )
    file.replace(cache / jar.filename)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]

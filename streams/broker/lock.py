"""Rewrite `jars.lock` with the hashes of its own coordinates: `python -m streams.broker.lock`.

To move to another Kafka: edit the versions in the file, put anything for the hashes, run this.
"""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from streams.broker.jars import DOWNLOADS_AT_ONCE, LOCK, Jar, read_lock, sha256
from streams.broker.maven import download

HEADER = "# group:artifact:version sha256; rewritten by: python -m streams.broker.lock\n"


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(DOWNLOADS_AT_ONCE) as pool:

        def line(jar: Jar) -> str:
            return f"{jar.coordinate} {sha256(download(jar.coordinate, Path(scratch)))}\n"

        lines = sorted(pool.map(line, read_lock()))
    LOCK.write_text(HEADER + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()

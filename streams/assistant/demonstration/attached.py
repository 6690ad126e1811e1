"""A worker that ends when whoever holds its standard input does, however that ends.

Run as `python -m streams.assistant.demonstration.attached` with the options of
`groundswell assistant worker`.
"""

import os
import signal
import sys
import threading

from streams.cli import main


def _watch() -> None:
    # Nothing is ever written there: it returns at the end of the other side.
    os.read(sys.stdin.fileno(), 1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(target=_watch, daemon=True).start()
    main(["assistant", "worker", *sys.argv[1:]], prog_name="groundswell")

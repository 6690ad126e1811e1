# mypy: ignore-errors
"""CPU and wall clock of this process between the first and the last record it counts."""

import json
import resource
import sys
import time


class Marks:
    """Count records with `seen`; the clock starts at its first call.

    At the `total`-th record a line of JSON goes to standard output.
    """

    def __init__(self, total: int) -> None:
        self._total = total
        self._count = 0
        self._began = None

    def seen(self, records: int = 1) -> bool:
        """Count; true when everything has been seen."""
        if self._began is None:
            self._began = _now()
        self._count += records
        if self._count < self._total:
            return False
        cpu, wall = (now - began for now, began in zip(_now(), self._began, strict=True))
        json.dump({"cpu_s": cpu, "wall_s": wall, "events": self._count}, sys.stdout)
        print(flush=True)
        return True


def _now() -> tuple[float, float]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime, time.perf_counter()

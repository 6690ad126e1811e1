"""Findings about many reviews, few of them different."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from schemas.reviews import MAX_EVIDENCE, Finding, FindingKind


class Ledger:
    """Findings as they are made, in this order, to be read by review."""

    def __init__(self, reviews: int) -> None:
        self._reviews = reviews
        self._places: dict[Finding, int] = {}
        self._owners: list[NDArray[np.int64]] = [np.zeros(0, np.int64)]
        self._ids: list[NDArray[np.uint32]] = [np.zeros(0, np.uint32)]

    def add(
        self,
        reviews: NDArray[np.int64],
        kind: FindingKind,
        reason: str,
        evidence: str,
        confidence: float,
    ) -> None:
        """One finding about all of these reviews, maybe none."""
        if not len(reviews):
            return
        finding = Finding(kind, reason, evidence[:MAX_EVIDENCE], round(confidence, 2))
        place = self._places.setdefault(finding, len(self._places))
        self._owners.append(reviews)
        self._ids.append(np.full(len(reviews), place, np.uint32))

    def read(self) -> tuple[NDArray[np.int64], NDArray[np.uint32], list[Finding]]:
        """`starts`, `ids` and `table` of `Verdicts`."""
        owners, ids = np.concatenate(self._owners), np.concatenate(self._ids)
        order = np.argsort(owners, kind="stable")
        starts = np.concatenate(([0], np.cumsum(np.bincount(owners, minlength=self._reviews))))
        return starts, ids[order], list(self._places)

"""An inverted index: which centroids hold a word."""

from __future__ import annotations

from collections.abc import Sequence


class Postings(dict[str, Sequence[int]]):
    """Ids of centroids by word, none twice; read it like the dict it is.

    Most words are held by one centroid only. They share the one tuple of that centroid, `(id,)`,
    where a list or dict of their own would take 80 to 230 bytes.
    """

    def __init__(self) -> None:
        super().__init__()
        self._alone: dict[int, tuple[int]] = {}

    def post(self, word: str, key: int) -> None:
        """A centroid that did not hold a word now does."""
        posting = self.get(word)
        if isinstance(posting, list):
            posting.append(key)
        elif posting is None:
            self[word] = self._only(key)
        else:
            self[word] = [*posting, key]

    def unpost(self, word: str, key: int) -> None:
        """A centroid that held a word no longer does. Raises KeyError if nobody holds the word."""
        posting = self[word]
        if not isinstance(posting, list):
            del self[word]
            return
        posting.remove(key)
        if len(posting) == 1:
            self[word] = self._only(posting[0])

    def forget(self, key: int) -> None:
        """A centroid that holds no word any more is gone."""
        self._alone.pop(key, None)

    def _only(self, key: int) -> tuple[int]:
        return self._alone.setdefault(key, (key,))

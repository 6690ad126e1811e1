"""A counter at which the assistant is asked."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.asking import Counter, open_counter


@pytest.fixture
def counter(bootstrap: str, prefix: str, tmp_path: Path) -> Iterator[Counter]:
    with open_counter(bootstrap, prefix, tmp_path) as counter:
        yield counter

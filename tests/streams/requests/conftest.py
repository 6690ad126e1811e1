"""Topics over which is asked."""

import uuid
from collections.abc import Iterator

import pytest

from tests.support.asking import Counter, open_counter


@pytest.fixture(scope="module")
def counter(bootstrap: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    prefix = f"t-{uuid.uuid4().hex[:8]}-"
    with open_counter(bootstrap, prefix, tmp_path_factory.mktemp("counter")) as counter:
        yield counter

from collections.abc import Iterator

import pytest

from schemas.topics import CHANGES
from sinks.cluster import Cluster
from streams.admin import TopicAdmin
from streams.changes.log import ChangeLog
from tests.streams.changes.site import AWAY


@pytest.fixture
def log(bootstrap: str, prefix: str) -> Iterator[ChangeLog]:
    admin = TopicAdmin(Cluster(bootstrap), prefix)
    admin.create(1, {CHANGES: {"retention.ms": "-1"}})
    yield ChangeLog(Cluster(bootstrap), prefix)
    admin.delete()


@pytest.fixture
def nowhere() -> ChangeLog:
    """A log whose broker is away: nothing that is refused may ask for it."""
    return ChangeLog(Cluster(AWAY), "")

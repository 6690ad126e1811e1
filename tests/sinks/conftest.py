"""What the sinks write to in tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sinks.cluster import Cluster
from streams.admin import TopicAdmin
from tests.support.postgres import Postgres, postgres_server
from tests.support.receiver import LocalReceiver, local_receiver


@pytest.fixture
def topic(bootstrap: str, prefix: str) -> Iterator[str]:
    """Of three partitions."""
    admin = TopicAdmin(Cluster(bootstrap), prefix)
    admin.create(3, {"feedback.app": {"retention.ms": "-1"}})
    yield prefix + "feedback.app"
    admin.delete()


@pytest.fixture
def receiver() -> Iterator[LocalReceiver]:
    """A receiver behind HTTP on this machine."""
    with local_receiver() as running:
        yield running


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real server."""
    with postgres_server() as server:
        yield server


@pytest.fixture
def database(postgres: Postgres) -> str:
    """With a role of the same name that may make a schema in it."""
    name, role = postgres.new_database()
    postgres.say("postgres", f"GRANT CREATE ON DATABASE {name} TO {role}")
    return name

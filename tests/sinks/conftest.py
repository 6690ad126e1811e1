"""What the sinks write to in tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.postgres import Postgres, postgres_server
from tests.support.receiver import LocalReceiver, local_receiver


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

"""Receivers for the tests of what is sent to them."""

from collections.abc import Iterator

import pytest

from tests.support.receiver import LocalReceiver, local_receiver


@pytest.fixture
def receiver() -> Iterator[LocalReceiver]:
    """A receiver behind HTTP on this machine."""
    with local_receiver() as running:
        yield running

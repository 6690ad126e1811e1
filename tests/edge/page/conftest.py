"""A page with a gateway, and one who asks on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.consult import Gateway
from schemas.records import Patient
from tests.edge.test_consult import Gate, gate
from tests.support.edge_browser import Asker
from tests.support.edge_page import Served, by_hand, fill


@pytest.fixture
def token(tmp_path: Path) -> Path:
    """Of the gateway."""
    path = tmp_path / "gateway.token"
    path.write_text("abc")
    return path


@pytest.fixture
def there() -> Iterator[Gate]:
    """The gateway, which keeps what it gets."""
    with gate() as there:
        yield there


@pytest.fixture
def served(tmp_path: Path, there: Gate, token: Path) -> Iterator[Served]:
    """Questions may be asked outside."""
    served = Served(tmp_path, by_hand(), Gateway(there.address, token))
    yield served
    served.close()


@pytest.fixture
def patient(served: Served) -> Patient:
    """With three documents."""
    return fill(served.vault)


@pytest.fixture
def asker(served: Served, patient: Patient) -> Asker:
    """A session of the page."""
    return Asker(served, patient)

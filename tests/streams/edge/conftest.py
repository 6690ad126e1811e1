from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.publisher import House


@pytest.fixture(scope="session")
def _built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return House.build(tmp_path_factory.mktemp("house")).folder


@pytest.fixture
def house(_built: Path, tmp_path: Path) -> House:
    """A publisher with its keys, who has published nothing."""
    shutil.copytree(_built, tmp_path / "house")
    return House(tmp_path / "house")

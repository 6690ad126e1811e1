from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(autouse=True, scope="module")
def no_encoders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What somebody fetched on this machine must not decide."""
    nowhere: Path = tmp_path_factory.mktemp("encoders")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("streams.encoders.default_folder", lambda: nowhere)
        yield

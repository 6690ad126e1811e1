import pytest

from sinks.cluster import Secret
from streams.changes.errors import BadChanges
from streams.changes.senders import senders
from streams.settings import Settings


def test_here_no_secret_is_needed_elsewhere_one_is() -> None:
    assert len(senders(Settings())) == 4
    with pytest.raises(
        BadChanges, match=r"changes_host 0\.0\.0\.0 is open to others: set a secret"
    ):
        senders(Settings(changes_host="0.0.0.0"))
    assert senders(Settings(changes_host="0.0.0.0", changes_token=Secret("word")))


def test_every_form_has_a_path_and_a_secret_of_its_own() -> None:
    found = senders(Settings())
    paths = [path for sender in found for path in sender.paths]
    assert len(set(paths)) == len(paths)
    assert {sender.setting for sender in found} <= set(Settings.__struct_fields__)
    assert len({sender.setting for sender in found}) == len(found)

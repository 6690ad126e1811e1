import re

import pytest

from edge.importing.errors import Broken, Refused, refusal
from edge.importing.imported import REMARKS

REASONS = [(kind, reason) for kind in Refused.__subclasses__() for reason in kind.reasons]
CHINESE = re.compile("[一-鿿]")


def test_every_reason_has_one_kind() -> None:
    names = [reason for _, reason in REASONS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(("kind", "reason"), REASONS)
def test_one_line_in_both_languages(kind: type[Refused], reason: str) -> None:
    error = refusal(reason)
    assert type(error) is kind
    assert CHINESE.search(error.zh)
    assert not CHINESE.search(error.en)
    assert "\n" not in str(error)


def test_unheard_of() -> None:
    assert isinstance(refusal("<b>"), Broken)


def test_remarks_have_both_languages() -> None:
    assert all(CHINESE.search(zh) and not CHINESE.search(en) for zh, en in REMARKS.values())

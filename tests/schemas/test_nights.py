import msgspec
import pytest

from schemas.errors import NotOurs
from schemas.nights import decode_account
from tests.support.nights import account, label


def test_an_account_comes_back() -> None:
    given = account(
        [label("a"), label("b", status="refused", reason="empty")], seconds={"read": 1.5}
    )
    assert decode_account(msgspec.json.encode(given)) == given
    assert given.is_complete
    assert not msgspec.structs.replace(given, read=3).is_complete


@pytest.mark.parametrize("value", [b"", b"{}", b"[]", b"\xff", b'{"date": 1}'])
def test_what_is_none_is_not_ours(value: bytes) -> None:
    with pytest.raises(NotOurs):
        decode_account(value)

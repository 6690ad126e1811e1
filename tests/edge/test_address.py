import pytest

from edge.address import is_fit


@pytest.mark.parametrize(
    ("address", "fit"),
    [
        ("https://gateway.example", True), ("https://gateway.example:9480", True),
        ("http://127.0.0.1:9480", True), ("http://[::1]:9480", True),
        ("http://gateway.example", False), ("http://localhost:9480", False),
        ("http://10.0.0.7", False), ("ftp://127.0.0.1", False), ("", False), ("https://", False),
        ("https://a:99999", False), ("https://a:0", False), ("https://me:word@a", False),
        ("https://a b", False), ("HTTPS://A", True), ("HTTP://A", False),
        ("http://127.0.0.1@a", False), ("https://a/v1?x=1", True),
    ],
)  # fmt: skip
def test_addresses(address: str, fit: bool) -> None:
    assert is_fit(address) is fit

import pytest

from sinks.hosts import hostname, is_here, port


@pytest.mark.parametrize(
    ("host", "here"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("localhost", True), ("::1", True), ("[::1]", True),
     ("0.0.0.0", False), ("::", False), ("localhost.evil.example", False), ("", False)],
)  # fmt: skip
def test_what_means_this_machine(host: str, here: bool) -> None:
    assert is_here(host) is here


@pytest.mark.parametrize(
    ("header", "name"),
    [("localhost:80", "localhost"), ("evil.example", "evil.example"), ("[::1]:80", "::1"),
     ("127.0.0.1:9470", "127.0.0.1"), ("127.0.0.1.evil.example:1", "127.0.0.1.evil.example"),
     ("", ""), ("[", "")],
)  # fmt: skip
def test_the_name_in_a_header(header: str, name: str) -> None:
    assert hostname(header) == name


@pytest.mark.parametrize(
    ("header", "number"),
    [("localhost:80", 80), ("[::1]:9470", 9470), ("evil.example", 0), ("a:99999", 0), ("a:x=", 0),
     ("", 0), ("[", 0)],
)  # fmt: skip
def test_the_port_in_a_header(header: str, number: int) -> None:
    assert port(header) == number

from pathlib import Path

import pytest

from schemas.changes import ChangeMessage, ChangePayload
from streams.changes.errors import BadChanges, NotAChange
from streams.changes.form import Reported
from streams.changes.rules import apply, load_rules, service_of

FILE = """
[[map]]
environment = "staging*"
ignore = true

[[map]]
repository = "acme/checkout"
product = "wallet"
service = "pay"
version = "app_version"
attributes = { team = "payments" }

[[map]]
service_like = "cart"
product = "shop"
"""


def reported(
    repository: str = "", environment: str = "", service: str = "", version: str = ""
) -> Reported:
    message = ChangeMessage(summary="x", service=service, attributes={"ref": "v7.2.0"})
    return Reported(message, repository, environment, version)


def test_the_first_rule_that_fits_decides(tmp_path: Path) -> None:
    path = tmp_path / "changes.toml"
    path.write_text(FILE, encoding="utf-8")
    rules = load_rules(str(path))
    found = apply(rules, reported("Acme/Checkout", "production", "checkout", "7.2.0"))
    assert (found.product, found.service) == ("wallet", "pay")
    assert found.attributes == {"ref": "v7.2.0", "team": "payments", "app_version": "7.2.0"}
    cart = apply(rules, reported("acme/cart", "production", "cart"))
    assert (cart.product, cart.service) == ("shop", "cart")
    other = apply(rules, reported("acme/mail", service="mail"))
    assert (other.product, other.service) == (None, "mail")
    with pytest.raises(NotAChange, match="a rule of changes_file ignores it"):
        apply(rules, reported("acme/checkout", "staging-2"))


def test_details_of_pagerduty_are_kept_beside_what_a_rule_adds(tmp_path: Path) -> None:
    path = tmp_path / "changes.toml"
    path.write_text('[[map]]\nservice_like = "web"\nattributes = { os = "ios" }', encoding="utf-8")
    details = {"build": 2, "stages": ["a"], "service": "web"}
    change = Reported(ChangeMessage(payload=ChangePayload("x", custom_details=details)))
    assert service_of(change.message) == "web"
    found = apply(load_rules(str(path)), change)
    assert found.attributes == {"build": 2, "service": "web", "os": "ios"}
    assert found.payload == change.message.payload


def test_no_file_is_no_rule() -> None:
    assert load_rules("") == ()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"map = ", "is not TOML"),
        (b"\xff", "is not TOML"),
        (b'[[map]]\nrepo = "a"', "unknown field `repo`"),
        (b"[[map]]\nproduct = 1", "Expected `str"),
        (b'[[rule]]\nproduct = "a"', "unknown field `rule`"),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "changes.toml"
    path.write_bytes(content)
    with pytest.raises(BadChanges) as raised:
        load_rules(str(path))
    assert says in str(raised.value)
    assert str(path) in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadChanges, match=r"setting changes_file: cannot read .*No such file"):
        load_rules(str(tmp_path / "none.toml"))

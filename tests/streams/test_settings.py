from pathlib import Path
from typing import Any

import msgspec
import pytest

from agents.detect.rules import DetectRules
from agents.incidents.rules import IncidentRules
from agents.intake.rules import IntakeRules
from streams.settings import ProductSettings, Settings, SettingsError, load, table


def file_of(folder: Path, content: str) -> dict[str, str]:
    path = folder / "groundswell.toml"
    path.write_text(content, encoding="utf-8")
    return {"GROUNDSWELL_CONFIG": str(path)}


def test_defaults_need_nothing() -> None:
    assert load({}) == Settings()


def test_the_file_counts_the_environment_wins_and_the_command_line_wins_over_both(
    tmp_path: Path,
) -> None:
    environ = file_of(tmp_path, 'min_count = 3\nport = 1\nprefix = "file-"\nattributes = ["os"]\n')
    environ |= {"GROUNDSWELL_PORT": "2", "GROUNDSWELL_PREFIX": "env-"}
    found = load(environ, {"prefix": "given-", "port": None})
    assert (found.min_count, found.port, found.prefix) == (3, 2, "given-")
    assert found.attributes == ("os",)


def test_an_empty_word_in_the_environment_wins_too(tmp_path: Path) -> None:
    environ = file_of(tmp_path, 'prefix = "file-"\nattributes = ["os"]\n')
    found = load({**environ, "GROUNDSWELL_PREFIX": "", "GROUNDSWELL_ATTRIBUTES": ""})
    assert (found.prefix, found.attributes) == ("", ())


def test_attributes_are_parted_by_commas() -> None:
    assert load({"GROUNDSWELL_ATTRIBUTES": "os, region"}).attributes == ("os", "region")


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("port", "abc", "Expected `int`"),
        ("port", "", "Expected `int`"),
        ("port", "65536", "<= 65535"),
        ("lateness_ms", "", "Expected `int`"),
        ("min_count", "0", ">= 1"),
        ("min_count", "1.5", "Expected `int`"),
        ("idle_seconds", "nan", ">= 1.0"),
        ("refused_share", "0", "> 0.0"),
        ("refused_share", "1.01", "<= 1.0"),
        ("prefix", "a b", "matching regex"),
        ("group", "", "matching regex"),
        ("default_product", "", "length >= 1"),
        ("attributes", "os,", "length >= 1"),
        ("security_protocol", "TLS", "Invalid enum value 'TLS'"),
        ("sasl_mechanism", "GSSAPI", "Invalid enum value 'GSSAPI'"),
        ("sensitivity", "loud", "Invalid enum value 'loud'"),
        ("products", "wallet", "Expected `object`"),
        ("attributes", "os,os", "once"),
        ("attributes", "service", "channel and service are always counted"),
        ("attributes", ",".join(f"a{n}" for n in range(17)), "length <= 16"),
    ],
)
def test_a_wrong_value_names_the_setting_and_where_it_came_from(
    name: str, value: str, reason: str
) -> None:
    with pytest.raises(SettingsError) as raised:
        load({f"GROUNDSWELL_{name.upper()}": value})
    message = str(raised.value)
    assert message.startswith(f"setting {name} (from GROUNDSWELL_{name.upper()}): ")
    assert reason in message
    assert "\n" not in message
    assert " - at" not in message


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("min_counts = 3", "min_counts"),
        ("[worker]\nport = 3", "worker"),
        ("port = 'many'", "port"),
        ("port = true", "port"),
        ('attributes = "os"', "attributes"),
        ("prefix = 7", "prefix"),
        ("sasl_password = 7", "sasl_password"),
        ("alarm = 1.0", "alarm"),
        ("products = 3", "products"),
        ("[products]\nwallet = 3", "products.wallet"),
        ("[products.wallet]\nport = 3", "products.wallet.port"),
        ('[products.wallet]\nsensitivity = "loud"', "products.wallet.sensitivity"),
        ("[products.wallet]\nmin_count = 0", "products.wallet.min_count"),
        ("[products.wallet]\nmin_authors = 1.5", "products.wallet.min_authors"),
        ('[products.wallet]\nmute = "login"', "products.wallet.mute"),
        ('[products.wallet]\nmute = ["login", "the 42"]', "products.wallet.mute"),
        ("[products.video]\nmin_count = 3\n[products.wallet]\nmute = [7]", "products.wallet.mute"),
    ],
)
def test_what_is_wrong_in_the_file_is_refused_with_its_name(
    tmp_path: Path, content: str, name: str
) -> None:
    environ = file_of(tmp_path, content)
    with pytest.raises(SettingsError) as raised:
        load(environ)
    assert str(raised.value).startswith(f"setting {name} (from {environ['GROUNDSWELL_CONFIG']}): ")
    assert "\n" not in str(raised.value)


def test_a_product_may_be_treated_otherwise(tmp_path: Path) -> None:
    content = """
        sensitivity = "low"
        min_count = 20
        quiet_minutes = 30
        [products.wallet]
        sensitivity = "high"
        min_authors = 2
        mute = ["58d75250def9", "login slow"]
        [products."video on demand"]
        min_count = 3
        """
    rules = load(file_of(tmp_path, content)).detect_rules()
    assert (rules.sensitivity, rules.mute, rules.incidents.min_count) == ("low", (), 20)
    wallet, video = rules.for_product("wallet"), rules.for_product("video on demand")
    assert (wallet.sensitivity, wallet.mute) == ("high", ("58d75250def9", "login slow"))
    assert wallet.incidents == IncidentRules(min_count=20, min_authors=2, quiet_minutes=30)
    assert (video.sensitivity, video.mute) == ("low", ())
    assert video.incidents == IncidentRules(min_count=3, min_authors=5, quiet_minutes=30)
    assert rules.for_product("mail") == rules


def test_the_password_is_shown_nowhere(tmp_path: Path) -> None:
    found = load(file_of(tmp_path, 'sasl_password = "hunter2"'))
    assert found.sasl_password.reveal() == "hunter2"
    for shown in (repr(found), str(found), f"{found.sasl_password}", f"{found.sasl_password!r}"):
        assert "hunter2" not in shown
    with pytest.raises(TypeError):
        msgspec.json.encode(found)


def test_a_wrong_option_is_named_like_the_option() -> None:
    with pytest.raises(SettingsError, match=r"setting min_count \(from --min-count\)"):
        load({}, {"min_count": -1})


def test_a_wrong_value_in_the_file_does_not_matter_if_the_environment_says_otherwise(
    tmp_path: Path,
) -> None:
    environ = file_of(tmp_path, "port = 'many'")
    assert load({**environ, "GROUNDSWELL_PORT": "7"}).port == 7


@pytest.mark.parametrize(
    ("content", "says"),
    [("port = ", "is not TOML"), ("port = 1\nport = 2", "is not TOML")],
)
def test_a_file_that_is_no_toml(tmp_path: Path, content: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        load(file_of(tmp_path, content))


def test_a_file_that_is_not_utf8_or_not_there(tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_bytes(b"prefix = '\xff'")
    with pytest.raises(SettingsError, match="is not TOML"):
        load({"GROUNDSWELL_CONFIG": str(bad)})
    with pytest.raises(SettingsError, match=r"GROUNDSWELL_CONFIG names .*: No such file"):
        load({"GROUNDSWELL_CONFIG": str(tmp_path / "missing.toml")})
    with pytest.raises(SettingsError, match=r"GROUNDSWELL_CONFIG names .*: Is a directory"):
        load({"GROUNDSWELL_CONFIG": str(tmp_path)})


def test_the_table_covers_every_setting() -> None:
    rows = list(table())
    own = [row for row in rows if row[0].startswith("products.")]
    assert [row[0] for row in own] == [
        f"products.NAME.{name}" for name in ProductSettings.__struct_fields__
    ]
    assert {row[1:3] for row in own} == {("", "")}
    everybody = [row for row in rows if row not in own]
    names = [name for name in Settings.__struct_fields__ if name != "products"]
    assert [row[0] for row in everybody] == names
    for name, variable, default, _ in everybody:
        assert variable == f"GROUNDSWELL_{name.upper()}"
        assert default == str(getattr(Settings(), name))
    assert all(meaning for *_, meaning in rows)


def test_every_setting_but_tables_can_be_given_in_the_environment() -> None:
    other: dict[str, Any] = {"attributes": "os", "bootstrap": "b:9092", "host": "0.0.0.0"}
    other |= {"security_protocol": "SSL", "sasl_mechanism": "PLAIN", "sasl_password": "word"}
    other |= {"sensitivity": "high", "changes_token": "word", "changes_github_secret": "word"}
    other |= {"changes_gitlab_token": "word", "changes_pagerduty_key": "word"}
    other |= {"model_language": "zh", "model_key": "key", "console_token": "word"}
    other |= {"bank_token": "word"}
    other |= {"model_tokens_field": "max_completion_tokens"}
    other |= {"otel_exporter": "otlp", "otel_ratio": 0.5, "assistant_model": False}
    other |= {"assistant_salt": "word", "reply_partition": "3"}
    other |= dict.fromkeys(("gateway_strong_acr", "gateway_strong_amr", "gateway_origins"), "x")
    names = [name for name in Settings.__struct_fields__ if name != "products"]
    for name in names:
        default = getattr(Settings(), name)
        if name not in other:
            other[name] = f"{default}x" if isinstance(default, str) else default / 2 + 7
    given = {
        f"GROUNDSWELL_{n.upper()}": str(int(v) if isinstance(getattr(Settings(), n), int) else v)
        for n, v in {**other, "refused_share": 0.25}.items()
    }
    found = load(given)
    same = [n for n in names if getattr(found, n) == getattr(Settings(), n)]
    assert same == []


def test_the_default_settings_are_the_default_rules() -> None:
    assert Settings().intake_rules(bounded=False) == IntakeRules()
    assert Settings().detect_rules() == DetectRules(incidents=IncidentRules())


def test_names_carry_the_prefix() -> None:
    found = load({"GROUNDSWELL_PREFIX": "t-"})
    assert (found.topic("signals"), found.group_id) == ("t-signals", "t-groundswell")

import re
from pathlib import Path

import pytest

from sinks.alertmanager import AlertmanagerSink
from sinks.config import TYPES, Receiver, read_receivers
from sinks.errors import Misconfigured
from sinks.slack import SlackSink

ROUTING_KEY = "0123456789abcdef0123456789abcdef"
ENVIRON = {
    "PAGERDUTY_ROUTING_KEY": ROUTING_KEY,
    "FEISHU_URL": "https://feishu.example/hook/k3y",
    "FEISHU_SECRET": "s3cret",
    "DINGTALK_URL": "https://dingtalk.example/send?access_token=k3y",
    "DINGTALK_SECRET": "s3cret",
    "WECOM_URL": "https://wecom.example/send?key=k3y",
}


def read(folder: Path, text: str) -> list[Receiver]:
    file = folder / "sinks.toml"
    file.write_text(text, encoding="utf-8")
    return read_receivers(file, ENVIRON)


def test_the_examples_of_the_page_are_read(tmp_path: Path) -> None:
    (tmp_path / "webhook.secret").write_text("a secret of our own\n")
    (tmp_path / "slack.url").write_text("https://hooks.slack.example/services/T/B/k3y\n")
    page = (Path(__file__).parents[2] / "docs" / "alerting.md").read_text(encoding="utf-8")
    found = read(tmp_path, "\n".join(re.findall(r"```toml\n(.*?)```", page, re.DOTALL)))
    types = {name for name, place in TYPES.items() if ".tables." not in place}
    assert {receiver.type for receiver in found} == types
    by_name = {receiver.name: receiver for receiver in found}
    assert isinstance(by_name["alertmanager"].sink, AlertmanagerSink)
    assert by_name["on-call"].common.min_severity == "error"
    assert by_name["wecom"].common.products == ("wallet", "checkout")
    assert {name: one.per_minute for name, one in by_name.items()} == {
        "alertmanager": 0, "on-call": 100, "automation": 600,
        "slack": 20, "feishu": 20, "dingtalk": 20, "wecom": 20,
    }  # fmt: skip
    assert "k3y" not in repr(found)


@pytest.mark.parametrize("kind", TYPES)
def test_every_type_is_there_and_says_what_it_needs(tmp_path: Path, kind: str) -> None:
    """What is missing is named, so the receiver was imported and its options were looked at."""
    with pytest.raises(Misconfigured, match=r"\[a\] needs the key \w+.*: \S"):
        read(tmp_path, f'[a]\ntype = "{kind}"')


def test_a_limit_of_ones_own_counts(tmp_path: Path) -> None:
    text = '[a]\ntype = "slack"\nurl = "https://h"\nmax_per_minute = 0\n'
    (found,) = read(tmp_path, text)
    assert isinstance(found.sink, SlackSink)
    assert found.per_minute == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", r"sinks\.toml names no receiver: write a table such as \[on-call\]"),
        ("[a", r"sinks\.toml is not TOML: "),
        ('type = "slack"', r"type stands outside of a table: write \[NAME\] above it"),
        ('["a b"]\ntype = "slack"', r"\[a b\]: name it with letters"),
        ("[a]", r"\[a\] needs a type: write one of alertmanager, dingtalk"),
        ('[a]\ntype = "pigeon"', r"\[a\] type: there is no 'pigeon': write one of"),
        ("[a]\ntype = 3", r"\[a\] type: there is no 3: write one of"),
        ('[a]\ntype = "slack"', r"\[a\] needs the key url, url_file or url_env: the robot's"),
        ('[a]\ntype = "alertmanager"', r"\[a\] needs the key urls: every Alertmanager"),
        (
            '[a]\ntype = "postgres"\nurl_env = "FEISHU_SECRET"',
            r"\[a\] url is no address: write postgresql://USER",
        ),
        (
            '[a]\ntype = "slack"\nurl = "https://h"\nchannel = "x"',
            r"\[a\] channel: there is no such key; it knows .*language.*min_severity",
        ),
        (
            '[a]\ntype = "slack"\nurl = "https://h"\nmin_severity = "bad"',
            r"\[a\] min_severity: Invalid enum value 'bad'; write critical, error, warning or info",
        ),
        (
            '[a]\ntype = "slack"\nurl = "https://h"\nmax_per_minute = -1',
            r"\[a\] max_per_minute: Expected `int` >= 0",
        ),
        ('[a]\ntype = "slack"\nurl = "s3cret"', r"\[a\] url: write http://HOST"),
        (
            '[a]\ntype = "slack"\nurl = "https://h"\nlanguage = "fr"',
            r"\[a\] language: Invalid enum value 'fr'; write en or zh",
        ),
        ('[a]\ntype = "slack"\nurl = 3', r"\[a\] url: Expected `str`, got `int`"),
        (
            '[a]\ntype = "slack"\nurl_env = "NOWHERE"',
            r"\[a\] url_env: set the variable NOWHERE",
        ),
        (
            '[a]\ntype = "slack"\nurl_file = "nowhere"',
            r"\[a\] url_file: cannot read .*nowhere: No such file",
        ),
        (
            '[a]\ntype = "slack"\nurl_file = "x"\nurl = "https://s3cret"',
            r"\[a\] url and url_file: one of them is enough",
        ),
        (
            '[a]\ntype = "pagerduty"\nrouting_key = "s3cret"',
            r"\[a\] routing_key: an integration key has 32 characters",
        ),
        (
            '[a]\ntype = "alertmanager"\nurls = ["http://h"]\nlabels = {"a-b" = "c"}',
            r"\[a\] labels",
        ),
    ],
)
def test_what_is_wrong_is_told_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(Misconfigured, match=said) as raised:
        read(tmp_path, text)
    assert "\n" not in str(raised.value)
    assert "s3cret" not in str(raised.value)
    assert str(tmp_path / "sinks.toml") in str(raised.value)


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"cannot read .*none\.toml: No such file"):
        read_receivers(tmp_path / "none.toml", {})

import shutil
import subprocess
from pathlib import Path

import pytest

from sinks.cluster import Cluster, Secret
from streams.security import cluster_of
from streams.settings import SettingsError, load

LOGIN = {
    "security_protocol": "SASL_PLAINTEXT",
    "sasl_username": "alice",
    "sasl_password": "hunter2",
}


def cluster(**given: str) -> Cluster:
    named = {"GROUNDSWELL_" + name.upper(): value for name, value in given.items()}
    return cluster_of(load({"GROUNDSWELL_BOOTSTRAP": "one:9092", **named}))


def refused(**given: str) -> str:
    with pytest.raises(SettingsError) as raised:
        cluster(**given)
    message = str(raised.value)
    assert "hunter2" not in message
    assert "\n" not in message
    return message


def test_by_default_there_is_no_security() -> None:
    assert cluster() == Cluster("one:9092", mechanism="SCRAM-SHA-512")


def test_a_login() -> None:
    found = cluster(**LOGIN, sasl_mechanism="PLAIN")
    assert found == Cluster("one:9092", "SASL_PLAINTEXT", "PLAIN", "alice", Secret("hunter2"))


def test_the_password_may_be_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("hunter2 \n")
    given = {**LOGIN, "sasl_password_file": str(tmp_path / "password")}
    assert refused(**given).startswith("setting sasl_password_file: ")
    del given["sasl_password"]
    assert cluster(**given).password == Secret("hunter2 ")


@pytest.mark.parametrize("missing", ["sasl_username", "sasl_password"])
def test_a_login_needs_both(missing: str) -> None:
    given = {name: value for name, value in LOGIN.items() if name != missing}
    assert refused(**given).startswith(f"setting {missing}: security_protocol SASL_PLAINTEXT")


@pytest.mark.parametrize("name", ["sasl_username", "sasl_password"])
def test_a_login_that_would_not_be_sent_is_refused(name: str) -> None:
    assert refused(**{name: "hunter2"}).startswith("setting security_protocol: PLAINTEXT sends no")


def test_a_password_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "password").write_bytes(b"\xff")
    given = {**LOGIN, "sasl_password": "", "sasl_password_file": str(tmp_path / "password")}
    assert refused(**given) == "setting sasl_password_file: the file is not UTF-8"


def test_an_empty_password_file_is_no_password(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("\n")
    given = {**LOGIN, "sasl_password": "", "sasl_password_file": str(tmp_path / "password")}
    assert refused(**given).startswith("setting sasl_password: ")


@pytest.mark.parametrize(
    "name", ["sasl_password_file", "ssl_ca_file", "ssl_cert_file", "ssl_key_file"]
)
def test_a_file_that_is_not_there_is_named(tmp_path: Path, name: str) -> None:
    given = {"security_protocol": "SSL", name: str(tmp_path / "missing")}
    pair = {"ssl_cert_file": "ssl_key_file", "ssl_key_file": "ssl_cert_file"}
    if name in pair:
        (tmp_path / "there").write_text("")
        given[pair[name]] = str(tmp_path / "there")
    assert refused(**given) == (
        f"setting {name}: cannot read {tmp_path / 'missing'} (No such file or directory)"
    )


def test_files_need_tls() -> None:
    assert refused(**LOGIN, ssl_ca_file="/ca.pem").startswith(
        "setting ssl_ca_file: security_protocol SASL_PLAINTEXT is without TLS"
    )


@pytest.mark.parametrize(
    ("given", "missing"), [("ssl_cert_file", "ssl_key_file"), ("ssl_key_file", "ssl_cert_file")]
)
def test_certificate_and_key_go_together(given: str, missing: str) -> None:
    says = refused(security_protocol="SSL", **{given: "/file.pem"})
    assert says.startswith(f"setting {missing}: ")


def test_files_that_are_no_pem_are_named(tmp_path: Path) -> None:
    bad = tmp_path / "bad.pem"
    bad.write_text("no certificate")
    says = refused(security_protocol="SSL", ssl_ca_file=str(bad))
    assert says.startswith("setting ssl_ca_file: not a PEM that fits")
    says = refused(security_protocol="SSL", ssl_cert_file=str(bad), ssl_key_file=str(bad))
    assert says.startswith("setting ssl_cert_file, ssl_key_file: not a PEM that fits")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
def test_a_key_with_a_pass_phrase_stops_the_start_instead_of_asking(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-subj", "/CN=me"]
    command += ["-passout", "pass:hunter2", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    says = refused(security_protocol="SSL", ssl_cert_file=str(certificate), ssl_key_file=str(key))
    assert says.startswith("setting ssl_cert_file, ssl_key_file: ")

"""The cluster that the settings name; what does not fit together stops the start."""

import ssl
from pathlib import Path

from sinks.cluster import Cluster, Secret
from streams.settings import Settings, SettingsError

_FILES = ("ssl_ca_file", "ssl_cert_file", "ssl_key_file")


def cluster_of(settings: Settings) -> Cluster:
    """The Kafka at `settings.bootstrap`, its password read. Raises SettingsError."""
    password = secret_of(settings, "sasl_password")
    cluster = Cluster(
        settings.bootstrap,
        settings.security_protocol,
        settings.sasl_mechanism,
        settings.sasl_username,
        password,
        settings.ssl_ca_file,
        settings.ssl_cert_file,
        settings.ssl_key_file,
    )
    protocol = f"security_protocol {cluster.protocol}"
    if cluster.has_login:
        if not settings.sasl_username:
            raise SettingsError(f"setting sasl_username: {protocol} needs it")
        if not password:
            raise SettingsError(
                f"setting sasl_password: {protocol} needs it, or sasl_password_file"
            )
    elif settings.sasl_username or password:
        raise SettingsError(
            f"setting security_protocol: {cluster.protocol} sends no sasl_username and"
            " sasl_password; SASL_SSL does"
        )
    _check_files(settings, cluster)
    return cluster


def secret_of(settings: Settings, name: str) -> Secret:
    """The setting `name`, or what the file holds that `name`_file names. Raises SettingsError."""
    given: Secret = getattr(settings, name)
    by_file = f"{name}_file"
    path: str = getattr(settings, by_file)
    if not path:
        return given
    if given:
        raise SettingsError(f"setting {by_file}: {name} is given too; keep one")
    try:
        word = _read(by_file, path).decode()
    except UnicodeDecodeError:
        raise SettingsError(f"setting {by_file}: the file is not UTF-8") from None
    # An editor ends the file with a newline; no password does.
    return Secret(word.rstrip("\r\n"))


def _check_files(settings: Settings, cluster: Cluster) -> None:
    given = [name for name in _FILES if getattr(settings, name)]
    if given and not cluster.has_tls:
        raise SettingsError(
            f"setting {given[0]}: security_protocol {cluster.protocol} is without TLS;"
            " SSL and SASL_SSL have it"
        )
    if bool(cluster.cert_file) != bool(cluster.key_file):
        missing = "ssl_key_file" if cluster.cert_file else "ssl_cert_file"
        raise SettingsError(f"setting {missing}: ssl_cert_file and ssl_key_file go together")
    for name in given:
        _read(name, getattr(settings, name))
    try:
        _ = cluster.tls
    except OSError as error:
        raise SettingsError(f"setting {_guilty(cluster)}: not a PEM that fits ({error})") from None


def _guilty(cluster: Cluster) -> str:
    """Which file it was that TLS refused."""
    try:
        ssl.create_default_context(cafile=cluster.ca_file or None)
    except OSError:
        return "ssl_ca_file"
    return "ssl_cert_file, ssl_key_file"


def _read(name: str, path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise SettingsError(f"setting {name}: cannot read {path} ({error.strerror})") from None

"""The bank that the settings name."""

import ssl
from pathlib import Path
from urllib.parse import urlsplit

from schemas.times import MINUTE_MS
from sinks.clock import now_ms
from sinks.hosts import is_here
from streams.bank.embedded import EmbeddedBank
from streams.bank.http import HttpBank
from streams.bank.tools import Patience
from streams.broker.paths import default_home
from streams.security import secret_of
from streams.settings import Settings, SettingsError


def file_of(settings: Settings) -> Path:
    """Of the embedded bank."""
    if settings.bank_file:
        return Path(settings.bank_file).expanduser()
    return default_home().parent / "bank.sqlite"


def open_bank(settings: Settings) -> EmbeddedBank | HttpBank:
    """Close it in the end. Raises BadBank, SettingsError."""
    if not settings.bank_url:
        return EmbeddedBank(file_of(settings), now_ms)
    _check_url(settings.bank_url)
    patience = max(settings.bank_timeout_ms, settings.bank_write_timeout_ms) / 1000
    return HttpBank(
        settings.bank_url, secret_of(settings, "bank_token"), _tls(settings), patience_s=patience
    )


def patience_of(settings: Settings) -> Patience:
    """Of the tools."""
    stale_ms = settings.bank_stale_minutes * MINUTE_MS
    return Patience(settings.bank_timeout_ms, settings.bank_write_timeout_ms, stale_ms)


def _check_url(url: str) -> None:
    """What goes there is of customers, so nobody on the way may read it."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise SettingsError("setting bank_url: write https://HOST/...") from None
    fits = parts.scheme == "https" or (parts.scheme == "http" and is_here(host))
    if not host or not fits or parts.username or parts.query or parts.fragment:
        raise SettingsError(
            "setting bank_url: write https://HOST/... (http only for this machine), without a"
            " password; that is bank_token"
        )


def _tls(settings: Settings) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=settings.bank_ca_file or None)
    except OSError as error:
        reason = error.strerror or error
        raise SettingsError(
            f"setting bank_ca_file: {settings.bank_ca_file} is no PEM that fits ({reason})"
        ) from None

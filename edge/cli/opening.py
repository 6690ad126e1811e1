"""What every command that opens the vault shares: where it is, who asks, and the passphrase.

A passphrase is typed, or read from a file or from standard input; never an argument or a variable
of the environment, which other programs can see.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from edge.errors import CannotWrite, Unfit, WeakPassphrase
from edge.settings import HOME, Home, Host

if TYPE_CHECKING:
    from edge.consult import Gateway
    from edge.vault import Vault

F = TypeVar("F", bound=Callable[..., Any])
_MOST = 1000
"""Characters of a passphrase."""

_STEADY: int = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Goes on while the machine sleeps, so that a vault left open is locked when it wakes."""

HOST = Host(
    now_ms=lambda: time.time_ns() // 1_000_000,
    steady_ms=lambda: time.clock_gettime_ns(_STEADY) // 1_000_000,
    random=os.urandom,
)
"""This machine's own clocks and chance."""


class Access(NamedTuple):
    """Where the vault is, and who asks; the passphrase is read when it is needed."""

    home: Home
    user: str
    file: Path | None

    def passphrase(self, prompt: str = "passphrase · 密码", *, twice: bool = False) -> str:
        """From the file, from the next line of standard input if it is no terminal, or typed."""
        return read_passphrase(self.file, prompt, twice=twice)

    def open(self, *, reader: bool = False) -> Vault:
        """Unlocked. Raises EdgeError."""
        from edge.vault import Vault

        # Before anybody types: whether there is one, and nobody else writes.
        vault = Vault(self.home, HOST, reader=reader)
        try:
            vault.named(self.user)
            vault.unlock(self.passphrase(), self.user)
        except BaseException:
            vault.close()
            raise
        return vault


class Place(NamedTuple):
    """Where a question may be asked outside, as the options say it."""

    address: str
    token_file: Path | None
    ca_file: Path | None

    def gateway(self, home: Home) -> Gateway | None:
        """None: nowhere. Raises Unfit: no question may be sent there."""
        from edge.address import is_fit
        from edge.consult import Gateway

        if not self.address:
            return None
        if not is_fit(self.address):
            raise Unfit(
                "网关地址须为 https://主机，或本机的 http://127.0.0.1:端口",
                "a gateway is https://HOST, or http://127.0.0.1:PORT of this machine",
            )
        # The child that asks stands in another folder.
        token = (self.token_file or home.folder / "gateway.token").absolute()
        return Gateway(self.address, token, self.ca_file.absolute() if self.ca_file else None)


def access(command: F) -> F:
    """`--home`, `--user` and `--passphrase-file`; the command gets them as `access`."""

    def run(home: Path | None, user: str, passphrase_file: Path | None, **others: Any) -> Any:
        return command(access=Access(Home.of(os.environ, home), user, passphrase_file), **others)

    wrapped: Any = click.option(
        "--passphrase-file",
        metavar="FILE",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Its first line; without it the passphrase is asked for, or read from standard input.",
    )(_put_on(command, run))
    wrapped = click.option("--user", default="", help="Who opens it, if there are several.")(
        wrapped
    )
    made: F = home_option(wrapped)
    return made


def home_option(command: F) -> F:
    """`--home`."""
    return click.option(
        "--home",
        metavar="FOLDER",
        type=click.Path(file_okay=False, path_type=Path),
        help=f"The device folder ({HOME}), else ~/.groundswell/edge.",
    )(command)


def gateway_options(command: F) -> F:
    """`--gateway`, `--token-file` and `--ca-file`; the command gets them as `place`."""

    def run(
        gateway: str | None, token_file: Path | None, ca_file: Path | None, **others: Any
    ) -> Any:
        return command(place=Place(gateway or "", token_file, ca_file), **others)

    file = click.Path(dir_okay=False, path_type=Path)
    wrapped = click.option(
        "--ca-file",
        metavar="FILE",
        type=file,
        help="Who vouches for the gateway, if not whom the system trusts.",
    )(_put_on(command, run))
    wrapped = click.option(
        "--token-file",
        metavar="FILE",
        type=file,
        help="Its token; else gateway.token in the device folder.",
    )(wrapped)
    made: F = click.option(
        "--gateway",
        metavar="URL",
        envvar="GROUNDSWELL_EDGE_GATEWAY",
        help="Where to ask: https://... (GROUNDSWELL_EDGE_GATEWAY).",
    )(wrapped)
    return made


def _put_on(command: F, run: Callable[..., Any]) -> Any:
    """`run` in the command's stead: with its name, its help and the options put on below."""
    run.__name__, run.__doc__ = command.__name__, command.__doc__
    run.__click_params__ = getattr(command, "__click_params__", [])  # type: ignore[attr-defined]
    return run


def read_passphrase(file: Path | None, prompt: str, *, twice: bool = False) -> str:
    """From the file, the next line of standard input, or typed unseen. Raises EdgeError."""
    if file is not None:
        try:
            with file.open(encoding="utf-8") as opened:
                line = opened.readline(_MOST)
        except OSError as error:
            raise CannotWrite(f"{file}: {error.strerror}") from None
        except UnicodeDecodeError:
            raise WeakPassphrase(f"{file}: no text in UTF-8") from None
    elif sys.stdin.isatty():
        return str(click.prompt(prompt, hide_input=True, confirmation_prompt=twice, err=True))
    else:
        line = sys.stdin.readline(_MOST)
    passphrase = line.rstrip("\r\n")
    if not passphrase:
        raise WeakPassphrase("no passphrase was given: type it, or name --passphrase-file")
    return passphrase

"""`groundswell-edge vault`: the encrypted store itself."""

from __future__ import annotations

import os
from pathlib import Path

import click

from edge.cli.opening import HOST, Access, access, home_option, read_passphrase

new_passphrase = click.option(
    "--new-passphrase-file",
    "new_file",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The new one, likewise; on standard input it is the line after the old one.",
)


@click.group()
def vault() -> None:
    """Create, check, share, back up and restore the encrypted records.

    Nobody can open it without a passphrase: if all are forgotten, the records are lost. Passphrases
    are typed, or read from a file or standard input, never given as an argument.
    """


@vault.command()
@access
def create(access: Access) -> None:
    """Make a vault; the first user is --user, else `doctor`."""
    from edge.errors import VaultExists
    from edge.vault import Vault

    if access.home.vault.exists():
        raise VaultExists(f"{access.home.folder} has a vault already")
    typed = access.passphrase("new passphrase · 新密码", twice=True)
    user = access.user or "doctor"
    with Vault.create(access.home, user, typed, HOST) as made:
        click.echo(f"created {made.home.vault}, user {user}")


@vault.command()
@home_option
def status(home: Path | None) -> None:
    """Where it is, who can open it, how large it is; needs no passphrase."""
    from edge.settings import Home
    from edge.vault.tries import waiting
    from edge.vault.vault import read_keys

    place = Home.of(os.environ, home)
    names = read_keys(place).names
    click.echo(f"folder  {place.folder}")
    click.echo(f"users   {', '.join(names)}")
    click.echo(
        f"size    {place.vault.stat().st_size / 1e6:.1f} MB"
        if place.vault.exists()
        else "size    no vault.db: restore a backup"
    )
    for user, seconds in waiting(place.tries, HOST.now_ms()).items():
        click.echo(f"wait    {seconds} s, {user or 'other names'}: after wrong passphrases")


@vault.command(name="unlock-test")
@access
def unlock_test(access: Access) -> None:
    """Whether the passphrase opens it; nothing is shown but counts."""
    with access.open(reader=True) as opened:
        click.echo(f"opened by {opened.user}: {opened.patients.count()} patients")


@vault.command()
@access
@new_passphrase
def passphrase(access: Access, new_file: Path | None) -> None:
    """Change the passphrase of a user. Backups made before keep the old one."""
    from edge.vault import Vault

    opened = Vault(access.home, HOST)
    try:
        opened.named(access.user)
        old = access.passphrase("old passphrase · 旧密码")
        opened.unlock(old, access.user)
        new = read_passphrase(new_file, "new passphrase · 新密码", twice=True)
        opened.change_passphrase(old, new)
        click.echo(f"changed for {opened.user}")
    finally:
        opened.close()


@vault.group()
def users() -> None:
    """Who can open the vault, each by an own passphrase."""


@users.command(name="list")
@home_option
def list_users(home: Path | None) -> None:
    """Print the names; needs no passphrase."""
    from edge.settings import Home
    from edge.vault.vault import read_keys

    for name in read_keys(Home.of(os.environ, home)).names:
        click.echo(name)


@users.command()
@click.argument("name")
@access
@new_passphrase
def add(access: Access, name: str, new_file: Path | None) -> None:
    """Add a user; whoever is here gives their own passphrase first."""
    from edge.vault import Vault

    opened = Vault(access.home, HOST)
    try:
        opened.named(access.user)
        mine = access.passphrase("your passphrase · 您的密码")
        opened.unlock(mine, access.user)
        new = read_passphrase(new_file, f"passphrase of {name} · {name} 的密码", twice=True)
        opened.add_user(name, new, mine)
        click.echo(f"added {name}")
    finally:
        opened.close()


@users.command()
@click.argument("name")
@access
def remove(access: Access, name: str) -> None:
    """Remove a user, but not the last one. Backups made before still open for them."""
    with access.open() as opened:
        opened.remove_user(name)
        click.echo(f"removed {name}")


@vault.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@access
def backup(access: Access, file: Path) -> None:
    """Write everything into one encrypted FILE, best on another disk.

    It opens with the passphrases of now, also after these have been changed.
    """
    with access.open() as opened:
        size = opened.backup(file)
    click.echo(f"{file}: {size / 1e6:.1f} MB")


@vault.command()
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@access
@click.option("--replace", is_flag=True, help="Let it take the place of the vault that is there.")
def restore(access: Access, file: Path, replace: bool) -> None:
    """Verify a backup and make it the vault, with the users and passphrases of then."""
    from edge.errors import VaultExists
    from edge.vault import restore as bring_back

    if access.home.vault.exists() and not replace:
        raise VaultExists(f"{access.home.folder} has a vault already: --replace lets it go")
    typed = access.passphrase("passphrase of then · 备份时的密码")
    user = bring_back(access.home, file, typed, HOST, access.user)
    click.echo(f"restored {access.home.vault}, opened by {user}")


@vault.command()
@access
@click.option("--verify", is_flag=True, help="Only whether nothing was removed or changed.")
@click.option("--after", default=0, help="Entries behind this number.")
def audit(access: Access, verify: bool, after: int) -> None:
    """Who did what, by ids. Exit code 1 if an entry was removed, changed, reordered or cut off.

    The head may be noted elsewhere: no one can make another audit that ends with it.
    """
    from datetime import UTC, datetime

    with access.open(reader=True) as opened:
        verdict = opened.audit.verify()
        entries = [] if verify else opened.audit.list(after)
    for entry in entries:
        when = datetime.fromtimestamp(entry.time_ms / 1000, UTC).isoformat(timespec="seconds")
        click.echo(f"{entry.number}  {when}  {entry.user}  {entry.action}  {' '.join(entry.ids)}")
    told = f"{verdict.head.count} entries, head {verdict.head.mac.hex()[:16]}"
    if verdict.fault is not None:
        click.echo(f"{told}: NOT as written from entry {verdict.fault} on", err=True)
        raise click.exceptions.Exit(1)
    click.echo(f"{told}: as written")

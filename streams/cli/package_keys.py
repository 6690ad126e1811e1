"""`groundswell edge keys`: who may sign packages, and which devices there are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from streams.cli.package_options import (
    Passphrases,
    desk,
    keys_option,
    now,
    repository_option,
)

if TYPE_CHECKING:
    from tuf.api.metadata import Metadata

    from streams.edge.ceremony import Quorum

_QUORUM = {"metavar": "M/N", "show_default": True}


@click.group()
def keys() -> None:
    """Make, show and replace the keys of packages; enrol devices.

    Four roles: people sign the list of all keys (root) and every release (targets), each at least
    two of three; what is out now (snapshot, timestamp) is signed by keys that stay with the
    publisher. Carry the keys of people away to their holders: only files that are here sign.
    """


@keys.command()
@click.option("--root", default="2/3", help="Signatures, of so many keys.", **_QUORUM)  # type: ignore[arg-type]
@click.option("--targets", default="2/3", help="Likewise, for a release.", **_QUORUM)  # type: ignore[arg-type]
@repository_option
@keys_option
def init(root: str, targets: str, place: Path, keys: Path, passphrases: tuple[Path, ...]) -> None:
    """Make all keys and the first root metadata, which every device is given."""
    from streams.edge.ceremony import QUORUMS, begin, make_keys
    from streams.edge.errors import Taken
    from streams.edge.keys import KeyFolder
    from streams.edge.repository import Repository

    quorums = {**QUORUMS, "root": _quorum(root), "targets": _quorum(targets)}
    repository, folder = Repository(place), KeyFolder(keys)
    with repository.alone():
        if repository.versions("root"):
            raise Taken(f"{place} has its keys already: groundswell edge keys show")
        words = Passphrases(passphrases)
        make_keys(folder, quorums, words.choose)
        begin(folder, desk(repository, folder, words.ask, root=True), quorums)
    for one in folder.records():
        click.echo(f"{one.name}  {folder.path(one.name)}")
    click.echo(f"root 1: {place}; carry the keys of root and targets to their holders")


@keys.command()
@repository_option
@keys_option
def show(place: Path, keys: Path, passphrases: tuple[Path, ...]) -> None:  # noqa: ARG001
    """Print the keys: which count, how many must sign, whose files are here, and the devices."""
    from streams.edge.devices import read_register
    from streams.edge.keys import MASTER, ROLES, KeyFolder
    from streams.edge.repository import Repository

    folder = KeyFolder(keys)
    root = Repository(place).root().signed
    for role in ROLES:
        what = root.roles[role]
        click.echo(f"{role}: {what.threshold} of {len(what.keyids)}")
        for one in folder.records():
            if one.role == role:
                counts = "counts" if one.keyid in what.keyids else "replaced"
                here = "here" if folder.path(one.name).exists() else "with its holder"
                click.echo(f"  {one.name}  {one.keyid[:16]}  {counts}, {here}")
    here = "here" if folder.path(MASTER).exists() else "away"
    click.echo(f"{MASTER}: the secret of their keys is {here}")
    for each in read_register(folder.devices):
        click.echo(f"  {each.name}  group {each.group}, channel {each.channel}, since {each.since}")


@keys.command()
@click.argument("name")
@repository_option
@keys_option
def rotate(name: str, place: Path, keys: Path, passphrases: tuple[Path, ...]) -> None:
    """Put a new key in the place of NAME, such as targets-2, lost or not.

    A new root says so; holders of root keys sign it, then what the old key had signed is signed
    again. Devices learn of it with the next publish or refresh.
    """
    from streams.edge.ceremony import replace
    from streams.edge.keys import KeyFolder
    from streams.edge.repository import Repository

    repository, folder = Repository(place), KeyFolder(keys)
    with repository.alone():
        words = Passphrases(passphrases)
        made = desk(repository, folder, words.ask, root=True)
        replace(folder, made, name, words.choose)
        made.finish()
    click.echo(f"root {repository.root().signed.version}: {name} is replaced")
    click.echo("now run: groundswell edge refresh")


@keys.command()
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@click.option(
    "--key",
    "files",
    metavar="PEM",
    multiple=True,
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="Sign with this key; without it with all of the role that are in --keys.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@keys_option
def sign(
    file: Path, files: tuple[Path, ...], yes: bool, keys: Path, passphrases: tuple[Path, ...]
) -> None:
    """Add a signature to FILE, which waits for it, on the machine of a second holder.

    It says what is signed, and asks. Bring FILE back, and run the command again that said so.
    """
    from streams.edge.errors import WrongPassphrase
    from streams.edge.keys import KeyFolder, open_key
    from streams.edge.repository import read_metadata
    from streams.edge.signing import countersign

    metadata = read_metadata(file)
    _show(metadata)
    ask, folder = Passphrases(passphrases).ask, KeyFolder(keys)
    paths = files or [folder.path(name) for name in folder.here(metadata.signed.type)]
    if not yes:
        click.confirm("sign this?", abort=True, err=True)
    opened = [open_key(path, ask(path.stem)) for path in paths]
    signers = [one for one in opened if one is not None]
    if not signers:
        raise WrongPassphrase("the passphrase opens none of the keys")
    added = countersign(file, metadata, signers)
    click.echo(f"{file}: {added} signatures added, {len(metadata.signatures)} now")


@keys.command()
@click.argument("name")
@click.option("--group", required=True, help="Of devices that get a release together.")
@click.option("--channel", default="stable", show_default=True)
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write its device.json here (default: a folder NAME in this one).",
)
@repository_option
@keys_option
def device(
    name: str,
    group: str,
    channel: str,
    out: Path | None,
    place: Path,
    keys: Path,
    passphrases: tuple[Path, ...],
) -> None:
    """Enrol a device: put the device.json that this writes into its folder, and nowhere else.

    It holds the root to trust, and a secret of the device. The register here names devices only;
    nothing ever comes back from one.
    """
    from streams.edge.devices import Enrolled, enrol
    from streams.edge.keys import KeyFolder
    from streams.edge.packing import check_name
    from streams.edge.repository import Repository

    for what, word in (("device", name), ("group", group), ("channel", channel)):
        check_name(word, what)
    repository, folder = Repository(place), KeyFolder(keys)
    with repository.alone():
        root = repository.root().to_bytes()
        one = Enrolled(name, group, channel, now().date().isoformat())
        master = folder.master(Passphrases(passphrases).ask)
        path = enrol(folder.devices, one, root, master, out or Path(name))
    click.echo(f"{path}: put it into the device's folder")


def _quorum(word: str) -> Quorum:
    from streams.edge.ceremony import Quorum

    least, slash, most = word.partition("/")
    if not (slash and least.isdigit() and most.isdigit() and 1 <= int(least) <= int(most) <= 9):
        raise click.UsageError(f"{word!r}: write 2/3 for two signatures of three keys")
    return Quorum(int(least), int(most))


def _show(metadata: Metadata[Any]) -> None:
    from tuf.api.metadata import Root, Targets

    signed = metadata.signed
    click.echo(f"{signed.type} {signed.version}, holds until {signed.expires:%Y-%m-%d}", err=True)
    if isinstance(signed, Root):
        for role, what in signed.roles.items():
            names = ", ".join(sorted(keyid[:16] for keyid in what.keyids))
            click.echo(_plain(f"  {role}: {what.threshold} of {names}"), err=True)
    if isinstance(signed, Targets):
        for name, target in signed.targets.items():
            if name.endswith("/manifest.json"):
                click.echo(_plain(f"  {name}: SHA-256 {target.hashes.get('sha256')}"), err=True)
        click.echo(f"  and {len(signed.targets)} targets in all", err=True)


def _plain(line: str) -> str:
    """Without what a terminal obeys: the file came from another machine."""
    return "".join(c for c in line if c.isprintable())

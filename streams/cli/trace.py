"""`groundswell edge trace`: whose copy a leaked model is."""

from __future__ import annotations

from pathlib import Path

import click

from streams.cli.package_options import Passphrases, keys_option
from streams.errors import OperatorError

_NOBODY = 3


class Unreadable(OperatorError):
    """Give another file: the message says which and why."""

    exit_code = 2


@click.command()
@click.argument("model", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@click.option(
    "--pristine",
    "published",
    metavar="FILE",
    multiple=True,
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="The model as it was published; again for each version. Default: the bundled pack's.",
)
@click.option("--blind", is_flag=True, help="Compare with no published model: tells far less.")
@click.option(
    "--register",
    metavar="FILE",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="Devices to think of (default: devices.json of --keys).",
)
@keys_option
def trace(
    model: Path,
    published: tuple[Path, ...],
    blind: bool,
    register: Path | None,
    keys: Path,
    passphrases: tuple[Path, ...],
) -> None:
    """Name the device that MODEL, a leaked .onnx file, comes from, or nobody.

    Every device marks its models with a key of its own. Noise, pruning and another scale leave
    the mark; a mixture of two devices' files names both. Says how probable it is that a file that
    comes from none of them would be named at all. Ends with 0 if a device is named, 3 if nobody is,
    2 if MODEL cannot be compared.
    """
    from agents.models.errors import BadModel
    from agents.records.pack import BUNDLED
    from streams.edge.devices import device_key, read_register
    from streams.edge.keys import KeyFolder
    from streams.edge.trace import CERTAIN, Suspect
    from streams.edge.trace import trace as traced

    if blind and published:
        raise click.UsageError("--blind compares with no --pristine model")
    folder = KeyFolder(keys)
    devices = read_register(register or folder.devices)
    if not devices:
        raise Unreadable(f"{register or folder.devices}: no devices are enrolled")
    master = folder.master(Passphrases(passphrases).ask)
    before = [path.read_bytes() for path in published]
    if not before and not blind:
        models = sorted(one.name for one in BUNDLED.iterdir() if one.name.endswith(".onnx"))
        before = [(BUNDLED / name).read_bytes() for name in models]
    try:
        found = traced(
            model.read_bytes(),
            before,
            {one.name: device_key(master, one.name) for one in devices},
        )
    except BadModel as error:
        raise Unreadable(f"{model}: {error}") from None

    def say(one: Suspect) -> str:
        match = one.match
        return f"{match.agreed:,} of {match.compared:,} marks agree (z {match.z:.1f})"

    for one in found.named:
        click.echo(f"{one.device}: {say(one)}; by chance below 10^{one.log10:.0f}")
    if not found.named:
        near = f"; nearest {found.best.device}: {say(found.best)}" if found.best else ""
        click.echo(f"nobody of {len(devices)} devices{near}")
        raise SystemExit(_NOBODY)
    if len(found.named) > 1:
        click.echo(f"{len(found.named)} devices: their files were mixed")
    click.echo(f"a device is named when chance is below {CERTAIN:g} for all {found.compared} tried")

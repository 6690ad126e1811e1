"""`make models`: `python -m streams.training [--data FOLDER] [--out FOLDER] [MODEL ...]`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from agents.models.card import Card
from streams.errors import OperatorError

_OUT = Path("agents/models/data")
_PACK = Path("agents/records/data")
_Makers = Mapping[str, Callable[..., Card]]
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@click.command()
@click.argument("names", nargs=-1, metavar="[MODEL]...")
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    envvar="GROUNDSWELL_DATA",
    metavar="FOLDER",
    help="Where chnsenticorp/, reviews/, banking77/ and clinc150/ lie (GROUNDSWELL_DATA).",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Where to write (default: where the application reads each).",
)
def main(names: tuple[str, ...], data: Path | None, out: Path | None) -> None:
    """Train the small text models and write each as ONNX with its card; all, or those named.

    The same data gives the same bytes, but for `tags`, which is as good anew. Takes some
    minutes, `tags` half an hour.
    """
    # The order of additions, and with it the last bits, must not depend on the machine's cores.
    for name in _ONE_THREAD:
        os.environ[name] = "1"
    try:
        known, own = _makers()
    except ImportError as error:
        raise _missing(error) from None
    if unknown := sorted(set(names) - known.keys() - own.keys()):
        raise click.ClickException(f"no model {unknown[0]}; there are {', '.join([*known, *own])}")
    chosen = names or (*known, *own)
    if data is None and known.keys() & set(chosen):
        raise click.ClickException("set GROUNDSWELL_DATA to the folder of labelled data")
    today = datetime.now(UTC).date().isoformat()
    for name in chosen:
        folder = out or (_PACK if name in own else _OUT)
        try:
            if name in own:
                card = own[name](folder, today=today)
            else:
                card = known[name](data, folder, today=today)
        except OperatorError as error:
            raise click.ClickException(str(error)) from None
        except ImportError as error:
            raise _missing(error) from None
        size = (folder / card.file).stat().st_size
        click.echo(f"{name}: {size:,} bytes")
        for one in card.figures:
            goal = f" (goal {one.goal:.2f})" if one.goal else ""
            click.echo(f"  {one.measure} {one.value:.3f}{goal} on {one.data}")


def _missing(error: ImportError) -> click.ClickException:
    return click.ClickException(f"{error.name} is missing: pip install 'groundswell[train]'")


def _makers() -> tuple[_Makers, _Makers]:
    """Of models of others' data, which lies in a folder, and of those whose texts are our own."""
    from streams.encoders import default_folder, fetch_encoders, open_encoders
    from streams.training import encoded, intents, lines, sentiment, tags_texts

    def second(plan: intents.Plan, data: Path, folder: Path, *, today: str) -> Card:
        fetch_encoders(default_folder(), click.echo)
        encoder = open_encoders(str(default_folder()))[plan.lang]
        return encoded.make(plan, encoder, data, folder, today=today)

    def fine_tuned(folder: Path, *, today: str) -> Card:
        # JAX watches every fork of a process that has imported it.
        from streams.training import tags

        fetch_encoders(default_folder(), click.echo)
        return tags.make(default_folder() / "zh", folder, today=today)

    known: _Makers = (
        {plan.name: partial(sentiment.make, plan) for plan in sentiment.PLANS}
        | {plan.name: partial(intents.make, plan) for plan in intents.PLANS}
        | {encoded.name_of(plan): partial(second, plan) for plan in intents.PLANS}
    )
    own: _Makers = {
        lines.NAME: lines.make,
        tags_texts.NAME: fine_tuned,
    }
    return known, own


if __name__ == "__main__":
    sys.exit(main())

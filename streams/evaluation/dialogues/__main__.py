"""`python -m streams.evaluation.dialogues`: plays scripts and shows what was said.

For those who mend the assistant: of held-out scripts only names and causes are shown.
"""

from pathlib import Path

import click

from streams.evaluation.dialogues.loading import scripts
from streams.evaluation.dialogues.running import Judged, run
from streams.evaluation.dialogues.staff import production


@click.command()
@click.argument("parts", nargs=-1)
@click.option("--seed", type=int, help="Shuffle timing and faults; without it all is quiet.")
@click.option("--data", type=click.Path(path_type=Path), help="Scripts of your own.")
@click.option("--all", "shows_all", is_flag=True, help="Also the dialogues that passed.")
@click.option("--held-out", is_flag=True, help="Transcripts of the held-out half too.")
def main(
    parts: tuple[str, ...], seed: int | None, data: Path | None, shows_all: bool, held_out: bool
) -> None:
    """Play the scripts whose names hold one of PARTS, or all; show the failed ones."""
    played = [one for one in scripts(data) if not parts or any(p in one.name for p in parts)]

    def show(judged: Judged) -> None:
        if not (judged.failures or shows_all):
            return
        if judged.script.held_out and not held_out:
            causes = ", ".join(sorted({failure.cause for failure in judged.failures}))
            click.echo(f"{judged.script.name} (held out): {causes or 'passed'}\n")
            return
        click.echo("\n".join(judged.lines()) + "\n")

    judged = run(played, production(), seed, show)
    passed = sum(not one.failures for one in judged)
    wrong = sum(one.wrong_writes for one in judged)
    click.echo(f"{passed} of {len(judged)} passed, {wrong} wrong writes")


if __name__ == "__main__":
    main()

"""`python -m streams` is `groundswell`."""

from streams.cli import main

main(prog_name="groundswell")

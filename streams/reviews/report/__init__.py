"""The morning after: one page, and a summary for the terminal."""

from pathlib import Path

from rich.console import Console

from agents.reviews.attributes.taxonomy import Taxonomy
from sinks.files import save
from sinks.reviews.options import FILE
from streams.reviews.config import ReviewsConfig
from streams.reviews.report.facts import facts_of
from streams.reviews.report.page import page
from streams.reviews.report.terminal import tell
from streams.reviews.rules import read_rules

__all__ = ["page_of", "sum_up", "write_page"]


def page_of(config: ReviewsConfig, date: str) -> Path:
    """Where the page of a night is, once it was run."""
    return config.out / "reports" / f"{date}.html"


def write_page(config: ReviewsConfig, date: str) -> Path:
    """Write it from the tables. Raises SinkError."""
    taxonomy = _taxonomy(config)
    facts = facts_of(_file(config), date)
    path = page_of(config, date)
    path.parent.mkdir(parents=True, exist_ok=True)
    save(path, [page(facts, taxonomy.name).encode()])
    return path


def sum_up(config: ReviewsConfig, date: str, console: Console) -> None:
    """Print it in short. Raises SinkError."""
    tell(facts_of(_file(config), date), console, _taxonomy(config).name)


def _file(config: ReviewsConfig) -> Path:
    return Path(config.outputs.folder) / FILE


def _taxonomy(config: ReviewsConfig) -> Taxonomy:
    return read_rules(config.rules).taxonomy

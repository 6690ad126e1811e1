"""`groundswell knowledge`: the assistant's articles."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

if TYPE_CHECKING:
    from datetime import date

    from agents.assistant.knowledge.article import Article, Finding

_HAN = re.compile("[\u3400-\u9fff]")
_DAY = click.DateTime(["%Y-%m-%d"])
_folder = click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
_dir = click.option(
    "--dir",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The bank's own articles; without it those that come with Groundswell.",
)
_today = click.option("--today", type=_DAY, help="Another day than today.")


@click.group()
def knowledge() -> None:
    """Check, search and list the articles that the assistant quotes.

    An article is a Markdown file with front matter; docs/knowledge.md says how to write one.
    """


@knowledge.command()
@_folder
@click.option("--online", is_flag=True, help="Also ask the http(s) links of the articles.")
@_today
def check(folder: Path | None, online: bool, today: datetime | None) -> None:
    """Find what is wrong with the articles in DIR (without it: our own).

    Wrong or missing front matter, ids and days that collide, figures that differ between the
    languages, facts with two values, what expires within 30 days, dead links, text that looks like
    instructions to a model. One line a finding; the exit code is 1 if there is one.
    """
    import asyncio

    from agents.assistant.knowledge.check import online_links
    from agents.assistant.knowledge.markdown import shown
    from streams.knowledge.online import ask

    articles, findings = _checked(folder, _day(today))
    if online:
        findings = sorted({*findings, *asyncio.run(ask(online_links(articles)))})
    for one in findings:
        # A name or a link may hold what a terminal obeys.
        click.echo(shown(str(one)))
    if findings:
        raise SystemExit(1)
    click.echo(f"{len(articles)} articles, nothing wrong")


@knowledge.command()
@click.argument("question")
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), help="Of the session; else that of the question."
)
@click.option("--intent", default="", metavar="NAME", help="What was understood (intents.toml).")
@click.option("--most", default=3, type=click.IntRange(1, 20), help="Passages (default 3).")
@_dir
@_today
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def search(
    question: str,
    lang: Literal["zh", "en"] | None,
    intent: str,
    most: int,
    folder: Path | None,
    today: datetime | None,
    as_json: bool,
) -> None:
    """Print what the articles say to QUESTION; exit code 1 if nothing fits.

    \b
    groundswell knowledge search "how do I unfreeze my card"
    """
    import msgspec

    from agents.assistant.knowledge import Library

    day = _day(today)
    library = Library(_checked(folder, day)[0]) if folder else Library.load()
    spoken: Literal["zh", "en"] = lang or ("zh" if _HAN.search(question) else "en")
    found = library.search(question, spoken, day, intent, most)
    for one in found:
        if as_json:
            click.echo(msgspec.json.encode(one._asdict()))
            continue
        sure = "sure" if one.sure else "perhaps"
        click.echo(f"{one.score:.2f} {sure:7} {one.id}  {one.title}\n  {one.quote}")
        if one.link:
            click.echo(f"  {one.link}")
    if not found:
        click.echo("nothing fits", err=True)
        raise SystemExit(1)


@knowledge.command(name="list")
@_dir
@_today
def list_articles(folder: Path | None, today: datetime | None) -> None:
    """Print the articles: id, language, whether it holds today, intents, title."""
    day = _day(today)
    articles, _ = _checked(folder, day)
    for one in sorted(articles, key=lambda a: (a.head.id, a.head.lang, a.head.valid_from)):
        about = ",".join(one.head.intents)
        line = f"{one.head.id}  {one.head.lang}  {_holds(one, day)}  {about}  {one.head.title}"
        click.echo("".join(c for c in line if c.isprintable()))


def _holds(article: Article, day: date) -> str:
    if day < article.head.valid_from:
        return f"from {article.head.valid_from}"
    if article.head.valid_to is None:
        return "valid"
    return f"{'expired' if day > article.head.valid_to else 'until'} {article.head.valid_to}"


def _day(given: datetime | None) -> date:
    return (given or datetime.now()).date()


def _checked(folder: Path | None, day: date) -> tuple[list[Article], list[Finding]]:
    from agents.assistant.knowledge.check import check as checked
    from agents.assistant.knowledge.library import shipped
    from streams.knowledge.folder import read_folder

    if folder is None:
        return checked(dict(shipped()), day)
    read = read_folder(folder)
    articles, findings = checked(read.texts, day, read.links, read.others)
    return articles, sorted([*read.findings, *findings])

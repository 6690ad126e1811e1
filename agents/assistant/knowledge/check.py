"""What is wrong with the articles of a bank: each alone, and all of them together."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from agents.assistant.knowledge.article import Article, Finding
from agents.assistant.knowledge.figures import figures
from agents.assistant.knowledge.hostile import suspicions
from agents.assistant.knowledge.library import intents
from agents.assistant.knowledge.markdown import parse

SOON = timedelta(days=30)
_ONLINE = re.compile(r"https?://", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_HAN = re.compile("[\u3400-\u9fff]")
_LETTER = re.compile("[A-Za-z]")


@cache
def deep_links() -> frozenset[str]:
    """Those of links.toml."""
    text = (files("agents.assistant") / "links.toml").read_text(encoding="utf-8")
    table: dict[str, dict[str, str]] = tomllib.loads(text)["pages"]
    return frozenset(one["link"] for one in table.values())


def check(
    texts: Mapping[str, str],
    today: date,
    links: frozenset[str] | None = None,
    others: frozenset[str] = frozenset(),
) -> tuple[list[Article], list[Finding]]:
    """The articles that can be used, and all findings, sorted.

    `texts`: by file name, with `/` between folders; `links`: the table of deep links; `others`:
    files beside the articles that they may link to.
    """
    articles: list[Article] = []
    found: list[Finding] = []
    for name, text in sorted(texts.items()):
        article, alone = parse(name, text)
        found += alone
        found += [Finding(name, n, what) for n, what in suspicions(text.splitlines())]
        if article:
            articles.append(article)
    allowed = deep_links() if links is None else links
    there = others | frozenset(texts)
    for article in articles:
        found += _finding(article, _of_one(article, allowed, there))
    found += _versions(articles, today)
    found += _languages(articles)
    found += _facts(articles)
    found += _related(articles)
    return articles, sorted(set(found))


def online_links(articles: Iterable[Article]) -> dict[str, Finding]:
    """Addresses to ask, and the first place of each."""
    found: dict[str, Finding] = {}
    for article in articles:
        for line, link in (*article.links, (article.line("link"), article.head.link)):
            if _ONLINE.match(link):
                found.setdefault(link, Finding(article.file, line, link))
    return found


def _finding(article: Article, found: Iterable[tuple[int, str]]) -> Iterator[Finding]:
    for line, what in found:
        yield Finding(article.file, line, what)


def _of_one(
    article: Article, allowed: frozenset[str], there: frozenset[str]
) -> Iterator[tuple[int, str]]:
    head, line = article.head, article.line
    for name in head.intents:
        if name not in intents():
            yield line("intents"), f"there is no intent {name}"
    han, letters = len(_HAN.findall(article.text)), len(_LETTER.findall(article.text))
    # A Chinese character says as much as three letters.
    if (3 * han > letters) != (head.lang == "zh"):
        yield line("lang"), f"most of the text is not in {head.lang}"
    if head.link and not _known(head.link, article.file, allowed, there):
        yield line("link"), f"dead link: {head.link}"
    for at, link in article.links:
        if not _known(link, article.file, allowed, there):
            yield at, f"dead link: {link}"


def _known(link: str, file: str, allowed: frozenset[str], there: frozenset[str]) -> bool:
    if link in allowed or _ONLINE.match(link):
        return True
    if _SCHEME.match(link):
        return False
    path = link.partition("#")[0]
    return not path or _beside(file, path) in there


def _beside(file: str, path: str) -> str:
    """A path relative to a file; what leads out of the folder is nothing."""
    parts = file.split("/")[:-1]
    for part in path.split("/"):
        if part == ".." and not parts:
            return ""
        if part == "..":
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def _overlap(one: Article, other: Article) -> bool:
    a, b = one.head, other.head
    return a.valid_from <= (b.valid_to or date.max) and b.valid_from <= (a.valid_to or date.max)


def _versions(articles: Sequence[Article], today: date) -> Iterator[Finding]:
    """Of one id and language only one may hold on a day, and it should not end without another."""
    groups: dict[tuple[str, str], list[Article]] = defaultdict(list)
    for one in articles:
        groups[one.head.id, one.head.lang].append(one)
    for some in groups.values():
        for n, one in enumerate(some):
            for before in some[:n]:
                if _overlap(before, one):
                    said = f"id {one.head.id} is valid at the same time in {before.file}"
                    yield Finding(one.file, one.line("id"), said)
            end = one.head.valid_to
            if end and end <= today + SOON and not _continued(end, some):
                yield Finding(one.file, one.line("valid_to"), _ends(end, today))


def _continued(end: date, some: Sequence[Article]) -> bool:
    """Whether an article holds on the day after."""
    day = end + timedelta(days=1)
    return any(one.head.valid_from <= day <= (one.head.valid_to or date.max) for one in some)


def _ends(end: date, today: date) -> str:
    verb = "expired" if end < today else "expires"
    return f"{verb} on {end}, and no other version follows: renew or remove it"


def _pairs(articles: Sequence[Article]) -> Iterator[tuple[Article, Article]]:
    """The Chinese and the English article of an id that hold at the same time."""
    groups: dict[str, list[Article]] = defaultdict(list)
    for one in articles:
        groups[one.head.id].append(one)
    for some in groups.values():
        for zh in (one for one in some if one.head.lang == "zh"):
            for en in (one for one in some if one.head.lang == "en"):
                if _overlap(zh, en):
                    yield zh, en


def _languages(articles: Sequence[Article]) -> Iterator[Finding]:
    """Both languages must say the same figures, section by section."""
    for zh, en in _pairs(articles):
        sections = {one.anchor: one for one in en.sections}
        for name, a, b in (
            ("intents", zh.head.intents, en.head.intents),
            ("valid_to", zh.head.valid_to, en.head.valid_to),
            ("valid_from", zh.head.valid_from, en.head.valid_from),
        ):
            if a != b:
                yield Finding(zh.file, zh.line(name), f"{name} differs from {en.file}")
        for one in zh.sections:
            other = sections.pop(one.anchor, None)
            if other is None:
                yield Finding(zh.file, one.line, f"no section {{#{one.anchor}}} in {en.file}")
                continue
            ours = figures("\n".join((one.heading, *one.sentences)))
            theirs = figures("\n".join((other.heading, *other.sentences)))
            for form in ours.keys() - theirs.keys():
                said = f"{ours[form]} does not stand in {en.file}:{other.line}"
                yield Finding(zh.file, one.line, said)
            for form in theirs.keys() - ours.keys():
                said = f"{theirs[form]} does not stand in {zh.file}:{one.line}"
                yield Finding(en.file, other.line, said)
        for left in sections.values():
            yield Finding(en.file, left.line, f"no section {{#{left.anchor}}} in {zh.file}")


def _facts(articles: Sequence[Article]) -> Iterator[Finding]:
    """A fact has one value on a day, whoever tells it."""
    told: dict[str, list[Article]] = defaultdict(list)
    for one in articles:
        for name in one.head.facts:
            told[name].append(one)
    for name, some in told.items():
        for n, one in enumerate(some):
            for before in some[:n]:
                ours, theirs = one.head.facts[name], before.head.facts[name]
                if ours != theirs and _overlap(before, one):
                    place = f"{before.file}:{before.line(name, 'facts')}"
                    said = f"fact {name} is {ours}, but {theirs} in {place}"
                    yield Finding(one.file, one.line(name, "facts"), said)
                    break


def _related(articles: Sequence[Article]) -> Iterator[Finding]:
    known = {one.head.id for one in articles}
    for one in articles:
        for name in one.head.related:
            if name not in known:
                said = f"dead link: there is no article {name}"
                yield Finding(one.file, one.line("related"), said)

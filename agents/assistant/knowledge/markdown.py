"""Articles as they are written: front matter in TOML, then Markdown of which only text is left."""

import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from agents.assistant.knowledge.article import Article, Finding, Head, Section
from windows.texts import clean

MOST_BYTES = 64 * 1024
MOST_SECTIONS = 40
MOST_TITLE = 80
MOST_ASKED = 40
LONGEST_SENTENCE = 400
LONGEST_SECTION = 120
"""Words; a Chinese character counts as half of one."""

_FENCE = "+++"
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*(?:\{#([a-z0-9-]{1,40})\}\s*)?")
_ITEM = re.compile(r"\s{0,8}(?:[-*+]|\d{1,3}[.)])\s+")
_LINK = re.compile(r"(!?)\[([^\[\]]{0,300})\]\(([^()\s]{0,500})[^()]{0,100}\)")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_CODE = re.compile(r"^[ \t]*(```|~~~).*?(?:^[ \t]*\1[ \t]*$|\Z)", re.DOTALL | re.MULTILINE)
_TAG = re.compile(r"</?[A-Za-z!][^<>]{0,500}>")
_MARKS = re.compile(
    r"\*\*|__|~~|`|(?<![\w*])\*(?=\S)|(?<=\S)\*(?![\w*])|(?<!\w)_(?=\S)|(?<=\S)_(?!\w)"
)
_END = re.compile(r"(?<=[。！？])(?=[^”’」』）。！？])|(?<=[.!?])\s+(?=[A-Z0-9¥“\"'(])")
_HAN = re.compile("[\u3400-\u9fff]")
_WORD = re.compile(r"[A-Za-z0-9¥%.,:'’-]+")


def parse(file: str, text: str) -> tuple[Article | None, list[Finding]]:
    """The article, and what is wrong with it alone; None if it cannot be used at all.

    Hostile text is fine: nothing is raised, and what shows nothing or is markup is left out.
    """
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        return None, [Finding(file, 1, f"longer than {MOST_BYTES // 1024} kB: part it")]
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    if lines[0].strip() != _FENCE:
        return None, [Finding(file, 1, f"begin with front matter between lines of {_FENCE}")]
    ends = [n for n, line in enumerate(lines[1:], 1) if line.strip() == _FENCE]
    if not ends:
        return None, [Finding(file, 1, f"the front matter has no end: a line of {_FENCE}")]
    places = _places(lines[1 : ends[0]])
    head = _head(file, "\n".join(lines[1 : ends[0]]), places)
    if isinstance(head, Finding):
        return None, [head]
    body, first = _bare("\n".join(lines[ends[0] + 1 :])), ends[0] + 2
    found = [Finding(file, first + n, what) for n, what in _unfit(lines[ends[0] + 1 :])]
    links = tuple((first + n, m[3]) for n, line in enumerate(body) for m in _LINK.finditer(line))
    sections = tuple(_sections(body, first))
    article = Article(file, head, sections, links, places)
    found += [Finding(file, *one) for one in (*_of_head(article), *_of_sections(article))]
    return (article if sections else None), found


def shown(text: str) -> str:
    """The text without control, format and other characters that show nothing, in one line."""
    kept = "".join([c for c in text if c.isspace() or _seen(c)])
    return " ".join(kept.split())


@lru_cache(1 << 16)
def _seen(character: str) -> bool:
    return bool(clean(character))


def _places(lines: list[str]) -> dict[str, int]:
    """Keys of the front matter and their lines."""
    found: dict[str, int] = {}
    for n, line in enumerate(lines, 2):
        if key := re.match(r"\s*\[?\s*([A-Za-z0-9_-]+)\s*[\]=]", line):
            found.setdefault(key[1], n)
    return found


def _head(file: str, text: str, places: dict[str, int]) -> Head | Finding:
    try:
        return msgspec.convert(tomllib.loads(text), Head)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"at line (\d+)", str(error))
        return Finding(file, int(at[1]) + 1 if at else 1, f"front matter: {shown(str(error))}")
    except (msgspec.ValidationError, RecursionError) as error:
        said = shown(str(error))
        key = re.search(r"`\$\.(\w+)|field `(\w+)`", said)
        line = places.get(key[1] or key[2], 1) if key else 1
        return Finding(file, line, f"front matter: {said}")


def _bare(body: str) -> list[str]:
    """Lines without comments, code and tags; as many as before."""
    for pattern in (_CODE, _COMMENT):
        body = pattern.sub(lambda m: "\n" * m[0].count("\n"), body)
    return [_TAG.sub("", line) for line in body.split("\n")]


def _sections(lines: list[str], first: int) -> Iterator[Section]:
    """What stands before the first heading is a section without one."""
    anchor, heading, at = "intro", "", first
    parts: list[str] = []
    number = 0
    for n, line in enumerate([*lines, "## end"], first):
        if match := _HEADING.fullmatch(line.strip()):
            if sentences := tuple(_sentences(parts)):
                yield Section(anchor, heading, at, sentences)
            number += 1
            anchor, heading, at = match[3] or f"s{number}", _plain(match[2])[:MOST_TITLE], n
            parts = []
        elif number < MOST_SECTIONS:
            parts.append(line)


def _sentences(lines: list[str]) -> Iterator[str]:
    """An item of a list begins a new one, and so does an empty line."""
    block = ""
    for line in [*lines, ""]:
        item = _ITEM.match(line)
        if block and (item or not line.strip()):
            yield from _cut(block)
            block = ""
        text = _plain(line[item.end() :] if item else line)
        # Between Chinese characters a line break is no space.
        gap = "" if not block or not block[-1].isascii() else " "
        block = (block + gap + text).strip()


def _cut(block: str) -> Iterator[str]:
    for part in _END.split(block):
        if sentence := part.strip():
            yield sentence[:LONGEST_SENTENCE]


def _plain(text: str) -> str:
    """One line without Markdown."""
    text = _LINK.sub(lambda m: "" if m[1] else m[2], text.lstrip("> \t"))
    return shown(_MARKS.sub("", text).replace("|", " ").replace("<", "").replace(">", ""))


def _unfit(lines: list[str]) -> Iterator[tuple[int, str]]:
    for n, line in enumerate(lines):
        if _TAG.search(line) or "<!--" in line:
            yield n, "HTML is left out: write plain Markdown"
        if line.lstrip().startswith("|"):
            yield n, "tables are not shown well: write sentences or a list"
        if line.startswith("# "):
            yield n, "the title stands in the front matter: use ## for sections"


def _of_head(article: Article) -> Iterator[tuple[int, str]]:
    head, line = article.head, article.line
    if not _ID.fullmatch(head.id) or len(head.id) > 48:
        yield line("id"), "id: at most 48 lower-case letters and digits, parted by single dashes"
    if not shown(head.title) or len(head.title) > MOST_TITLE:
        yield line("title"), f"title: 1 to {MOST_TITLE} characters"
    if not head.intents:
        yield line("intents"), "intents: name at least one"
    if len(head.asked) > MOST_ASKED or any(len(one) > 200 for one in head.asked):
        yield line("asked"), f"asked: at most {MOST_ASKED} of at most 200 characters"
    if head.valid_to and head.valid_to < head.valid_from:
        yield line("valid_to"), "valid_to is before valid_from"
    said = article.text.replace(",", "")
    for name, value in head.facts.items():
        if str(value).replace(",", "") not in said:
            yield line(name, "facts"), f"fact {name} = {value} does not stand in the text"


def _of_sections(article: Article) -> Iterator[tuple[int, str]]:
    if not article.sections:
        yield 1, "there is no text: write sections that begin with ##"
    if len(article.sections) >= MOST_SECTIONS:
        yield article.sections[-1].line, f"only the first {MOST_SECTIONS} sections are used"
    seen: set[str] = set()
    for one in article.sections:
        words = sum(map(_words, one.sentences))
        if words > LONGEST_SECTION:
            yield one.line, f"section of {words} words: at most {LONGEST_SECTION} are read"
        if one.anchor in seen:
            yield one.line, f"the anchor {one.anchor} stands twice"
        seen.add(one.anchor)
        if any(len(sentence) >= LONGEST_SENTENCE for sentence in one.sentences):
            yield one.line, f"a sentence is cut at {LONGEST_SENTENCE} characters"


def _words(text: str) -> int:
    han = len(_HAN.findall(text))
    return len(_WORD.findall(text)) + -(-han // 2)

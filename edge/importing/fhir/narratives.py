"""Text within resources: XHTML of compositions, and documents that are attached as text."""

from __future__ import annotations

from html.parser import HTMLParser

from edge.importing import encodings, texts
from edge.importing.errors import Refused, Unsafe
from edge.importing.fhir.page import plain
from edge.importing.fhir.resources import Composition, CompositionSection, DocumentReference

_BLOCKS = frozenset({
    "address", "blockquote", "br", "caption", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4",
    "h5", "h6", "hr", "li", "ol", "p", "pre", "section", "table", "tbody", "thead", "tr", "ul",
})  # fmt: skip
_CELLS = frozenset({"td", "th"})
_UNSEEN = frozenset({"script", "style", "head", "title"})
_MOST_DEPTH = 10


class _Text(HTMLParser):
    """The words of XHTML, a line for each block and row."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._unseen += tag in _UNSEEN
        self._part(tag)

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(0, self._unseen - (tag in _UNSEEN))
        self._part(tag)

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(data.replace("\n", " "))

    def _part(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n")
        elif tag in _CELLS:
            self.parts.append(" ")


def of_xhtml(div: str) -> str:
    """Lines without blank ones."""
    reader = _Text()
    reader.feed(div)
    reader.close()
    lines = (plain(line) for line in "".join(reader.parts).split("\n"))
    return "\n".join(line for line in lines if line)


def of_composition(resource: Composition) -> str:
    """Its narrative and its sections', each under its title. Raises Unsafe."""
    lines = [of_xhtml(resource.text.div)]
    lines += [_section(one, 0) for one in resource.section]
    return "\n".join(line for line in lines if line)


def _section(section: CompositionSection, depth: int) -> str:
    if depth > _MOST_DEPTH:
        raise Unsafe("nesting")
    title, body = plain(section.title), of_xhtml(section.text.div)
    lines = [body, *(_section(one, depth + 1) for one in section.section)]
    told = "\n".join(line for line in lines if line)
    if not told:
        return ""
    return f"{title}：\n{told}" if title and not told.startswith(title) else told


def of_document(resource: DocumentReference) -> tuple[str, bool]:
    """The attached text, and whether all of what is attached was text. Raises Refused."""
    found, whole = [], True
    for content in resource.content:
        attached = content.attachment
        kind = attached.content_type.partition(";")[0].strip().lower()
        if kind != "text/plain" or not attached.data:
            whole = False
            continue
        try:
            found.append(texts.kept(encodings.decode(attached.data)))
        except Refused as refused:
            if refused.reason != "empty":
                raise
    return "\n".join(found), whole

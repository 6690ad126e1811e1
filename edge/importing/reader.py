"""The child process that parses what may be hostile: `python -m edge.importing.reader`.

On standard input a line with the format, then the file; on standard output an `Answer` in JSON.
It can use little time and memory, writes no file, starts no process and has no network, so that a
file that takes hold of a parser gets no further; it knows no key and no other document.
"""

from __future__ import annotations

import logging
import resource
import sys

import msgspec

from edge import dumps, guard
from edge.importing import encodings, table
from edge.importing.allowance import cpu_seconds
from edge.importing.answer import Answer
from edge.importing.errors import Broken, Refused, TooHeavy, Unsafe
from edge.importing.fhir import bundle
from edge.importing.imported import Reading
from schemas.records import Format

MEMORY = 768 << 20
"""Bytes of address space, of which Python with pypdf takes about a third."""
_OPEN_FILES = 32


def parse(content: bytes, form: Format) -> Reading:
    """Read one format, in this process. Raises Refused, and MemoryError."""
    try:
        match form:
            case "pdf":
                from edge.importing import pdf

                return pdf.read(content)
            case "docx":
                from edge.importing import word

                return word.read(content)
            case "csv":
                return table.read(encodings.decode(content))
            case "fhir":
                return bundle.read(content)
            case "text":
                return Reading(text=encodings.decode(content))
    except RecursionError:
        raise Unsafe("nesting") from None


def confine(size: int) -> None:
    """Limit this process for the rest of its life; `size`: bytes of its file."""
    for what, limit in (
        (resource.RLIMIT_CPU, cpu_seconds(size)),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
    ):
        most = resource.getrlimit(what)[1]
        resource.setrlimit(what, (limit, limit) if most < 0 else (min(limit, most),) * 2)
    guard.install()
    dumps.switch_off()
    # pypdf tells a log of what it cannot read, in the document's words.
    logging.disable(logging.CRITICAL)


def main() -> None:
    """Read standard input, answer, end."""
    form, _, content = sys.stdin.buffer.read().partition(b"\n")
    confine(len(content))
    try:
        answer = Answer(reading=parse(content, msgspec.convert(form.decode(), Format)))
    except Refused as refused:
        answer = Answer(refused=refused.reason)
    except MemoryError:
        answer = Answer(refused=TooHeavy("memory").reason)
    except Exception:
        # Nothing that a parser meets may be shown: an exception's text may be the document's.
        answer = Answer(refused=Broken("unreadable").reason)
    sys.stdout.buffer.write(msgspec.json.encode(answer))


if __name__ == "__main__":
    main()

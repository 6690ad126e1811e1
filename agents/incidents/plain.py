"""Words that somebody else wrote, as plain text: nothing to click, nothing that is rendered."""

import re

from agents.privacy import redact
from windows.texts import clean

_NAMED_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)?|<[^<>|]*\|([^<>]*)>")
_TAG = re.compile(r"</?[A-Za-z!?][^<>]*>?")
_LINK = re.compile(
    r"[a-z0-9+.\-]*:/{1,3}\S*|(?:java|vb)script:\S*"
    r"|(?<!\w)(?:data|mailto|tel|file):\S*"
    r"|(?<!\w)www\.\S*"
    r"|(?<![\w.-])(?:[a-z0-9-]+\.)+(?:[a-z]{2,24}[:/]\S*"
    r"|(?:com|net|org|io|co|cn|ru|info|biz|xyz|top|dev|app|site|online|link|me|ly|gg|cc)(?![\w.-]))"
    r"|(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?/\S*",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"[`*~|<>\[\]{}#\\]|(?<!\w)_+|_+(?!\w)|!(?=\[)")


def plain(text: str, most: int) -> str:
    """One line of `most` characters at most, without personal data, links, markup or what is
    invisible.
    """
    text = redact(clean(text[: 16 * most]))
    before = None
    # What is taken out may leave together what is to be taken out too.
    while before != text:
        before = text
        text = _NAMED_LINK.sub(lambda found: found[1] or found[2] or "", text)
        text = _MARKUP.sub("", _TAG.sub("", _LINK.sub("", text)))
    text = clean(text)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"

"""Words that somebody else wrote, as plain text: nothing to click, nothing that is rendered."""

import html
import re

from agents.privacy import redact
from windows.texts import clean

_NAMED_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)?|<[^<>|]*\|([^<>]*)>")
_TAG = re.compile(r"</?[A-Za-z!?][^<>]*>?")
_TOP = "com|net|org|io|co|cn|ru|info|biz|xyz|top|dev|app|site|online|link|me|ly|gg|cc"
_HAN = "\u3400-\u9fff"
# A link ends where ASCII does: Chinese goes on without a space.
_LINK = re.compile(
    r"[a-z0-9+.\-]*:/{1,3}[!-~]*|(?:java|vb)script:[!-~]*"
    r"|(?<!\w)(?:data|mailto|tel|file):[!-~]*"
    r"|(?<![a-z0-9_])www\.[!-~]*"
    r"|(?<![a-z0-9_.-])(?:[a-z0-9-]+[.。])+"
    rf"(?:[a-z]{{2,24}}[:/][!-~]*|(?:{_TOP})(?!\.?[a-z0-9_-]))"
    rf"|(?<=[{_HAN}])(?:[.。](?:{_TOP})(?![a-z0-9_-])|\.(?:中国|公司|网络|网址))(?:[:/][!-~]*)?"
    r"|(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?/[!-~]*",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"[`*~|<>\[\]{}#\\]|(?<!\w)_+|_+(?!\w)|!(?=\[)|@(?=\w)")


def plain(text: str, most: int) -> str:
    """One line of `most` characters at most, without personal data, links, mentions, markup or
    what is invisible.
    """
    text = redact(clean(text[: 4 * most]))
    before = None
    # What is taken out may leave together what is to be taken out too.
    while before != text:
        before = text
        while (told := html.unescape(text)) != text:
            text = told
        text = clean(text)
        text = _NAMED_LINK.sub(lambda found: found[1] or found[2] or "", text)
        text = _MARKUP.sub("", _TAG.sub("", _LINK.sub("", text)))
    text = clean(text)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"

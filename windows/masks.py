"""What varies in a log line, told by its looks alone: numbers, ids, hosts, paths, values."""

import re

WILDCARD = "<*>"

_MAX_LINE = 4_096
_MAX_TOKENS = 128
_MAX_TOKEN = 1_024
_CACHED_TOKENS = 65_536
_CACHED_TOKEN = 64

# Digits look alike, so that tokens which differ in nothing else share one cache entry.
_SHAPE = str.maketrans("123456789\0", "000000000 ")

# A mark without which there is no need to look, and the pattern; what one mask leaves of a token is
# offered to the next.
_KINDS = [
    (mark, re.compile(pattern))
    for mark, pattern in (
        # URL
        ("://", r"[A-Za-z][\w+.-]*+://[^\s\"'<>,;)\]}]+"),
        # Path from a root, then of parts of which the first or the last has a dot
        ("/", r"(?<![\w<>*)/.])\.{0,2}/[^\s\"'<>,;:()\[\]{}=|]+"),
        ("\\", r"(?<!\w)[A-Za-z]:\\[^\s\"'<>,;()\[\]{}=|]*"),
        ("/", r"(?<![\w./$-])[\w$-]++(?:\.[\w$-]++)++/[\w.$/-]++"),
        ("/", r"(?<![\w./$-])[\w$-]++(?:/[\w$-]++)*/\.?[\w$-]++(?:\.[\w$-]++)++"),
        # user@host, name@id
        ("@", r"(?<![\w.$+@-])[\w.$+-]++@[\w.-]+"),
        # What redaction puts for the private
        ("[", r"\[(?:email|phone|card|id)\]"),
        # IPv6 address, MAC address, UUID
        (
            ":",
            r"(?<![\w:.])(?=[A-Fa-f:]*\d)[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}+(?:\.\d+)*"
            r"(?![\w:.])",
        ),
        (":", r"(?<![\w:])[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){3,}+(?![\w:])"),
        ("-", r"(?<![0-9A-Za-z])[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?!\w)"),
        # host:port
        (":", r"(?<![\w.-])[a-z0-9-]++(?:\.[a-z0-9-]++)++:\d{2,5}(?![\w.])"),
        # Host or class of three labels and more; a last label in capitals names a constant
        (
            ".",
            r"(?<![\w.$-])[A-Za-z][\w$-]*+(?:\.(?![A-Z_]+(?![\w$-]))[\w$-]++){2,}+(?!\w|\.\w|\()",
        ),
    )
]
_NAME = re.compile(r"\w+(?:[.:/_+-]\w+)*")
_SIGN = re.compile(r"(?<![\w>])[-+](?=<\*>)")
_CONSTANTS = "true True TRUE false False FALSE null Null NULL None nil"
_CONSTANT_TOKENS = frozenset(_CONSTANTS.split())
_CONSTANT = re.compile(rf"(?<![\w.])(?:{_CONSTANTS.replace(' ', '|')})(?![\w.?])")
_SWITCH = re.compile(r"(?<=: )(?:yes|no|on|off)(?=$|[,;)\]}])", re.IGNORECASE)
_JOINED = re.compile(r"<\*>(?:[.:/_@#$%|+~-]*<\*>)+")

# The values of these keys say what happened.
_TELLING = r"(?<!msg)(?<!message)(?<!event)(?<!error)(?<!err)(?<!reason)(?<!level)(?<!severity)"
_VALUE = re.compile(
    _TELLING + r"(?<![=!<>])=(?!=)(?:<\*>)?[^\s,;&|=()\[\]{}<>\"']++(?:<\*>)?(?![({\[])",
    re.IGNORECASE,
)
_QUOTED_VALUE = re.compile(_TELLING + r"=(?:\"[^\"]*\"|'[^']*')", re.IGNORECASE)
_LATER_VALUE = re.compile(r"(?<![=!<>])= (?![^\s=]*=)[\w.$/]++(?![({\[])")
_TYPED_VALUE = re.compile(r"(?<==)[A-Za-z]\w*+(?:\{<\*>\}|\(<\*>\)|\[<\*>\])")

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sep(?:t|tember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_DATE = re.compile(
    r"\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?:[a-z]{0,6}day)?,? )?"
    rf"(?:<\*> )?{_MONTH}(?: <\*>)+(?: (?:AM|PM|Z|[A-Z]{{2,3}}[CT])(?= <\*>))?"
)
_UNIT = (
    r"(?:[Bb]ytes?|[kKMGT]i?[Bb]|[mun]?s|msecs?|milliseconds?|sec(?:ond)?s?|min(?:ute)?s?|hours?"
    r"|days?)(?!\w)"
)
_AMOUNT = re.compile(rf"<?<\*>(?: ?{_UNIT})?(?: \(<\*> ?{_UNIT}\))?(?!\w)")
_LIST = re.compile(r"<\*>(?:[ ,;|]+<\*>)+")
_REPEATED = re.compile(r"(?<!\S)(\S++(?: \S++){0,3}?)(?: \1(?!\S))+")


class Tokens(dict[str, str]):
    """Tokens by their shape, masked: a bounded cache that changes no answer."""

    def __missing__(self, shape: str) -> str:
        masked = _token(shape)
        if len(shape) <= _CACHED_TOKEN:
            if len(self) == _CACHED_TOKENS:
                self.clear()
            self[shape] = masked
        return masked

    def masked(self, line: str) -> str:
        """The line with the parts of every token masked, blanks collapsed, long lines cut.

        The answer holds no NUL.
        """
        tokens = line[:_MAX_LINE].translate(_SHAPE).split(None, _MAX_TOKENS)
        return " ".join([self[token] for token in tokens[:_MAX_TOKENS]])


def _token(token: str) -> str:
    token = token[:_MAX_TOKEN]
    if token.isalpha():
        return WILDCARD if token in _CONSTANT_TOKENS else token
    for mark, kind in _KINDS:
        if mark in token:
            token = kind.sub(WILDCARD, token)
    if "0" in token:
        token = _SIGN.sub("", _NAME.sub(_without_digits, token))
    if "=" in token:
        token = _VALUE.sub("=" + WILDCARD, token)
    token = _CONSTANT.sub(WILDCARD, token)
    return _JOINED.sub(WILDCARD, token) if WILDCARD in token else token


def _without_digits(match: re.Match[str]) -> str:
    """A name that holds a digit varies, but what stands before a colon is a key."""
    name = match.group()
    if "0" not in name:
        return name
    return ":".join([WILDCARD if "0" in part else part for part in name.split(":")])


def form(masked: str) -> str:
    """The masks that see more than one token: values, dates, amounts, lists."""
    if "=" in masked:
        masked = _QUOTED_VALUE.sub("=" + WILDCARD, masked)
        masked = _LATER_VALUE.sub("= " + WILDCARD, masked)
    if ": " in masked:
        masked = _SWITCH.sub(WILDCARD, masked)
    if WILDCARD not in masked:
        return masked
    masked = collapse(_AMOUNT.sub(WILDCARD, _DATE.sub(WILDCARD, masked)))
    if "=" in masked:
        masked = collapse(_TYPED_VALUE.sub(WILDCARD, masked))
    return collapse(_REPEATED.sub(_one_record, masked))


def _one_record(match: re.Match[str]) -> str:
    """Records in a row are one; words without a wildcard are only a word said twice."""
    return match[1] if WILDCARD in match[1] else match[0]


def collapse(masked: str) -> str:
    """Wildcards in a row are one: lists of any length have one form."""
    return _LIST.sub(WILDCARD, masked)

"""What a night judges by, read from the files that the shop names."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import get_args

from msgspec.structs import asdict

from agents.models.errors import BadModel
from agents.models.sentiment import Sentiments
from agents.reviews.attributes.finding import Attributes
from agents.reviews.attributes.taxonomy import BadTaxonomy, Taxonomy, read_taxonomy
from agents.reviews.checking import Checker
from agents.reviews.drafts import Versions
from agents.reviews.human import SEVERITY
from agents.reviews.tickets import TicketRules
from agents.reviews.words import BadWordList, BannedWords, merged, parse, starter
from schemas.reviews import TicketSeverity
from sinks.errors import Misconfigured
from streams.reviews.options import RulesOptions

_DIGITS = 8


@dataclass(frozen=True)
class NightRules:
    """All of it, once read."""

    banned: BannedWords
    taxonomy: Taxonomy
    due_hours: Mapping[TicketSeverity, float]
    sentiment_model: Path | None
    """Card of the shop's own."""

    @property
    def version(self) -> str:
        """Of the package and of what the shop says."""
        said = [self.banned.version, self.taxonomy.version, dict(self.due_hours)]
        digest = sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
        return f"{version('groundswell')}-{digest[:_DIGITS]}"

    @property
    def tickets(self) -> TicketRules:
        """How bad a matter is, and when somebody has to have looked."""
        return TicketRules({**self.banned.severity, **SEVERITY}, self.due_hours)


def read_rules(options: RulesOptions) -> NightRules:
    """Raises Misconfigured, which names the file and what to mend."""
    try:
        lists = [parse(_read(Path(name)), name) for name in options.banned]
        own = [Path(options.taxonomy)] if options.taxonomy else []
        taxonomy = read_taxonomy(*own)
    except (BadWordList, BadTaxonomy) as error:
        raise Misconfigured(str(error)) from None
    words = merged(*([starter()] if options.starter else []), *lists)
    hours = asdict(options.due_hours)
    due = {severity: hours[severity] for severity in get_args(TicketSeverity)}
    model = Path(options.sentiment_model) if options.sentiment_model else None
    return NightRules(BannedWords(words), taxonomy, due, model)


def made_checker(rules: NightRules) -> Checker:
    """What looks at each review; costs a second, so once a process.

    Raises Misconfigured if the shop's own model is none.
    """
    try:
        sentiments = Sentiments.load(rules.sentiment_model)
    except BadModel as error:
        raise unfit(error) from None
    versions = Versions(rules.version, sentiments.versions)
    return Checker(rules.banned, Attributes(rules.taxonomy), sentiments, versions)


def unfit(error: BadModel) -> Misconfigured:
    """What is wrong with the shop's own model, in one line."""
    return Misconfigured(f"[rules] sentiment_model: {' '.join(str(error).split())}")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Misconfigured(f"cannot read {path}: {error.strerror}") from None

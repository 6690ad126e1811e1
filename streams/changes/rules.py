"""Which product and service a change concerns, by rules in a TOML file."""

import tomllib
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

import msgspec
from msgspec.structs import replace

from schemas.changes import ChangeMessage
from streams.changes.errors import BadChanges, NotAChange
from streams.changes.form import Reported


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is said of a change must be like every pattern given (`*` for anything, any case).

    `version`: the attribute that takes the version deployed. `ignore`: such a change is none.
    """

    repository: str = "*"
    environment: str = "*"
    service_like: str = "*"
    product: str | None = None
    service: str | None = None
    version: str | None = None
    attributes: dict[str, str] = {}
    ignore: bool = False

    def fits(self, change: Reported) -> bool:
        """Whether the rule is about this change."""
        return (
            _like(change.repository, self.repository)
            and _like(change.environment, self.environment)
            and _like(service_of(change.message), self.service_like)
        )


class _File(msgspec.Struct, forbid_unknown_fields=True):
    map: list[Rule] = []


def _like(text: str, pattern: str) -> bool:
    return fnmatchcase(text.lower(), pattern.lower())


def service_of(message: ChangeMessage) -> str:
    """The service that the message names by itself."""
    payload = message.payload
    named = ((payload.custom_details or {}).get("service") or payload.source) if payload else ""
    return message.service or (named if isinstance(named, str) else "") or ""


def load_rules(path: str) -> tuple[Rule, ...]:
    """The rules of the file, none without one. Raises BadChanges."""
    if not path:
        return ()
    try:
        content = tomllib.loads(Path(path).read_text(encoding="utf-8"))
        return tuple(msgspec.convert(content, _File).map)
    except OSError as error:
        raise BadChanges(f"setting changes_file: cannot read {path} ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadChanges(f"{path} is not TOML: {error}") from None
    except msgspec.ValidationError as error:
        raise BadChanges(f"{path}: {error}; see docs/changes.md") from None


def apply(rules: Sequence[Rule], change: Reported) -> ChangeMessage:
    """What goes to the log: the first rule that fits decides. Raises NotAChange."""
    rule = next((rule for rule in rules if rule.fits(change)), None)
    message = change.message
    if rule is None:
        return message
    if rule.ignore:
        raise NotAChange("a rule of changes_file ignores it")
    attributes = _attributes(message) | rule.attributes
    if rule.version and change.version:
        attributes[rule.version] = change.version
    return replace(
        message,
        product=rule.product or message.product,
        service=rule.service or message.service,
        attributes=attributes or None,
    )


def _attributes(message: ChangeMessage) -> dict[str, str | int | float | bool | None]:
    details = (message.payload.custom_details if message.payload else None) or {}
    own = {name: v for name, v in details.items() if isinstance(v, str | int | float)}
    return dict(message.attributes or own)

"""The form of the `changes` topic itself."""

from schemas.changes import ChangeMessage
from sinks.cluster import Secret
from streams.changes.form import Reported, Request, digest, parse


def is_genuine(request: Request, secret: Secret) -> bool:
    """`Authorization: Bearer` has our token."""
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    token = given.strip() if kind.lower() == "bearer" else ""
    return secret.is_known_to(token)


def read(request: Request) -> Reported:
    """The message as it is. Raises BadForm.

    One with an id or a time has the same id when it comes again.
    """
    message = parse(request.body, ChangeMessage)
    if not message.id and message.time:
        message.id = f"change-{digest(request.body)}"
    given = message.attributes or {}
    return Reported(
        message,
        repository=str(given.get("repository") or ""),
        environment=str(given.get("environment") or ""),
        version=str(given.get("version") or ""),
    )

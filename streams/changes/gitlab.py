"""GitLab's deployment events (`Deployment Hook`)."""

from datetime import datetime

import msgspec

from schemas.changes import ChangeMessage, Link
from sinks.cluster import Secret
from streams.changes.errors import BadForm, NotAChange
from streams.changes.form import Reported, Request, parse, version_of

WORDS = {
    "running": "deployment started",
    "success": "deployed",
    "failed": "deployment failed",
}
"""What the statuses say that count; a deployment that is created, blocked, skipped or canceled has
changed nothing."""
_TIME = "%Y-%m-%d %H:%M:%S %z"


class _Project(msgspec.Struct):
    id: int
    name: str
    path_with_namespace: str


class _Event(msgspec.Struct):
    status: str
    deployment_id: int
    project: _Project
    status_changed_at: str = ""
    environment: str = ""
    short_sha: str = ""
    ref: str = ""
    commit_title: str | None = None
    deployable_url: str | None = None


def is_genuine(request: Request, secret: Secret) -> bool:
    """`X-Gitlab-Token` is ours."""
    return secret.is_known_to(request.headers.get("x-gitlab-token", ""))


def read(request: Request) -> Reported:
    """One event; each status of a deployment has one id. Raises NotAChange, BadForm."""
    kind = request.headers.get("x-gitlab-event", "")
    if kind != "Deployment Hook":
        raise NotAChange(f"event {kind or 'without X-Gitlab-Event'} is no change")
    event = parse(request.body, _Event)
    if event.status not in WORDS:
        raise NotAChange(f"status {event.status} is no change")
    project, environment = event.project, event.environment
    what = " ".join(filter(None, (project.name, event.ref, f"({event.short_sha})")))
    title = f": {event.commit_title}" if event.commit_title else ""
    to = f" to {environment}" if environment else ""
    message = ChangeMessage(
        id=f"gitlab-{project.id}-{event.deployment_id}-{event.status}",
        time=_time(event.status_changed_at),
        summary=f"{what} {WORDS[event.status]}{to}{title}",
        service=project.path_with_namespace.rpartition("/")[2],
        attributes={
            "environment": environment or None,
            "ref": event.ref or None,
            "sha": event.short_sha or None,
        },
        links=[Link(event.deployable_url)] if event.deployable_url else [],
    )
    return Reported(message, project.path_with_namespace, environment, version_of(event.ref))


def _time(text: str) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.strptime(text.replace("UTC", "+0000"), _TIME)
    except ValueError:
        raise BadForm(f"status_changed_at {text[:40]!r} is not like {_TIME}") from None

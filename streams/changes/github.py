"""GitHub's webhook events `deployment` and `deployment_status`."""

import hmac
import re
from hashlib import sha256

import msgspec

from schemas.changes import ChangeMessage, Link
from schemas.events import AwareTime
from sinks.cluster import Secret
from streams.changes.errors import BadForm, NotAChange
from streams.changes.form import Reported, Request, digest, parse, version_of

WORDS = {
    "in_progress": "deployment started",
    "success": "deployed",
    "failure": "deployment failed",
    "error": "deployment failed",
}
"""What the states say that count; in the others (queued, pending, waiting, inactive) nothing has
changed for anybody, or another deployment says so itself."""


_DELIVERY = re.compile(r"[0-9A-Za-z-]{1,64}")


class _Repository(msgspec.Struct):
    name: str
    full_name: str


class _Deployment(msgspec.Struct):
    id: int
    ref: str
    sha: str
    environment: str = ""
    created_at: AwareTime | None = None


class _Status(msgspec.Struct):
    state: str
    environment: str = ""
    created_at: AwareTime | None = None
    log_url: str | None = None
    target_url: str | None = None


class _Event(msgspec.Struct):
    deployment: _Deployment
    repository: _Repository
    deployment_status: _Status | None = None


def is_genuine(request: Request, secret: Secret) -> bool:
    """`X-Hub-Signature-256` is the HMAC of the body."""
    wanted = "sha256=" + hmac.new(secret.reveal().encode(), request.body, sha256).hexdigest()
    given = request.headers.get("x-hub-signature-256", "")
    return hmac.compare_digest(given.encode(errors="replace"), wanted.encode())


def read(request: Request) -> Reported:
    """One event; a delivery that is repeated has the same id. Raises NotAChange, BadForm."""
    kind = request.headers.get("x-github-event", "")
    if kind not in ("deployment", "deployment_status"):
        raise NotAChange(f"event {kind or 'without X-GitHub-Event'} is no change")
    event = parse(request.body, _Event)
    status = event.deployment_status
    if kind == "deployment":
        word, moment, link = "deployment requested", event.deployment.created_at, ""
    elif status is None:
        raise BadForm("deployment_status is missing")
    elif status.state not in WORDS:
        raise NotAChange(f"state {status.state} is no change")
    else:
        word, moment = WORDS[status.state], status.created_at
        link = status.log_url or status.target_url or ""
    environment = (status.environment if status else "") or event.deployment.environment
    deployment, repository = event.deployment, event.repository
    delivery = request.headers.get("x-github-delivery", "")
    if not _DELIVERY.fullmatch(delivery):
        delivery = digest(request.body)
    sha = deployment.sha[:8]
    # Without a tag the ref is a branch, or the commit itself.
    what = sha if deployment.ref == deployment.sha else f"{deployment.ref} ({sha})"
    message = ChangeMessage(
        id=f"github-{delivery}",
        time=moment,
        summary=f"{repository.name} {what} {word}" + (f" to {environment}" if environment else ""),
        service=repository.name,
        attributes={"environment": environment or None, "ref": deployment.ref, "sha": sha},
        links=[Link(link)] if link else [],
    )
    return Reported(message, repository.full_name, environment, version_of(deployment.ref))

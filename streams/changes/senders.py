"""Who may send changes: where, in which form, with which secret, and what it is answered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sinks.cluster import Secret
from sinks.hosts import is_here
from streams.changes import bare, github, gitlab, pagerduty
from streams.changes.errors import BadChanges
from streams.changes.form import Reported, Request
from streams.settings import Settings


@dataclass(frozen=True)
class Sender:
    """One form. `setting` holds its secret; without one the form is open to this machine only."""

    name: str
    paths: tuple[str, ...]
    setting: str
    secret: Secret
    is_genuine: Callable[[Request, Secret], bool]
    read: Callable[[Request], Reported]
    accepted: Mapping[str, Any] | None = None
    refused: Callable[[str], Mapping[str, Any]] | None = None

    def welcome(self, change_id: str) -> Mapping[str, Any]:
        """The answer to a change that is on the log."""
        return self.accepted or {"status": "accepted", "id": change_id}

    def turned_down(self, reason: str) -> Mapping[str, Any]:
        """The answer to what is not taken."""
        return self.refused(reason) if self.refused else {"status": "refused", "reason": reason}


def senders(settings: Settings) -> tuple[Sender, ...]:
    """Every form. Raises BadChanges if others than this machine could send without a secret."""
    found = (
        Sender(
            "pagerduty",
            ("/pagerduty", "/v2/change/enqueue"),
            "changes_pagerduty_key",
            settings.changes_pagerduty_key,
            pagerduty.is_genuine,
            pagerduty.read,
            pagerduty.ACCEPTED,
            pagerduty.refused,
        ),
        Sender(
            "github",
            ("/github",),
            "changes_github_secret",
            settings.changes_github_secret,
            github.is_genuine,
            github.read,
        ),
        Sender(
            "gitlab",
            ("/gitlab",),
            "changes_gitlab_token",
            settings.changes_gitlab_token,
            gitlab.is_genuine,
            gitlab.read,
        ),
        Sender(
            "bare",
            ("/changes",),
            "changes_token",
            settings.changes_token,
            bare.is_genuine,
            bare.read,
        ),
    )
    if not is_here(settings.changes_host) and not any(one.secret for one in found):
        names = ", ".join(one.setting for one in found)
        raise BadChanges(
            f"changes_host {settings.changes_host} is open to others: set a secret ({names})"
        )
    return found

"""From a pack to what devices can read, step by step, each of which may be the last one before a
stop: the same command again goes on where it was."""

from __future__ import annotations

from collections.abc import Mapping

from schemas.packages import Manifest, Stage
from streams.edge.errors import Waiting
from streams.edge.releases import Plan, Report, build, targets_of, widen, withdraw
from streams.edge.signing import Desk


class Publisher:
    """Brings releases out. All but `refresh` raise Waiting if other holders must sign first."""

    def __init__(self, desk: Desk, report: Report) -> None:
        self._desk = desk
        self._repository = desk.repository
        self._report = report

    def publish(self, plan: Plan, contents: Mapping[str, bytes]) -> Manifest:
        """A new release. Raises Taken, PublishError."""
        manifest = build(self._repository, contents, plan, self._report)
        self._bring_out(plan.channel, manifest)
        return manifest

    def withdraw(self, channel: str, version: int, released: str) -> Manifest:
        """A release shall not run any more: the content before it comes back as a new one.

        Raises Unfit, PublishError.
        """
        found = withdraw(self._repository, channel, version, released)
        if found is None:
            manifest = self._repository.manifests()[channel]
            self._bring_out(channel, manifest)
            return manifest
        return self.publish(*found)

    def widen(self, channel: str, stages: tuple[Stage, ...]) -> Manifest:
        """What is out, for more devices. Raises Unfit, PublishError."""
        manifest = widen(self._repository, channel, stages)
        self._bring_out(channel, manifest)
        return manifest

    def refresh(self, roles: tuple[str, ...] = ()) -> Waiting | None:
        """Finish what waits, and have what signs by itself hold longer; `roles`: these too.

        What others must sign is handed back instead of raised: it must not hold up the rest.
        """
        waiting = None
        try:
            self._finish(roles)
        except Waiting as error:
            waiting = error
        self._desk.settle(renew=True)
        return waiting

    def _finish(self, roles: tuple[str, ...]) -> None:
        self._desk.finish_root()
        if "root" in roles:
            self._desk.renew_root()
        current = self._repository.targets()
        if "targets" in roles and current is not None:
            self._desk.propose_targets(current.signed.targets, renew=True)
        self._desk.finish()

    def _bring_out(self, channel: str, manifest: Manifest) -> None:
        self._desk.finish_root()
        manifests = {**self._repository.manifests(), channel: manifest}
        self._desk.propose_targets(targets_of(self._repository, manifests))
        self._desk.settle()

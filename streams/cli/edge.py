"""`groundswell edge`: the device's commands, and those of whoever publishes its packages."""

from __future__ import annotations

import click

from edge.cli import COMMANDS as DEVICE
from edge.cli import DeviceGroup

PUBLISHER: dict[str, str] = {
    "demo": "streams.cli.edge_demo:demo",
    "keys": "streams.cli.package_keys:keys",
    "publish": "streams.cli.packages:publish",
    "refresh": "streams.cli.packages:refresh",
    "rollout": "streams.cli.packages:rollout",
    "status": "streams.cli.packages:status",
    "trace": "streams.cli.trace:trace",
}
"""Only where `streams` is installed: they use Kafka and are not guarded."""


class EdgeGroup(DeviceGroup):
    """Both; every error a person can put right is one line on stderr."""

    def targets(self) -> dict[str, str]:
        return DEVICE | PUBLISHER


@click.group(cls=EdgeGroup)
def edge() -> None:
    """Medical records on a device, and the signed packages that reach it.

    The commands of `groundswell-edge`, which a device has alone; and of the publisher:
    demo, keys, publish, refresh, rollout, status, trace.
    """

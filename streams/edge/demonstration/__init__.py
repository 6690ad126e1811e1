"""A publisher, a device and its patients, all made up, before one's eyes."""

from streams.edge.demonstration.running import run_demo
from streams.edge.demonstration.telling import Shown, Teller

__all__ = ["Shown", "Teller", "run_demo"]

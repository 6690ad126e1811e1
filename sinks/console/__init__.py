"""The console: a local web page of incidents, live, and of the health of the stream itself."""

from sinks.console.guard import Guard
from sinks.console.server import Console

__all__ = ["Console", "Guard"]

"""`groundswell assistant demo`: a made-up bank to talk to, with switches that break things."""

from streams.assistant.demonstration.running import run_demo

__all__ = ["run_demo"]

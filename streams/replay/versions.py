"""What a replay follows from besides the log: the code that judges and the rules given to it."""

from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import msgspec

from agents.intake.rules import IntakeRules
from streams.settings import Settings

_ROOT = Path(__file__).parents[2]
_JUDGES = ("agents", "schemas", "windows")
"""Packages of which every file may change a result."""
_DIGITS = 12


def code_version() -> str:
    """Version of the package, and a digest over the sources of what counts and judges."""
    found = sha256()
    for package in _JUDGES:
        for file in sorted((_ROOT / package).rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                found.update(f"{file.relative_to(_ROOT).as_posix()}\0".encode())
                found.update(sha256(file.read_bytes()).digest())
    return f"{version('groundswell')}-{found.hexdigest()[:_DIGITS]}"


def rules_version(settings: Settings) -> str:
    """A digest over the settings that intake and detect are given."""
    rules = (live_intake(settings), settings.detect_rules())
    encoded = msgspec.json.encode(rules, order="deterministic")
    return sha256(encoded).hexdigest()[:_DIGITS]


def live_intake(settings: Settings) -> IntakeRules:
    """Intake as a live worker has it: the end of an input is no end."""
    return settings.intake_rules(bounded=False)

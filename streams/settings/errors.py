"""What is wrong with settings."""

from streams.errors import OperatorError


class SettingsError(OperatorError):
    """A setting is wrong: mend the one it names."""

"""Settings of every command, from a TOML file and the environment."""

from streams.settings.errors import SettingsError
from streams.settings.loading import FILE, load, table
from streams.settings.product import ProductSettings
from streams.settings.settings import Settings

__all__ = ["FILE", "ProductSettings", "Settings", "SettingsError", "load", "table"]

"""Who and where a text is about, taken out of it; what it says of health stays."""

from agents.records.redaction.redactor import Perhaps, Redacted, Redactor, Removed
from agents.records.redaction.removal import Kind
from agents.records.redaction.tables import Tables

__all__ = ["Kind", "Perhaps", "Redacted", "Redactor", "Removed", "Tables"]

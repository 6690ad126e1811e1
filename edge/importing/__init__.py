"""Documents into the device: text, PDF, Word, tables of results, FHIR."""

from edge.importing.errors import Refused
from edge.importing.imported import Imported, Person
from edge.importing.reading import read, read_pasted

__all__ = ["Imported", "Person", "Refused", "read", "read_pasted"]

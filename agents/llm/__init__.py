"""A language model that words the cause of an incident; what it says is checked by code."""

"""From a spike to an incident: lifecycle, words and facts, all decided by code."""

"""Whole dialogues with scripted customers, judged by the bank's end state and by what was said."""

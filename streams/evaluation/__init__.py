"""Evaluation: the judgement of production's own classes on labelled data."""

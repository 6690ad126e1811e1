"""What is found out about incidents once they are published: relations, and words of a model."""

from streams.enrichment.process import enriching_of, run_enrich

__all__ = ["enriching_of", "run_enrich"]

"""What is found out about incidents once they are published: relations, and words of a model."""

from streams.enrichment.process import run_enrich

__all__ = ["run_enrich"]

"""Made-up reviews of a shop for a demonstration, a bench and an evaluation."""

from streams.reviews.simulation.simulation import Day, simulate
from streams.reviews.simulation.truth import ReviewTruth

__all__ = ["Day", "ReviewTruth", "simulate"]

"""What a review speaks of and how: attributes with polarity, by rules over a taxonomy of words."""

"""The nightly check of reviews: judgement only; who feeds it and carries its word is elsewhere."""

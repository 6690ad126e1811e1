"""A stretch of history through the same agents, without the live group."""

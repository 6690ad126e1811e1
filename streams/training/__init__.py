"""`make models`: trains the small models of `agents.models` and writes them with their cards."""

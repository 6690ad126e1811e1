"""The assistant on the log: turns in, sessions kept, answers out."""

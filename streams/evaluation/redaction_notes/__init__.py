"""Notes of nobody: moulds written by hand, filled with identifiers made by chance."""

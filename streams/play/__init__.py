"""Files into the log: CSV, JSONL, or a folder with one JSONL per topic."""

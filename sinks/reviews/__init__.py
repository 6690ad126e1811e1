"""Where labels and tickets go: tables, files, topics."""

"""Where the reviews of a night come from: files, DuckDB, PostgreSQL, or topics."""

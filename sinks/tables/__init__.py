"""Incidents as tables: DuckDB, Parquet, PostgreSQL."""

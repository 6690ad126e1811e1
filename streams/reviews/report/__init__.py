"""The morning after: one page, and a summary for the terminal."""

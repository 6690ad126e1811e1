"""Articles of the assistant from outside the package: a bank's own folder, and their links."""

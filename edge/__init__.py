"""The device: medical records that never leave it, and packs of rules that reach it."""

"""Deploys, flags and configuration changes: how they come in, and what is on the log of them."""

"""Packaged problems: magnetic reconnection."""

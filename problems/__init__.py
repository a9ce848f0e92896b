"""Packaged problems, one class per file; ``multifluid list`` shows them, ``multifluid info NAME`` describes one."""

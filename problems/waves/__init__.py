"""Linear waves."""

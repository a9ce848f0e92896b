"""The electromagnetic field by itself."""

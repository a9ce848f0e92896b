"""States at the edge of what a code survives."""

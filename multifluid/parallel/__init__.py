"""Who computes which rows, and sums that do not depend on it."""

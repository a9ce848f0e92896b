"""Order-independent sums (see ``multifluid.parallel.sums``)."""

from ._jit import kernel


@kernel
def largest_magnitude(values):
    """max |x|; NaN if there is one."""
    largest = 0.0
    for i in range(values.size):
        size = abs(values[i])
        if size != size:
            return size
        largest = max(largest, size)
    return largest


@kernel
def sliced_sum(values, first, second):
    """Sums of the slices of each term on the grids of ``first`` and ``second`` (1.5 times powers of two)."""
    high = 0.0
    low = 0.0
    for i in range(values.size):
        x = values[i]
        a = (x + first) - first
        high += a
        b = ((x - a) + second) - second
        low += b
    return high, low

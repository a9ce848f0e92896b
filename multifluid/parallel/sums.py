"""Sums whose bits do not depend on the order of their terms, hence not on how the grid is cut.

Each term is split on a fixed grid of exponents set by the largest term; slices on one grid add without rounding
(Demmel & Nguyen 2015, IEEE Trans. Comput. 64, 2060, prerounded summation with two folds).
"""

import math

import numpy as np

from ..kernels.sums import largest_magnitude, sliced_sum


def exact_sum(values):
    """Reproducible sum of an array, accurate to about 2^-70 of its largest term times their number.

    Parameters
    ----------
    values : ndarray
        Any shape; copied to contiguous memory if it is a view with gaps.
    """
    flat = np.ascontiguousarray(values).reshape(-1)
    largest = largest_magnitude(flat)
    if largest == 0.0:
        return 0.0
    if not math.isfinite(largest):
        with np.errstate(invalid="ignore"):
            return float(flat.sum())
    if largest > 1e250:
        return exact_sum(flat * 2.0**-200) * 2.0**200
    # room for all carries: |x| < 2^e, fewer than 2^k terms
    e = math.frexp(largest)[1]
    k = max(1, math.frexp(flat.size)[1])
    first = math.ldexp(1.5, e + k + 1)
    second = math.ldexp(first, k + 2 - 52)
    high, low = sliced_sum(flat, first, second)
    return high + low

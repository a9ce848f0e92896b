"""Double-double arithmetic: a number as the unevaluated sum of two doubles (high, low), about 106 bits, pointwise.

The exact rounding error of a sum or a product is itself a double; keeping it is all there is to this arithmetic
(Dekker 1971, Numer. Math. 18, 224; Knuth, The Art of Computer Programming 2, 4.2.2). The error of a product comes
from one fused multiply-add. Vectorises over cells: no branches, no tables.
"""

import math

from numba import types
from numba.extending import intrinsic

from ._jit import pointwise


@intrinsic
def fma(typingctx, a, b, c):
    """a b + c rounded once."""
    del typingctx, a, b, c

    def generate(context, builder, signature, arguments):
        return builder.fma(*arguments)

    return types.float64(types.float64, types.float64, types.float64), generate


@pointwise
def two_sum(a, b):
    """(high, low) with high + low = a + b exactly."""
    high = a + b
    part = high - a
    return high, (a - (high - part)) + (b - part)


@pointwise
def two_product(a, b):
    """(high, low) with high + low = a b exactly (no underflow assumed)."""
    high = a * b
    return high, fma(a, b, -high)


@pointwise
def dd_multiply(a, a_low, b, b_low):
    """Product of two double-doubles."""
    high, low = two_product(a, b)
    low = fma(a, b_low, fma(a_low, b, low))
    total = high + low
    return total, low - (total - high)


@pointwise
def dd_sqrt(a):
    """Square root of a double > 0 as a double-double: one Newton step from the rounded root."""
    high = math.sqrt(a)
    return high, fma(-high, high, a) / (2.0 * high)


@pointwise
def dd_inverse(a, a_low):
    """1/(a + a_low) as a double-double: one Newton step from the rounded quotient."""
    high = 1.0 / a
    return high, high * fma(-high, a_low, fma(-high, a, 1.0))

"""Matrices of fixed-point split numbers, on short blocks of cells: 80 bits for the price of three products.

A number x, |x| <= 1, is kept as x1 + x2: x1 a multiple of 2^-26, x2 the rest (|x2| <= 2^-27, a full double), so
that x is known to 2^-80 absolutely. In a scalar product sum_t x_t y_t of rows of norm <= 1 the sum of x1 y1 is then
exact in double precision (multiples of 2^-52 below 2), and x1 y2 + x2 (y1 + y2) loses only 2^-80: three fused
multiply-adds where double-double arithmetic takes about twenty operations. (Error-free splitting of matrix products:
Ozaki et al. 2012, Numer. Algorithms 59, 95.)

A record is the rows (x1, x2) of a real number or (Re x1, Re x2, Im x1, Im x2) of a complex one, CELLS cells each;
a matrix is an array (entry, record), entry = line * width + column. Loops run over CELLS cells, a number known at
compile time: callers pad. Records are named by (array, entry) and not by views, which would be counted references.
"""

from ._jit import kernel, pointwise
from .doubledouble import fma, two_product, two_sum

# Cells per block: the matrices of three fluids stay in the first-level cache.
CELLS = 32
RE1, RE2, IM1, IM2 = 0, CELLS, 2 * CELLS, 3 * CELLS
REAL, COMPLEX = 2 * CELLS, 4 * CELLS
# Adding and subtracting this rounds to a multiple of 2^-26.
ROUNDER = 1.5 * 2.0**26


@pointwise
def split(high, low):
    """(x1, x2) of high + low."""
    first = (high + low + ROUNDER) - ROUNDER
    return first, (high - first) + low


@pointwise
def term(r1, r2, a1, a2, b1, b2):
    """r + a b of real numbers."""
    return fma(a1, b1, r1), fma(a1, b2, fma(a2, b1 + b2, r2))


@pointwise
def complex_term(r1, r2, i1, i2, a1, a2, b1, b2, p1, p2, q1, q2):
    """(r + i i) + (a + i b)(p + i q)."""
    p = p1 + p2
    q = q1 + q2
    return (fma(a1, p1, fma(-b1, q1, r1)), fma(a1, p2, fma(-b1, q2, fma(a2, p, fma(-b2, q, r2)))),
            fma(a1, q1, fma(b1, p1, i1)), fma(a1, q2, fma(b1, p2, fma(a2, q, fma(b2, p, i2)))))


@kernel
def clear(X, e):
    """Record e of X = 0."""
    for c in range(X.shape[1]):
        X[e, c] = 0.0


@kernel
def add(out, o, X, x):
    """out_o += X_x, part by part; not settled."""
    for c in range(X.shape[1]):
        out[o, c] += X[x, c]


@kernel
def dot(out, o, X, x, Y, y, stride, size):
    """out_o = sum_(t < size) X_(x + t) Y_(y + t stride), all real or all complex; not yet settled."""
    clear(out, o)
    if X.shape[1] == REAL:
        for t in range(size):
            a = x + t
            b = y + t * stride
            for c in range(CELLS):
                out[o, RE1 + c], out[o, RE2 + c] = term(
                    out[o, RE1 + c], out[o, RE2 + c], X[a, RE1 + c], X[a, RE2 + c], Y[b, RE1 + c], Y[b, RE2 + c])
        return
    for t in range(size):
        a = x + t
        b = y + t * stride
        for c in range(CELLS):
            r1, r2, i1, i2 = complex_term(
                out[o, RE1 + c], out[o, RE2 + c], out[o, IM1 + c], out[o, IM2 + c],
                X[a, RE1 + c], X[a, RE2 + c], X[a, IM1 + c], X[a, IM2 + c],
                Y[b, RE1 + c], Y[b, RE2 + c], Y[b, IM1 + c], Y[b, IM2 + c])
            out[o, RE1 + c] = r1
            out[o, RE2 + c] = r2
            out[o, IM1 + c] = i1
            out[o, IM2 + c] = i2


@kernel
def add_scaled(out, o, M, m, X, x):
    """out_o += M_m X_x, M real; not yet settled."""
    for c in range(CELLS):
        out[o, RE1 + c], out[o, RE2 + c] = term(
            out[o, RE1 + c], out[o, RE2 + c], M[m, RE1 + c], M[m, RE2 + c], X[x, RE1 + c], X[x, RE2 + c])
    if X.shape[1] == COMPLEX:
        for c in range(CELLS):
            out[o, IM1 + c], out[o, IM2 + c] = term(
                out[o, IM1 + c], out[o, IM2 + c], M[m, RE1 + c], M[m, RE2 + c], X[x, IM1 + c], X[x, IM2 + c])


@kernel
def settle(X, e, twin, real, imaginary):
    """Restore the split of record e after sums; record ``twin`` = real Re x + i imaginary Im x (signs)."""
    for c in range(CELLS):
        a, b = split(X[e, RE1 + c], X[e, RE2 + c])
        X[e, RE1 + c] = a
        X[e, RE2 + c] = b
        if twin != e:
            X[twin, RE1 + c] = real * a
            X[twin, RE2 + c] = real * b
    if X.shape[1] == COMPLEX:
        for c in range(CELLS):
            a, b = split(X[e, IM1 + c], X[e, IM2 + c])
            X[e, IM1 + c] = a
            X[e, IM2 + c] = b
            if twin != e:
                X[twin, IM1 + c] = imaginary * a
                X[twin, IM2 + c] = imaginary * b


@kernel
def choose(out, o, X, x, where):
    """out_o = X_x in the cells where ``where`` is not 0."""
    for part in range(X.shape[1] // CELLS):
        for c in range(CELLS):
            d = part * CELLS + c
            out[o, d] = X[x, d] if where[c] != 0.0 else out[o, d]


@kernel
def multiply(out, X, Y, size, width, corner, mirror, skew, skewed):
    """out = X Y of commuting matrices that are symmetric but for a sign in the last line.

    Parameters
    ----------
    X, Y, out : (> size * width, REAL or COMPLEX) records; out is neither X nor Y; its last entry is overwritten
    width : size, or size + 1 with a column for a constant source term, whose own line is (0, ..., 0, corner of Y)
    mirror : the sign: x_(size-1),i = mirror x_i,(size-1)
    skew : (CELLS,) not 0 in cells whose matrices have no symmetry; skewed : whether there are any
    """
    spare = size * width
    for i in range(size):
        for j in range(i, width):
            o = i * width + j
            dot(out, o, X, i * width, Y, j, width, size)
            if j == size and corner:
                add(out, o, X, o)
            if not i < j < size:
                settle(out, o, o, 1.0, 1.0)
                continue
            sign = mirror if j == size - 1 else 1.0
            settle(out, o, j * width + i, sign, sign)
            if skewed:
                dot(out, spare, X, j * width, Y, i, width, size)
                settle(out, spare, spare, 1.0, 1.0)
                choose(out, j * width + i, out, spare, skew)


@kernel
def multiply_roughly(out, X, Y, size, width, corner):
    """out = X Y in double precision (of any matrices), settled."""
    whole = X.shape[1] == COMPLEX
    for o in range(size * width):
        i = o // width
        clear(out, o)
        for t in range(size):
            k = i * width + t
            m = t * width + o - i * width
            if whole:
                for c in range(CELLS):
                    a, b = X[k, RE1 + c] + X[k, RE2 + c], X[k, IM1 + c] + X[k, IM2 + c]
                    p, q = Y[m, RE1 + c] + Y[m, RE2 + c], Y[m, IM1 + c] + Y[m, IM2 + c]
                    out[o, RE1 + c] = fma(a, p, fma(-b, q, out[o, RE1 + c]))
                    out[o, IM1 + c] = fma(a, q, fma(b, p, out[o, IM1 + c]))
            else:
                for c in range(CELLS):
                    a, p = X[k, RE1 + c] + X[k, RE2 + c], Y[m, RE1 + c] + Y[m, RE2 + c]
                    out[o, RE1 + c] = fma(a, p, out[o, RE1 + c])
        if corner and o - i * width == size:
            add(out, o, X, o)


@kernel
def nest(out, X, Y, Z, x, y, z, size, width, rough):
    """out = I + X/x + Y/y + Z/z for whole numbers x, y, z, in double precision if ``rough``; out may be Z."""
    x1, y1, z1 = 1.0 / x, 1.0 / y, 1.0 / z
    x2, y2, z2 = fma(-x1, x, 1.0) / x, fma(-y1, y, 1.0) / y, fma(-z1, z, 1.0) / z
    for e in range(size * width):
        for part in range(X.shape[1] // REAL):
            u = part * REAL
            v = u + CELLS
            start = 1.0 if part == 0 and e // width == e % width else 0.0
            if rough:
                for c in range(CELLS):
                    sum1 = start + (X[e, u + c] + X[e, v + c]) * x1 + (Y[e, u + c] + Y[e, v + c]) * y1
                    sum1 += (Z[e, u + c] + Z[e, v + c]) * z1
                    out[e, u + c], out[e, v + c] = split(sum1, 0.0)
                continue
            for c in range(CELLS):
                sum1, sum2 = two_product(X[e, u + c], x1)
                sum2 = fma(X[e, u + c], x2, fma(X[e, v + c], x1, sum2))
                sum1, carry = two_sum(start, sum1)
                more, error = two_product(Y[e, u + c], y1)
                sum2 += carry + fma(Y[e, u + c], y2, fma(Y[e, v + c], y1, error))
                sum1, carry = two_sum(sum1, more)
                more, error = two_product(Z[e, u + c], z1)
                sum2 += carry + fma(Z[e, u + c], z2, fma(Z[e, v + c], z1, error))
                sum1, carry = two_sum(sum1, more)
                out[e, u + c], out[e, v + c] = split(sum1, sum2 + carry)

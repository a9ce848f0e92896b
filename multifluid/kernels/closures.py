"""What follows from a fluid's closure alone (``codes``): its pressure, its own speed, whether it is positive."""

from ._jit import kernel, pointwise
from .codes import BAROTROPIC, CONSERVED, CONSTANT, EXPONENT, KIND, SIX, SOUND, TEN

# A density that stands for none: what a cold fluid's empty cells hold while velocities are asked for.
EMPTY = 1.0e-200


@kernel
def conserved_rows(kind):
    """Conserved variables of a closure."""
    return CONSERVED[int(kind)]


@kernel
def barotropic_row(p, rho, model, n):
    """p = CONSTANT rho^EXPONENT in n cells."""
    constant, exponent = model[CONSTANT], model[EXPONENT]
    if exponent == 1.0 or constant == 0.0:
        for i in range(n):
            p[i] = constant * rho[i]
    elif exponent == 2.0:
        for i in range(n):
            p[i] = constant * rho[i] * rho[i]
    else:
        for i in range(n):
            p[i] = constant * rho[i] ** exponent


@kernel
def own_speed_squared(out, W, model, v, ghosts, first, n):
    """Square of the fastest speed at which a fluid by itself carries a signal along an axis, in n cells.

    Six moments: the larger of 3 p_par/rho (along B) and 2 p_perp/rho (across). Ten: 3 P_nn/rho along n, the largest of
    the axes that are not flat."""
    kind, sound = model[KIND], model[SOUND]
    rho = W[v, first:first + n]
    p = W[v + 4, first:first + n]
    if kind == SIX:
        along, across = W[v + 5, first:first + n], W[v + 6, first:first + n]
        for i in range(n):
            out[i] = max(3.0 * along[i], 2.0 * across[i]) / rho[i]
    elif kind == TEN:
        for i in range(n):
            out[i] = 0.0
        for axis in range(3):
            if ghosts[axis] > 0:
                normal = W[v + 5 + (0, 3, 5)[axis], first:first + n]
                for i in range(n):
                    out[i] = max(out[i], normal[i])
        for i in range(n):
            out[i] = sound * out[i] / rho[i]
    else:
        for i in range(n):
            out[i] = sound * p[i] / rho[i]


@kernel
def is_bad(W, model, v, c):
    """Whether the fluid is not positive and finite in cell c: density and pressure, or every pressure of a tensor."""
    kind = model[KIND]
    rho, p = W[v, c], W[v + 4, c]
    if kind == BAROTROPIC and model[CONSTANT] == 0.0:
        return not (rho >= 0.0 and rho < 1.0e300)
    bad = not (rho > 0.0 and p > 0.0 and p < 1.0e300)
    if kind == SIX:
        bad = bad or not (W[v + 5, c] > 0.0 and W[v + 6, c] > 0.0)
    elif kind == TEN:
        bad = bad or not is_positive_definite(W[v + 5, c], W[v + 6, c], W[v + 7, c], W[v + 8, c], W[v + 9, c], W[v + 10, c])
    return bad


@pointwise
def lacks_positivity(rho, nn, nt, ns, tt, ts, ss):
    """1.0 where density or tensor (by the pivots of its Cholesky elimination) is not positive, else 0.0."""
    inverse = 1.0 / nn
    share = ns * inverse
    b = tt - nt * (nt * inverse)
    mixed = ts - nt * share
    # the last pivot, ss - ns share - mixed^2/b, times b/nn: one division less. Unlike ``and``, & asks without masks
    last = (ss - ns * share) * (b * inverse) > mixed * (mixed * inverse)
    return 0.0 if (rho > 0.0) & (nn > 0.0) & (b > 0.0) & last else 1.0


@kernel
def is_positive_definite(xx, xy, xz, yy, yz, zz):
    """Whether a symmetric tensor is positive definite: pivots of its Cholesky elimination."""
    return lacks_positivity(1.0, xx, xy, xz, yy, yz, zz) == 0.0


@kernel
def count_bad_tensors(W, v, first, n):
    """Number of cells where a ten-moment fluid is not positive and finite."""
    # row by row: of a slice of many the compiler does not know that neighbours in x are neighbours in memory
    rho, p = W[v, first:first + n], W[v + 4, first:first + n]
    xx, xy, xz = W[v + 5, first:first + n], W[v + 6, first:first + n], W[v + 7, first:first + n]
    yy, yz, zz = W[v + 8, first:first + n], W[v + 9, first:first + n], W[v + 10, first:first + n]
    bad = 0
    for i in range(n):
        lacks = lacks_positivity(rho[i], xx[i], xy[i], xz[i], yy[i], yz[i], zz[i])
        bad += 0 if (lacks == 0.0) & (p[i] > 0.0) & (p[i] < 1.0e300) else 1
    return bad


@kernel
def count_bad(W, model, v, first, n):
    """Number of cells where a fluid is not positive and finite."""
    kind = model[KIND]
    bad = 0
    if kind >= SIX or model[CONSTANT] == 0.0 and kind == BAROTROPIC:
        if kind == TEN:
            return count_bad_tensors(W, v, first, n)
        for c in range(first, first + n):
            bad += 1 if is_bad(W, model, v, c) else 0
        return bad
    rho, p = W[v, first:first + n], W[v + 4, first:first + n]
    for i in range(n):
        bad += 0 if (rho[i] > 0.0 and p[i] > 0.0 and p[i] < 1.0e300) else 1
    return bad

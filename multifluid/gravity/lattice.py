"""Free-space Green's function of the second-difference Laplacian, in one, two or three dimensions.

With L = sum_a delta_a^2/dx_a^2 on an unbounded lattice, K solves L K = delta_0/V (V the product of the spacings) and
tends to the continuous Green's function far away: |x|/2, ln(r)/(2 pi), -1/(4 pi r). It is minus the integral over time
of the lattice's heat kernel (for a lattice with dx = 1: Martinsson & Rodin 2002, Proc. R. Soc. A 458, 2609; Liska &
Colonius 2014, J. Comput. Phys. 279, 302, section 2),

    K(n) = -int_0^inf dt prod_a exp(-2 t/dx_a^2) I_{n_a}(2 t/dx_a^2)/dx_a

with I_n the modified Bessel function; in 2-D it needs exp(-1/(4 t))/(4 pi t) taken off under the integral, which makes K
tend to ln(r)/(2 pi) exactly. The integrand is a product over axes, and in s = ln t the trapezoidal rule converges
exponentially: some hundred points give rounding.
"""

import numpy as np
from scipy.special import ive

# The integrand falls like e^s below and, relative to its largest value, like e^(-s/2) (3-D) or e^-s (2-D) above. It is
# analytic for |Im s| < pi/2, hence the error e^(-pi^2/step).
_START, _STOP, _STEP = -38.0, 76.0, 0.25


def lattice_green(points, spacing):
    """K on the lattice points 0 <= n_a < points_a.

    Parameters
    ----------
    points : sequence of int
        Points along each axis, offset zero included; one to three axes.
    spacing : sequence of float
        dx_a, as many.

    Returns
    -------
    ndarray
        Shape ``points``; even in every n_a. Unit: length^(2 - dimensions).
    """
    spacing = np.asarray(spacing, float)
    if len(spacing) == 1:
        return 0.5 * spacing[0] * np.arange(points[0])
    unit = spacing.min()
    t = np.exp(np.arange(_START, _STOP, _STEP))
    # t dt/t: weights of the trapezoidal rule in ln t
    weights = -_STEP * t * unit**2
    first, *others = (_heat_kernel(n, 2.0 * t * (unit / d) ** 2) / d for n, d in zip(points, spacing))
    out = np.empty(tuple(points))
    if len(spacing) == 2:
        line, = others
        # both terms are large where t is large, so their difference is summed, not the sums' difference
        reference = np.exp(-0.25 / t) / (4.0 * np.pi * t * unit**2)
        for i in range(points[0]):
            out[i] = ((first[i] * line - reference) * weights).sum(axis=1)
        return out + np.log(unit) / (2.0 * np.pi)
    second, third = others
    for i in range(points[0]):
        # einsum and not BLAS: its bits do not depend on a number of threads
        np.einsum("jq,kq->jk", second * (first[i] * weights), third, out=out[i])
    return out


# scipy's ive gives nan above some 4e9.
_LARGE = 1e9


def _heat_kernel(points, z):
    """exp(-z) I_n(z) for n < points, shape (points, len(z)); for large z by its asymptotic series in n^2/(2 z)."""
    n = np.arange(points, dtype=float)[:, None]
    large = z > _LARGE
    out = np.empty((points, len(z)))
    out[:, ~large] = ive(n, z[~large])
    z = z[large]
    series = term = np.ones((points, len(z)))
    for k in range(1, 9):
        term = term * ((2 * k - 1) ** 2 - 4.0 * n * n) / (8.0 * k * z)
        series = series + term
    out[:, large] = series / np.sqrt(2.0 * np.pi * z)
    return out

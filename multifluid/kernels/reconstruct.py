"""Pointwise reconstruction: values of the six cells around a face in, the two states at the face out.

The face lies between ``m1`` and ``p1``; cells are named m3, m2, m1 | p1, p2, p3 from left to right.
"""

from ._jit import pointwise

# Share of the linear edge value in the parabolic one. A purely centred edge value has no dissipation and the
# explicit part of the step amplifies |G| - 1 ~ y^4/24 along the imaginary axis; one tenth of the linear scheme's
# third difference more than cancels that for every Courant number allowed and costs a quarter of the error of PLM.
PPM_LINEAR_SHARE = 0.1


@pointwise
def mc_half_difference(m, c, p):
    """Half the monotonised-central slope of cell ``c`` (van Leer 1977, J. Comput. Phys. 23, 276, eq. 66)."""
    left = c - m
    right = p - c
    half = 0.25 * (left + right)
    # between the smaller of two positive differences, or the larger of two negative ones, and zero
    return max(min(half, max(0.0, min(left, right))), min(0.0, max(left, right)))


@pointwise
def ppm_edges(mm, m, c, p, pp):
    """Limited edge values (left, right) of the parabola in cell ``c``.

    Fourth-order edges (Colella & Woodward 1984, J. Comput. Phys. 54, 174, eq. 1.9) with the limiter that keeps
    smooth extrema (Colella & Sekora 2008, J. Comput. Phys. 227, 7069, eqs. 18-25).
    """
    centred = 1.0 - PPM_LINEAR_SHARE
    quarter = 0.25 * PPM_LINEAR_SHARE * (p - m)
    low = centred * ((7.0 / 12.0) * (m + c) - (1.0 / 12.0) * (mm + p)) + PPM_LINEAR_SHARE * c - quarter
    high = centred * ((7.0 / 12.0) * (c + p) - (1.0 / 12.0) * (m + pp)) + PPM_LINEAR_SHARE * c + quarter
    below = c - low
    above = high - c
    # at an extremum: scale the parabola's curvature to the smallest one around
    curvature = above - below
    here = (m + p) - 2.0 * c
    left = (mm + c) - 2.0 * m
    right = (c + pp) - 2.0 * p
    smallest = min(min(abs(left), abs(right)), abs(here))
    bends_alike = (left * here > 0.0) and (right * here > 0.0)
    size = abs(curvature)
    kept = min(size, (1.25 / 6.0) * smallest) if bends_alike and curvature * here > 0.0 else 0.0
    ratio = kept / size if size > 0.0 else 0.0
    extremum = (below * above <= 0.0) or ((p - c) * (c - m) <= 0.0)
    # elsewhere: the parabola monotone, its edges between the neighbours' means except beside a smooth extremum
    below_inside = below if bends_alike else min(max(below, min(c - m, 0.0)), max(c - m, 0.0))
    above_inside = above if bends_alike else min(max(above, min(p - c, 0.0)), max(p - c, 0.0))
    below_monotone = 2.0 * above_inside if abs(below_inside) > 2.0 * abs(above_inside) else below_inside
    above_monotone = 2.0 * below_inside if abs(above_inside) > 2.0 * abs(below_inside) else above_inside
    below = ratio * below if extremum else below_monotone
    above = ratio * above if extremum else above_monotone
    return c - below, c + above


# Added to the smoothness indicators in units of their sum. Stencils whose indicators lie below it differ from each other by
# round-off of what the others vary by; the products of weights then stay within the range of numbers at any field.
SMOOTHEST = 1.0e-30


@pointwise
def weno5z_smoothness(mm, m, c, p, pp):
    """The smoothness indicators s_0, s_1, s_2 of the three parabolas of cell ``c`` (Jiang & Shu 1996, J. Comput. Phys. 126,
    202, eqs. 3.2-3.4), in units of their sum."""
    d0, d1, d2, d3 = m - mm, c - m, p - c, pp - p
    curve0, curve1, curve2 = d1 - d0, d2 - d1, d3 - d2
    slope0, slope1, slope2 = d1 + d1 + curve0, d1 + d2, d2 + d2 - curve2
    tiny = 4.0e-40 + 4.0e-14 * (c * c)
    s0 = (13.0 / 3.0) * (curve0 * curve0) + slope0 * slope0 + tiny
    s1 = (13.0 / 3.0) * (curve1 * curve1) + slope1 * slope1 + tiny
    s2 = (13.0 / 3.0) * (curve2 * curve2) + slope2 * slope2 + tiny
    unit = 1.0 / ((s0 + s2) + s1)
    return s0 * unit + SMOOTHEST, s1 * unit + SMOOTHEST, s2 * unit + SMOOTHEST


@pointwise
def weno5z_edges(mm, m, c, p, pp, s0, s1, s2):
    """(left, right) edge values of cell ``c`` from its ``weno5z_smoothness``, fifth order, WENO-Z weights (Borges et al.
    2008, J. Comput. Phys. 227, 3191).

    Both edges share the nonlinear weights, 1 + (tau/s_k)^2 = (s_k^2 + tau^2)/s_k^2, here times s_0^2 s_1^2 s_2^2, so that an
    edge costs one division instead of four. Data that mirror about the cell give mirrored edges to the last bit.
    """
    # differences of neighbours: of them the parabolas' edge values less c, six times
    d0, d1, d2, d3 = m - mm, c - m, p - c, pp - p
    tau2 = (s0 - s2) * (s0 - s2)
    s0 *= s0
    s1 *= s1
    s2 *= s2
    w0 = (s0 + tau2) * (s1 * s2)
    w1 = (s1 + tau2) * (6.0 * (s0 * s2))
    w2 = (s2 + tau2) * (s0 * s1)
    far0, far2 = 3.0 * w0, 3.0 * w2
    right = w0 + w1 + far2
    left = w2 + w1 + far0
    unit = 1.0 / (6.0 * (left * right))
    to_right = w0 * (5.0 * d1 - 2.0 * d0) + w1 * (d1 + 2.0 * d2) + far2 * (4.0 * d2 - d3)
    to_left = w2 * (5.0 * d2 - 2.0 * d3) + w1 * (d2 + 2.0 * d1) + far0 * (4.0 * d1 - d0)
    return c - to_left * (right * unit), c + to_right * (left * unit)

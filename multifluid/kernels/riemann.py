"""Pointwise fluxes of a fluid with scalar pressure through a face, in axes with the face normal first.

Arguments are the primitive states on either side (density, normal velocity, two transverse velocities,
pressure), ``g`` = 1/(gamma - 1), and signal speeds. Each returns (mass, normal momentum, two transverse
momenta, energy) flux densities; that of a barotropic fluid leaves the energy out.
"""

import math

from ._jit import pointwise


@pointwise
def flux_rusanov(rl, ul, vl, wl, pl, rr, ur, vr, wr, pr, g, speed):
    """Local Lax-Friedrichs flux, F = (F_L + F_R)/2 - a (U_R - U_L)/2 (Rusanov 1961; the symmetric HLL flux of
    Harten, Lax & van Leer 1983, SIAM Rev. 25, 35, eq. 3.11)."""
    el = g * pl + 0.5 * rl * (ul * ul + vl * vl + wl * wl)
    er = g * pr + 0.5 * rr * (ur * ur + vr * vr + wr * wr)
    ml = rl * ul
    mr = rr * ur
    f0 = 0.5 * (ml + mr - speed * (rr - rl))
    f1 = 0.5 * ((ml * ul + pl) + (mr * ur + pr) - speed * (mr - ml))
    f2 = 0.5 * (ml * vl + mr * vr - speed * (rr * vr - rl * vl))
    f3 = 0.5 * (ml * wl + mr * wr - speed * (rr * wr - rl * wl))
    f4 = 0.5 * ((el + pl) * ul + (er + pr) * ur - speed * (er - el))
    return f0, f1, f2, f3, f4


@pointwise
def flux_hllc(rl, ul, vl, wl, pl, rr, ur, vr, wr, pr, g, al, ar):
    """HLLC flux (Toro, Spruce & Speares 1994, Shock Waves 4, 25; Batten et al. 1997, SIAM J. Sci. Comput. 18, 1553,
    eqs. 10-12), with outer speeds min(u_L - a_L, u_R - a_R) and max(u_L + a_L, u_R + a_R)."""
    el = g * pl + 0.5 * rl * (ul * ul + vl * vl + wl * wl)
    er = g * pr + 0.5 * rr * (ur * ur + vr * vr + wr * wr)
    sl = min(ul - al, ur - ar)
    sr = max(ul + al, ur + ar)
    ql = rl * (sl - ul)
    qr = rr * (sr - ur)
    sm = ((pr - pl) + (ql * ul - qr * ur)) / (ql - qr)
    # the side the contact leaves the face on
    left = sm > 0.0
    # data that mirror about the face have sm = 0: take the mean of both sides then, so that the flux mirrors too
    wl_ = 0.5 if sm == 0.0 else (1.0 if left else 0.0)
    wr_ = 1.0 - wl_
    dl = ql / (sl - sm)
    dr = qr / (sr - sm)
    estar_l = ((sl - ul) * el - pl * ul) / (sl - sm)
    estar_r = ((sr - ur) * er - pr * ur) / (sr - sm)
    pstar_l = pl + ql * (sm - ul)
    pstar_r = pr + qr * (sm - ur)
    estar_l += pstar_l * sm / (sl - sm)
    estar_r += pstar_r * sm / (sr - sm)
    cl = min(sl, 0.0)
    cr = max(sr, 0.0)
    ml = rl * ul
    mr = rr * ur
    l0 = ml + cl * (dl - rl)
    l1 = ml * ul + pl + cl * (dl * sm - ml)
    l2 = ml * vl + cl * (dl - rl) * vl
    l3 = ml * wl + cl * (dl - rl) * wl
    l4 = (el + pl) * ul + cl * (estar_l - el)
    r0 = mr + cr * (dr - rr)
    r1 = mr * ur + pr + cr * (dr * sm - mr)
    r2 = mr * vr + cr * (dr - rr) * vr
    r3 = mr * wr + cr * (dr - rr) * wr
    r4 = (er + pr) * ur + cr * (estar_r - er)
    f0 = wl_ * l0 + wr_ * r0
    f1 = wl_ * l1 + wr_ * r1
    f2 = wl_ * l2 + wr_ * r2
    f3 = wl_ * l3 + wr_ * r3
    f4 = wl_ * l4 + wr_ * r4
    return f0, f1, f2, f3, f4


@pointwise
def flux_hll_barotropic(rl, ul, vl, wl, pl, rr, ur, vr, wr, pr, al, ar):
    """HLL flux of mass and normal momentum (Harten, Lax & van Leer 1983, SIAM Rev. 25, 35, eq. 3.11) with outer speeds
    min(u_L - a_L, u_R - a_R) and max(u_L + a_L, u_R + a_R); transverse momentum goes with the mass, so that shear
    at rest stays as it is: the middle wave of a barotropic gas carries shear alone."""
    sl = min(min(ul - al, ur - ar), 0.0)
    sr = max(max(ul + al, ur + ar), 0.0)
    # both are 0 only where a cold gas is at rest on both sides: then so are the fluxes
    inverse = 1.0 / max(sr - sl, 1.0e-300)
    ml = rl * ul
    mr = rr * ur
    f0 = (sr * ml - sl * mr + sl * sr * (rr - rl)) * inverse
    f1 = (sr * (ml * ul + pl) - sl * (mr * ur + pr) + sl * sr * (mr - ml)) * inverse
    forward = f0 > 0.0
    f2 = f0 * (vl if forward else vr)
    f3 = f0 * (wl if forward else wr)
    return f0, f1, f2, f3


@pointwise
def sound_speed(rho, p, gamma):
    """sqrt(gamma p / rho)."""
    return math.sqrt(gamma * p / rho)

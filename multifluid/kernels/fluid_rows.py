"""Fluxes of one scalar-pressure fluid through one row of faces: reconstruct, solve the Riemann problem, store.

Every array is (variable, flattened cell); ``first`` is the flattened index of the cell right of the first face,
``stride`` the distance between neighbours along the face normal, ``axis`` 0, 1, 2 = x, y, z the normal's
direction, ``v`` the fluid's first variable in the primitive array. ``smooth`` is 1 where the cell keeps its
slopes and 0 where a troubled cell falls back to first order.
"""

from ._jit import kernel
from .closures import barotropic_row
from .codes import BAROTROPIC, GAMMA, KIND
from .reconstruct import mc_half_difference, ppm_edges
from .riemann import flux_hll_barotropic, flux_hllc, flux_rusanov

PLM, PPM = 0, 1
RUSANOV, HLLC = 0, 1


@kernel
def cell_edges_row(low, high, q, smooth, first, stride, n):
    """PLM values of n cells at their lower and upper faces."""
    a = q[first - stride:first - stride + n]
    b = q[first:first + n]
    c = q[first + stride:first + stride + n]
    keep = smooth[first:first + n]
    for i in range(n):
        half = keep[i] * mc_half_difference(a[i], b[i], c[i])
        low[i] = b[i] - half
        high[i] = b[i] + half


@kernel
def plm_row(left, right, above, q, smooth, first, stride, n, known):
    """PLM states left and right of n faces, of one primitive variable ``q``.

    A cell is limited once, for both its faces. The states left of the faces beyond the row's last ones, one ``stride`` on,
    go into ``above``; ``known`` tells that ``left`` comes as such an ``above`` of the row of faces before."""
    last = min(stride, n)
    both = n - last
    if not known:
        cell_edges_row(right, left, q, smooth, first - stride, stride, last)
    if both > 0:
        cell_edges_row(right, left[last:], q, smooth, first, stride, both)
    cell_edges_row(right[both:], above, q, smooth, first + both, stride, last)


@kernel
def ppm_row(left, right, q, smooth, first, stride, n, positive):
    """PPM states of one primitive variable; where ``positive`` and an edge value is not, the cell's mean is used."""
    a = q[first - 3 * stride:first - 3 * stride + n]
    b = q[first - 2 * stride:first - 2 * stride + n]
    c = q[first - stride:first - stride + n]
    d = q[first:first + n]
    e = q[first + stride:first + stride + n]
    f = q[first + 2 * stride:first + 2 * stride + n]
    keep_l = smooth[first - stride:first - stride + n]
    keep_r = smooth[first:first + n]
    for i in range(n):
        _, high = ppm_edges(a[i], b[i], c[i], d[i], e[i])
        low, _ = ppm_edges(b[i], c[i], d[i], e[i], f[i])
        high = c[i] + keep_l[i] * (high - c[i])
        low = d[i] + keep_r[i] * (low - d[i])
        left[i] = c[i] if positive and high <= 0.0 else high
        right[i] = d[i] if positive and low <= 0.0 else low


@kernel
def reconstruct_row(left, right, above, q, smooth, first, stride, n, reconstruction, positive, known):
    """Face states of one primitive variable by the chosen reconstruction; ``above`` and ``known`` see ``plm_row``."""
    if reconstruction == PPM:
        ppm_row(left, right, q, smooth, first, stride, n, positive)
    else:
        plm_row(left, right, above, q, smooth, first, stride, n, known)


@kernel
def face_states(left, right, above, W, smooth, v, axis, first, stride, n, reconstruction, rows, known):
    """Primitive states at n faces: ``left``, ``right`` (>= rows, >= n), in the order density, normal, two transverse
    velocities, pressure."""
    for k in range(rows):
        row = v + k if k == 0 or k == 4 else v + 1 + (axis + k - 1) % 3
        reconstruct_row(left[k], right[k], above[k], W[row], smooth, first, stride, n, reconstruction, k == 0 or k == 4,
                        known)


@kernel
def flux_row(F, energy, left, right, above, W, signal, smooth, v, model, axis, first, stride, n, reconstruction, solver,
             known):
    """Fluxes of a five-moment or barotropic fluid through n faces.

    ``F`` (4, >= n) is overwritten with mass and momentum (x, y, z) fluxes, ``energy`` (>= n) with the energy flux, which
    means nothing for a barotropic fluid; ``signal`` holds each cell's signal speed in the fluid's frame (screened, for a
    charged fluid). ``left``, ``right``, ``above`` (5, >= n) and ``known`` see ``plm_row``.
    """
    barotropic = model[KIND] == BAROTROPIC
    face_states(left, right, above, W, smooth, v, axis, first, stride, n, reconstruction, 4 if barotropic else 5, known)
    rl, rr = left[0], right[0]
    ul, ur = left[1], right[1]
    vl, vr = left[2], right[2]
    wl, wr = left[3], right[3]
    pl, pr = left[4], right[4]
    if barotropic:
        barotropic_row(pl, rl, model, n)
        barotropic_row(pr, rr, model, n)
    g = 1.0 / (model[GAMMA] - 1.0)
    al = signal[first - stride:first - stride + n]
    ar = signal[first:first + n]
    f0 = F[0]
    f1 = F[1 + axis]
    f2 = F[1 + (axis + 1) % 3]
    f3 = F[1 + (axis + 2) % 3]
    if solver == RUSANOV:
        for i in range(n):
            speed = max(al[i] + abs(ul[i]), ar[i] + abs(ur[i]))
            f0[i], f1[i], f2[i], f3[i], energy[i] = flux_rusanov(
                rl[i], ul[i], vl[i], wl[i], pl[i], rr[i], ur[i], vr[i], wr[i], pr[i], g, speed)
    elif barotropic:
        for i in range(n):
            f0[i], f1[i], f2[i], f3[i] = flux_hll_barotropic(
                rl[i], ul[i], vl[i], wl[i], pl[i], rr[i], ur[i], vr[i], wr[i], pr[i], al[i], ar[i])
    else:
        for i in range(n):
            f0[i], f1[i], f2[i], f3[i], energy[i] = flux_hllc(
                rl[i], ul[i], vl[i], wl[i], pl[i], rr[i], ur[i], vr[i], wr[i], pr[i], g, al[i], ar[i])

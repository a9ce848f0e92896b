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
def plm_row(states, q, smooth, first, stride, n):
    """PLM states left (``states[0]``) and right (``states[1]``) of n faces, of one primitive variable ``q``."""
    a = q[first - 2 * stride:first - 2 * stride + n]
    b = q[first - stride:first - stride + n]
    c = q[first:first + n]
    d = q[first + stride:first + stride + n]
    keep_l = smooth[first - stride:first - stride + n]
    keep_r = smooth[first:first + n]
    left = states[0]
    right = states[1]
    if stride == 1:
        # neighbouring faces share a cell: slopes of the cells left of the faces first, then those of the next face
        for i in range(n):
            left[i] = keep_l[i] * mc_half_difference(a[i], b[i], c[i])
        right[n - 1] = c[n - 1] - keep_r[n - 1] * mc_half_difference(b[n - 1], c[n - 1], d[n - 1])
        for i in range(n - 1):
            right[i] = c[i] - left[i + 1]
        for i in range(n):
            left[i] += b[i]
        return
    for i in range(n):
        left[i] = b[i] + keep_l[i] * mc_half_difference(a[i], b[i], c[i])
        right[i] = c[i] - keep_r[i] * mc_half_difference(b[i], c[i], d[i])


@kernel
def ppm_row(states, q, smooth, first, stride, n, positive):
    """PPM states of one primitive variable; where ``positive`` and an edge value is not, the cell's mean is used."""
    a = q[first - 3 * stride:first - 3 * stride + n]
    b = q[first - 2 * stride:first - 2 * stride + n]
    c = q[first - stride:first - stride + n]
    d = q[first:first + n]
    e = q[first + stride:first + stride + n]
    f = q[first + 2 * stride:first + 2 * stride + n]
    keep_l = smooth[first - stride:first - stride + n]
    keep_r = smooth[first:first + n]
    left = states[0]
    right = states[1]
    for i in range(n):
        _, high = ppm_edges(a[i], b[i], c[i], d[i], e[i])
        low, _ = ppm_edges(b[i], c[i], d[i], e[i], f[i])
        high = c[i] + keep_l[i] * (high - c[i])
        low = d[i] + keep_r[i] * (low - d[i])
        left[i] = c[i] if positive and high <= 0.0 else high
        right[i] = d[i] if positive and low <= 0.0 else low


@kernel
def reconstruct_row(states, q, smooth, first, stride, n, reconstruction, positive):
    """Face states of one primitive variable by the chosen reconstruction."""
    if reconstruction == PPM:
        ppm_row(states, q, smooth, first, stride, n, positive)
    else:
        plm_row(states, q, smooth, first, stride, n)


@kernel
def face_states(states, W, smooth, v, axis, first, stride, n, reconstruction, rows):
    """Primitive states at n faces: ``states`` (>= rows, 2, >= n), ordered density, normal, two transverse, pressure."""
    for k in range(rows):
        row = v + k if k == 0 or k == 4 else v + 1 + (axis + k - 1) % 3
        reconstruct_row(states[k], W[row], smooth, first, stride, n, reconstruction, k == 0 or k == 4)


@kernel
def flux_row(F, energy, states, W, signal, smooth, v, model, axis, first, stride, n, reconstruction, solver):
    """Fluxes of a five-moment or barotropic fluid through n faces.

    ``F`` (4, >= n) is overwritten with mass and momentum (x, y, z) fluxes, ``energy`` (>= n) with the energy flux, which
    means nothing for a barotropic fluid; ``signal`` holds each cell's signal speed in the fluid's frame (screened, for a
    charged fluid).
    """
    barotropic = model[KIND] == BAROTROPIC
    face_states(states, W, smooth, v, axis, first, stride, n, reconstruction, 4 if barotropic else 5)
    rl, rr = states[0, 0], states[0, 1]
    ul, ur = states[1, 0], states[1, 1]
    vl, vr = states[2, 0], states[2, 1]
    wl, wr = states[3, 0], states[3, 1]
    pl, pr = states[4, 0], states[4, 1]
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

"""Pressures of six- and ten-moment fluids in a source step: rotation about B, isotropisation, heat; row by row.

The local part of the ten-moment equations, E_ij = rho u_i u_j + P_ij (Hakim 2008, J. Fusion Energy 27, 36, eq. 4):

    d_t E_ij = (q/m) rho (u_i E_j + u_j E_i) + (q/m) (eps_iml E_mj + eps_jml E_mi) B_l - nu (P_ij - p delta_ij) + heat

Backward Euler with velocities u known from the momentum solve (u* before it) leaves for the pressure alone

    P - h [rotation(P) - nu (P - p I)] = P* + rho (u - u*)(u - u*)

The sum on the right is what the resolvent acts on: P* = E* - rho u* u* need not be positive where u* is far off. In axes
(1, 2, b) along B the resolvent multiplies P_1b + i P_2b by 1/(1 + nu h + i Omega h), (P_11 - P_22)/2 + i P_12 by
1/(1 + nu h + 2 i Omega h) and P_bb - p by 1/(1 + nu h). It is a weighted mean of rotations, so that P stays positive
definite at any Omega h, which the time-centred rotation (1 - i Omega h/2)/(1 + i Omega h/2) of each component does not
(its tensor is no rotated one). The time-centred step here turns the tensor by the angle 2 atan(Omega h/2), by which the
time-centred velocities turn; the exact one by Omega h; both isotropise by exp(-nu h).

Six moments are the same with P gyrotropic: P_bb = p_par, P_11 = P_22 = p_perp.

Frictional and exchanged heat changes p and not P - p I; where p falls so much that P would lose positivity, P falls in
proportion.
"""

import math

from ._jit import kernel
from .closures import is_positive_definite
from .codes import CYCLOTRON, FIREHOSE, FIRST, KIND, LIMITER, MIRROR, RATE, SECOND, SIX, TEN, THRESHOLDS, WAVENUMBER

BACKWARD_EULER, MIDPOINT, NO_SOURCE, EXACT = 0, 1, 2, 3


@kernel
def turn_tensor(P, frame, forward, n):
    """P (6, >= n) from axes x, y, z to the frame of B (``forward``) or back: rows 11, 12, 1b, 22, 2b, bb."""
    for i in range(n):
        xx, xy, xz, yy, yz, zz = P[0, i], P[1, i], P[2, i], P[3, i], P[4, i], P[5, i]
        a0, a1, a2 = frame[0, i], frame[1, i], frame[2, i]
        b0, b1, b2 = frame[3, i], frame[4, i], frame[5, i]
        c0, c1, c2 = frame[6, i], frame[7, i], frame[8, i]
        if not forward:
            a1, b0 = b0, a1
            a2, c0 = c0, a2
            b2, c1 = c1, b2
        pa0, pa1, pa2 = xx * a0 + xy * a1 + xz * a2, xy * a0 + yy * a1 + yz * a2, xz * a0 + yz * a1 + zz * a2
        pb0, pb1, pb2 = xx * b0 + xy * b1 + xz * b2, xy * b0 + yy * b1 + yz * b2, xz * b0 + yz * b1 + zz * b2
        pc0, pc1, pc2 = xx * c0 + xy * c1 + xz * c2, xy * c0 + yy * c1 + yz * c2, xz * c0 + yz * c1 + zz * c2
        P[0, i] = a0 * pa0 + a1 * pa1 + a2 * pa2
        P[1, i] = a0 * pb0 + a1 * pb1 + a2 * pb2
        P[2, i] = a0 * pc0 + a1 * pc1 + a2 * pc2
        P[3, i] = b0 * pb0 + b1 * pb1 + b2 * pb2
        P[4, i] = b0 * pc0 + b1 * pc1 + b2 * pc2
        P[5, i] = c0 * pc0 + c1 * pc1 + c2 * pc2


@kernel
def add_dyad(P, rho, u, start, gyrotropic, n):
    """P += rho (u - u*)(u - u*) in the frame, or its gyrotropic part."""
    for i in range(n):
        a = u[0, i] - start[0, i]
        b = u[1, i] - start[1, i]
        c = u[2, i] - start[2, i]
        r = rho[i]
        P[5, i] += r * c * c
        if gyrotropic:
            across = 0.5 * r * (a * a + b * b)
            P[0, i] += across
            P[3, i] += across
        else:
            P[0, i] += r * a * a
            P[1, i] += r * a * b
            P[2, i] += r * a * c
            P[3, i] += r * b * b
            P[4, i] += r * b * c


@kernel
def rotate(P, rho, size, model, qm, h, kind, n):
    """Rotation about B (|B| in ``size``) and isotropisation over h of P in the frame."""
    rate, wavenumber = model[RATE], model[WAVENUMBER]
    ten = model[KIND] == TEN
    for i in range(n):
        p = (P[0, i] + P[3, i] + P[5, i]) * (1.0 / 3.0)
        relax = h * rate
        if wavenumber > 0.0:
            relax += h * wavenumber * math.sqrt(max(p, 0.0) / rho[i])
        mean = 0.5 * (P[0, i] + P[3, i])
        if kind == BACKWARD_EULER:
            keep = 1.0 / (1.0 + relax)
        else:
            keep = math.exp(-relax)
        # relative to p, so that nothing is lost where P is isotropic
        P[5, i] = p + keep * (P[5, i] - p)
        mean = p + keep * (mean - p)
        if ten:
            turn = h * qm * size[i]
            if kind == BACKWARD_EULER:
                wide = 1.0 + relax
                r1, i1 = wide, turn
                r2, i2 = wide, 2.0 * turn
                norm1 = 1.0 / (r1 * r1 + i1 * i1)
                norm2 = 1.0 / (r2 * r2 + i2 * i2)
                r1, i1 = r1 * norm1, -i1 * norm1
                r2, i2 = r2 * norm2, -i2 * norm2
            else:
                if kind == MIDPOINT:
                    half = 0.5 * turn
                    norm = 1.0 / (1.0 + half * half)
                    c, s = (1.0 - half * half) * norm, 2.0 * half * norm
                else:
                    c, s = math.cos(turn), math.sin(turn)
                r1, i1 = keep * c, -keep * s
                r2, i2 = keep * (c * c - s * s), -2.0 * keep * c * s
            a, b = P[2, i], P[4, i]
            P[2, i] = a * r1 - b * i1
            P[4, i] = a * i1 + b * r1
            a, b = 0.5 * (P[0, i] - P[3, i]), P[1, i]
            d = a * r2 - b * i2
            P[1, i] = a * i2 + b * r2
            P[0, i] = mean + d
            P[3, i] = mean - d
        else:
            P[0, i] = mean
            P[3, i] = mean


@kernel
def threshold(p, par_minus_perp, b2, which):
    """The nearest stable p_par - p_perp at given mean pressure p; ``b2`` is B^2/mu0.

    Firehose: p_par - p_perp <= B^2/mu0 (Chew, Goldberger & Low 1956). Mirror: p_perp/p_par - 1 <= B^2/(2 mu0 p_perp)
    (kinetic; Hasegawa 1969, Phys. Fluids 12, 2642). Ion cyclotron: p_perp/p_par - 1 <= 0.43 (B^2/(2 mu0 p_par))^0.42
    (Gary & Lee 1994, J. Geophys. Res. 99, 11297, growth at 1e-3 to 1e-2 of the gyrofrequency)."""
    d = par_minus_perp
    if d > 0.0:
        return min(d, b2) if which % 2 == FIREHOSE else d
    if (which // MIRROR) % 2 == 1:
        # -d (p - d/3) = (p + 2 d/3) b2/2: the negative root, written without cancellation
        b = 3.0 * p + b2
        d = max(d, -3.0 * p * b2 / (b + math.sqrt(b * b + 6.0 * p * b2)))
    if (which // CYCLOTRON) % 2 == 1:
        if -d > (p + 2.0 * d / 3.0) * 0.43 * (0.5 * b2 / (p + 2.0 * d / 3.0)) ** 0.42:
            low, high = d, 0.0
            for _ in range(60):
                middle = 0.5 * (low + high)
                par = p + 2.0 * middle / 3.0
                if -middle > par * 0.43 * (0.5 * b2 / par) ** 0.42:
                    low = middle
                else:
                    high = middle
            d = high
    return d


@kernel
def limit_anisotropy(P, size, model, mu0, h, kind, n):
    """Isotropise at the rate LIMITER the part of p_par - p_perp (frame of B) beyond the instability thresholds."""
    which = int(model[THRESHOLDS])
    relax = h * model[LIMITER]
    keep = 1.0 / (1.0 + relax) if kind == BACKWARD_EULER else math.exp(-relax)
    for i in range(n):
        perp = 0.5 * (P[0, i] + P[3, i])
        par = P[5, i]
        p = (2.0 * perp + par) * (1.0 / 3.0)
        if not p > 0.0:
            continue
        beyond = (par - perp) - threshold(p, par - perp, size[i] * size[i] / mu0, which)
        if beyond != 0.0:
            change = (1.0 - keep) * beyond
            P[5, i] -= change * (2.0 / 3.0)
            P[0, i] += change * (1.0 / 3.0)
            P[3, i] += change * (1.0 / 3.0)


@kernel
def set_mean_pressure(P, energy, n):
    """Bring tr P/2 to ``energy``: heat is isotropic, and so is a loss unless P would lose positivity; see above."""
    for i in range(n):
        p = (P[0, i] + P[3, i] + P[5, i]) * (1.0 / 3.0)
        gain = energy[i] * (2.0 / 3.0) - p
        if gain < 0.0:
            if not is_positive_definite(P[0, i] + gain, P[1, i], P[2, i], P[3, i] + gain, P[4, i], P[5, i] + gain):
                share = (p + gain) / p if p > 0.0 else 1.0
                for k in range(6):
                    P[k, i] *= share
                continue
        P[0, i] += gain
        P[3, i] += gain
        P[5, i] += gain


@kernel
def gather_pressures(P, kind, rho, energy, x, y, z, frame, gathered, n):
    """P* in the frame from the gathered rows of E_ij (ten) or p_par (six), and the internal energy tr P*/2 (ten).

    ``gathered`` (6, >= n) holds E_ij of ten moments, or p_par in its first row; x, y, z are u*."""
    if kind == SIX:
        for i in range(n):
            par = gathered[0, i]
            perp = energy[i] - 0.5 * par
            P[0, i] = P[3, i] = perp
            P[1, i] = P[2, i] = P[4, i] = 0.0
            P[5, i] = par
        return
    for k in range(6):
        a = x if FIRST[k] == 0 else (y if FIRST[k] == 1 else z)
        b = x if SECOND[k] == 0 else (y if SECOND[k] == 1 else z)
        for i in range(n):
            P[k, i] = gathered[k, i] - rho[i] * a[i] * b[i]
    for i in range(n):
        energy[i] = 0.5 * (P[0, i] + P[3, i] + P[5, i])
    turn_tensor(P, frame, True, n)


@kernel
def evolve_pressures(P, model, qm, rho, rho_star, u, start, energy, size, mu0, h, kind, n):
    """P of a six- or ten-moment fluid (frame) over the source step; ``energy`` is its internal energy after it."""
    if kind == NO_SOURCE or model[KIND] < SIX:
        return
    if kind == BACKWARD_EULER:
        add_dyad(P, rho_star, u, start, model[KIND] == SIX, n)
    rotate(P, rho, size, model, qm, h, kind, n)
    if model[LIMITER] > 0.0:
        limit_anisotropy(P, size, model, mu0, h, kind, n)
    set_mean_pressure(P, energy, n)

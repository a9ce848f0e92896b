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
time-centred velocities turn; the exact one by Omega h; both isotropise by exp(-nu h). The exact angle is kept to 106
bits: at Omega h = 1e6 its rounding alone would cost 1e-10.

Six moments are the same with P gyrotropic: P_bb = p_par, P_11 = P_22 = p_perp.

Frictional and exchanged heat changes p and not P - p I; where p falls so much that P would lose positivity, P falls in
proportion.
"""

import math

from ._jit import kernel, pointwise
from .closures import lacks_positivity
from .codes import CYCLOTRON, FIREHOSE, KIND, LIMITER, MIRROR, RATE, SIX, TEN, THRESHOLDS, WAVENUMBER
from .doubledouble import dd_multiply, two_product, two_sum
from .local_solve import CHUNK

BACKWARD_EULER, MIDPOINT, NO_SOURCE, EXACT = 0, 1, 2, 3

# Rows of a tensor in the frame, at distances fixed at compile time: the compiler then vectorises without asking whether
# rows overlap.
Q12, Q13, Q22, Q23, Q33 = [row * CHUNK for row in range(1, 6)]
# The rows behind it: rho u_i u_j + P_ij in x, y, z as they were gathered.
G11, G12, G13, G22, G23, G33 = [row * CHUNK for row in range(6, 12)]


@pointwise
def turned(xx, xy, xz, yy, yz, zz, axes, i, step, skip):
    """Components of a tensor along three new axes (rows ``skip`` apart, their components ``step``, in flat ``axes``)."""
    a0, a1, a2 = axes[i], axes[step + i], axes[2 * step + i]
    b0, b1, b2 = axes[skip + i], axes[skip + step + i], axes[skip + 2 * step + i]
    c0, c1, c2 = axes[2 * skip + i], axes[2 * skip + step + i], axes[2 * skip + 2 * step + i]
    pa0, pa1, pa2 = xx * a0 + xy * a1 + xz * a2, xy * a0 + yy * a1 + yz * a2, xz * a0 + yz * a1 + zz * a2
    pb0, pb1, pb2 = xx * b0 + xy * b1 + xz * b2, xy * b0 + yy * b1 + yz * b2, xz * b0 + yz * b1 + zz * b2
    pc0, pc1, pc2 = xx * c0 + xy * c1 + xz * c2, xy * c0 + yy * c1 + yz * c2, xz * c0 + yz * c1 + zz * c2
    return (a0 * pa0 + a1 * pa1 + a2 * pa2, a0 * pb0 + a1 * pb1 + a2 * pb2, a0 * pc0 + a1 * pc1 + a2 * pc2,
            b0 * pb0 + b1 * pb1 + b2 * pb2, b0 * pc0 + b1 * pc1 + b2 * pc2, c0 * pc0 + c1 * pc1 + c2 * pc2)


@kernel
def turn_tensor(P, frame, forward, n):
    """P (6, CHUNK) from axes x, y, z to the frame of B (``forward``) or back: rows 11, 12, 1b, 22, 2b, bb."""
    q, axes = P.reshape(-1), frame.reshape(-1)
    if forward:
        for i in range(n):
            q[i], q[Q12 + i], q[Q13 + i], q[Q22 + i], q[Q23 + i], q[Q33 + i] = turned(
                q[i], q[Q12 + i], q[Q13 + i], q[Q22 + i], q[Q23 + i], q[Q33 + i], axes, i, CHUNK, 3 * CHUNK)
    else:
        # the transpose of the frame
        for i in range(n):
            q[i], q[Q12 + i], q[Q13 + i], q[Q22 + i], q[Q23 + i], q[Q33 + i] = turned(
                q[i], q[Q12 + i], q[Q13 + i], q[Q22 + i], q[Q23 + i], q[Q33 + i], axes, i, 3 * CHUNK, CHUNK)


@kernel
def field_size_rest(rest, size, W, v_field, first, n):
    """|B| less the rounded |B| in ``size``."""
    bx, by, bz = W[v_field + 3, first:first + n], W[v_field + 4, first:first + n], W[v_field + 5, first:first + n]
    for i in range(n):
        x, x_low = two_product(bx[i], bx[i])
        y, y_low = two_product(by[i], by[i])
        z, z_low = two_product(bz[i], bz[i])
        square, square_low = two_product(size[i], size[i])
        total, low = two_sum(x, y)
        total, lower = two_sum(total, z)
        # what is left of the squares is small and exact
        left = (total - square) + (((low + lower) + (x_low + y_low)) + (z_low - square_low))
        rest[i] = left / (2.0 * size[i]) if size[i] > 0.0 else 0.0


@kernel
def add_heat(P, rho, u, start, size, n):
    """Heat rho (u - u*)^2/2 of a six-moment fluid's backward Euler step into its pressures (frame).

    Forces leave p_par alone, which holds no kinetic energy, so that what the energy gains is p_perp's; where there is no B
    both share it."""
    q, v, old = P.reshape(-1), u.reshape(-1), start.reshape(-1)
    for i in range(n):
        a = v[i] - old[i]
        b = v[CHUNK + i] - old[CHUNK + i]
        c = v[2 * CHUNK + i] - old[2 * CHUNK + i]
        heat = rho[i] * (a * a + b * b + c * c)
        some = size[i] > 0.0
        across = heat * (0.5 if some else 1.0 / 3.0)
        q[i] += across
        q[Q22 + i] += across
        q[Q33 + i] += 0.0 if some else across


@pointwise
def with_dyad(q, v, old, rho, i):
    """P + rho (u - u*)(u - u*) in cell i of the flat rows q, u and u*: 11, 12, 1b, 22, 2b, bb."""
    a = v[i] - old[i]
    b = v[CHUNK + i] - old[CHUNK + i]
    c = v[2 * CHUNK + i] - old[2 * CHUNK + i]
    ra, rb, rc = rho[i] * a, rho[i] * b, rho[i] * c
    return (q[i] + ra * a, q[Q12 + i] + ra * b, q[Q13 + i] + ra * c, q[Q22 + i] + rb * b, q[Q23 + i] + rb * c,
            q[Q33 + i] + rc * c)


@pointwise
def resolvent(xx, xy, xz, yy, yz, zz, turn, wide, keep):
    """Backward Euler for rotation by ``turn`` and isotropisation (``keep`` = 1/``wide``) of one tensor in the frame."""
    p = (xx + yy + zz) * (1.0 / 3.0)
    # relative to p, so that nothing is lost where P is isotropic
    mean = p + keep * (0.5 * (xx + yy) - p)
    # 1/(wide + i turn) and 1/(wide + 2 i turn) by one division
    norm1, norm2 = wide * wide + turn * turn, wide * wide + 4.0 * (turn * turn)
    inverse = 1.0 / (norm1 * norm2)
    share = norm2 * inverse
    re1, im1 = wide * share, -turn * share
    share = norm1 * inverse
    re2, im2 = wide * share, -2.0 * turn * share
    half = 0.5 * (xx - yy)
    d = half * re2 - xy * im2
    return (mean + d, half * im2 + xy * re2, xz * re1 - yz * im1, mean - d, xz * im1 + yz * re1, p + keep * (zz - p))


@kernel
def resolve(P, rho, rho_star, u, start, size, model, qm, h, n):
    """P + rho* (u - u*)(u - u*), then backward Euler for rotation about B and isotropisation over h, of ten moments in the
    frame."""
    q, v, old = P.reshape(-1), u.reshape(-1), start.reshape(-1)
    rate, wavenumber, turning = h * model[RATE], h * model[WAVENUMBER], h * qm
    if wavenumber == 0.0:
        wide = 1.0 + rate
        keep = 1.0 / wide
        for i in range(n):
            xx, xy, xz, yy, yz, zz = with_dyad(q, v, old, rho_star, i)
            q[i], q[Q12 + i], q[Q13 + i], q[Q22 + i], q[Q23 + i], q[Q33 + i] = resolvent(
                xx, xy, xz, yy, yz, zz, turning * size[i], wide, keep)
    else:
        for i in range(n):
            xx, xy, xz, yy, yz, zz = with_dyad(q, v, old, rho_star, i)
            p = (xx + yy + zz) * (1.0 / 3.0)
            wide = 1.0 + (rate + wavenumber * math.sqrt(max(p, 0.0) / rho[i]))
            q[i], q[Q12 + i], q[Q13 + i], q[Q22 + i], q[Q23 + i], q[Q33 + i] = resolvent(
                xx, xy, xz, yy, yz, zz, turning * size[i], wide, 1.0 / wide)


@kernel
def resolve_change(P, size, rate, qm, h, n):
    """``resolve`` of a change of P, without isotropisation that depends on P: that at ``rate`` alone."""
    q = P.reshape(-1)
    wide = 1.0 + h * rate
    keep = 1.0 / wide
    turning = h * qm
    for i in range(n):
        q[i], q[Q12 + i], q[Q13 + i], q[Q22 + i], q[Q23 + i], q[Q33 + i] = resolvent(
            q[i], q[Q12 + i], q[Q13 + i], q[Q22 + i], q[Q23 + i], q[Q33 + i], turning * size[i], wide, keep)


@kernel
def rotate(P, rho, size, rest, model, qm, h, kind, n):
    """Rotation about B (|B| in ``size``, for EXACT and what ``rest`` adds to it) and isotropisation over h of P in the
    frame; backward Euler of ten moments is ``resolve``."""
    rate, wavenumber = model[RATE], model[WAVENUMBER]
    ten = model[KIND] == TEN
    if not ten and rate == 0.0:
        return
    push, push_low = two_product(h, qm)
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
            if kind == MIDPOINT:
                half = 0.5 * (h * qm * size[i])
                norm = 1.0 / (1.0 + half * half)
                c, s = (1.0 - half * half) * norm, 2.0 * half * norm
            else:
                turn, low = dd_multiply(push, push_low, size[i], rest[i])
                c, s = math.cos(turn), math.sin(turn)
                c, s = c - low * s, s + low * c
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


@pointwise
def exceeds_cyclotron(p, d, b2):
    """Whether p_par - p_perp = d is beyond the ion cyclotron threshold; no p_par at all is."""
    par = p + d * (2.0 / 3.0)
    return not par > 0.0 or -d > par * 0.43 * (0.5 * b2 / par) ** 0.42


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
        if exceeds_cyclotron(p, d, b2):
            low, high = d, 0.0
            for _ in range(60):
                middle = 0.5 * (low + high)
                if exceeds_cyclotron(p, middle, b2):
                    low = middle
                else:
                    high = middle
            d = high
    return d


@kernel
def limit_anisotropy(P, size, model, mu0, h, kind, n):
    """Isotropise P so that the part of p_par - p_perp (frame of B) beyond the instability thresholds decays at the rate
    LIMITER. All of P - p I shrinks by one factor: taken from p_par and p_perp alone, P might lose positivity."""
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
            left = 1.0 - (1.0 - keep) * (beyond / (par - perp))
            for k in range(6):
                P[k, i] *= left
            P[0, i] += (1.0 - left) * p
            P[3, i] += (1.0 - left) * p
            P[5, i] += (1.0 - left) * p


# A share of p by which it falls that no loss of heat explains, only rounding.
NO_LOSS = 1.0e-13


@kernel
def set_mean_pressure(P, energy, n):
    """Bring tr P/2 to ``energy``: heat is isotropic, and so is a loss unless P would lose positivity; see above."""
    q = P.reshape(-1)
    losses = 0
    for i in range(n):
        p = (q[i] + q[Q22 + i] + q[Q33 + i]) * (1.0 / 3.0)
        losses += 1 if energy[i] * (2.0 / 3.0) < p * (1.0 - NO_LOSS) else 0
    if losses == 0:
        for i in range(n):
            p = (q[i] + q[Q22 + i] + q[Q33 + i]) * (1.0 / 3.0)
            after = energy[i] * (2.0 / 3.0)
            q[i], q[Q22 + i], q[Q33 + i] = (q[i] - p) + after, (q[Q22 + i] - p) + after, (q[Q33 + i] - p) + after
        return
    for i in range(n):
        p = (q[i] + q[Q22 + i] + q[Q33 + i]) * (1.0 / 3.0)
        after = energy[i] * (2.0 / 3.0)
        # not P + (after - p): where nearly all heat is lost that would be known to the rounding of p alone
        xx, yy, zz = (q[i] - p) + after, (q[Q22 + i] - p) + after, (q[Q33 + i] - p) + after
        lacks = lacks_positivity(1.0, xx, q[Q12 + i], q[Q13 + i], yy, q[Q23 + i], zz) > 0.0
        shrinks = (after < p * (1.0 - NO_LOSS)) & lacks
        share = after / p if p > 0.0 else 1.0
        off = share if shrinks else 1.0
        q[i] = q[i] * share if shrinks else xx
        q[Q22 + i] = q[Q22 + i] * share if shrinks else yy
        q[Q33 + i] = q[Q33 + i] * share if shrinks else zz
        q[Q12 + i] *= off
        q[Q13 + i] *= off
        q[Q23 + i] *= off


@kernel
def gather_pressures(tensors, kind, rho, energy, x, y, z, frame, n):
    """P* in the frame from the gathered rows of E_ij (ten) or p_par (six), and the internal energy tr P*/2 (ten).

    ``tensors`` (12, CHUNK): rows 0 to 5 become P*, 6 on hold E_ij of ten moments, or p_par; x, y, z are u*."""
    if kind == SIX:
        P = tensors[:6]
        for i in range(n):
            par = tensors[6, i]
            perp = energy[i] - 0.5 * par
            P[0, i] = P[3, i] = perp
            P[1, i] = P[2, i] = P[4, i] = 0.0
            P[5, i] = par
        return
    q, axes = tensors.reshape(-1), frame.reshape(-1)
    for i in range(n):
        mx, my, mz = rho[i] * x[i], rho[i] * y[i], rho[i] * z[i]
        q[i], q[Q12 + i], q[Q13 + i], q[Q22 + i], q[Q23 + i], q[Q33 + i] = turned(
            q[G11 + i] - mx * x[i], q[G12 + i] - mx * y[i], q[G13 + i] - mx * z[i], q[G22 + i] - my * y[i],
            q[G23 + i] - my * z[i], q[G33 + i] - mz * z[i], axes, i, CHUNK, 3 * CHUNK)
    for i in range(n):
        energy[i] = 0.5 * (q[i] + q[Q22 + i] + q[Q33 + i])


@kernel
def turn_back(tensors, rho, x, y, z, frame, n):
    """P of ten moments from the frame to x, y, z, and what rho u_i u_j + P_ij has gained on the rows behind it."""
    q, axes = tensors.reshape(-1), frame.reshape(-1)
    for i in range(n):
        xx, xy, xz, yy, yz, zz = turned(q[i], q[Q12 + i], q[Q13 + i], q[Q22 + i], q[Q23 + i], q[Q33 + i], axes, i,
                                        3 * CHUNK, CHUNK)
        q[i], q[Q12 + i], q[Q13 + i], q[Q22 + i], q[Q23 + i], q[Q33 + i] = xx, xy, xz, yy, yz, zz
        mx, my, mz = rho[i] * x[i], rho[i] * y[i], rho[i] * z[i]
        q[G11 + i] = (xx + mx * x[i]) - q[G11 + i]
        q[G12 + i] = (xy + mx * y[i]) - q[G12 + i]
        q[G13 + i] = (xz + mx * z[i]) - q[G13 + i]
        q[G22 + i] = (yy + my * y[i]) - q[G22 + i]
        q[G23 + i] = (yz + my * z[i]) - q[G23 + i]
        q[G33 + i] = (zz + mz * z[i]) - q[G33 + i]


@kernel
def evolve_pressures(P, model, qm, rho, rho_star, u, start, energy, size, rest, mu0, h, kind, n):
    """P of a six- or ten-moment fluid (frame) over the source step; ``energy`` is its internal energy after it."""
    if kind == NO_SOURCE or model[KIND] < SIX:
        return
    if kind == BACKWARD_EULER and model[KIND] == TEN:
        resolve(P, rho, rho_star, u, start, size, model, qm, h, n)
    else:
        if kind == BACKWARD_EULER:
            add_heat(P, rho_star, u, start, size, n)
        rotate(P, rho, size, rest, model, qm, h, kind, n)
    if model[LIMITER] > 0.0:
        limit_anisotropy(P, size, model, mu0, h, kind, n)
    set_mean_pressure(P, energy, n)

"""The local source solve: E and all velocities of a cell together, for any stiffness, on short rows of cells.

Backward Euler over h, for every fluid s (density rho_s and B do not change):

    rho_s (u_s - u*_s) = h [ (q_s/m_s) rho_s (E + u_s x B) + sum_r alpha_sr rho_s rho_r (u_r - u_s) ]
    eps0 (E - E*)      = - h sum_s (q_s/m_s) rho_s u_s

In axes along B this is one real system (parallel) and one complex system (perpendicular, z = x_1 + i x_2, where
u x B becomes -i |B| z), both symmetric up to the sign of the E row. It is the nodal system of a network: drag
pairs are conductances G_sr = h alpha_sr rho_s rho_r between fluids, inertia g_s = rho_s (1 + i h Omega_s) a
conductance to ground. Fluids are eliminated one by one by the star-mesh rule

    T = g_s + sum_r G_sr,   G_rt += G_sr G_st/T,   g_r += G_sr g_s/T,   e_r += G_sr e_s/T,   k_E += e_s^2/T

(e_s = h q_s n_s the coupling to E), E comes last. Every g and G lies in the right half of the complex plane and
nothing is subtracted, so that no pivoting is needed and momentum survives h nu = 1e8 to round-off
(Grassmann, Taksar & Heyman 1985, Oper. Res. 33, 1107, give this argument for real chains).

The internal energy follows without cancellation: rho |u - u*|^2/2 of each fluid, plus the heat of drag,
Q_s = sum_r h alpha_sr rho_s rho_r |u_s - u_r|^2 m_r/(m_s + m_r); both are positive at any stiffness.
"""

import math

from ._jit import kernel

# Rows of the work space of ``solve_rows`` besides the per-fluid ones; ``rows_needed`` is their owner.
_FRAME = 10


@kernel
def rows_needed(S):
    """Number of work rows that ``solve_rows`` uses for S fluids."""
    return _FRAME + 12 * S + 4 * S * S + 9


@kernel
def field_frame(frame, bx, by, bz, n):
    """Right-handed axes (t1, t2, b) along B: rows t1 (3), t2 (3), b (3), |B|; b = z where B = 0.

    t1, t2 without branches: Duff et al. 2017, J. Comput. Graph. Tech. 6(1), 1, listing 3."""
    for i in range(n):
        size = math.sqrt(bx[i] * bx[i] + by[i] * by[i] + bz[i] * bz[i])
        some = size > 0.0
        inverse = 1.0 / size if some else 0.0
        x = bx[i] * inverse
        y = by[i] * inverse
        z = bz[i] * inverse if some else 1.0
        sign = 1.0 if z >= 0.0 else -1.0
        a = -1.0 / (sign + z)
        b = x * y * a
        frame[0, i] = 1.0 + sign * x * x * a
        frame[1, i] = sign * b
        frame[2, i] = -sign * x
        frame[3, i] = b
        frame[4, i] = sign + y * y * a
        frame[5, i] = -y
        frame[6, i] = x
        frame[7, i] = y
        frame[8, i] = z
        frame[9, i] = size


@kernel
def to_frame(out, frame, x, y, z, n):
    """Rows (perpendicular real, perpendicular imaginary, parallel) of the vector (x, y, z)."""
    for i in range(n):
        out[0, i] = frame[0, i] * x[i] + frame[1, i] * y[i] + frame[2, i] * z[i]
        out[1, i] = frame[3, i] * x[i] + frame[4, i] * y[i] + frame[5, i] * z[i]
        out[2, i] = frame[6, i] * x[i] + frame[7, i] * y[i] + frame[8, i] * z[i]


@kernel
def from_frame(x, y, z, frame, v, n):
    """Inverse of ``to_frame``."""
    for i in range(n):
        p, q, r = v[0, i], v[1, i], v[2, i]
        x[i] = frame[0, i] * p + frame[3, i] * q + frame[6, i] * r
        y[i] = frame[1, i] * p + frame[4, i] * q + frame[7, i] * r
        z[i] = frame[2, i] * p + frame[5, i] * q + frame[8, i] * r


@kernel
def eliminate(s, pairs, couples, pr, pi, ql, gr, gi, gl, er, ei, el, rr, ri, rl, field, n):
    """Eliminate fluid s: parallel rows (suffix l), perpendicular rows (r, i); fold it into the rest and into E.

    On return g holds 1/T. ``field`` rows: k_E (perp r, i, parallel l), right side of E (r, i, l).
    """
    S = gr.shape[0]
    for r in range(s + 1, S):
        if pairs[s, r]:
            ar, ai, al = pr[s, r], pi[s, r], ql[s, r]
            for i in range(n):
                gr[s, i] += ar[i]
                gi[s, i] += ai[i]
                gl[s, i] += al[i]
    # 1/T; not by |T|^2, which underflows for a density of 1e-160
    for i in range(n):
        ratio = gi[s, i] / gr[s, i]
        inverse = 1.0 / (gr[s, i] + gi[s, i] * ratio)
        gr[s, i] = inverse
        gi[s, i] = -inverse * ratio
        gl[s, i] = 1.0 / gl[s, i]
    if couples[s]:
        for i in range(n):
            # e_s/T times e_s and times the right-hand side
            xr = er[s, i] * gr[s, i] - ei[s, i] * gi[s, i]
            xi = er[s, i] * gi[s, i] + ei[s, i] * gr[s, i]
            field[0, i] += xr * er[s, i] - xi * ei[s, i]
            field[1, i] += xr * ei[s, i] + xi * er[s, i]
            field[3, i] -= xr * rr[s, i] - xi * ri[s, i]
            field[4, i] -= xr * ri[s, i] + xi * rr[s, i]
            xl = el[s, i] * gl[s, i]
            field[2, i] += xl * el[s, i]
            field[5, i] -= xl * rl[s, i]


@kernel
def fold_pairs(s, pairs, couples, ground_r, ground_i, ground_l, pr, pi, ql, gr, gi, gl, er, ei, el, rr, ri, rl, n):
    """Star-mesh: hand fluid s's conductances, inertia, E coupling and right side to its drag partners."""
    S = gr.shape[0]
    for r in range(s + 1, S):
        if not pairs[s, r]:
            continue
        ar, ai, al = pr[s, r], pi[s, r], ql[s, r]
        for i in range(n):
            # share = G_sr/T
            xr = ar[i] * gr[s, i] - ai[i] * gi[s, i]
            xi = ar[i] * gi[s, i] + ai[i] * gr[s, i]
            xl = al[i] * gl[s, i]
            gr[r, i] += xr * ground_r[i] - xi * ground_i[i]
            gi[r, i] += xr * ground_i[i] + xi * ground_r[i]
            gl[r, i] += xl * ground_l[i]
            rr[r, i] += xr * rr[s, i] - xi * ri[s, i]
            ri[r, i] += xr * ri[s, i] + xi * rr[s, i]
            rl[r, i] += xl * rl[s, i]
            if couples[s]:
                er[r, i] += xr * er[s, i] - xi * ei[s, i]
                ei[r, i] += xr * ei[s, i] + xi * er[s, i]
                el[r, i] += xl * el[s, i]
        for t in range(r + 1, S):
            if not pairs[s, t]:
                continue
            br, bi, bl = pr[s, t], pi[s, t], ql[s, t]
            for i in range(n):
                xr = ar[i] * gr[s, i] - ai[i] * gi[s, i]
                xi = ar[i] * gi[s, i] + ai[i] * gr[s, i]
                pr[r, t, i] += xr * br[i] - xi * bi[i]
                pi[r, t, i] += xr * bi[i] + xi * br[i]
                ql[r, t, i] += al[i] * gl[s, i] * bl[i]


@kernel
def solve_rows(rho, u, E, frame, work, qm, alpha, pairs, couples, eps0, h, n):
    """Solve the implicit stage on n cells.

    Parameters
    ----------
    rho : (S, >= n) densities
    u : (S, 3, >= n) velocities u* in the frame (perpendicular real, imaginary, parallel), overwritten with u
    E : (3, >= n) E* in the frame, overwritten with E; unused if no fluid is charged
    frame : (10, >= n) from ``field_frame``
    work : (``rows_needed(S)`` - 10, >= n)
    alpha : (S, S) drag coefficients; pairs : (S, S) nonzero pattern of alpha after fill-in; couples : (S,) nonzero
        pattern of the coupling to E after fill-in
    """
    S = qm.size
    rr, ri, rl = work[:S], work[S:2 * S], work[2 * S:3 * S]
    gr, gi, gl = work[3 * S:4 * S], work[4 * S:5 * S], work[5 * S:6 * S]
    er, ei, el = work[6 * S:7 * S], work[7 * S:8 * S], work[8 * S:9 * S]
    o = 9 * S
    width = work.shape[1]
    pr = work[o:o + S * S].reshape(S, S, width)
    pi = work[o + S * S:o + 2 * S * S].reshape(S, S, width)
    ql = work[o + 2 * S * S:o + 3 * S * S].reshape(S, S, width)
    o += 3 * S * S
    field = work[o:o + 6]
    ground_r, ground_i, ground_l = work[o + 6], work[o + 7], work[o + 8]
    size = frame[9]
    for i in range(n):
        field[0, i] = eps0
        field[1, i] = 0.0
        field[2, i] = eps0
        field[3, i] = eps0 * E[0, i]
        field[4, i] = eps0 * E[1, i]
        field[5, i] = eps0 * E[2, i]
    for s in range(S):
        turn = h * qm[s]
        for i in range(n):
            mass = rho[s, i]
            rr[s, i] = mass * u[s, 0, i]
            ri[s, i] = mass * u[s, 1, i]
            rl[s, i] = mass * u[s, 2, i]
            gr[s, i] = mass
            gi[s, i] = mass * (turn * size[i])
            gl[s, i] = mass
            er[s, i] = turn * mass
            ei[s, i] = 0.0
            el[s, i] = turn * mass
        for r in range(s + 1, S):
            if pairs[s, r]:
                rate = h * alpha[s, r]
                for i in range(n):
                    pair = rate * rho[s, i] * rho[r, i]
                    pr[s, r, i] = pair
                    pi[s, r, i] = 0.0
                    ql[s, r, i] = pair
    for s in range(S):
        linked = False
        for r in range(s + 1, S):
            linked = linked or pairs[s, r]
        if linked:
            for i in range(n):
                ground_r[i] = gr[s, i]
                ground_i[i] = gi[s, i]
                ground_l[i] = gl[s, i]
        eliminate(s, pairs, couples, pr, pi, ql, gr, gi, gl, er, ei, el, rr, ri, rl, field, n)
        if linked:
            fold_pairs(s, pairs, couples, ground_r, ground_i, ground_l, pr, pi, ql, gr, gi, gl, er, ei, el,
                       rr, ri, rl, n)
    for i in range(n):
        norm = 1.0 / (field[0, i] * field[0, i] + field[1, i] * field[1, i])
        E[0, i] = (field[3, i] * field[0, i] + field[4, i] * field[1, i]) * norm
        E[1, i] = (field[4, i] * field[0, i] - field[3, i] * field[1, i]) * norm
        E[2, i] = field[5, i] / field[2, i]
    for back in range(S):
        s = S - 1 - back
        if couples[s]:
            for i in range(n):
                rr[s, i] += er[s, i] * E[0, i] - ei[s, i] * E[1, i]
                ri[s, i] += er[s, i] * E[1, i] + ei[s, i] * E[0, i]
                rl[s, i] += el[s, i] * E[2, i]
        for r in range(s + 1, S):
            if pairs[s, r]:
                for i in range(n):
                    rr[s, i] += pr[s, r, i] * u[r, 0, i] - pi[s, r, i] * u[r, 1, i]
                    ri[s, i] += pr[s, r, i] * u[r, 1, i] + pi[s, r, i] * u[r, 0, i]
                    rl[s, i] += ql[s, r, i] * u[r, 2, i]
        for i in range(n):
            u[s, 0, i] = rr[s, i] * gr[s, i] - ri[s, i] * gi[s, i]
            u[s, 1, i] = rr[s, i] * gi[s, i] + ri[s, i] * gr[s, i]
            u[s, 2, i] = rl[s, i] * gl[s, i]

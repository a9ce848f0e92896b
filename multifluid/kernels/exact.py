"""The exact propagator of the local sources, y(h) = exp(h A) y(0) + h phi1(h A) f, on short rows of cells.

All velocities of a cell and E together, for any stiffness (the system of ``local_solve``, with a constant force):

    du_s/dt = (q_s/m_s) (E + u_s x B) + sum_r alpha_sr rho_r (u_r - u_s) + g_s
    dE/dt   = -(1/eps0) sum_s (q_s/m_s) rho_s u_s + f_E

in axes along B: one real system (parallel) and one complex system (perpendicular, z = x_1 + i x_2, where u x B
becomes -i |B| z). In the unknowns sqrt(rho_s) u_s, sqrt(eps0) E the matrix is skew-Hermitian minus positive
semi-definite, so that no power of exp(tau A) exceeds 1. It is squared up from ||tau A|| <= 1/2, where it is a
Taylor sum of degree 18 (with i E for E in the perpendicular system both are symmetric, and half the work is saved).

Rounding is what limits scaling and squaring: noise eps at step tau acts on slow modes (momentum, the E x B drift,
the drift of a plasma through neutrals) like an error eps/tau of A, in all eps ||h A||. The numbers are therefore
those of ``split``, where eps is 2^-80, from entries of A worked out in double-double arithmetic: the answer is good
to round-off for rates up to 1e6/h, with heating to 1e-14 at 1e7/h, and beyond to about 3e-22 rate h (measured).

A constant force is one more column, the answer to f for y(0) = 0. A fluid too thin to act back on E and the others
within h takes a weight larger than its density, so that its velocity is as good as theirs (``exact_matrix``).

Scaling and squaring: Higham 2005, SIAM J. Matrix Anal. Appl. 26, 1179; Taylor sums by Paterson & Stockmeyer 1973,
SIAM J. Comput. 2, 60.
"""

from ._jit import kernel
from .exact_heat import (
    double_forms,
    double_theta,
    final_energies,
    heat_rates,
    heat_scales,
    heating_forms,
    relax_generator,
    split_theta,
    start_forms,
    start_theta,
)
from .exact_matrix import generator, halve, take, take_drag, take_force, weigh
from .local_solve import CHUNK
from .split import CELLS, COMPLEX, IM1, IM2, RE1, RE2, REAL, choose, multiply, multiply_roughly, nest


@kernel
def block_rows(S):
    """Rows of CELLS cells beside the matrices."""
    return 6 * S * S + 16 * S + 35


@kernel
def exact_work_rows(S, heating):
    """Number of work rows (of CHUNK cells) that ``exact_rows`` uses for S fluids, with or without heating."""
    matrices = 5 + 3 * S if heating else 5
    return 2 + ((S + 2) * (S + 2) * matrices * (COMPLEX + REAL) + block_rows(S) * CELLS) // CHUNK


@kernel
def exponential(M, mirror, skew, skewed, lines, width):
    """M[3] = exp(M[0]) by a Taylor sum of degree 18 in blocks of three; terms below 2^-27 in double precision."""
    A, A2, A3, R, product = M[0], M[1], M[2], M[3], M[4]
    multiply(A2, A, A, lines, width, False, mirror, skew, skewed)
    multiply(A3, A2, A, lines, width, False, mirror, skew, skewed)
    k = 15.0
    nest(R, A, A2, A3, k + 1.0, (k + 1.0) * (k + 2.0), (k + 1.0) * (k + 2.0) * (k + 3.0), lines, width, True)
    for block in range(5):
        k -= 3.0
        if block < 3:
            multiply_roughly(product, A3, R, lines, width, True)
        else:
            multiply(product, A3, R, lines, width, True, mirror, skew, skewed)
        nest(R, A, A2, product, k + 1.0, (k + 1.0) * (k + 2.0), (k + 1.0) * (k + 2.0) * (k + 3.0), lines, width,
             block < 2)


@kernel
def square(M, now, new, mirror, skew, skewed, hold, held, lines, width):
    """M[new] = M[now]^2, but M[now] where ``hold`` is not 0."""
    multiply(M[new], M[now], M[now], lines, width, True, mirror, skew, skewed)
    if held:
        for e in range(lines * width):
            choose(M[new], e, M[now], e, hold)


@kernel
def apply(y, P, L, x, lines, width):
    """y = (R - 1) x of both systems, with the force's column."""
    for s in range(lines):
        y[s, :, :] = 0.0
        for r in range(width):
            own = 1.0 if r == s else 0.0
            e = s * width + r
            for c in range(CELLS):
                a = (P[e, RE1 + c] - own) + P[e, RE2 + c]
                b = P[e, IM1 + c] + P[e, IM2 + c]
                y[s, 0, c] += a * x[r, 0, c] - b * x[r, 1, c]
                y[s, 1, c] += a * x[r, 1, c] + b * x[r, 0, c]
                y[s, 2, c] += ((L[e, RE1 + c] - own) + L[e, RE2 + c]) * x[r, 2, c]


@kernel
def exact_rows(rho, u, E, energy, size, work, qm, mass, gamma, alpha, rates, ct, eps0, force, drive, h, n, heating):
    """Advance u, E and, with ``heating``, the internal energies of n cells exactly over h.

    Parameters
    ----------
    rho : (S, >= n) densities
    u : (S, 3, >= n) velocities in the frame of B (perpendicular real, imaginary, parallel), overwritten
    E : (3, >= n) in the frame, overwritten
    energy : (S, >= n) internal energy densities p/(gamma - 1), overwritten with ``heating``, else left alone
    size : (>= n,) |B|
    work : (``exact_work_rows(S, heating)``, CHUNK)
    qm, mass, gamma : (S,) charge per mass, particle mass, adiabatic index
    alpha : (S, S) symmetric drag coefficients, used where ``rates`` (S, S, >= n), those of each cell, has no cells
    ct : coefficient of temperature relaxation (3: Schunk 1977)
    force : (S, 3, >= n) accelerations g_s in the frame, or no cells for none
    drive : (3, >= n) dE/dt from outside (c^2 curl B), or no cells for none

    A cell does not depend on its neighbours, to the last bit. Where rates times h reach 1e18, and where the input
    is not finite or a density negative, the cell becomes NaN.
    """
    S = qm.size
    charged = False
    for s in range(S):
        charged = charged or qm[s] != 0.0
    lines = S + 1 if charged else S
    width = lines + 1 if force.shape[2] > 0 or (charged and drive.shape[1] > 0) else lines
    mirror = -1.0 if charged else 1.0
    matrices = 5 + 3 * S if heating else 5
    entries = (S + 2) * (S + 2)
    flat = work.reshape(-1)
    # rows of eight doubles must not straddle cache lines
    flat = flat[(-(flat.ctypes.data // 8)) % 8:]
    o = matrices * entries * COMPLEX
    P = flat[:o].reshape(matrices, entries, COMPLEX)
    L = flat[o:o + matrices * entries * REAL].reshape(matrices, entries, REAL)
    o += matrices * entries * REAL
    rows = flat[o:o + block_rows(S) * CELLS].reshape(block_rows(S), CELLS)
    o = 3 * (S + 2)
    x = rows[:o].reshape(S + 2, 3, CELLS)
    y = rows[o:2 * o].reshape(S + 2, 3, CELLS)
    f = rows[2 * o:3 * o].reshape(S + 2, 3, CELLS)
    o *= 3
    sigma, beta = rows[o:o + 2 * S + 2].reshape(S + 1, REAL), rows[o + 2 * S + 2:o + 4 * S + 4].reshape(S + 1, REAL)
    o += 4 * S + 4
    dens, scale, leave = rows[o:o + S], rows[o + S:o + 2 * S], rows[o + 2 * S:o + 3 * S]
    o += 3 * S
    links, flow = rows[o:o + S * S], rows[o + S * S:o + 2 * S * S]
    theta, spare = rows[o + 2 * S * S:o + 3 * S * S], rows[o + 3 * S * S:o + 4 * S * S]
    mix = rows[o + 4 * S * S:o + 6 * S * S].reshape(S * S, REAL)
    o += 6 * S * S
    field, rate, tau, count, hold, skew, kappa = (rows[o], rows[o + 1], rows[o + 2], rows[o + 3], rows[o + 4],
                                                  rows[o + 5], rows[o + 6])
    scratch = rows[o + 7:o + 13]
    if h == 0.0:
        return
    for first in range(0, n, CELLS):
        m = min(CELLS, n - first)
        for s in range(S):
            take(dens[s], rho[s], first, m)
        take(field, size, first, m)
        take_drag(links, alpha, rates, first, m)
        weigh(sigma, beta, skew, rate, dens, links, field, qm, eps0, h, scratch)
        if heating:
            heat_rates(flow, leave, rate, links, dens, mass, gamma, ct)
            heat_scales(scale, sigma, dens, links, flow, mass, h, scratch[0], scratch[1])
        halvings = halve(tau, count, rate, h, 0.125 if heating else 0.5)
        if width > lines:
            take_force(f, kappa, sigma, force, drive, h, lines, first, m)
        skewed = False
        for c in range(CELLS):
            skewed = skewed or skew[c] != 0.0
        generator(P[0], L[0], sigma, beta, links, field, tau, f, kappa, qm, eps0, lines, width)
        exponential(P, 1.0, skew, skewed, lines, width)
        exponential(L, mirror, skew, skewed, lines, width)
        H, G = 5, 5 + 2 * S
        if heating:
            relax_generator(mix, flow, leave, scale, tau)
            start_theta(theta, spare, flow, leave, tau, scratch[0], S)
            heating_forms(P, G, links, sigma, beta, scale, mass, tau, width)
            heating_forms(L, G, links, sigma, beta, scale, mass, tau, width)
            start_forms(P, 0, 1, H, H + S, G, mix, lines, width, S)
            start_forms(L, 0, 1, H, H + S, G, mix, lines, width, S)
            split_theta(mix, theta, scale, S)
            double_forms(P, -1, 2, 1, H, H + S, mix, hold, False, lines, width, S)
            double_forms(L, -1, 2, 1, H, H + S, mix, hold, False, lines, width, S)
            H = 5 + S
        R = 3
        for level in range(halvings):
            held = False
            for c in range(CELLS):
                hold[c] = 1.0 if count[c] <= level else 0.0
                held = held or count[c] <= level
            if heating:
                other = 10 + S - H
                double_forms(P, R, 2, 1, H, other, mix, hold, held, lines, width, S)
                double_forms(L, R, 2, 1, H, other, mix, hold, held, lines, width, S)
                H = other
                double_theta(theta, spare, scratch[0], hold, S)
                split_theta(mix, theta, scale, S)
            square(P, R, 7 - R, 1.0, skew, skewed, hold, held, lines, width)
            square(L, R, 7 - R, mirror, skew, skewed, hold, held, lines, width)
            R = 7 - R
        for s in range(S):
            for part in range(3):
                take(x[s, part], u[s, part], first, m)
                for c in range(CELLS):
                    x[s, part, c] *= sigma[s, RE1 + c]
        if charged:
            take(x[S, 0], E[1], first, m)
            take(x[S, 1], E[0], first, m)
            take(x[S, 2], E[2], first, m)
            for c in range(CELLS):
                x[S, 0, c] *= -sigma[S, RE1 + c]
                x[S, 1, c] *= sigma[S, RE1 + c]
                x[S, 2, c] *= sigma[S, RE1 + c]
        if width > lines:
            for c in range(CELLS):
                x[lines, 0, c] = kappa[c]
                x[lines, 1, c] = 0.0
                x[lines, 2, c] = kappa[c]
        apply(y, P[R], L[R], x, lines, width)
        if heating:
            final_energies(energy, P, L, H, x, theta, scale, scratch[0], spare, first, m, width)
        for s in range(S):
            for part in range(3):
                for c in range(m):
                    u[s, part, first + c] += y[s, part, c] / sigma[s, RE1 + c]
        if charged:
            for c in range(m):
                E[0, first + c] += y[S, 1, c] / sigma[S, RE1 + c]
                E[1, first + c] -= y[S, 0, c] / sigma[S, RE1 + c]
                E[2, first + c] += y[S, 2, c] / sigma[S, RE1 + c]
        elif drive.shape[1] > 0:
            for part in range(3):
                for c in range(m):
                    E[part, first + c] += h * drive[part, first + c]

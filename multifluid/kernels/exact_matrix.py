"""The matrix tau A that ``exact`` exponentiates: weights of the unknowns, size of the first step, entries.

Every entry is worked out in double-double arithmetic, the diagonal as the sum of the very numbers beside it: vectors
that A takes to zero (common velocity under drag, the E x B drift) are then lost only to 2^-80.
"""

import math

from ._jit import kernel
from .doubledouble import dd_inverse, dd_multiply, dd_sqrt, two_product, two_sum
from .split import CELLS, IM1, IM2, RE1, RE2, settle

# Beyond this rate times h nothing is left of 80 bits: the cell becomes NaN, which the caller counts.
RATE_LIMIT = 1.0e18
# A fluid is given another weight only where that gains more than this factor: its matrices lose their symmetry.
LIFT = 256.0


@kernel
def take(out, row, first, n):
    """CELLS cells of a row from ``first`` on, padded with the last of n."""
    for c in range(CELLS):
        out[c] = row[first + min(c, n - 1)]


@kernel
def take_drag(links, alpha, rates, first, n):
    """Rows (s * S + r) of drag coefficients."""
    S = alpha.shape[0]
    for s in range(S):
        for r in range(S):
            if r == s:
                links[s * S + r, :] = 0.0
            elif rates.shape[2] == 0:
                links[s * S + r, :] = alpha[s, r]
            else:
                take(links[s * S + r], rates[s, r], first, n)


@kernel
def weigh(sigma, beta, skew, rate, rho, links, size, qm, eps0, h, scratch):
    """Weights sigma_s of the unknowns sigma_s u_s, beta_s = rho_s/sigma_s, and a bound of ||A||.

    sigma_s = sqrt(rho_s), but a fluid whose plasma oscillation and back-reaction are not felt within h takes

        1/(4 sigma_s) = sum_r alpha_sr sqrt(rho_r)/nu_s + (|q_s|/m_s) min(h, 1/nu_s)/sqrt(eps0)

    (rounded to a power of two): by the two terms on the right drag and E move it, given energy 1 in the others, so
    that sigma_s u_s stays below 1 as it must. Its velocity is then known to 2^-80/sigma_s, not 2^-80/sqrt(rho_s).
    ``skew`` is 1 where this is so: no symmetry there.
    """
    S = qm.size
    nu, push, total, largest, plasma, turn = (scratch[0], scratch[1], scratch[2], scratch[3], scratch[4], scratch[5])
    total[:] = 0.0
    largest[:] = 0.0
    plasma[:] = 0.0
    turn[:] = 0.0
    skew[:] = 0.0
    root, low = dd_sqrt(eps0)
    sigma[S, RE1:RE1 + CELLS] = root
    sigma[S, RE2:RE2 + CELLS] = low
    for s in range(S):
        charge = abs(qm[s]) / math.sqrt(eps0)
        nu[:] = 0.0
        push[:] = 0.0
        for r in range(S):
            if r != s:
                for c in range(CELLS):
                    nu[c] += links[s * S + r, c] * rho[r, c]
                    push[c] += links[s * S + r, c] * math.sqrt(rho[r, c])
        for c in range(CELLS):
            total[c] += nu[c]
            largest[c] = max(largest[c], nu[c])
            turn[c] = max(turn[c], abs(qm[s]) * size[c])
            plasma[c] += charge * charge * rho[s, c]
            root, low = dd_sqrt(rho[s, c])
            sigma[s, RE1 + c] = root
            sigma[s, RE2 + c] = low if root > 0.0 else 0.0
            beta[s, RE1 + c] = root
            beta[s, RE2 + c] = low if root > 0.0 else 0.0
            moved = push[c] / nu[c] if nu[c] > 0.0 else 0.0
            moved += charge * (1.0 / nu[c] if nu[c] * h > 1.0 else h)
            # a fluid that nothing moves needs a weight only if it has none
            push[c] = 0.25 / moved if moved > 0.0 else (1.0 if rho[s, c] == 0.0 else 0.0)
        for c in range(CELLS):
            if push[c] > LIFT * sigma[s, RE1 + c]:
                weight = math.ldexp(0.5, math.frexp(min(push[c], 1.0e100))[1])
                sigma[s, RE1 + c] = weight
                sigma[s, RE2 + c] = 0.0
                beta[s, RE1 + c] = rho[s, c] / weight
                beta[s, RE2 + c] = 0.0
                skew[c] = 1.0
    for c in range(CELLS):
        rate[c] = min(total[c], 2.0 * largest[c]) + turn[c] + math.sqrt(plasma[c])
        rate[c] += (rate[c] + 1.0 / h) * skew[c]


@kernel
def halve(tau, count, rate, h, most):
    """tau = h/2^count such that rate tau <= ``most`` (a power of two below 1); returns the largest count."""
    extra = 1 - math.frexp(most)[1]
    largest = 0
    for c in range(CELLS):
        if rate[c] * h < RATE_LIMIT:
            halvings = max(0, math.frexp(rate[c] * h)[1] + extra)
            tau[c] = math.ldexp(h, -halvings)
        else:
            halvings = 0
            tau[c] = math.nan
        count[c] = halvings
        largest = max(largest, halvings)
    return largest


@kernel
def add_drag(A, e, rate, tau, x, y, sign):
    """Entry e += sign rate tau x y (rows; x and y double-double), double-double, not settled."""
    for c in range(CELLS):
        p, q = two_product(rate[c], tau[c])
        p, q = dd_multiply(p, q, x[RE1 + c], x[RE2 + c])
        p, q = dd_multiply(p, q, y[RE1 + c], y[RE2 + c])
        p, carry = two_sum(A[e, RE1 + c], sign * p)
        A[e, RE1 + c] = p
        A[e, RE2 + c] += carry + sign * q


@kernel
def add_charge(P, L, s, lines, width, sigma, beta, size, qm, eps0, tau):
    """Lorentz force and plasma oscillation of fluid s; P has i E for E."""
    root, root_low = dd_sqrt(eps0)
    root, root_low = dd_inverse(root, root_low)
    own, out, back = s * width + s, s * width + lines - 1, (lines - 1) * width + s
    for c in range(CELLS):
        p, q = two_product(-qm, tau[c])
        a, b = dd_multiply(p, q, size[c], 0.0)
        P[own, IM1 + c] = a
        P[own, IM2 + c] = b
        p, q = dd_multiply(p, q, root, root_low)
        a, b = dd_multiply(p, q, sigma[s, RE1 + c], sigma[s, RE2 + c])
        P[out, IM1 + c] = a
        P[out, IM2 + c] = b
        L[out, RE1 + c] = -a
        L[out, RE2 + c] = -b
        a, b = dd_multiply(p, q, beta[s, RE1 + c], beta[s, RE2 + c])
        P[back, IM1 + c] = a
        P[back, IM2 + c] = b
        L[back, RE1 + c] = a
        L[back, RE2 + c] = b


@kernel
def add_force(P, L, e, f, sigma, tau, kappa):
    """Column entry tau sigma f/kappa (f rows perpendicular real, imaginary, parallel)."""
    for c in range(CELLS):
        step = tau[c] / kappa[c]
        p, q = two_product(step, f[0, c])
        P[e, RE1 + c], P[e, RE2 + c] = dd_multiply(p, q, sigma[RE1 + c], sigma[RE2 + c])
        p, q = two_product(step, f[1, c])
        P[e, IM1 + c], P[e, IM2 + c] = dd_multiply(p, q, sigma[RE1 + c], sigma[RE2 + c])
        p, q = two_product(step, f[2, c])
        L[e, RE1 + c], L[e, RE2 + c] = dd_multiply(p, q, sigma[RE1 + c], sigma[RE2 + c])


@kernel
def generator(P, L, sigma, beta, links, size, tau, f, kappa, qm, eps0, lines, width):
    """tau A of the perpendicular (P) and the parallel (L) system, with the column of the constant force."""
    S = qm.size
    P[:] = 0.0
    L[:] = 0.0
    for s in range(S):
        for r in range(S):
            if r != s:
                rate = links[s * S + r]
                add_drag(L, s * width + s, rate, tau, beta[r], sigma[r], -1.0)
                add_drag(L, s * width + r, rate, tau, sigma[s], beta[r], 1.0)
        for r in range(S):
            e = s * width + r
            for c in range(CELLS):
                P[e, RE1 + c] = L[e, RE1 + c]
                P[e, RE2 + c] = L[e, RE2 + c]
        if qm[s] != 0.0:
            add_charge(P, L, s, lines, width, sigma, beta, size, qm[s], eps0, tau)
    if width > lines:
        for s in range(lines):
            add_force(P, L, s * width + lines, f[s], sigma[s], tau, kappa)
    for e in range(lines * width):
        settle(P, e, e, 1.0, 1.0)
        settle(L, e, e, 1.0, 1.0)


@kernel
def take_force(f, kappa, sigma, force, drive, h, lines, first, n):
    """Force rows, and the size of the constant unknown: a power of two above twice the velocity they can give."""
    S = force.shape[0]
    kappa[:] = 0.0
    for s in range(lines):
        for part in range(3):
            if s < S and force.shape[2] > 0:
                take(f[s, part], force[s, part], first, n)
            elif s == S and drive.shape[1] > 0:
                take(f[s, part], drive[part], first, n)
            else:
                f[s, part, :] = 0.0
            for c in range(CELLS):
                kappa[c] += (sigma[s, RE1 + c] * f[s, part, c]) ** 2
    for c in range(CELLS):
        size = 2.0 * h * math.sqrt(kappa[c])
        kappa[c] = math.ldexp(1.0, math.frexp(size)[1]) if 0.0 < size < 1.0e300 else 1.0
    if lines > S:
        # i E: (re, im) becomes (-im, re)
        for c in range(CELLS):
            re = f[S, 0, c]
            f[S, 0, c] = -f[S, 1, c]
            f[S, 1, c] = re

"""Frictional heating and temperature relaxation along the exact solution of the local sources (see ``exact``).

Internal energies obey

    d eps_s/dt = sum_r alpha_sr rho_s rho_r [ |u_s - u_r|^2 m_r + ct (T_r - T_s) ]/(m_s + m_r),
    T_s = (gamma_s - 1) eps_s m_s/rho_s

(Schunk 1977, Rev. Geophys. Space Phys. 15, 429: ct = 3), that is d eps/dt = Lambda eps + Q(y(t)), Q_s = y* G_s y.
With y(t) = R(t) y(0) the answer is, without any splitting in time,

    eps_s(h) = sum_r Theta_sr(h) eps_r(0) + y(0)* H_s(h) y(0),   Theta(t) = exp(Lambda t),
    H_s(2 t) = sum_r Theta_sr(t) H_r(t) + R(t)* H_s(t) R(t)

All terms are positive. Theta_sr, the share of the energy of r that s has in the end, is squared without subtractions
and its columns are divided by their sums: every entry, however small, keeps its relative accuracy (as in Grassmann,
Taksar & Heyman 1985, Oper. Res. 33, 1107) and no energy is lost. The forms H_s are Hermitian matrices of ``split``
numbers: like R they must not feel round-off on slow modes, which make no heat. They start from

    H(t) = Theta(t) t phi1((ad - Lambda) t) G,   ad F = A* F + F A

The constant force makes them one line and one column longer. A form is kept divided by ``scale``, a power of two:
1, but small for a fluid that ``exact_matrix.weigh`` has given a weight larger than its density.
"""

import math

from ._jit import kernel
from .doubledouble import dd_multiply, fma, two_product, two_sum
from .rows import copy_rows
from .split import CELLS, COMPLEX, IM1, IM2, RE1, RE2, REAL, add, add_scaled, choose, clear, dot, settle, split

# Taylor degrees for ||ad - Lambda|| t <= 1/4 and ||Lambda|| t <= 1/8.
FORM_TERMS = 12
THETA_TERMS = 12


@kernel
def heat_rates(flow, leave, rate, links, rho, mass, gamma, ct):
    """flow (s * S + r) = rate at which r hands internal energy to s, leave_r its sum; ``rate`` += ||Lambda||."""
    S = mass.size
    for r in range(S):
        leave[r, :] = 0.0
        for s in range(S):
            share = ct * (gamma[r] - 1.0) * mass[r] / (mass[s] + mass[r])
            for c in range(CELLS):
                flow[s * S + r, c] = links[s * S + r, c] * share * rho[s, c]
                leave[r, c] += flow[s * S + r, c]
    for c in range(CELLS):
        most = 0.0
        for r in range(S):
            most = max(most, leave[r, c])
        rate[c] += 2.0 * most


@kernel
def heat_scales(scale, sigma, rho, links, flow, mass, h, nu, inflow):
    """Units of the forms, powers of two above the part of all energy that can become heat of s.

    Above max_r m_r/(m_s + m_r) + h sum_r flow_sr; for a fluid of little weight, above what drag can heat it."""
    S = mass.size
    for s in range(S):
        nu[:] = 0.0
        inflow[:] = 0.0
        share = 0.0
        for r in range(S):
            if r != s:
                share = max(share, mass[r] / (mass[s] + mass[r]))
                for c in range(CELLS):
                    nu[c] += links[s * S + r, c] * rho[r, c] * (1.0 + mass[r] / mass[s])
                    inflow[c] += h * flow[s * S + r, c]
        for c in range(CELLS):
            part = rho[s, c] / sigma[s, RE1 + c] / sigma[s, RE1 + c] * max(1.0, h * nu[c])
            part = min(part, share + inflow[c])
            scale[s, c] = 1.0
            if part < 0.5:
                scale[s, c] = math.ldexp(1.0, max(-900, math.frexp(part)[1]))


@kernel
def relax_generator(mix, flow, leave, scale, tau):
    """-Lambda_sr tau scale_r/scale_s as split numbers."""
    S = scale.shape[0]
    for s in range(S):
        for r in range(S):
            e = s * S + r
            for c in range(CELLS):
                part = leave[s, c] if s == r else -flow[e, c] * (scale[r, c] / scale[s, c])
                mix[e, RE1 + c], mix[e, RE2 + c] = split(part * tau[c], 0.0)


@kernel
def square(out, X, Y, S):
    """out = X Y of S x S matrices of rows, all terms >= 0."""
    for s in range(S):
        for r in range(S):
            out[s * S + r, :] = 0.0
            for t in range(S):
                for c in range(CELLS):
                    out[s * S + r, c] += X[s * S + t, c] * Y[t * S + r, c]


@kernel
def normalise(theta, total, S):
    """Divide the columns of Theta by their sums."""
    for r in range(S):
        total[:] = 0.0
        for s in range(S):
            for c in range(CELLS):
                total[c] += theta[s * S + r, c]
        for s in range(S):
            for c in range(CELLS):
                theta[s * S + r, c] /= total[c]


@kernel
def start_theta(theta, spare, flow, leave, tau, total, S):
    """Theta(tau) = exp(Lambda tau) by the Taylor sum of Lambda + max leave, all of whose terms are >= 0.

    ``flow`` becomes that matrix; the factor exp(max leave tau) goes when the columns are normalised."""
    total[:] = 0.0
    for s in range(S):
        for c in range(CELLS):
            total[c] = max(total[c], leave[s, c])
    for s in range(S):
        for r in range(S):
            for c in range(CELLS):
                flow[s * S + r, c] = (total[c] - leave[s, c] if s == r else flow[s * S + r, c]) * tau[c]
            theta[s * S + r, :] = 1.0 if s == r else 0.0
    for k in range(THETA_TERMS, 0, -1):
        square(spare, flow, theta, S)
        for s in range(S):
            for r in range(S):
                own = 1.0 if s == r else 0.0
                for c in range(CELLS):
                    theta[s * S + r, c] = own + spare[s * S + r, c] / k
    normalise(theta, total, S)


@kernel
def double_theta(theta, spare, total, hold, S):
    """Theta(tau) becomes Theta(2 tau), except where ``hold`` is not 0."""
    square(spare, theta, theta, S)
    normalise(spare, total, S)
    for e in range(S * S):
        for c in range(CELLS):
            theta[e, c] = theta[e, c] if hold[c] != 0.0 else spare[e, c]


@kernel
def split_theta(mix, theta, scale, S):
    """Theta_sr scale_r/scale_s as split numbers."""
    for s in range(S):
        for r in range(S):
            e = s * S + r
            for c in range(CELLS):
                mix[e, RE1 + c], mix[e, RE2 + c] = split(theta[e, c] * (scale[r, c] / scale[s, c]), 0.0)


@kernel
def heating_forms(M, first, links, sigma, beta, scale, mass, tau, width):
    """M[first + s] = G_s tau/scale_s: y* G_s y = sum_r alpha_sr rho_s rho_r |u_s - u_r|^2 m_r/(m_s + m_r)."""
    S = mass.size
    for s in range(S):
        G = M[first + s]
        G[:] = 0.0
        for r in range(S):
            if r == s:
                continue
            own, other, cross, twin = s * width + s, r * width + r, s * width + r, r * width + s
            share = mass[r] / (mass[s] + mass[r])
            for c in range(CELLS):
                p, q = two_product(links[s * S + r, c], tau[c] / scale[s, c])
                p, q = dd_multiply(p, q, share, 0.0)
                ps, qs = dd_multiply(p, q, beta[s, RE1 + c], beta[s, RE2 + c])
                pr, qr = dd_multiply(p, q, beta[r, RE1 + c], beta[r, RE2 + c])
                a, b = dd_multiply(ps, qs, beta[r, RE1 + c], beta[r, RE2 + c])
                G[cross, RE1 + c] = -a
                G[cross, RE2 + c] = -b
                G[twin, RE1 + c] = -a
                G[twin, RE2 + c] = -b
                # rho_r rho_s/sigma_s^2 and rho_s rho_r/sigma_r^2
                x = beta[s, RE1 + c] / sigma[s, RE1 + c]
                y = beta[r, RE1 + c] / sigma[r, RE1 + c]
                a, b = dd_multiply(pr * x, qr * x, sigma[r, RE1 + c], sigma[r, RE2 + c])
                a, carry = two_sum(G[own, RE1 + c], a)
                G[own, RE1 + c] = a
                G[own, RE2 + c] += carry + b
                a, b = dd_multiply(ps * y, qs * y, sigma[s, RE1 + c], sigma[s, RE2 + c])
                G[other, RE1 + c] = a
                G[other, RE2 + c] = b
        for line in range(S):
            for column in range(S):
                e = line * width + column
                settle(G, e, e, 1.0, 1.0)


@kernel
def series_term(out, G, K, e, twin, k):
    """out_e = G_e + (out_e + K_e + conj K_twin)/k, not settled."""
    inverse = 1.0 / k
    low = fma(-inverse, k, 1.0) / k
    for part in range(G.shape[1] // REAL):
        u = part * REAL
        v = u + CELLS
        sign = 1.0 if part == 0 else -1.0
        for c in range(CELLS):
            a1 = out[e, u + c] + (K[e, u + c] + sign * K[twin, u + c])
            a2 = out[e, v + c] + (K[e, v + c] + sign * K[twin, v + c])
            p, q = two_product(a1, inverse)
            q = fma(a1, low, fma(a2, inverse, q))
            p, carry = two_sum(G[e, u + c], p)
            out[e, u + c] = p
            out[e, v + c] = G[e, v + c] + (q + carry)


@kernel
def start_forms(M, A, spare, now, new, first, mix, lines, width, S):
    """M[now + s] = t phi1((ad - Lambda) t) G, a Taylor sum; A, G and ``mix`` = -Lambda hold the factor t."""
    K = M[spare]
    for s in range(S):
        copy_rows(M[now + s], M[first + s])
    for k in range(FORM_TERMS, 0, -1):
        for s in range(S):
            F, out, G = M[now + s], M[new + s], M[first + s]
            for e in range(width * width):
                i = e // width
                dot(K, e, F, i * width, M[A], e - i * width, width, lines)
            for i in range(width):
                for j in range(i, width):
                    e = i * width + j
                    clear(out, e)
                    for r in range(S):
                        add_scaled(out, e, mix, s * S + r, M[now + r], e)
                    series_term(out, G, K, e, j * width + i, k + 1.0)
                    settle(out, e, j * width + i, 1.0, -1.0)
        for s in range(S):
            copy_rows(M[now + s], M[new + s])


@kernel
def double_forms(M, R, adjoint, spare, now, new, mix, hold, held, lines, width, S):
    """M[new + s] = sum_r Theta_sr H_r + R* H_s R (only the sum if R < 0); where ``hold`` is not 0 the old H_s."""
    K = M[spare]
    if R >= 0:
        for i in range(width):
            for t in range(lines):
                for c in range(CELLS):
                    M[adjoint, i * width + t, RE1 + c] = M[R, t * width + i, RE1 + c]
                    M[adjoint, i * width + t, RE2 + c] = M[R, t * width + i, RE2 + c]
                if K.shape[1] == COMPLEX:
                    for c in range(CELLS):
                        M[adjoint, i * width + t, IM1 + c] = -M[R, t * width + i, IM1 + c]
                        M[adjoint, i * width + t, IM2 + c] = -M[R, t * width + i, IM2 + c]
    for s in range(S):
        F, out = M[now + s], M[new + s]
        if R >= 0:
            for e in range(width * width):
                i = e // width
                dot(K, e, F, i * width, M[R], e - i * width, width, lines)
                if e - i * width == lines:
                    add(K, e, F, e)
                settle(K, e, e, 1.0, 1.0)
        for i in range(width):
            for j in range(i, width):
                e = i * width + j
                clear(out, e)
                if R >= 0:
                    dot(out, e, M[adjoint], i * width, K, j, width, lines)
                    if i == lines:
                        add(out, e, K, e)
                for r in range(S):
                    add_scaled(out, e, mix, s * S + r, M[now + r], e)
                settle(out, e, j * width + i, 1.0, -1.0)
                if held:
                    choose(out, e, F, e, hold)
                    choose(out, j * width + i, F, j * width + i, hold)


@kernel
def add_form(heat, M, form, x, weight, width):
    """heat += weight x* H x, of the perpendicular (complex x: rows 0, 1) or the parallel (row 2) form."""
    for i in range(width):
        for j in range(width):
            e = i * width + j
            if M.shape[2] == COMPLEX:
                for c in range(CELLS):
                    a = M[form, e, RE1 + c] + M[form, e, RE2 + c]
                    b = M[form, e, IM1 + c] + M[form, e, IM2 + c]
                    p = a * x[j, 0, c] - b * x[j, 1, c]
                    q = a * x[j, 1, c] + b * x[j, 0, c]
                    heat[c] += weight[c] * (x[i, 0, c] * p + x[i, 1, c] * q)
            else:
                for c in range(CELLS):
                    a = M[form, e, RE1 + c] + M[form, e, RE2 + c]
                    heat[c] += weight[c] * (x[i, 2, c] * a * x[j, 2, c])


@kernel
def final_energies(energy, P, L, now, x, theta, scale, heat, start, first, n, width):
    """eps_s(h) of cells first ... first + n: what relaxation leaves of eps(0), and heat, which is not negative."""
    S = scale.shape[0]
    for s in range(S):
        for c in range(CELLS):
            start[s, c] = energy[s, first + min(c, n - 1)]
    for s in range(S):
        heat[:] = 0.0
        add_form(heat, P, now + s, x, scale[s], width)
        add_form(heat, L, now + s, x, scale[s], width)
        for c in range(CELLS):
            heat[c] = max(heat[c], 0.0)
        for r in range(S):
            for c in range(CELLS):
                heat[c] += theta[s * S + r, c] * start[r, c]
        for c in range(n):
            energy[s, first + c] = heat[c]

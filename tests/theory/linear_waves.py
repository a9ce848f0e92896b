"""Plasmas, a second linearisation and arbitrary-precision roots that tests of linear waves share."""

import numpy as np

from multifluid.theory import Background


def plasma(mass_ratio=1836.0, beta=0.5, closure="five-moment", charge=1.0):
    """Ions and electrons with v_A = 1 for B = 1; d_i = 1/charge."""
    p = beta / 4
    return [
        Background("ion", 1.0, charge, 1.0, p, closure=closure),
        Background("electron", 1 / mass_ratio, -charge, 1 / mass_ratio, p, closure=closure),
    ]


def field(degrees):
    """Unit field at an angle to x."""
    return np.cos(np.radians(degrees)), np.sin(np.radians(degrees)), 0.0


def drag(n, **pairs):
    """Symmetric matrix from entries such as a02=0.5."""
    alpha = np.zeros((n, n))
    for name, value in pairs.items():
        s, r = int(name[1]), int(name[2])
        alpha[s, r] = alpha[r, s] = value
    return alpha


def sources(w, fluids, c, alpha, ct):
    """Algebraic right-hand side of the nonlinear equations for primitive w, 5 entries a fluid, then E and B."""
    n = len(fluids)
    rho, u, p = w[: 5 * n : 5], [w[5 * s + 1 : 5 * s + 4] for s in range(n)], w[4 : 5 * n : 5]
    electric, magnetic = w[5 * n : 5 * n + 3], w[5 * n + 3 :]
    out = np.zeros_like(w)
    for s, f in enumerate(fluids):
        out[5 * s + 1 : 5 * s + 4] = f.charge / f.mass * (electric + np.cross(u[s], magnetic))
        out[5 * n : 5 * n + 3] -= c**2 * f.charge / f.mass * rho[s] * u[s]
        for r, g in enumerate(fluids):
            slip = u[r] - u[s]
            out[5 * s + 1 : 5 * s + 4] += alpha[s][r] * rho[r] * slip
            heat = g.mass * (slip @ slip) + ct * (g.mass * p[r] / rho[r] - f.mass * p[s] / rho[s])
            out[5 * s + 4] += (f.gamma - 1) * alpha[s][r] * rho[s] * rho[r] * heat / (f.mass + g.mass)
    return out


def operator(fluids, B, k, c, alpha, ct):
    """M of W' = M W, five-moment fluids, mu0 = 1: sources differentiated by complex steps, transport written out."""
    n, k = len(fluids), np.asarray(k)
    w = np.concatenate([np.r_[f.rho, f.u, f.p] for f in fluids] + [np.zeros(3), np.asarray(B, float)])
    m = np.empty((len(w), len(w)), dtype=complex)
    for j in range(len(w)):
        step = w.astype(complex)
        step[j] += 1e-30j
        m[:, j] = sources(step, fluids, c, alpha, ct).imag / 1e-30
    for s, f in enumerate(fluids):
        i = 5 * s
        m[range(i, i + 5), range(i, i + 5)] -= 1j * (k @ f.u)
        m[i, i + 1 : i + 4] -= 1j * f.rho * k
        m[i + 1 : i + 4, i + 4] -= 1j * k / f.rho
        m[i + 4, i + 1 : i + 4] -= 1j * f.gamma * f.p * k
    curl = 1j * np.array([[0, -k[2], k[1]], [k[2], 0, -k[0]], [-k[1], k[0], 0]])
    m[5 * n : 5 * n + 3, 5 * n + 3 :] += c**2 * curl
    m[5 * n + 3 :, 5 * n : 5 * n + 3] -= curl
    return m


def flat(mode, fluids):
    """Vector of a mode in the order of `operator`."""
    v = mode.vector
    parts = [np.r_[v[f"rho_{f.name}"], v[f"u_{f.name}"], v[f"p_{f.name}"]] for f in fluids]
    return np.concatenate([*parts, v["E"], v["B"]])


def weights(fluids, c):
    """Square roots of the energy of unit perturbations in the order of `operator` (density: acoustic energy)."""
    parts = [np.r_[(f.gamma * f.p) ** 0.5 / f.rho, [f.rho**0.5] * 3, (f.gamma * f.p) ** -0.5] for f in fluids]
    return np.concatenate([*parts, [1 / c] * 3, [1.0] * 3])


def nearest_error(found, expected):
    """Largest |difference| / max(|value|, 1e-12) when each found root is paired with the nearest one left."""
    left, worst = list(expected), 0.0
    for omega in sorted(found, key=abs, reverse=True):
        partner = min(left, key=lambda value: abs(value - omega))
        left.remove(partner)
        worst = max(worst, abs(partner - omega) / max(abs(omega), 1e-12))
    return worst, left


def exact_operator(mp, fluids, B, k, c, alpha):
    """M in arbitrary precision from the very same floats; background at rest, order as in `operator`."""
    n = len(fluids)
    m, number = mp.zeros(5 * n + 6), np.vectorize(mp.mpf)
    B, k, c2 = number(B), number(k), mp.mpf(c) ** 2
    for s, f in enumerate(fluids):
        mass, charge, rho, p, gamma = number([f.mass, f.charge, f.rho, f.p, f.gamma])
        rho_i, u, p_i = 5 * s, 5 * s + 1, 5 * s + 4
        for a in range(3):
            m[rho_i, u + a] = -1j * rho * k[a]
            m[u + a, p_i] = -1j * k[a] / rho
            m[p_i, u + a] = -1j * gamma * p * k[a]
            m[u + a, 5 * n + a] = charge / mass
            m[5 * n + a, u + a] = -c2 * rho * charge / mass
            m[u + a, u + (a + 1) % 3] = charge / mass * B[(a + 2) % 3]
            m[u + a, u + (a + 2) % 3] = -charge / mass * B[(a + 1) % 3]
            for r, g in enumerate(fluids):
                rate = mp.mpf(float(alpha[s][r])) * mp.mpf(g.rho)
                m[u + a, u + a] -= rate
                m[u + a, 5 * r + 1 + a] += rate
    for a in range(3):
        for b, sign in (((a + 2) % 3, 1), ((a + 1) % 3, -1)):
            along = k[3 - a - b]
            m[5 * n + a, 5 * n + 3 + b] = sign * 1j * c2 * along
            m[5 * n + 3 + a, 5 * n + b] = -sign * 1j * along
    return m


def exact_root(mp, fluids, B, k, c, alpha, omega):
    """Root nearest to omega by inverse iteration in 60 digits, shifted off by 1e-7 lest the answer confirm itself."""
    m = exact_operator(mp, fluids, B, k, c, alpha)
    shift = -1j * mp.mpc(omega) * (1 + mp.mpf("1e-7"))
    inverse = (m - shift * mp.eye(m.rows)) ** -1
    x = mp.matrix([1 + i % 3 for i in range(m.rows)])
    for _ in range(9):
        y = inverse * x
        lead = max(range(m.rows), key=lambda i: abs(y[i]))
        growth = y[lead] / x[lead]
        x = y / y[lead]
    return complex(1j * (shift + 1 / growth))

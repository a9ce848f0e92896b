"""A second linearisation for fluids of any closure, in the caller's axes, straight from the nonlinear equations.

Local terms (Lorentz force, turning of P, isotropisation, drag, heat) and fluxes (stress, temperature) are nonlinear
functions of the primitive state, differentiated by complex steps; first derivatives in space act on the result as i k.
"""

import numpy as np

WIDTH = {"five-moment": 1, "six-moment": 2, "ten-moment": 6}
PAIRS = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))
EPSILON = np.zeros((3, 3, 3))
for _a, _b, _c in ((0, 1, 2), (1, 2, 0), (2, 0, 1)):
    EPSILON[_a, _b, _c], EPSILON[_a, _c, _b] = 1.0, -1.0
KEYS = {"five-moment": ("p",), "six-moment": ("ppar", "pperp"), "ten-moment": ("pxx", "pxy", "pxz", "pyy", "pyz", "pzz")}


def places(fluids):
    """First index of every fluid, and of E."""
    widths = [4 + WIDTH.get(f.closure, 0) for f in fluids]
    return list(np.cumsum([0, *widths]))


def tensor(f, w, B):
    """Pressure tensor (3, 3) of fluid f with primitives w and field B."""
    unit = np.eye(3)
    if f.closure == "ten-moment":
        P = np.zeros((3, 3), dtype=w.dtype)
        for value, (i, j) in zip(w[4:], PAIRS, strict=True):
            P[i, j] = P[j, i] = value
        return P
    if f.closure == "six-moment":
        b = B / np.sqrt(B @ B)
        return w[5] * unit + (w[4] - w[5]) * np.multiply.outer(b, b)
    if f.closure == "five-moment":
        return w[4] * unit
    exponent = {"isothermal": 1.0, "polytropic": f.gamma}.get(f.closure, 0.0)
    return unit * (f.p * (w[0] / f.rho) ** exponent if f.closure != "cold" else 0.0)


def scalar(f, w, B):
    """Mean pressure."""
    return np.trace(tensor(f, w, B)) / 3


def state(fluids, B):
    """Background as one vector."""
    parts = []
    for f in fluids:
        own = {"five-moment": [f.p], "six-moment": [f.p_par, f.p_perp]}.get(f.closure, [])
        if f.closure == "ten-moment":
            axis = np.asarray(B if f.axis is None else f.axis, float)
            axis = axis / np.linalg.norm(axis) if axis.any() else np.array([0.0, 0.0, 1.0])
            P = f.p_perp * np.eye(3) + (f.p_par - f.p_perp) * np.outer(axis, axis)
            own = [P[i, j] for i, j in PAIRS]
        parts.append(np.r_[f.rho, f.u, own])
    return np.concatenate([*parts, np.zeros(3), np.asarray(B, float)])


def relaxation(f, w, B):
    """Rate at which P_ij - p delta_ij is lost."""
    rate = f.isotropisation
    if f.heat_flux is not None and f.heat_flux.kind == "local":
        rate = rate + f.heat_flux.k0 * np.sqrt(scalar(f, w, B) / w[0])
    return rate


def sources(w, fluids, c, alpha, ct):
    """Terms without derivatives in space."""
    first = places(fluids)
    parts = [w[i:j] for i, j in zip(first[:-1], first[1:], strict=True)]
    E, B = w[first[-1] : first[-1] + 3], w[first[-1] + 3 :]
    out = np.zeros_like(w)
    for s, f in enumerate(fluids):
        own, qm, i = parts[s], f.charge / f.mass, first[s]
        out[i + 1 : i + 4] = qm * (E + np.cross(own[1:4], B))
        out[first[-1] : first[-1] + 3] -= c**2 * qm * own[0] * own[1:4]
        heat = 0.0
        for r, g in enumerate(fluids):
            slip = parts[r][1:4] - own[1:4]
            out[i + 1 : i + 4] += alpha[s][r] * parts[r][0] * slip
            T = [h.mass * scalar(h, v, B) / v[0] for h, v in ((f, own), (g, parts[r]))]
            warm = g.mass * (slip @ slip) + ct * (T[1] - T[0])
            heat = heat + alpha[s][r] * own[0] * parts[r][0] * warm / (f.mass + g.mass)
        rate = relaxation(f, own, B)
        if f.closure == "five-moment":
            out[i + 4] += (f.gamma - 1) * heat
        elif f.closure == "six-moment":
            p = scalar(f, own, B)
            out[i + 4 : i + 6] += 2 / 3 * heat - rate * (own[4:6] - p)
        elif f.closure == "ten-moment":
            P = tensor(f, own, B)
            turn = qm * np.einsum("iml,mj,l->ij", EPSILON, P, B)
            change = turn + turn.T - rate * (P - scalar(f, own, B) * np.eye(3)) + 2 / 3 * heat * np.eye(3)
            out[i + 4 : i + 10] += [change[a, b] for a, b in PAIRS]
    return out


def derivative(function, w, j):
    """d function/d w_j."""
    step = w.astype(complex)
    step[j] += 1e-30j
    return np.imag(function(step)) / 1e-30


def operator(fluids, B, k, c, alpha, ct):
    """M of W' = M W, mu0 = 1."""
    w, k, first = state(fluids, B), np.asarray(k, float), places(fluids)
    m = np.zeros((len(w), len(w)), dtype=complex)
    for j in range(len(w)):
        m[:, j] = derivative(lambda v: sources(v, fluids, c, alpha, ct), w, j)
        for s, f in enumerate(fluids):
            m[first[s] : first[s + 1], j] += transport(f, w, slice(first[s], first[s + 1]), j, k)
    e = first[-1]
    curl = 1j * np.array([[0, -k[2], k[1]], [k[2], 0, -k[0]], [-k[1], k[0], 0]])
    m[e : e + 3, e + 3 :] += c**2 * curl
    m[e + 3 :, e : e + 3] -= curl
    return m


def transport(f, w, part, j, k):
    """Response of one fluid's transport terms to a unit perturbation ~ exp(i k.x) of entry j of the state."""
    own, B = w[part], w[-3:]
    change = np.zeros(len(w))
    change[j] = 1.0
    d = change[part]
    rho, grad = own[0], 1j * np.outer(k, d[1:4])  # grad[m, i] = d_m u_i
    div = np.trace(grad)
    out = -1j * (k @ f.u) * d.astype(complex)
    out[0] -= rho * div
    dP = derivative(lambda v: tensor(f, v[part], v[-3:]), w, j)
    out[1:4] -= 1j * (k @ dP) / rho
    if f.closure == "five-moment":
        out[4] -= f.gamma * own[4] * div
    elif f.closure == "six-moment":
        b = B / np.linalg.norm(B)
        strain = b @ grad @ b
        out[4] -= own[4] * (div + 2 * strain)
        out[5] -= own[5] * (2 * div - strain)
    elif f.closure == "ten-moment":
        P = tensor(f, own, B)
        shear = np.einsum("im,mj->ij", P, grad)
        total = P * div + shear + shear.T
        if f.heat_flux is not None and f.heat_flux.kind == "gradient":
            dT = derivative(lambda v: tensor(f, v[part], v[-3:]) / v[part][0], w, j)
            chi = np.sqrt(8 / (9 * np.pi)) if f.heat_flux.chi is None else f.heat_flux.chi
            slope = 1j * (np.einsum("i,jk->ijk", k, dT) + np.einsum("j,ik->ijk", k, dT) + np.einsum("k,ij->ijk", k, dT))
            q = -chi * np.sqrt(np.trace(P) / 3 / rho) / f.heat_flux.k0 * rho * slope
            total = total + 1j * np.einsum("k,ijk->ij", k, q)
        out[4:] -= [total[a, b] for a, b in PAIRS]
    return out


def flat(mode, fluids):
    """Vector of a mode in the order of `state`."""
    v = mode.vector
    parts = [np.r_[v[f"rho_{f.name}"], v[f"u_{f.name}"], [v[f"{key}_{f.name}"] for key in KEYS.get(f.closure, ())]]
             for f in fluids]
    return np.concatenate([*parts, v["E"], v["B"]])


def weights(fluids, c):
    """Sizes that make the entries of a mode comparable."""
    parts = [np.r_[1 / f.rho**0.5, [f.rho**0.5] * 3, [f.p**-0.5] * WIDTH.get(f.closure, 0)] for f in fluids]
    return np.concatenate([*parts, [1 / c] * 3, [1.0] * 3])

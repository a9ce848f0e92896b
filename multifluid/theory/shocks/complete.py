"""Shocks of ions, electrons and neutrals with Maxwell's equations in full: finite c, electron inertia, space charge.

Frame of the shock, flow along +x; mass fluxes G_s, Ey = 0 and Ez = -vs By0 are constant, and for charged s

    G_s dv_s/dx + dp_s/dx = (q_s/m_s) rho_s (E + v_s x B) + sum_r alpha_sr rho_s rho_r (v_r - v_s)
    eps0 dEx/dx = sum_s (q_s/m_s) rho_s,    dBy/dx = mu0 Jz,    dBz/dx = -mu0 Jy
    five-moment: v_sx dp_s/dx + gamma p_s dv_sx/dx
               = (gamma - 1) sum_r alpha_sr rho_s rho_r [m_r |v_s - v_r|^2 + ct (T_r - T_s)]/(m_s + m_r)

The neutrals follow from the constant fluxes of momentum, sum_s (G_s v_s + p_s x) + (B^2/2 mu0 - eps0 Ex^2/2) x
- Bx B/mu0 - eps0 Ex Ez z, and of energy. Motions on the Debye and skin lengths grow both ways along x, so the profile is a
boundary value problem: what would not die away is absent at either end. Collocation (`scipy.integrate.solve_bvp`)
starts from the ion-neutral shock of the same mixture; where d_i is less than about 0.1 of the shock's width it fails.
"""

import numpy as np
from scipy.integrate import solve_bvp

from multifluid.errors import InputError
from multifluid.theory.shocks.ion_neutral import heated_ion_neutral_shock, ion_neutral_shock
from multifluid.theory.shocks.profile import ShockProfile, Tail

FLUIDS = ("ion", "electron", "neutral")
BY = 7  # its place among the unknowns


def three_fluid_shock(vs, B0, theta, rho, charge_to_mass, cs, alpha, c, mu0=1.0, tol=1e-8):
    """Complete isothermal shock of ions, electrons and neutrals.

    Parameters
    ----------
    vs : float
        Speed of the shock into the gas at rest.
    B0, theta : float
        Upstream field strength and its angle to the flow, 0 < theta <= pi/2.
    rho, cs : (3,)
        Upstream densities and isothermal sound speeds of ion, electron, neutral.
    charge_to_mass : (2,)
        q/m of ion and electron; the gas is neutral.
    alpha : (3, 3)
        Drag coefficients, symmetric; forces alpha_sr rho_s rho_r (v_r - v_s).
    c, mu0 : float
        Speed of light; eps0 = 1/(mu0 c^2).
    tol : float
        Relative residual of the collocation.

    Returns
    -------
    ShockProfile
        Fluids ``ion``, ``electron``, ``neutral``.

    Raises
    ------
    InputError
        No shock, net charge, no profile found, or a charged fluid (with electrons cooler than m_e vs^2: theirs) passes its
        own sound speed inside.
    """
    rho, cs = np.asarray(rho, float), np.asarray(cs, float)
    few, drag = _one_charged(rho, alpha)
    light = np.sqrt(rho[:2] @ cs[:2] ** 2 / few)
    start = ion_neutral_shock(vs, B0, theta, drag, [few, rho[2]], [light, cs[2]], mu0)
    model = _Model(vs, start, rho, charge_to_mass, alpha, c, mu0, cs=cs)
    return _solve(model, start, tol)


def heated_three_fluid_shock(vs, B0, theta, rho, charge_to_mass, T, mass, alpha, c, gamma=5 / 3, ct=3.0, mu0=1.0, tol=1e-8):
    """Complete five-moment shock of ions, electrons and neutrals, without cooling.

    Parameters
    ----------
    vs, B0, theta, rho, charge_to_mass, alpha, c, mu0, tol
        As in `three_fluid_shock`.
    T : float
        Upstream temperature of all, in energy units: p = rho T/m.
    mass : (3,)
        Per particle.
    gamma : float
        Adiabatic index of all.
    ct : float
        Coefficient of the heat exchange, above 0.

    Returns
    -------
    ShockProfile
        As in `three_fluid_shock`.

    Raises
    ------
    InputError
        As in `three_fluid_shock`, or ct is not above 0.
    """
    rho, mass = np.asarray(rho, float), np.asarray(mass, float)
    few, drag = _one_charged(rho, alpha)
    mean = few / (rho[:2] / mass[:2]).sum()
    start = heated_ion_neutral_shock(vs, B0, theta, drag, [few, rho[2]], T, [mean, mass[2]], gamma, ct, mu0)
    model = _Model(vs, start, rho, charge_to_mass, alpha, c, mu0, p=rho * T / mass, mass=mass, gamma=gamma, ct=ct)
    return _solve(model, start, tol)


def _one_charged(rho, alpha):
    """Density of ions and electrons together, and their drag coefficient on the neutrals."""
    few = rho[0] + rho[1]
    return few, (alpha[0][2] * rho[0] + alpha[1][2] * rho[1]) / few


def _solve(model, start, tol):
    flow_ends = model.rest(start.upstream), model.rest(start.downstream)
    if model.sonic(flow_ends[0]) != model.sonic(flow_ends[1]):
        raise InputError(
            "a charged fluid passes its own sound speed inside the shock, which this cannot follow: change its temperature"
        )
    before, after = Tail(model.rhs, flow_ends[0], -1), Tail(model.rhs, flow_ends[1], +1)
    left, right = before.constraints, after.constraints
    if len(left) + len(right) + 1 != model.size:
        raise InputError(
            f"no single profile joins both sides ({len(left)} and {len(right)} conditions for {model.size} unknowns)"
        )
    # to where the slowest motion has fallen to 1e-9 of the whole on either side
    ends = np.array([-1, 1]) * np.log(1e9) / [abs(t.rates[t.dies].real).min() for t in (before, after)]
    nodes = np.unique(np.concatenate([start.x[(start.x > ends[0]) & (start.x < ends[1])], np.linspace(*ends, 801)]))
    guess = model.guess(start, nodes)
    scale = np.append(np.maximum(np.abs(guess).max(axis=1), 1e-3), 1.0)[:, None]

    def weight(x):
        """By of the starting profile, and a bump where it changes."""
        By = start(x)["B"][1]
        return By, (By - start.upstream["B"][1]) * (start.downstream["B"][1] - By)

    # the place is free: one more unknown, the integral of weight (By - By of the start), begins and ends as 0
    def rhs(x, y):
        y = y * scale
        By, bump = weight(x)
        return np.vstack([model.rhs(y[:-1]), (y[BY] - By) * bump]) / scale

    def d_rhs(x, y):
        out = np.zeros((model.size + 1, model.size + 1, x.size))
        out[:-1, :-1] = _jacobians(model.rhs, y[:-1] * scale[:-1])
        out[-1, BY] = weight(x)[1]
        return out * scale.T[:, :, None] / scale[:, :, None]

    conditions = np.zeros((2, model.size + 1, model.size + 1))
    conditions[0, : len(left), :-1], conditions[1, len(left) : -2, :-1] = left, right
    conditions[0, -2, -1] = conditions[1, -1, -1] = 1
    conditions *= scale[:, 0]
    rests = [np.append(rest, 0) / scale[:, 0] for rest in flow_ends]
    with np.errstate(all="ignore"):
        found = solve_bvp(
            rhs, lambda ya, yb: conditions[0] @ (ya - rests[0]) + conditions[1] @ (yb - rests[1]), nodes,
            np.vstack([guess, 0 * nodes]) / scale, fun_jac=d_rhs, bc_jac=lambda ya, yb: conditions, tol=tol, bc_tol=1e-12,
            max_nodes=40000,
        )  # fmt: skip
    if found.status != 0:
        raise InputError(
            f"no complete profile found ({found.message.rstrip('.')}): where the skin and Debye lengths are tiny, take the "
            "ion-neutral shock, which is then the same; else raise tol"
        )
    y_ends = [(found.y[:, at] * scale[:, 0])[:-1] for at in (0, -1)]

    def orbit(x):
        y = (found.sol(np.clip(x, *ends)) * scale)[:-1]
        for tail, end, y_end, side in zip((before, after), ends, y_ends, (-1, 1), strict=True):
            beyond = side * (x - end) > 0
            y[:, beyond] = tail(y_end, x[beyond] - end)
        return y

    return ShockProfile(FLUIDS, orbit, model.fields, found.x, lambda y: y[BY], *flow_ends, +1)


def _jacobians(rhs, y):
    """df/dy (m, m, N) along a profile y (m, N), by complex steps."""
    columns = []
    for k in range(len(y)):
        moved = y.astype(complex)
        moved[k] += 1e-30j
        columns.append(rhs(moved).imag / 1e-30)
    return np.array(columns).swapaxes(0, 1)


class _Model:
    """Both closures as functions of y = (v_i, v_e, Ex, By, Bz) and, five-moment, p_i, p_e."""

    def __init__(self, vs, start, rho, charge_to_mass, alpha, c, mu0, cs=None, p=None, mass=None, gamma=None, ct=None):
        self.qm, self.alpha = np.asarray(charge_to_mass, float), np.asarray(alpha, float)
        charge = self.qm * rho[:2]
        if abs(charge.sum()) > 1e-12 * np.abs(charge).sum():
            raise InputError(f"charge_to_mass: the gas has net charge sum (q/m) rho = {charge.sum():g}, make it 0")
        self.Bx, By = start.upstream["B"][:2]
        self.eps0, self.mu0, self.Ez = 1 / (mu0 * c * c), mu0, -vs * By
        self.G, self.cs, self.mass, self.gamma, self.ct = rho * vs, cs, mass, gamma, ct
        self.pressures = 0 if cs is not None else 2
        self.size = 9 + self.pressures
        p = cs**2 * rho if p is None else p
        self.parts = p[:2] / p[:2].sum()
        self.F = rho.sum() * vs * vs + p.sum() + By * By / (2 * mu0)
        self.Fy = -self.Bx * By / mu0
        if cs is None:
            self.g = gamma / (gamma - 1)
            self.W = rho.sum() * vs**3 / 2 + self.g * p.sum() * vs - self.Ez * By / mu0

    def rest(self, state):
        """Unknowns of a uniform end of the ion-neutral shock."""
        ux, uy, _ = state["u"][0]
        y = [ux, uy, 0, ux, uy, 0, 0, state["B"][1], 0]
        return np.array([*y, *(self.parts * state["p"][0])] if self.pressures else y)

    def sonic(self, y):
        """Which charged fluids are faster than their own sound."""
        rho, v, p = (value[:2, ..., 0] for value in self.state(y[:, None]))
        return ((1 if self.gamma is None else self.gamma) * p < rho * v[:, 0] ** 2).tolist()

    def guess(self, start, x):
        """Unknowns along the ion-neutral shock, with the currents and the field Ex that it implies."""
        state = start(x)
        u, By = state["u"][0], state["B"][1]
        drift = np.gradient(By, x) / (self.mu0 * self.qm[1] * self.G[1] / u[0])
        y = [u[0], u[1], 0 * drift, u[0], u[1], drift, drift * By, By, 0 * By]
        return np.array([*y, *np.outer(self.parts, state["p"][0])] if self.pressures else y)

    def state(self, y):
        """rho (3, N), v (3, 3, N), p (3, N): neutrals from what is conserved, on their supersonic solution."""
        vi, ve, (Ex, By, Bz) = y[0:3], y[3:6], y[6:9]
        Gi, Ge, Gn = self.G
        rho = self.G[:2, None] / np.array([vi[0], ve[0]])
        p = y[9:11] if self.pressures else self.cs[:2, None] ** 2 * rho
        F = self.F - Gi * vi[0] - Ge * ve[0] - p.sum(axis=0) - (By**2 + Bz**2) / (2 * self.mu0) + self.eps0 * Ex**2 / 2
        vny = (self.Fy + self.Bx * By / self.mu0 - Gi * vi[1] - Ge * ve[1]) / Gn
        vnz = (self.Bx * Bz / self.mu0 + self.eps0 * Ex * self.Ez - Gi * vi[2] - Ge * ve[2]) / Gn
        if self.pressures:
            kinetic = (Gi * (vi**2).sum(axis=0) + Ge * (ve**2).sum(axis=0) + Gn * (vny**2 + vnz**2)) / 2
            W = self.W - kinetic - self.g * (p[0] * vi[0] + p[1] * ve[0]) + self.Ez * By / self.mu0
            a, b = Gn * (self.g - 0.5), self.g * F
            vnx = (b + np.sqrt(b * b - 4 * a * W)) / (2 * a)
            pn = F - Gn * vnx
        else:
            half = F / (2 * Gn)
            vnx = half + np.sqrt(half * half - self.cs[2] ** 2)
            pn = self.cs[2] ** 2 * Gn / vnx
        return np.vstack([rho, Gn / vnx]), np.array([vi, ve, [vnx, vny, vnz]]), np.vstack([p, pn])

    def rhs(self, y):
        rho, v, p = self.state(y)
        Ex, By, Bz = y[6:9]
        out, charge, current = [], 0, 0
        heats = []
        for s in range(2):
            vx, vy, vz = v[s]
            q = self.qm[s] * rho[s]
            slips = [v[r] - v[s] for r in range(3)]
            rates = [self.alpha[s, r] * rho[s] * rho[r] for r in range(3)]
            drag = sum(rates[r] * slips[r] for r in range(3) if r != s)
            fx = q * (Ex + vy * Bz - vz * By) + drag[0]
            fy = q * (vz * self.Bx - vx * Bz) + drag[1]
            fz = q * (self.Ez + vx * By - vy * self.Bx) + drag[2]
            if self.pressures:
                m, T = self.mass, p * self.mass[:, None] / rho
                heat = (self.gamma - 1) * sum(
                    rates[r] * (m[r] * (slips[r] ** 2).sum(axis=0) + self.ct * (T[r] - T[s])) / (m[r] + m[s])
                    for r in range(3) if r != s
                )  # fmt: skip
                slope = (fx - heat / vx) / (self.G[s] - self.gamma * p[s] / vx)
                heats.append((heat - self.gamma * p[s] * slope) / vx)
            else:
                slope = fx / (self.G[s] - p[s] / vx)
            out += [slope, fy / self.G[s], fz / self.G[s]]
            charge, current = charge + q, current + q * v[s]
        out += [charge / self.eps0, self.mu0 * current[2], -self.mu0 * current[1]]
        return np.array([*out, *heats])

    def fields(self, y, x):
        rho, u, p = self.state(y)
        zero = np.zeros_like(y[6])
        E, B = np.array([y[6], zero, zero + self.Ez]), np.array([zero + self.Bx, y[7], y[8]])
        return {"rho": rho, "u": u, "p": p, "E": E, "B": B}

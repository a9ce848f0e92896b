"""Shocks of neutrals with any number of charged fluids that have no inertia and no pressure of their own.

Frame of the shock, isothermal neutrals, rho_n v_nx = G, a_s = q_s/m_s. Every charged fluid balances

    a_s (E + v_s x B) + K_s rho_n (v_n - v_s) = 0

hence v_s = v_n + M_s (E + v_n x B) with the mobility tensor M_s; rho_s v_sx is constant; Ey and Ez are, too. Ex is what
keeps the gas neutral, sum_s a_s rho_s = 0. With the momentum fluxes of neutrals and field constant,

    G v_nx + cs^2 rho_n + (By^2 + Bz^2)/(2 mu0),    G v_ny - Bx By/mu0,    G v_nz - Bx Bz/mu0

Ampere's law dBy/dx = mu0 Jz, dBz/dx = -mu0 Jy, J = sum_s a_s rho_s v_s closes the system (Falle 2003, MNRAS 344, 1210,
eqs. 3 to 9; O'Sullivan & Downes 2006, MNRAS 366, 1329, section 3.1).

Where the neutrals end up slower than sound there is a jump inside, at which they go over to the slower solution of the same
momentum flux, v_nx -> cs^2/v_nx, while B, which the charged fluids carry, does not change. There the gas behind has two
directions in which orbits leave it and none that leads in: it is reached at the jump itself, which therefore lies where
B has its downstream value.
"""

import numpy as np

from multifluid.errors import InputError
from multifluid.theory.shocks.jump import isothermal_jump
from multifluid.theory.shocks.profile import ShockProfile, follow, leave


def charged_fluid_shock(rho_n, v, B, cs, rho, charge_to_mass, drag, names=None, charged_cs=None, mu0=1.0):
    """Shock of isothermal neutrals and N inertia-less charged fluids.

    Parameters
    ----------
    rho_n, v : float
        Upstream density and velocity along x (either sign).
    B : (2,)
        Upstream (Bx, By), Bz = 0.
    cs : float
        Isothermal sound speed of the neutrals.
    rho, charge_to_mass, drag : (N,)
        Upstream densities of the charged fluids, a_s = q_s/m_s and K_s, the drag being K_s rho_s rho_n (v_n - v_s);
        sum_s a_s rho_s = 0.
    names : sequence of str, optional
        Of the charged fluids; ``charged1``, ``charged2``, ... without.
    charged_cs : (N,), optional
        Only for the pressures the profile reports; they move nothing.
    mu0 : float

    Returns
    -------
    ShockProfile
        Charged fluids first, ``neutral`` last. Its attribute ``subshock`` is the place of the neutrals' jump, or None.

    Raises
    ------
    InputError
        No shock, net charge, or lengths that differ.
    """
    rho, a, K = (np.asarray(value, float) for value in (rho, charge_to_mass, drag))
    if not rho.shape == a.shape == K.shape or rho.ndim != 1 or rho.size < 2:
        raise InputError("rho, charge_to_mass and drag must have one value for each of two or more charged fluids")
    if abs(a @ rho) > 1e-12 * np.abs(a) @ rho:
        raise InputError(f"charge_to_mass: the gas has net charge sum a rho = {a @ rho:g}, make it 0")
    Bx, By = B
    jump = isothermal_jump(rho_n, v, Bx, By, cs, mu0)
    model = _Model(rho_n, v, Bx, By, cs, rho, a, K, mu0)
    up, down = np.array([By, 0.0]), np.array([jump.By, 0.0])
    flow = 1 if v > 0 else -1
    subsonic = abs(jump.vx) < cs
    if subsonic:
        orbit, x = follow(model.rhs, down, up, -flow, lambda x: np.tile(down[:, None], x.size))
    else:
        orbit, x = leave(model.rhs, down, up, -flow)
    own = np.zeros(rho.size) if charged_cs is None else np.asarray(charged_cs, float)
    sound = np.append(own, cs)

    def fields(y, x):
        behind = (flow * x > 0) if subsonic else np.zeros(np.shape(x), bool)
        rho, u, E, B = model.state(y, behind)
        return {"rho": rho, "u": u, "p": sound[:, None] ** 2 * rho, "E": E, "B": B}

    names = [f"charged{i + 1}" for i in range(rho.size)] if names is None else list(names)
    profile = ShockProfile((*names, "neutral"), orbit, fields, x, lambda y: y[0], up, down, flow)
    profile.subshock = float(-profile._origin) if subsonic else None
    return profile


class _Model:
    """State of all fluids and dB/dx as functions of y = (By, Bz)."""

    def __init__(self, rho_n, v, Bx, By, cs, rho, a, K, mu0):
        self.Bx, self.cs, self.a, self.K, self.mu0 = Bx, cs, a[:, None], K[:, None], mu0
        self.By0, self.G, self.sign = By, rho_n * v, np.sign(v)
        self.F = self.G * v + cs * cs * rho_n + By * By / (2 * mu0)
        self.fluxes, self.Ez = (rho * v)[:, None], -v * By

    def neutrals(self, y, subsonic=False):
        """v_n (3, N) on the faster or the slower solution of the momentum flux."""
        half = (self.F - (y[0] ** 2 + y[1] ** 2) / (2 * self.mu0)) / (2 * self.G)
        root = np.sqrt(half * half - self.cs**2) * self.sign
        pull = self.Bx / (self.mu0 * self.G)
        return np.array([half + np.where(subsonic, -root, root), pull * (y[0] - self.By0), pull * y[1]])

    def charged(self, y, vn):
        """Drift v_E (3, N) across the field, v_s - v_E (S, 3, N) and X = E + v_n x B (3, N)."""
        B = np.array([self.Bx + 0 * y[0], y[0], y[1]])
        B2 = (B * B).sum(axis=0)
        # X but for tau along x: perpendicular to B if it can be, for along B even tiny errors drive large currents
        X = np.array([0 * B2, vn[2] * B[0] - vn[0] * B[2], vn[0] * B[1] - vn[1] * B[0] + self.Ez])
        along = X[1] * B[1] + X[2] * B[2]
        if self.Bx != 0:
            X[0], along = -along / self.Bx, 0 * along
        nu = self.K * self.G / vn[0]
        norm = 1 / (nu * nu + self.a**2 * B2)

        def slip(X, along):
            """Drift in the neutrals' frame less X x B/B^2: direct, Pedersen and Hall parts."""
            parallel = along / B2 * B
            turned = _cross(X, B) / B2
            direct, pedersen, hall = (m[:, None] for m in (self.a / nu, self.a * nu * norm, nu * nu * norm))
            return direct * parallel + pedersen * (X - parallel) - hall * turned

        zero = np.zeros_like(B2)
        rest, per_tau = slip(X, along), slip(np.array([zero + 1, zero, zero]), B[0])
        drift = vn + _cross(X, B) / B2
        tau = _neutralising_field(self.a * self.fluxes, drift[0], rest[:, 0], per_tau[:, 0])
        X[0] += tau
        return drift + tau * np.array([zero, -B[2], B[1]]) / B2, rest + tau * per_tau, X

    def rhs(self, y, subsonic=False):
        drift, slip, _ = self.charged(y, self.neutrals(y, subsonic))
        flux = self.a * self.fluxes / (drift[0] + slip[:, 0])
        return self.mu0 * np.array([(flux * slip[:, 2]).sum(axis=0), -(flux * slip[:, 1]).sum(axis=0)])

    def state(self, y, subsonic):
        vn = self.neutrals(y, subsonic)
        drift, slip, X = self.charged(y, vn)
        vs = drift + slip
        zero = np.zeros_like(X[0])
        rho = np.vstack([self.fluxes / vs[:, 0], self.G / vn[0]])
        E = np.array([X[0] - (vn[1] * y[1] - vn[2] * y[0]), zero, zero + self.Ez])
        return rho, np.concatenate([vs, vn[None]]), E, np.array([zero + self.Bx, *y])


def _cross(a, b):
    """a x b of (3, N) arrays; numpy.cross costs more than all else here."""
    return np.array([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]])


def _neutralising_field(charge_fluxes, drift, rest, per_tau):
    """The tau (N,) that keeps sum_s charge_fluxes_s/(drift + rest_s + per_tau_s tau) = 0.

    As the fluxes add up to 0 that is sum_s charge_fluxes_s d_s/(drift + d_s) = 0 with d_s the slip, which loses no digits.
    """
    tau = -(charge_fluxes * rest).sum(axis=0) / (charge_fluxes * per_tau).sum(axis=0)
    # exact for two fluids, Newton's method for more
    for _ in range(0 if len(charge_fluxes) == 2 else 8):
        d = rest + per_tau * tau
        value = (charge_fluxes * d / (drift + d)).sum(axis=0)
        tau = tau - value / (charge_fluxes * per_tau * drift / (drift + d) ** 2).sum(axis=0)
    return tau

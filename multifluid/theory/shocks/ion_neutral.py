"""C-shocks of ions with inertia and pressure and neutrals, by ideal induction: no electrons, no light.

Frame of the shock, flow along +x, mass fluxes G_i, G_n and the total momentum flux constant, and

    v_ix By - v_iy Bx = vs By0
    G_i dv_i/dx + dp_i/dx = J x B + alpha rho_i rho_n (v_n - v_i),    J x B = dBy/dx (-By, Bx)/mu0

Isothermal fluids, p = c^2 rho, or five moments, with the total energy flux constant and

    v_ix dp_i/dx + gamma p_i dv_ix/dx = (gamma - 1) alpha rho_i rho_n [m_n |v_i - v_n|^2 + ct (T_n - T_i)]/(m_i + m_n)

(Draine & McKee 1993, ARA&A 31, 373, eqs. 2.1 to 2.10 without cooling; heating: Schunk 1977, Rev. Geophys. 15, 429).
"""

import numpy as np

from multifluid.errors import InputError
from multifluid.theory.shocks.jump import adiabatic_jump, isothermal_jump
from multifluid.theory.shocks.profile import ShockProfile, leave


def ion_neutral_shock(vs, B0, theta, alpha, rho, cs, mu0=1.0):
    """C-shock of isothermal ions and isothermal neutrals.

    Parameters
    ----------
    vs : float
        Speed of the shock into the gas at rest.
    B0, theta : float
        Upstream field strength and its angle to the flow, 0 < theta <= pi/2.
    alpha : float
        Drag coefficient, force alpha rho_i rho_n (v_n - v_i) on the ions.
    rho, cs : (2,)
        Upstream densities and isothermal sound speeds of ions and neutrals.
    mu0 : float

    Returns
    -------
    ShockProfile
        Fluids ``ion`` and ``neutral``; E = -v_i x B.

    Raises
    ------
    InputError
        No shock, or neutrals slower than sound downstream (the shock then has a jump inside).
    """
    return _shock(vs, B0, theta, alpha, np.asarray(rho, float), mu0, cs=np.asarray(cs, float))


def heated_ion_neutral_shock(vs, B0, theta, alpha, rho, T, mass, gamma=5 / 3, ct=3.0, mu0=1.0):
    """C-shock of five-moment ions and neutrals with frictional heating and exchange of heat, without cooling.

    Parameters
    ----------
    vs, B0, theta, alpha, mu0
        As in `ion_neutral_shock`.
    rho, mass : (2,)
        Upstream densities, and masses per particle, of ions and neutrals.
    T : float
        Upstream temperature of both, in energy units: p = rho T/m.
    gamma : float
        Adiabatic index of both.
    ct : float
        Coefficient of the heat exchange, above 0.

    Returns
    -------
    ShockProfile
        As in `ion_neutral_shock`.

    Raises
    ------
    InputError
        As in `ion_neutral_shock`; or ct is not above 0, without which no common temperature is reached.
    """
    if not ct > 0:
        raise InputError(f"ct = {ct:g} exchanges no heat: take a value above 0 (3 for Schunk)")
    rho, mass = np.asarray(rho, float), np.asarray(mass, float)
    return _shock(vs, B0, theta, alpha, rho, mu0, p=rho * T / mass, mass=mass, gamma=gamma, ct=ct)


def _shock(vs, B0, theta, alpha, rho, mu0, cs=None, **heat):
    Bx, By = B0 * np.cos(theta) if theta != np.pi / 2 else 0.0, B0 * np.sin(theta)
    if cs is None:
        jump = adiabatic_jump(rho.sum(), vs, Bx, By, heat["p"].sum(), heat["gamma"], mu0)
        ends = [[vs, 0.0, heat["p"][0]], [jump.vx, jump.vy, jump.p * heat["p"][0] / heat["p"].sum()]]
        sound = np.sqrt(heat["gamma"] * (jump.p - ends[1][2]) / (jump.rho * rho[1] / rho.sum()))
    else:
        jump = isothermal_jump(rho.sum(), vs, Bx, By, np.sqrt(rho @ cs**2 / rho.sum()), mu0)
        ends, sound = [[vs, 0.0], [jump.vx, jump.vy]], cs[1]
    if jump.vx <= sound:
        raise InputError(f"the neutrals would be subsonic downstream ({jump.vx:g} of {sound:g}): lower their temperature")
    model = _Model(vs, Bx, By, alpha, rho, mu0, cs, **heat)
    orbit, x = leave(model.rhs, *ends, +1, method="LSODA" if model.stiff else "DOP853")
    return ShockProfile(("ion", "neutral"), orbit, model.fields, x, model.tangential, *ends, +1)


class _Model:
    """Both closures as functions of y = (v_ix, v_iy) or, five-moment, (v_ix, v_iy, p_i)."""

    def __init__(self, vs, Bx, By, alpha, rho, mu0, cs=None, p=None, mass=None, gamma=None, ct=None):
        self.Bx, self.By0, self.vs, self.alpha, self.mu0 = Bx, By, vs, alpha, mu0
        self.cs, self.mass, self.gamma, self.ct = cs, mass, gamma, ct
        self.Gi, self.Gn = rho * vs
        p = cs**2 * rho if p is None else p
        self.F = rho.sum() * vs * vs + p.sum() + By * By / (2 * mu0)
        if cs is None:
            self.g = gamma / (gamma - 1)
            self.W = rho.sum() * vs**3 / 2 + self.g * p.sum() * vs + vs * By * By / mu0
        # the slip of the ions across the field dies over vs/(alpha rho_n), many times within the shock if they are few
        self.stiff = rho[1] > 300 * rho[0]

    def tangential(self, y):
        return (self.vs * self.By0 + y[1] * self.Bx) / y[0]

    def state(self, y):
        """By, p_i, v_nx, v_ny, p_n: the neutrals from what is conserved, on their supersonic solution."""
        By = self.tangential(y)
        vny = (self.Bx * (By - self.By0) / self.mu0 - self.Gi * y[1]) / self.Gn
        pi = self.cs[0] ** 2 * self.Gi / y[0] if self.cs is not None else y[2]
        F = self.F - self.Gi * y[0] - pi - By * By / (2 * self.mu0)
        if self.cs is not None:
            half = F / (2 * self.Gn)
            vnx = half + np.sqrt(half * half - self.cs[1] ** 2)
            return By, pi, vnx, vny, self.cs[1] ** 2 * self.Gn / vnx
        # Gn (vnx^2 + vny^2)/2 + g (F - Gn vnx) vnx = W
        W = self.W - self.Gi * (y[0] ** 2 + y[1] ** 2) / 2 - self.g * pi * y[0] - self.vs * self.By0 * By / self.mu0
        a, b, c = self.Gn * (self.g - 0.5), self.g * F, W - self.Gn * vny**2 / 2
        vnx = (b + np.sqrt(b * b - 4 * a * c)) / (2 * a)
        return By, pi, vnx, vny, F - self.Gn * vnx

    def rhs(self, y):
        By, pi, vnx, vny, pn = self.state(y)
        vx, Bx = y[0], self.Bx
        rate = self.alpha * self.Gi / vx * self.Gn / vnx
        wx, wy = vnx - vx, vny - y[1]
        pull = By / (self.mu0 * vx)
        a = self.Gi - (pi if self.cs is not None else self.gamma * pi) / vx - pull * By
        d = self.Gi - Bx * Bx / (self.mu0 * vx)
        fx, fy = rate * wx, rate * wy
        if self.cs is None:
            m = self.mass
            Ti, Tn = pi * m[0] * vx / self.Gi, pn * m[1] * vnx / self.Gn
            heat = (self.gamma - 1) * rate * (m[1] * (wx * wx + wy * wy) + self.ct * (Tn - Ti)) / m.sum()
            fx = fx - heat / vx
        off = pull * Bx
        det = a * d - off * off
        slope = [(d * fx - off * fy) / det, (a * fy - off * fx) / det]
        if self.cs is None:
            slope.append((heat - self.gamma * pi * slope[0]) / vx)
        return np.array(slope)

    def fields(self, y, x):
        By, pi, vnx, vny, pn = self.state(y)
        zero = np.zeros_like(By)
        u = np.array([[y[0], y[1], zero], [vnx, vny, zero]])
        B = np.array([zero + self.Bx, By, zero])
        rho = np.array([self.Gi / y[0], self.Gn / vnx])
        return {"rho": rho, "u": u, "p": np.array([pi, pn]), "B": B, "E": -np.cross(u[0], B, axis=0)}

"""The local sources as ordinary differential equations in time: what one cell does where nothing moves through space.

With G_sr the mass per volume and time that fluid s takes from fluid r by ionisation or recombination, w_s = eps_s/rho_s
the internal energy per mass, and temperatures T_s = (gamma_s - 1) m_s w_s:

    d rho_s/dt       = sum_r (G_sr - G_rs)
    d(rho_s u_s)/dt  = (q_s/m_s) rho_s (E + u_s x B) + rho_s a_s + sum_r alpha_sr rho_s rho_r (u_r - u_s)
                       + sum_r (G_sr u_r - G_rs u_s)
    d eps_s/dt       = sum_r alpha_sr rho_s rho_r [m_r |u_s - u_r|^2 + ct (T_r - T_s)]/(m_s + m_r)
                       + sum_r (G_sr w_r - G_rs w_s) + sum_r G_sr |u_r - u_s|^2/2
    eps0 dE/dt       = - sum_s (q_s/m_s) rho_s u_s                   (B is constant: a uniform E has no curl)

Drag and its heat: Schunk 1977, Rev. Geophys. 15, 429, eqs. 31 to 34 (ct = 3). The drag coefficient has five numbers,

    alpha_sr = k0 + k1 sqrt(v2 + k2 w^2) + k3 (v2 + k4 w^2)^(-3/2),    v2 = T_s/m_s + T_r/m_r,  w = |u_s - u_r|

and the reaction n <-> i + e goes at zeta n_n - a (T_e/T0)^b n_i n_e per volume. Mass, sum_s (q_s/m_s) rho_s, matter
and electric energy together (without a_s) are constant, and where there is no net charge sum_s rho_s u_s + eps0 E x B.
"""

from dataclasses import dataclass

import numpy as np
from scipy.integrate import solve_ivp

from multifluid.errors import RunError


@dataclass(frozen=True)
class LocalState:
    """State of one cell.

    Attributes
    ----------
    rho : (S,) mass densities
    u : (S, 3) velocities
    p : (S,) pressures
    E : (3,) electric field
    """

    rho: np.ndarray
    u: np.ndarray
    p: np.ndarray
    E: np.ndarray


@dataclass(frozen=True)
class LocalSources:
    """The equations of the module for S fluids.

    Parameters
    ----------
    mass, charge, gamma : (S,) sequences
        Per particle; adiabatic indices.
    laws : (S, S, 5) array, optional
        Coefficients k0..k4 of each pair, symmetric; none without.
    relaxation : float
        ct.
    reaction : tuple, optional
        (neutral, ion, electron, zeta, a, T0, b): indices of the fluids and rates.
    B : (3,)
        Magnetic field.
    eps0 : float
        Vacuum permittivity; ``inf`` keeps E as it is.
    acceleration : (S, 3) or broadcastable
        a_s.
    """

    mass: tuple
    charge: tuple
    gamma: tuple
    laws: np.ndarray | None = None
    relaxation: float = 3.0
    reaction: tuple | None = None
    B: tuple = (0.0, 0.0, 0.0)
    eps0: float = np.inf
    acceleration: tuple = ((0.0, 0.0, 0.0),)

    def alpha(self, rho, u, p):
        """Drag coefficients (S, S) of a state."""
        S = len(self.mass)
        if self.laws is None:
            return np.zeros((S, S))
        k = np.moveaxis(np.asarray(self.laws, float), -1, 0)
        thermal = np.asarray(p) / rho
        v2 = thermal[:, None] + thermal[None, :]
        w2 = ((u[:, None, :] - u[None, :, :]) ** 2).sum(axis=-1)
        coulomb = np.where(k[3] > 0.0, k[3] * (v2 + k[4] * w2) ** -1.5, 0.0)
        return k[0] + k[1] * np.sqrt(v2 + k[2] * w2) + coulomb

    def mass_transfer(self, rho, p):
        """G (S, S): mass per volume and time that fluid s takes from fluid r."""
        G = np.zeros((len(self.mass),) * 2)
        if self.reaction is None:
            return G
        n, i, e, zeta, a, t0, b = self.reaction
        m = self.mass
        temperature = m[e] * p[e] / rho[e]
        made = zeta * rho[n] / m[n]
        lost = a * (temperature / t0) ** b * (rho[i] / m[i]) * (rho[e] / m[e])
        G[i, n], G[e, n] = m[i] * made, m[e] * made
        G[n, i], G[n, e] = m[i] * lost, m[e] * lost
        return G

    def rates(self, rho, u, p, E):
        """Time derivatives.

        Parameters
        ----------
        rho, u, p, E : (S,), (S, 3), (S,), (3,)
            A state.

        Returns
        -------
        (d rho, d(rho u), d eps, dE) with the same shapes; eps is the internal energy density.
        """
        m, gamma = np.asarray(self.mass, float), np.asarray(self.gamma, float)
        qm = np.asarray(self.charge, float) / m
        G = self.mass_transfer(rho, p)
        drag = self.alpha(rho, u, p) * rho[:, None] * rho[None, :]
        slip = u[None, :, :] - u[:, None, :]
        slip2 = (slip**2).sum(axis=-1)
        T, w = m * p / rho, p / (gamma - 1.0) / rho
        pair = m[:, None] + m[None, :]
        d_rho = G.sum(axis=1) - G.sum(axis=0)
        current = (qm * rho)[:, None] * u
        d_m = ((qm * rho)[:, None] * E + np.cross(current, np.asarray(self.B, float)) + (drag[..., None] * slip).sum(axis=1)
               + rho[:, None] * np.asarray(self.acceleration, float) + G @ u - G.sum(axis=0)[:, None] * u)
        heat = drag * (m[None, :] * slip2 + self.relaxation * (T[None, :] - T[:, None])) / pair
        d_eps = heat.sum(axis=1) + G @ w - G.sum(axis=0) * w + 0.5 * (G * slip2).sum(axis=1)
        return d_rho, d_m, d_eps, -current.sum(axis=0) / self.eps0

    def fastest_rate(self, state):
        """Largest of plasma and cyclotron frequencies, drag, ionisation and recombination rates of a state."""
        m = np.asarray(self.mass, float)
        qm = np.asarray(self.charge, float) / m
        plasma = np.sqrt((qm**2 * state.rho).sum() / self.eps0)
        cyclotron = np.abs(qm).max() * np.linalg.norm(self.B)
        drag = (self.alpha(state.rho, state.u, state.p) @ state.rho).max()
        exchange = (self.mass_transfer(state.rho, state.p) / np.asarray(state.rho)[None, :]).sum(axis=0).max()
        return float(max(plasma, cyclotron, drag, exchange))

    def solve(self, state, times, rtol=1e-12, method=None):
        """The solution from a state at t = 0.

        Parameters
        ----------
        state : LocalState
        times : (N,) increasing, not negative
        rtol : float
            Relative tolerance; absolute ones are rtol/100 of each variable's natural size.
        method : str, optional
            Of ``scipy.integrate.solve_ivp``. By default DOP853 (Hairer, Norsett & Wanner 1993, Solving Ordinary
            Differential Equations I, section II.10) where the fastest rate times the last time is below 3000, else
            Radau (Hairer & Wanner 1996, volume II, section IV.8).

        Returns
        -------
        list of LocalState, one per time

        Raises
        ------
        RunError
            The integration failed.
        """
        times = np.atleast_1d(np.asarray(times, float))
        S, gamma = len(self.mass), np.asarray(self.gamma, float)
        rho, u, p, E = (np.asarray(v, float) for v in (state.rho, state.u, state.p, state.E))
        if times[-1] == 0.0:
            return [LocalState(rho, u, p, E)] * len(times)
        if method is None:
            method = "DOP853" if self.fastest_rate(state) * times[-1] < 3e3 else "Radau"

        def unpack(y):
            r = y[:S]
            return r, y[S:4 * S].reshape(S, 3) / r[:, None], (gamma - 1.0) * y[4 * S:5 * S], y[5 * S:]

        def slope(t, y):
            d_rho, d_m, d_eps, d_E = self.rates(*unpack(y))
            return np.concatenate([d_rho, d_m.ravel(), d_eps, d_E])

        speed = np.abs(u).max() + np.sqrt((p / rho).max()) + np.abs(np.asarray(self.acceleration)).max() * times[-1]
        field = np.abs(E).max() + speed * np.linalg.norm(self.B)
        size = np.concatenate([rho, np.repeat(rho * speed, 3), p, np.full(3, field or 1.0)])
        start = np.concatenate([rho, (rho[:, None] * u).ravel(), p / (gamma - 1.0), E])
        with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
            found = solve_ivp(slope, (0.0, times[-1]), start, method, times, rtol=rtol, atol=0.01 * rtol * size)
        if not found.success or not np.all(np.isfinite(found.y)):
            raise RunError(f"the reference solution of the local sources failed: {found.message}")
        return [LocalState(*(np.array(part) for part in unpack(y))) for y in found.y.T]

"""Nonlinear single-fluid MHD in one dimension, as a reference where no closed form exists: ideal, resistive, Hall and
ambipolar.

With B_x constant, b = (B_y, B_z) and p_t = p + B^2/(2 mu0),

    d_t rho + d_x (rho u_x) = 0,      d_t (rho u) + d_x (rho u_x u - B_x B/mu0 + p_t x) = 0
    d_t B_y = d_x E_z,  d_t B_z = -d_x E_y
    d_t e + d_x [(rho u^2/2 + gamma p/(gamma - 1)) u_x + (E_y B_z - E_z B_y)/mu0] = 0
    E = -u x B + mu0 eta J + h J x B/rho - c_A (J x B) x B,     J = (0, -d_x B_z, d_x B_y)/mu0

h = m_i/e over the charge number (B h/(mu0 rho) = eta_H) and c_A = 1/(alpha rho_i rho_n) (mu0 eta_A = c_A B^2), a number or
a function of rho and B. The electron pressure is left out of E: it is the gradient of a function where that pressure is
one of n_e. Isothermal gas has p = c_s^2 rho and no e.

Method of lines: primitives reconstructed linearly, with the MC limiter where there are shocks, HLL or Rusanov flux with
the fast speed (with the Hall term also that of the grid's shortest whistler, on B), J by differences at faces, time by
``scipy.integrate``. It is there to be compared with, small and slow; Hall waves and diffusion cost steps ~ dx^2.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.integrate import solve_ivp

from multifluid.errors import InputError, RunError

__all__ = ["Gas", "brio_wu", "solve"]

GHOSTS = 2
_MODES = {"periodic": "wrap", "open": "edge"}


@dataclass(frozen=True)
class Gas:
    """The equations' constants.

    Parameters
    ----------
    Bx : float
        Normal field.
    gamma : float
        Adiabatic index, > 1; for isothermal gas give ``sound_speed`` instead.
    sound_speed : float, optional
        Isothermal sound speed.
    mu0 : float
    ohmic : float
        eta, a diffusivity.
    hall : float
        h = m_i/(Z e).
    ambipolar : float or callable (rho, B2) -> array
        c_A = 1/(alpha rho_i rho_n).
    flux : "hll" or "rusanov"
    limiter : "mc" or "none"
        "none" for smooth flow: the MC limiter flattens extrema.
    """

    Bx: float
    gamma: float = 5.0 / 3.0
    sound_speed: float | None = None
    mu0: float = 1.0
    ohmic: float = 0.0
    hall: float = 0.0
    ambipolar: object = 0.0
    flux: str = "hll"
    limiter: str = "mc"

    def __post_init__(self):
        if self.sound_speed is None and not self.gamma > 1.0:
            raise InputError(f"MHD in 1-D: gamma must be larger than 1, not {self.gamma!r}; give sound_speed if isothermal")
        if self.sound_speed is not None and not self.sound_speed > 0.0:
            raise InputError(f"MHD in 1-D: sound_speed must be positive, not {self.sound_speed!r}")
        if not self.mu0 > 0.0:
            raise InputError(f"MHD in 1-D: mu0 must be positive, not {self.mu0!r}")
        if not self.ohmic >= 0.0:
            raise InputError(f"MHD in 1-D: ohmic must not be negative, not {self.ohmic!r}")
        for name, choices in (("flux", ("hll", "rusanov")), ("limiter", ("mc", "none"))):
            if getattr(self, name) not in choices:
                raise InputError(f"MHD in 1-D: {name} {getattr(self, name)!r} is unknown; choose from {', '.join(choices)}")

    @property
    def rows(self):
        """7, or 6 without energy."""
        return 7 if self.sound_speed is None else 6

    def conserved(self, w):
        """Rows rho, rho u, B_y, B_z, e from rows rho, u, B_y, B_z, p; shape (rows, n)."""
        u = w[:self.rows].copy()
        u[1:4] *= w[0]
        if self.rows == 7:
            u[6] = w[6] / (self.gamma - 1.0) + 0.5 * w[0] * (w[1:4] ** 2).sum(axis=0) + self._magnetic(w)
        return u

    def primitive(self, u):
        """Rows rho, u, B_y, B_z, p, shape (7, n); the inverse of `conserved`."""
        w = np.empty((7, u.shape[1]))
        w[:6] = u[:6]
        w[1:4] /= u[0]
        if self.rows == 7:
            w[6] = (self.gamma - 1.0) * (u[6] - 0.5 * w[0] * (w[1:4] ** 2).sum(axis=0) - self._magnetic(u))
        else:
            w[6] = self.sound_speed**2 * w[0]
        return w

    def _magnetic(self, w):
        return (self.Bx**2 + w[4] ** 2 + w[5] ** 2) / (2.0 * self.mu0)

    def fast_speed(self, w):
        """Fast magnetosonic speed along x."""
        sound = (self.gamma if self.rows == 7 else 1.0) * w[6] / w[0]
        normal, across = self.Bx**2 / (self.mu0 * w[0]), (w[4] ** 2 + w[5] ** 2) / (self.mu0 * w[0])
        total = sound + normal + across
        return np.sqrt(0.5 * (total + np.sqrt((sound - normal) ** 2 + across * (across + 2.0 * (sound + normal)))))

    def rate(self, u, dx, boundary):
        """d_t u of cell values (rows, n)."""
        w = np.pad(self.primitive(u), ((0, 0), (GHOSTS, GHOSTS)), mode=_MODES[boundary])
        left, right = w[:, 1:-1] - w[:, :-2], w[:, 2:] - w[:, 1:-1]
        half = 0.25 * (left + right)
        if self.limiter == "mc":
            # van Leer 1977, J. Comput. Phys. 23, 276
            size = np.minimum(np.minimum(abs(left), abs(right)), abs(half))
            half = np.where(left * right > 0.0, np.sign(left) * size, 0.0)
        F = self._face_flux((w[:, 1:-1] + half)[:, :-1], (w[:, 1:-1] - half)[:, 1:], dx)
        if self.ohmic or self.hall or callable(self.ambipolar) or self.ambipolar:
            self._add_ohm(F, w, dx)
        return (F[:, :-1] - F[:, 1:]) / dx

    def _ideal_flux(self, w, u):
        total = w[6] + self._magnetic(w)
        F = u * w[1]
        F[1] += total - self.Bx**2 / self.mu0
        F[2:4] -= self.Bx * w[4:6] / self.mu0
        F[4:6] -= self.Bx * w[2:4]
        if self.rows == 7:
            F[6] += total * w[1] - self.Bx / self.mu0 * (self.Bx * w[1] + w[2] * w[4] + w[3] * w[5])
        return F

    def _face_flux(self, wl, wr, dx):
        ul, ur = self.conserved(wl), self.conserved(wr)
        fl, fr = self._ideal_flux(wl, ul), self._ideal_flux(wr, ur)
        cl, cr = self.fast_speed(wl), self.fast_speed(wr)
        if self.flux == "hll":
            sl = np.minimum(np.minimum(wl[1] - cl, wr[1] - cr), 0.0)
            sr = np.maximum(np.maximum(wl[1] + cl, wr[1] + cr), 0.0)
        else:
            sr = np.maximum(abs(wl[1]) + cl, abs(wr[1]) + cr)
            sl = -sr
        F = (sr * fl - sl * fr + sl * sr * (ur - ul)) / (sr - sl)
        if self.hall:
            # half the jump times eta_H pi/dx: whistlers of the shortest wave on the grid must not ring at shocks
            size = np.sqrt(self.Bx**2 + np.maximum((wl[4:6] ** 2).sum(axis=0), (wr[4:6] ** 2).sum(axis=0)))
            whistler = abs(self.hall) * size / (self.mu0 * np.minimum(wl[0], wr[0])) * math.pi / dx
            F[4:6] -= 0.5 * whistler * (ur[4:6] - ul[4:6])
        return F

    def _add_ohm(self, F, w, dx):
        """The rest of Ohm's law, from centred values at faces."""
        face = slice(GHOSTS - 1, -GHOSTS)
        near, far = w[:, face], w[:, GHOSTS:w.shape[1] - GHOSTS + 1]
        mean, slope = 0.5 * (near + far), (far - near) / dx
        rho, By, Bz = mean[0], mean[4], mean[5]
        Jy, Jz = -slope[5] / self.mu0, slope[4] / self.mu0
        # J x B, and (J x B) x B
        Lx, Ly, Lz = Jy * Bz - Jz * By, Jz * self.Bx, -Jy * self.Bx
        B2 = self.Bx**2 + By**2 + Bz**2
        c = self.ambipolar(rho, B2) if callable(self.ambipolar) else self.ambipolar
        ohmic = self.mu0 * self.ohmic
        Ey = ohmic * Jy + self.hall * Ly / rho - c * (Lz * self.Bx - Lx * Bz)
        Ez = ohmic * Jz + self.hall * Lz / rho - c * (Lx * By - Ly * self.Bx)
        F[4] -= Ez
        F[5] += Ey
        if self.rows == 7:
            F[6] += (Ey * Bz - Ez * By) / self.mu0


def solve(gas, w, dx, times, boundary="periodic", method="RK45", rtol=1e-5, atol=1e-8):
    """Carry primitive rows from t = 0.

    Parameters
    ----------
    gas : Gas
    w : (7, n)
        rho, u_x, u_y, u_z, B_y, B_z, p in cells (p is not read if isothermal).
    dx : float
    times : float or sequence of float
        Where the answer is wanted, ascending.
    boundary : "periodic" or "open"
        Wrapped, or zero gradient.
    method, rtol, atol :
        Of `scipy.integrate.solve_ivp`: an explicit method, or "LSODA" where diffusion is stiff (with a banded Jacobian in
        open boxes).

    Returns
    -------
    ndarray (7, n) or (len(times), 7, n)

    Raises
    ------
    InputError
        Shapes, boundary, or a state without positive density and pressure.
    RunError
        The integration fails, or ends in a state that is not positive.
    """
    if boundary not in _MODES:
        raise InputError(f"MHD in 1-D: boundary {boundary!r} is unknown; choose from {', '.join(_MODES)}")
    w = np.array(w, float)
    if w.ndim != 2 or w.shape[0] != 7 or w.shape[1] < 4:
        raise InputError(f"MHD in 1-D: w must have 7 rows and at least 4 cells, not the shape {w.shape}")
    if not (np.all(w[0] > 0.0) and (gas.rows == 6 or np.all(w[6] > 0.0))):
        raise InputError("MHD in 1-D: density and pressure must be positive in every cell")
    start, n = gas.conserved(w), w.shape[1]
    # cell by cell, so that the Jacobian is a band
    wanted = np.atleast_1d(np.asarray(times, float))
    options = {}
    if method == "LSODA" and boundary == "open":
        options = {"lband": (GHOSTS + 1) * gas.rows - 1, "uband": (GHOSTS + 1) * gas.rows - 1}

    def rate(t, y):
        return gas.rate(y.reshape(n, gas.rows).T, dx, boundary).T.ravel()

    with np.errstate(invalid="ignore"):
        answer = solve_ivp(rate, (0.0, wanted[-1]), start.T.ravel(), method, t_eval=wanted, rtol=rtol, atol=atol, **options)
    if not answer.success:
        raise RunError(f"MHD in 1-D: {answer.message}")
    out = np.array([gas.primitive(y.reshape(n, gas.rows).T) for y in answer.y.T])
    if not (np.all(out[:, 0] > 0.0) and np.all(out[:, 6] > 0.0)):
        raise RunError("MHD in 1-D: density or pressure is not positive; take more cells or a smaller rtol")
    return out if np.ndim(times) else out[0]


def brio_wu(cells, t=0.1, gamma=2.0, **gas):
    """Shock tube of Brio & Wu (1988, J. Comput. Phys. 75, 400) on [0, 1]: x (n,), and rows (7, n) at time t.

    ``gas`` adds terms to Ohm's law, such as hall=1e-3.
    """
    x = (np.arange(cells) + 0.5) / cells
    left, w = x < 0.5, np.zeros((7, cells))
    w[0], w[4], w[6] = np.where(left, 1.0, 0.125), np.where(left, 1.0, -1.0), np.where(left, 1.0, 0.1)
    return x, solve(Gas(0.75, gamma, **gas), w, 1.0 / cells, t, "open", rtol=1e-5, atol=1e-7)

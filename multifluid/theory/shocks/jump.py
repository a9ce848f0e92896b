"""Jump conditions of shocks in which all fluids end up moving together: fast-mode MHD shocks of the mixture.

In the frame of the shock, flow along x, upstream v = (v, 0, 0) and B = (Bx, By, 0), with G = rho v. Whatever happens
inside, both sides share the mass flux G, the tangential field E_z = -(vx By - vy Bx) and the momentum fluxes

    G vx + p + By^2/(2 mu0),    G vy - Bx By/mu0

(the electric part of Maxwell's stress is the same on both sides, because E_y and E_z are). With b = By downstream

    vy = Bx (b - By)/(mu0 G),    vx = N(b)/b,    N = v By + Bx vy

and what is left is one quartic in b that the upstream state solves, too. It is that of isothermal MHD with
p = c_s^2 rho, or of adiabatic MHD with the energy flux G (vx^2 + vy^2)/2 + gamma/(gamma - 1) p vx - E_z b/mu0
(Draine & McKee 1993, ARA&A 31, 373, section 2). Shocks without upstream By (parallel, switch-on) are left out.
"""

from dataclasses import dataclass

import numpy as np
from numpy.polynomial import Polynomial

from multifluid.errors import InputError


@dataclass(frozen=True)
class Jump:
    """Downstream state of a fast shock.

    Attributes
    ----------
    rho, vx, vy, By, p : float
        Density and pressure of the mixture, its velocity and the tangential field.
    """

    rho: float
    vx: float
    vy: float
    By: float
    p: float


def isothermal_jump(rho, v, Bx, By, cs, mu0=1.0):
    """Downstream state of an isothermal fast shock, p = cs^2 rho on both sides.

    Parameters
    ----------
    rho, v : float
        Density of the mixture and speed of the flow; v may have either sign, the flow being along x.
    Bx, By : float
        Upstream field; By is not 0.
    cs : float
        Isothermal sound speed of the mixture, cs^2 = sum_s p_s / sum_s rho_s.
    mu0 : float

    Returns
    -------
    Jump

    Raises
    ------
    InputError
        By is 0, or the flow is not faster than the fast magnetosonic speed.

    Examples
    --------
    >>> round(isothermal_jump(1.0, 5.0, 0.0, 0.5, 0.1).By, 9)
    6.806220743
    """
    _check(rho, v, Bx, By, cs * cs, mu0)
    G, b, N, _ = _flow(rho, v, Bx, By, mu0)
    F = G * v + cs * cs * rho + By * By / (2 * mu0)
    # G vx + cs^2 G/vx + b^2/(2 mu0) = F, times b N
    quartic = G * N**2 + cs * cs * G * b**2 + b**3 * N / (2 * mu0) - F * b * N
    down = _fast_root(quartic, N, G, v, Bx, By, mu0)
    vx = N(down) / down
    return Jump(G / vx, vx, Bx * (down - By) / (mu0 * G), down, cs * cs * G / vx)


def adiabatic_jump(rho, v, Bx, By, p, gamma, mu0=1.0):
    """Downstream state of an adiabatic fast shock.

    Parameters
    ----------
    rho, v, Bx, By, mu0 : float
        As in `isothermal_jump`.
    p : float
        Upstream pressure of all fluids together.
    gamma : float
        Adiabatic index, common to all fluids.

    Returns
    -------
    Jump

    Raises
    ------
    InputError
        As in `isothermal_jump`.
    """
    _check(rho, v, Bx, By, gamma * p / rho, mu0)
    G, b, N, vy = _flow(rho, v, Bx, By, mu0)
    g = gamma / (gamma - 1)
    F = G * v + p + By * By / (2 * mu0)
    W = G * v * v / 2 + g * p * v + v * By * By / mu0
    # energy flux times b^2; p b = F b - G N - b^3/(2 mu0)
    quartic = (
        G * (N**2 + b**2 * vy**2) / 2
        + g * (F * b - G * N - b**3 / (2 * mu0)) * N
        + v * By * b**3 / mu0
        - W * b**2
    )  # fmt: skip
    down = _fast_root(quartic, N, G, v, Bx, By, mu0)
    vx = N(down) / down
    return Jump(G / vx, vx, vy(down), down, F - G * vx - down * down / (2 * mu0))


def _flow(rho, v, Bx, By, mu0):
    """Mass flux and, as polynomials of b: b itself, N and vy."""
    G = rho * v
    b = Polynomial([0.0, 1.0])
    vy = Bx * (b - By) / (mu0 * G)
    return G, b, v * By + Bx * vy, vy


def _check(rho, v, Bx, By, sound2, mu0):
    if By == 0:
        raise InputError("By = 0 upstream: turn the field away from the flow (parallel shocks have no unique jump)")
    B2 = (Bx * Bx + By * By) / (mu0 * rho)
    total = B2 + sound2
    fast = np.sqrt((total + np.sqrt(total * total - 4 * sound2 * Bx * Bx / (mu0 * rho))) / 2)
    if not abs(v) > fast:
        raise InputError(f"v = {v:g} is no shock: take a speed above the fast magnetosonic speed {fast:g}")


def _fast_root(quartic, N, G, v, Bx, By, mu0):
    """The root b beyond By on which the flow is slower, but still faster than the Alfven wave."""
    cubic = (quartic // Polynomial([-By, 1.0])).roots()
    real = cubic[np.abs(cubic.imag) < 1e-9 * np.abs(cubic)].real
    vx = N(real) / real
    fits = (real / By > 1) & (vx / v < 1) & (vx / v > Bx * Bx / (mu0 * G * v))
    if fits.sum() != 1:
        raise InputError(f"v = {v:g} is too close to the fast magnetosonic speed: take a faster shock")
    root, slope = real[fits][0], quartic.deriv()
    for _ in range(2):
        root -= quartic(root) / slope(root)
    return float(root)

"""C-shocks of neutrals that drift through ions frozen to the field and without inertia or pressure.

Frame of the shock, flow along +x, isothermal neutrals, rho_n v_nx = G. The field pushes the ions through the neutrals,

    (v_i - v_n) alpha rho_i rho_n = J x B,    v_ix By - v_iy Bx = v_s By0  (frozen in)

so that with the neutrals' momentum fluxes

    G v_nx + cs^2 rho_n + By^2/(2 mu0),    G v_ny - Bx By/mu0   constant

one equation is left (Wardle 1990, MNRAS 246, 98, eqs. 3.1 to 3.6 at zero ion inertia; Mac Low et al. 1995, ApJ 442, 726):

    dBy/dx = mu0 alpha rho_i rho_n (v_nx By - v_ny Bx - v_s By0)/B^2
"""

import numpy as np

from multifluid.errors import InputError
from multifluid.theory.shocks.jump import isothermal_jump
from multifluid.theory.shocks.profile import ShockProfile, leave

ION_LAWS = ("flux", "sqrt")


def inertialess_ion_shock(vs, B0, theta, cs, alpha, rho_n=1.0, rho_i=1e-3, ions="flux", ion_cs=0.0, mu0=1.0):
    """C-shock of isothermal neutrals and inertia-less ions.

    Parameters
    ----------
    vs : float
        Speed of the shock into the gas at rest.
    B0, theta : float
        Upstream field strength and its angle to the flow, 0 < theta <= pi/2.
    cs : float
        Isothermal sound speed of the neutrals.
    alpha : float
        Drag coefficient, force alpha rho_i rho_n (v_i - v_n).
    rho_n, rho_i : float
        Upstream densities.
    ions : {"flux", "sqrt"}
        rho_i v_ix constant, or rho_i proportional to sqrt(rho_n) (ionisation balance).
    ion_cs : float
        Only for the pressure p = ion_cs^2 rho_i that the profile reports; it moves nothing.
    mu0 : float

    Returns
    -------
    ShockProfile
        Fluids ``ion`` and ``neutral``; E = -v_i x B.

    Raises
    ------
    InputError
        Unknown `ions`, no shock, or neutrals slower than sound downstream (the shock then has a jump inside).
    """
    if ions not in ION_LAWS:
        raise InputError(f"ions = {ions!r} is unknown: take one of {', '.join(ION_LAWS)}")
    Bx, By0 = B0 * np.cos(theta) if theta != np.pi / 2 else 0.0, B0 * np.sin(theta)
    jump = isothermal_jump(rho_n, vs, Bx, By0, cs, mu0)
    if jump.vx <= cs:
        raise InputError(f"cs = {cs:g} makes the neutrals subsonic downstream ({jump.vx:g}): take a smaller cs")
    G = rho_n * vs
    F = G * vs + cs * cs * rho_n + By0 * By0 / (2 * mu0)

    def motion(By):
        """v_nx, v_ny, v_ix - v_nx, v_iy - v_ny and the slip (v_n - v_i) across B times |B|."""
        half = (F - By * By / (2 * mu0)) / (2 * G)
        vnx = half + np.sqrt(half * half - cs * cs)
        vny = Bx * (By - By0) / (mu0 * G)
        slip = vnx * By - vny * Bx - vs * By0
        B2 = Bx * Bx + By * By
        return vnx, vny, -By * slip / B2, Bx * slip / B2, slip / B2

    def ion_density(vnx, vix):
        return rho_i * vs / vix if ions == "flux" else rho_i * np.sqrt(vs / vnx)

    def rhs(y):
        vnx, _, wx, _, slip = motion(y[0])
        return (mu0 * alpha * ion_density(vnx, vnx + wx) * (G / vnx) * slip)[None]

    def fields(y, x):
        By = y[0]
        vnx, vny, wx, wy, _ = motion(By)
        rho = np.array([ion_density(vnx, vnx + wx), G / vnx])
        zero = np.zeros_like(By)
        u = np.array([[vnx + wx, vny + wy, zero], [vnx, vny, zero]])
        B = np.array([zero + Bx, By, zero])
        return {
            "rho": rho, "u": u, "p": np.array([[ion_cs**2], [cs**2]]) * rho, "B": B, "E": -np.cross(u[0], B, axis=0),
        }  # fmt: skip

    orbit, x = leave(rhs, [By0], [jump.By], +1)
    return ShockProfile(("ion", "neutral"), orbit, fields, x, lambda y: y[0], [By0], [jump.By], +1)

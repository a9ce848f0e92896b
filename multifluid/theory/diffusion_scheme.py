"""Finite volumes for nonlinear (ambipolar) diffusion alone: what compact schemes make of a front on a given grid.

Close to a front that moves with speed s, B is a travelling wave of the scheme, B(x - s t), and s B is the flux F through the
place x, averaged over a cell. Summed from ahead of the front to a place X inside,

    s (flux ahead of X) = sum dx F,      exactly  s (flux ahead of X) = D B(X)^m/m.

The two agree if F is a difference of D B^m/m, for that sum telescopes: the front then holds the right flux, and what is
left inside is of second order. With any other F, a resistivity at faces times a difference of B or E = -u x B, the cells at
the front leave a remainder. B ~ ((m-1) s dx/D)^(1/(m-1)) there, so the front holds a wrong flux of order dx^(1 + 1/(m-1)),
which the inside lacks or has too much: dx^(3/2) for m = 3. (For m = 2 the mean resistivity is a difference of B^2/2.)
"""

import numpy as np
from scipy.integrate import solve_ivp

from multifluid.errors import InputError


def _gradient(low, high, m):
    return (high * np.abs(high) ** (m - 1) - low * np.abs(low) ** (m - 1)) / m


def _resistivity(low, high, m):
    return 0.5 * (np.abs(low) ** (m - 1) + np.abs(high) ** (m - 1)) * (high - low)


_FLUXES = {"gradient": _gradient, "resistivity": _resistivity}


def diffuse(B, faces, t, m=3.0, dimension=1, flux="resistivity", D=1.0, tolerance=1e-8):
    """Cell averages at time t of d_t B = div(D |B|^(m-1) grad B), with no flux through the ends.

    Compact conservative finite volumes in space, in time by `scipy.integrate.solve_ivp` (LSODA).

    Parameters
    ----------
    B : array_like, (n,)
        Cell averages at t = 0.
    faces : array_like, (n + 1,)
        Where cells begin and end, evenly spaced; for dimension > 1 radii, the first one 0 or more.
    t : float
    m, D : float
        eta = D |B|^(m-1), m > 1.
    dimension : {1, 2, 3}
        Plane, cylinder (B along its axis), sphere.
    flux : {"resistivity", "gradient"}
        At faces: D times the mean of |B|^(m-1) times the difference of B over dx, as codes with a resistivity have it, or
        D times the difference of B |B|^(m-1)/m over dx.
    tolerance : float
        Relative, of the integration in time.

    Returns
    -------
    ndarray, (n,)

    Raises
    ------
    InputError
        A parameter is out of its range, or the integration fails.
    """
    if flux not in _FLUXES:
        raise InputError(f"flux = {flux!r} is not possible: take {' or '.join(_FLUXES)}")
    if dimension not in (1, 2, 3):
        raise InputError(f"dimension = {dimension!r} is not possible: take 1, 2 or 3")
    if not m > 1:
        raise InputError(f"m = {m:g} has no front: take a value above 1")
    B, faces = np.array(B, float), np.asarray(faces, float)
    if B.ndim != 1 or faces.shape != (B.size + 1,):
        raise InputError(f"faces has shape {faces.shape}: give one more than the cells, {B.shape}")
    area, volume, dx = faces[1:-1] ** (dimension - 1), np.diff(faces**dimension) / dimension, np.diff(faces).mean()
    through, between = np.zeros(faces.size), _FLUXES[flux]

    def rate(_, B):
        through[1:-1] = D / dx * area * between(B[:-1], B[1:], m)
        return np.diff(through) / volume

    found = solve_ivp(rate, (0.0, t), B, "LSODA", t_eval=[t], rtol=tolerance, atol=1e-3 * tolerance * np.abs(B).max(),
                      lband=1, uband=1)
    if not found.success:
        raise InputError(f"diffusion over t = {t:g} failed: {found.message}")
    return found.y[:, -1]

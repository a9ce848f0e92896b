"""Mass and magnetic flux of the tubes of an axisymmetric cloud threaded by B_z."""

import math

import numpy as np

# Radius at t = 0 of the central flux tube, in radii of the cloud.
TUBE = 0.3


def critical(G):
    """Factor that turns mass over flux in code units (mu0 = 1) into that over the critical one.

    Critical is M/Phi = 1/(2 pi sqrt(G)) with Phi in G cm^2 (Nakano & Nakamura 1978, Publ. Astron. Soc. Japan 30, 671);
    B^2/(4 pi) there is B^2/mu0 here."""
    return math.sqrt(math.pi * G)


def flux_function(grid, Bz):
    """Flux Phi(r, z) = 2 pi int B_z r dr at the faces of each row of cells of a cylindrical grid, (nz, nr + 1)."""
    ring = 2.0 * math.pi * grid.centres(0) * grid.spacing[0]
    return np.concatenate([np.zeros((Bz.shape[0], 1)), np.cumsum(Bz[:, 0] * ring, axis=1)], axis=1)


def mass_to_flux(grid, rho, Bz, flux):
    """Mass over flux, of the tube around the axis that holds ``flux`` and of the whole box.

    On a cylindrical grid the tube is bounded by the surface Phi = ``flux``, wherever that goes: without drift its mass is
    kept. On a Cartesian one it is taken as the cylinder that holds ``flux`` at the mid-plane.

    Parameters
    ----------
    grid : Grid
    rho, Bz : ndarray (nz, ny, nx)
    flux : float

    Returns
    -------
    (float, float)
    """
    if grid.cylindrical:
        Phi = flux_function(grid, Bz)
        mass = np.concatenate([np.zeros((len(rho), 1)), np.cumsum(rho[:, 0] * grid.volume[:, 0], axis=1)], axis=1)
        inside = sum(np.interp(flux, row, enclosed) for row, enclosed in zip(Phi, mass))
        return inside / flux, mass[:, -1].sum() / Phi[:, -1].mean()
    x, y, _ = grid.mesh()
    dx, dy, dz = grid.spacing
    order = np.argsort((x**2 + y**2 + 0.0 * Bz[0]).ravel(), kind="stable")
    middle = 0.5 * (Bz[(len(Bz) - 1) // 2] + Bz[len(Bz) // 2])
    Phi = np.append(0.0, np.cumsum(middle.ravel()[order]) * dx * dy)
    mass = np.append(0.0, np.cumsum(rho.sum(axis=0).ravel()[order]) * dx * dy * dz)
    return np.interp(flux, Phi, mass) / flux, mass[-1] / Phi[-1]

"""A plasma of ions and electrons: what the two-fluid problems share."""

from math import sqrt

from multifluid import FiveMoment


def fluids(d_i, mass_ratio, gamma, density=1.0, mu0=1.0):
    """Ions of mass 1 and electrons, named "ion" and "electron".

    Parameters
    ----------
    d_i : float
        Ion inertial length (m_i/q_i)/sqrt(mu0 rho) at the total mass density rho = ``density``. With the density of
        the ions alone in its place it would be sqrt(1 + m_e/m_i) longer.
    mass_ratio : float
        m_i/m_e.
    gamma : float
        Adiabatic index of both.
    density, mu0 : float, optional

    Returns
    -------
    list of FiveMoment
    """
    charge = 1.0 / (d_i * sqrt(mu0 * density))
    return [FiveMoment("ion", 1.0, charge, gamma), FiveMoment("electron", 1.0 / mass_ratio, -charge, gamma)]


def mass_shares(mass_ratio):
    """Shares of ions and electrons in the mass density where their number densities are equal: (ion, electron)."""
    return mass_ratio / (1.0 + mass_ratio), 1.0 / (1.0 + mass_ratio)


def total_density(fields):
    """rho_i + rho_e of anything that is indexed by the names of variables."""
    return fields["rho_ion"] + fields["rho_electron"]


def total_pressure(fields):
    """p_i + p_e; see `total_density`."""
    return fields["p_ion"] + fields["p_electron"]


def bulk_velocity(fields, axis):
    """Velocity of the centre of mass along "x", "y" or "z"; see `total_density`."""
    momentum = sum(fields[f"rho_{s}"] * fields[f"u{axis}_{s}"] for s in ("ion", "electron"))
    return momentum / total_density(fields)

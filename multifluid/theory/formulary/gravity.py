"""Scales of self-gravitating magnetised gas; G in the units of the rest."""

import numpy as np


def jeans_length(sound, rho, G):
    """lambda_J = a sqrt(pi/(G rho)): longer waves grow (Jeans 1902, Phil. Trans. R. Soc. A 199, 1)."""
    return sound * np.sqrt(np.pi / (G * np.asarray(rho, float)))


def jeans_mass(sound, rho, G):
    """Mass of a sphere of diameter lambda_J, (4 pi/3) rho (lambda_J/2)^3."""
    return np.pi / 6.0 * rho * jeans_length(sound, rho, G) ** 3


def free_fall_time(rho, G):
    """sqrt(3 pi/(32 G rho)), collapse of a uniform sphere without pressure."""
    return np.sqrt(3.0 * np.pi / (32.0 * G * np.asarray(rho, float)))


def critical_mass_to_flux(G, mu0=1.0, shape="sheet"):
    """Mass per magnetic flux above which no field can hold the gas against its gravity.

        sheet   1/sqrt(pi mu0 G), in Gaussian units 1/(2 pi sqrt(G)): column density over B of an infinite sheet
                (Nakano & Nakamura 1978, Publ. Astron. Soc. Japan 30, 671)
        cloud   0.53 sqrt(5)/(3 pi) sqrt(4 pi/(mu0 G)), in Gaussian units 0.126/sqrt(G): centre of a flattened cloud that
                was a uniform sphere (Mouschovias & Spitzer 1976, ApJ 210, 326)
    """
    factor = {"sheet": 1.0 / (2.0 * np.pi), "cloud": 0.53 * np.sqrt(5.0) / (3.0 * np.pi)}[shape]
    return factor * np.sqrt(4.0 * np.pi / (mu0 * np.asarray(G, float)))


def mass_to_flux_of_sheet(column_density, B, G, mu0=1.0):
    """Column density over B in units of the sheet's critical one: above 1 supercritical."""
    return column_density / B / critical_mass_to_flux(G, mu0)

"""Harris's current sheet with a background, as fluids of ions and electrons carry it."""

from dataclasses import dataclass

import numpy as np

__all__ = ["HarrisSheet"]


@dataclass(frozen=True)
class HarrisSheet:
    """B = (tanh(y/width), 0, 0), n = sech^2(y/width) + background; T_i + T_e = 1/2 (Harris 1962, Nuovo Cimento 23, 115).

    Units: mu0 = 1, B0 = 1, the sheet's density 1, m_i = e = 1: lengths in d_i, times in 1/Omega_i, velocities in v_A. Each
    fluid carries its diamagnetic share of the current, V_s = -2 T_s sech^2(y/width)/(q_s width n), with which its pressure
    balances V_s x B alone, and E = 0.

    Parameters
    ----------
    width : float
        Half-width lambda of the sheet.
    background : float
        Density far from the sheet.
    temperature_ratio : float
        T_i/T_e.
    mass_ratio : float
        m_i/m_e.
    """

    width: float = 0.5
    background: float = 0.2
    temperature_ratio: float = 5.0
    mass_ratio: float = 25.0

    def share(self, species):
        """float: what the "ion" or "electron" fluid has of the pressure, and carries of the current."""
        ions = self.temperature_ratio / (1.0 + self.temperature_ratio)
        return ions if species == "ion" else 1.0 - ions

    def mass(self, species):
        """float: m_s."""
        return 1.0 if species == "ion" else 1.0 / self.mass_ratio

    def sheet(self, y):
        """ndarray: density of the drifting part, sech^2(y/width)."""
        return 1.0 / np.cosh(y / self.width) ** 2

    def density(self, y):
        """ndarray: n of either fluid."""
        return self.sheet(y) + self.background

    def potential(self, y):
        """ndarray: A_z = width log(2 cosh(y/width)), without overflow."""
        size = np.abs(y) / self.width
        return self.width * (size + np.log1p(np.exp(-2.0 * size)))

    def drift(self, species, y):
        """ndarray: V_s, along z."""
        charge = 1.0 if species == "ion" else -1.0
        return -self.share(species) * self.sheet(y) / (charge * self.width * self.density(y))

    def pressure(self, species, y):
        """ndarray: T_s n."""
        return 0.5 * self.share(species) * self.density(y)

    def excess(self, species, y):
        """ndarray: P_zz - p of two Maxwellians, the drifting sheet's and the background's at rest; with it P is steady.

        m_s V^2 n_sheet n_b/n, V = -2 T_s/(q_s width): without it the shear of V_s makes P_yz."""
        speed = self.share(species) / self.width
        return self.mass(species) * speed**2 * self.sheet(y) * self.background / self.density(y)

"""Fluid models: what a species is made of, and the names of its variables."""

from dataclasses import dataclass

from .errors import InputError


@dataclass(frozen=True)
class FiveMoment:
    """A fluid with density, velocity and scalar pressure (the five-moment or Euler closure).

        d_t rho + div(rho u) = 0
        d_t(rho u) + div(rho u u + p I) = (q/m) rho (E + u x B) + drag
        d_t e + div((e + p) u) = (q/m) rho u.E + drag work and heat,    e = p/(gamma - 1) + rho u^2/2

    Parameters
    ----------
    name : str
        Used in files and messages, e.g. ``"ion"`` gives ``rho_ion``.
    mass, charge : float
        Per particle; the equations hold only charge/mass, heat exchange also mass ratios. Charge 0 is a neutral.
    gamma : float
        Adiabatic index, above 1.
    """

    name: str
    mass: float
    charge: float = 0.0
    gamma: float = 5.0 / 3.0

    def __post_init__(self):
        if not self.name.isidentifier():
            raise InputError(f"fluid name {self.name!r}: use letters, digits and underscores")
        if not self.mass > 0:
            raise InputError(f"fluid {self.name}: mass must be positive, not {self.mass!r}")
        if not self.gamma > 1:
            raise InputError(f"fluid {self.name}: gamma must be above 1, not {self.gamma!r}")

    @property
    def charge_to_mass(self):
        """q/m."""
        return self.charge / self.mass

    @property
    def variables(self):
        """(name, long name) of each primitive variable, in storage order."""
        n = self.name
        return ((f"rho_{n}", f"mass density of {n}"), (f"ux_{n}", f"x velocity of {n}"),
                (f"uy_{n}", f"y velocity of {n}"), (f"uz_{n}", f"z velocity of {n}"), (f"p_{n}", f"pressure of {n}"))

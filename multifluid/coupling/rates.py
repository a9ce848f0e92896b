"""Ready-made rates for molecular clouds, in cgs with T in kelvin, each with its source and range.

Momentum transfer is given as <sigma v>(T) in cm^3/s at zero drift, in the convention of `multifluid.coupling.laws`:
force per volume = n_s n_r mu <sigma v> (u_r - u_s), the same as rho_s rho_r <sigma v>/(m_s + m_r).

The coefficients of Pinto & Galli (2008, A&A 484, 17) were checked against their published table 1, in which theta is
log10(T/K). The table states no range of temperature; the ranges here are where each fit is positive and rises with T,
and a rate asked for outside its range is an error rather than an extrapolation of a polynomial.
"""

from dataclasses import dataclass
from math import pi, sqrt

import numpy as np

from ..errors import InputError
from .laws import HARD_SPHERE_RATE, Draine

BOLTZMANN = 1.380649e-16
"""erg/K (exact in the SI of 2019)."""
CHARGE = 4.803204713e-10
"""Elementary charge, esu (CODATA 2018)."""
UNIT_MASS = 1.66053906660e-24
"""Atomic mass unit, g (CODATA 2018)."""

MASS = {"e": 9.1093837015e-28, "H+": 1.00728 * UNIT_MASS, "H": 1.00784 * UNIT_MASS, "H2": 2.01568 * UNIT_MASS,
        "H3+": 3.02297 * UNIT_MASS, "Mg+": 24.304 * UNIT_MASS, "HCO+": 29.018 * UNIT_MASS}
"""Masses in g."""

POLARISABILITY = {"H": 0.667e-24, "H2": 0.804e-24, "He": 0.207e-24}
"""Volumes in cm^3. H is 9/2 a_0^3; H2 and He as used by codes after Pinto & Galli (2008)."""


@dataclass(frozen=True)
class CodeUnits:
    """Turns cgs rates into the units of a problem.

    Parameters
    ----------
    length, time : float
        The units of length and time in cm and s.
    mass : float
        What a fluid of mass 1 weighs per particle, in g.
    density : float, optional
        The unit of mass density in g/cm^3. The default, mass/length^3, makes one particle per unit volume; a
        problem whose rho is of order one in a real cloud gives its own, e.g. mass times a number density.
    """

    length: float
    time: float
    mass: float
    density: float | None = None

    def __post_init__(self):
        for name in ("length", "time", "mass", "density"):
            value = getattr(self, name)
            if value is not None and not 0 < value < np.inf:
                raise InputError(f"units: {name} must be positive and finite, not {value!r}")

    @property
    def number_density(self):
        """The unit of rho/m in cm^-3."""
        return (self.density or self.mass / self.length**3) / self.mass

    def rate(self, value):
        """<sigma v> or a recombination coefficient, cm^3/s."""
        return value * self.number_density * self.time

    def cross_section(self, value):
        """cm^2."""
        return value * self.number_density * self.length

    def alpha(self, value):
        """alpha or gamma, cm^3/(g s)."""
        return value * self.number_density * self.mass * self.time

    def frequency(self, value):
        """A rate per particle such as zeta, 1/s."""
        return value * self.time

    def temperature(self, kelvin):
        """Kelvin to k T in mass length^2/time^2, the T = p m/rho of the equations."""
        return BOLTZMANN * kelvin / self.mass * (self.time / self.length) ** 2


@dataclass(frozen=True)
class MomentumRate:
    """<sigma v>(T) = 1e-9 T^power (c0 + c1 theta + c2 theta^2 + ...) cm^3/s, theta = log10 T, at zero drift.

    Parameters
    ----------
    first, second : str
        The pair, names of `MASS`.
    power : float
    series : tuple of float
    T_min, T_max : float
        Range in K.
    reference : str
    """

    first: str
    second: str
    power: float
    series: tuple
    T_min: float
    T_max: float
    reference: str

    def __call__(self, T):
        """<sigma v> in cm^3/s; T in K, float or array.

        Raises
        ------
        InputError
            Outside the range.
        """
        T = np.asarray(T, float)
        if not np.all((T >= self.T_min) & (T <= self.T_max)):
            raise InputError(f"rate {self.first}-{self.second}: its fit holds from {self.T_min:g} to {self.T_max:g} K, "
                             f"not at {T.min():g} to {T.max():g} K")
        return 1e-9 * T**self.power * np.polynomial.polynomial.polyval(np.log10(T), self.series)

    @property
    def reduced_mass(self):
        """g."""
        m, n = MASS[self.first], MASS[self.second]
        return m * n / (m + n)

    def law(self, T_min, T_max, units=None, slip=True):
        """A drag law that the solver can evaluate, rate + cross section, fitted to this rate over a range.

        Relative least squares of a + b sqrt(T), a and b not negative, on 64 temperatures spaced evenly in log T.
        With slip the cross section is that of hard spheres, so the rate at speeds beyond sqrt(k T_max/mu) is an
        extrapolation.

        Parameters
        ----------
        T_min, T_max : float
            K, within the rate's own range. The narrower, the better: see `law_error`.
        units : CodeUnits, optional
            Units of the law's numbers; cgs without.
        slip : bool
            Passed on to the law.

        Returns
        -------
        Draine
            With weight 1, naming this rate's source.
        """
        if not self.T_min <= T_min < T_max <= self.T_max:
            raise InputError(f"rate {self.first}-{self.second}: fit a law between {self.T_min:g} and {self.T_max:g} K, "
                             f"not from {T_min:g} to {T_max:g} K")
        a, b = self._two_terms(T_min, T_max)
        sigma = b / (HARD_SPHERE_RATE * sqrt(BOLTZMANN / self.reduced_mass))
        if units is not None:
            a, sigma = units.rate(a), units.cross_section(sigma)
        return Draine(a, sigma, weight=1.0, slip=slip,
                      reference=f"a + b sqrt(T) fitted from {T_min:g} to {T_max:g} K to: {self.reference}")

    def law_error(self, T_min, T_max):
        """Largest relative difference between the fitted law without slip and this rate over the range."""
        a, b = self._two_terms(T_min, T_max)
        T = np.geomspace(T_min, T_max, 256)
        return float(np.abs((a + b * np.sqrt(T)) / self(T) - 1.0).max())

    def _two_terms(self, T_min, T_max):
        T = np.geomspace(T_min, T_max, 64)
        columns = np.stack([1.0 / self(T), np.sqrt(T) / self(T)], axis=1)
        a, b = np.linalg.lstsq(columns, np.ones(len(T)), rcond=None)[0]
        if a < 0 or b < 0:
            # With one bound active the best point of a convex problem in two unknowns lies on that bound.
            alone = columns.sum(axis=0) / np.square(columns).sum(axis=0)
            a, b = (0.0, alone[1]) if a < 0 else (alone[0], 0.0)
        return float(a), float(b)


def langevin_rate(first, second, factor=1.1052):
    """<sigma v> = factor 2 pi e sqrt(a/mu) of a singly charged species on H or H2, in cm^3/s.

    The factor 1.1052 is for momentum transfer, 1 for capture: see `multifluid.coupling.laws.Langevin`.
    """
    mu = MASS[first] * MASS[second] / (MASS[first] + MASS[second])
    return factor * 2.0 * pi * CHARGE * sqrt(POLARISABILITY[second] / mu)


_PINTO_GALLI = "Pinto & Galli 2008, A&A 484, 17, table 1"

HCO_ON_H2 = MomentumRate("HCO+", "H2", 0.5, (1.476, -1.409, 0.555, -0.0775), 10.0, 1000.0, _PINTO_GALLI)
"""HCO+ on H2: 1.72e-9 cm^3/s at 10 K (polarisation 1.69e-9), 2.58e-9 at 100 K; the fit turns over near 1000 K
and is negative above 3200 K."""

H3_ON_H2 = MomentumRate("H3+", "H2", 0.0, (2.693, -1.238, 0.664, -0.089), 20.0, 5000.0, _PINTO_GALLI)
"""H3+ on H2: 2.01e-9 cm^3/s at 20 K."""

PROTON_ON_H2 = MomentumRate("H+", "H2", 0.0, (1.003, 0.050, 0.136, -0.014), 10.0, 1e4, _PINTO_GALLI)
"""H+ on H2: 1.18e-9 cm^3/s at 10 K, well below the polarisation value 2.8e-9."""

ELECTRON_ON_H2 = MomentumRate("e", "H2", 0.5, (0.535, 0.203, -0.163, 0.050), 10.0, 1e4, _PINTO_GALLI)
"""e on H2: 1.98e-9 cm^3/s at 10 K, far below the polarisation value 9.9e-8. Steeper than sqrt(T): a law fitted to it is
off by up to 6 % over 10 to 100 K and 31 % over 10 to 1000 K."""

PROTON_ON_H = MomentumRate("H+", "H", 0.375, (0.649,), 10.0, 1e4,
                           f"Glassgold, Krstic & Schultz 2005, ApJ 621, 808, as {_PINTO_GALLI}")
"""H+ on H, with resonant charge exchange: 1.54e-9 cm^3/s at 10 K."""

ELECTRON_ON_H = MomentumRate("e", "H", 0.5, (2.841, 0.093, 0.245, -0.089), 10.0, 5000.0, _PINTO_GALLI)
"""e on H: 9.8e-9 cm^3/s at 10 K; the fit turns over above 7000 K."""

MG_ON_H2 = MomentumRate("Mg+", "H2", 0.0, (1e9 * langevin_rate("Mg+", "H2"),), 10.0, 1000.0,
                        "polarisation rate with the momentum-transfer factor 1.1052 and a = 0.804e-24 cm^3")
"""Mg+ on H2: 1.70e-9 cm^3/s, computed from the polarisability: no fit to measured cross sections was found."""


@dataclass(frozen=True)
class PowerLaw:
    """coefficient (T/T0)^exponent.

    Parameters
    ----------
    coefficient : float
        Volume/time; cm^3/s in cgs.
    exponent : float
    T0 : float
        Temperature of reference, in the unit of T: K in cgs, energy in code units.
    reference : str
    """

    coefficient: float
    exponent: float
    T0: float = 300.0
    reference: str = "given by the problem"

    def __post_init__(self):
        if not 0 <= self.coefficient < np.inf or not 0 < self.T0 < np.inf or not np.isfinite(self.exponent):
            raise InputError("power law: the coefficient must not be negative, T0 must be positive, and all finite, "
                             f"not {self.coefficient!r} (T/{self.T0!r})^{self.exponent!r}")

    def __call__(self, T):
        """The rate at T, float or array."""
        return self.coefficient * (np.asarray(T) / self.T0) ** self.exponent

    def in_units(self, units):
        """The same law in `CodeUnits`, as a function of T = p m/rho."""
        return PowerLaw(units.rate(self.coefficient), self.exponent, units.temperature(self.T0), self.reference)


HCO_RECOMBINATION = PowerLaw(2.4e-7, -0.69, 300.0, "Mitchell 1990, Phys. Rep. 186, 215, in the UMIST database "
                             "(McElroy et al. 2013, A&A 550, A36)")
"""HCO+ + e -> CO + H, dissociative, cm^3/s. 2.5e-6 at 10 K. Checked to one decimal of the exponent (-0.7)."""

PROTON_RECOMBINATION = PowerLaw(3.5e-12, -0.75, 300.0, "UMIST database (McElroy et al. 2013, A&A 550, A36)")
"""H+ + e -> H + photon, cm^3/s. Checked to one decimal of the exponent (-0.8); earlier releases have -0.7."""

MG_RECOMBINATION = PowerLaw(2.8e-12, -0.86, 300.0, "Umebayashi & Nakano 1990, MNRAS 243, 103; "
                            "Oppenheimer & Dalgarno 1974, ApJ 192, 29")
"""Mg+ + e -> Mg + photon, cm^3/s. The numbers as used by the NICIL library (Wurster 2016, PASA 33, e041), not checked
in the papers; recent UMIST releases have 2.78e-12 (T/300)^-0.68."""

_ZETA = {"dense": 1.3e-17, "diffuse": 5.3e-16}


def cosmic_ray_ionisation_rate(environment="dense"):
    """zeta in ionisations per second and H2 molecule.

    Parameters
    ----------
    environment : {"dense", "diffuse"}
        dense: 1.3e-17, the customary value for shielded gas (Spitzer & Tomasko 1968, ApJ 152, 971, per H atom
        doubled; not checked in the paper). Values from 1e-17 to 1e-16 are inferred for dense cores (Padovani, Galli
        & Glassgold 2009, A&A 501, 619). diffuse: 5.3e-16 (+- 1.1e-16) for diffuse molecular clouds (Neufeld & Wolfire
        2017, ApJ 845, 163).

    Raises
    ------
    InputError
        Unknown environment.
    """
    if environment not in _ZETA:
        raise InputError(f"cosmic_ray_ionisation_rate: environment is one of {', '.join(_ZETA)}, not {environment!r}")
    return _ZETA[environment]

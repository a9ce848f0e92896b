"""Closures of one pressure: five moments, and those whose pressure follows from the density."""

from dataclasses import dataclass, field

import numpy as np

from multifluid.fluids.base import MONATOMIC, Fluid
from multifluid.kernels import codes


@dataclass(frozen=True)
class FiveMoment(Fluid):
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

    gamma: float = MONATOMIC

    def __post_init__(self):
        super().__post_init__()
        self._require("gamma", self.gamma > 1, "above 1")

    @property
    def heat_gamma(self):
        return self.gamma

    @property
    def model(self):
        numbers = super().model
        numbers[codes.SOUND] = self.gamma
        return numbers


@dataclass(frozen=True)
class _Barotropic(Fluid):
    """p is a function of rho; there is no energy equation, and heat given to the fluid goes nowhere."""

    kind = codes.BAROTROPIC

    @property
    def law(self):
        """(C, exponent) of p = C rho^exponent."""
        raise NotImplementedError

    @property
    def inputs(self):
        return (("rho", "u"),)

    @property
    def model(self):
        numbers = super().model
        constant, exponent = self.law
        numbers[[codes.SOUND, codes.CONSTANT, codes.EXPONENT]] = exponent, constant, exponent
        return numbers

    def pressures(self, rho, given):
        constant, exponent = self.law
        return [constant * rho if exponent == 1.0 else constant * rho**exponent]

    def conserved(self, W):
        return np.stack([W[0], *(W[0] * W[1:4])])

    def energy(self, A):
        kinetic = 0.5 * (A[1] ** 2 + A[2] ** 2 + A[3] ** 2) / np.where(A[0] > 0, A[0], np.inf)
        return kinetic + self.internal_energy(A[0])

    def internal_energy(self, rho):
        """Energy density whose change is the work of compression; up to a multiple of rho."""
        constant, exponent = self.law
        if exponent == 1.0:
            return constant * rho * np.log(np.where(rho > 0, rho, 1.0))
        return constant * rho**exponent / (exponent - 1.0)

    def raised(self, W, p_floor):
        return W, 0


@dataclass(frozen=True)
class Isothermal(_Barotropic):
    """A fluid of one temperature for ever: p = rho T/m, with mass and momentum equations alone.

    It is a heat bath: drag and collisions with other fluids heat and cool those, but not this one. The "energy" of its
    integrals is rho u^2/2 + p log(rho), which its own motion keeps.

    Parameters
    ----------
    name, mass, charge :
        As of `FiveMoment`.
    temperature : float
        T in energy units; the sound speed is sqrt(T/m).
    """

    temperature: float = field(kw_only=True)

    def __post_init__(self):
        super().__post_init__()
        self._require("temperature", 0 < self.temperature < np.inf, "positive")

    @property
    def law(self):
        return self.temperature / self.mass, 1.0


@dataclass(frozen=True)
class Polytropic(_Barotropic):
    """A fluid with p = C rho^gamma (eq. 5.11 of the fluid equations: adiabatic where C is the same everywhere).

    Parameters
    ----------
    name, mass, charge :
        As of `FiveMoment`.
    constant : float
        C.
    gamma : float
        Exponent, at least 1.
    """

    constant: float = field(kw_only=True)
    gamma: float = MONATOMIC

    def __post_init__(self):
        super().__post_init__()
        self._require("constant", 0 < self.constant < np.inf, "positive")
        self._require("gamma", 1 <= self.gamma < np.inf, "at least 1")

    @property
    def heat_gamma(self):
        return self.gamma if self.gamma > 1 else MONATOMIC

    @property
    def law(self):
        return self.constant, float(self.gamma)


@dataclass(frozen=True)
class Cold(_Barotropic):
    """A fluid without pressure (P = 0). Its density may vanish.

    Parameters
    ----------
    name, mass, charge :
        As of `FiveMoment`.
    """

    @property
    def law(self):
        return 0.0, 1.0

    def bad(self, W):
        with np.errstate(invalid="ignore"):
            return ~((W[0] >= 0) & (W[0] < 1e300))

"""Units: problems in interstellar, SI or cgs units, and the code units they are solved in.

The equations are solved as written with mu0 = 1, so three units fix all others but one: length, time (or velocity, or
the magnetic field) and mass density. The field's follows from B^2/mu0 = rho v^2,

    B0 = V sqrt(mu0 rho0)     (Gaussian: V sqrt(4 pi rho0))

and because the equations hold only q/m, what a fluid of mass 1 weighs per particle is free: it fixes the units of number
density, rho0/m0, of charge, m0/(B0 T), and of temperature, m0 V^2 (the T = p m/rho of the equations). Constants are those
of CODATA and the IAU in scipy.constants.

>>> units = Units(length="0.1 pc", velocity="1 km/s", density="1e4 cm^-3", mass="2.33 u")
>>> B = units.code("30 uG")
>>> units.physical(B, "uG")
30.0
"""

from ..coupling.rates import CodeUnits
from .names import KINDS, constants, parse_unit, quantity, si
from .normalisation import Units

__all__ = ["KINDS", "CodeUnits", "Units", "constants", "parse_unit", "quantity", "si"]

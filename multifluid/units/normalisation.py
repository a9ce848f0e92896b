"""The code units of a problem that is posed in physical ones."""

import functools
import math

from ..coupling.rates import CodeUnits
from ..errors import InputError
from ..parameter import nearest
from .names import KINDS, constants, parse_unit, product, quantity, si


class Units:
    """One normalisation: the code units of a problem that is posed in physical ones.

    Parameters
    ----------
    length : str or float
        The unit of length: "0.1 pc"; a bare number is in SI.
    density : str or float
        The unit of mass density: "3.9e-20 g/cm^3", or a number density "1e4 cm^-3" of particles of ``mass``.
    velocity, time, magnetic_field : str or float
        Exactly one of them: "0.2 km/s", "1 Myr", "30 uG". With the field, velocities are in B0/sqrt(mu0 rho0).
    mass : str or float
        What a fluid of mass 1 weighs per particle.

    Attributes
    ----------
    length, time, density, mass, velocity, magnetic_field, number_density : float
        The units in SI.

    Raises
    ------
    InputError
        A unit of the wrong kind, not positive, or none or several of velocity, time and magnetic_field.
    """

    def __init__(self, length, density, *, velocity=None, time=None, magnetic_field=None, mass="1 u"):
        self.length, self.mass = self._given("length", length), self._given("mass", mass, "particle_mass")
        if isinstance(density, str) and parse_unit(quantity(density)[1])[1] == KINDS["number_density"][0]:
            self.density = self._given("density", density, "number_density") * self.mass
        else:
            self.density = self._given("density", density)
        if sum(value is not None for value in (velocity, time, magnetic_field)) != 1:
            raise InputError("units: give exactly one of velocity, time and magnetic_field")
        if velocity is not None:
            self.velocity = self._given("velocity", velocity)
        elif time is not None:
            self.velocity = self.length / self._given("time", time)
        else:
            self.velocity = self._given("magnetic_field", magnetic_field) / (constants().mu0 * self.density) ** 0.5
        self.time = self.length / self.velocity
        self.magnetic_field = self.velocity * (constants().mu0 * self.density) ** 0.5
        self.number_density = self.density / self.mass

    @staticmethod
    def _given(name, value, kind=None):
        out = si(value, kind or name) if isinstance(value, str) else float(value)
        if not 0 < out < float("inf"):
            raise InputError(f"units: {name} must be positive and finite, not {value!r}")
        return out

    def __repr__(self):
        return f"Units(length={self.length!r}, density={self.density!r}, velocity={self.velocity!r}, mass={self.mass!r})"

    @functools.cached_property
    def _sizes(self):
        k = constants()
        names = {"L": self.length, "T": self.time, "V": self.velocity, "rho": self.density, "m": self.mass,
                 "B": self.magnetic_field, "mu0": k.mu0, "k": k.kB, "1": 1.0}
        return {kind: math.prod(names[name] ** power for name, power in product(text))
                for kind, (_, text) in KINDS.items()}

    def size(self, kind):
        """One code unit of a kind (of `KINDS`) in SI."""
        if kind not in KINDS:
            raise InputError(f"units: there is no kind {kind!r}{nearest(kind, KINDS) or ''}")
        return self._sizes[kind]

    def code(self, value, unit=None, kind=None):
        """Physical to code units.

        Parameters
        ----------
        value : float, array or str
            Number in ``unit``, or a text with its own, "30 uG".
        unit : str, optional
            "cm^-3", "uG", "K", "pc", "yr", "AU", "km/s", "cm^3/s"
        kind : str, optional
            Of `KINDS`; needed only where the unit does not tell (masses, energies).

        Raises
        ------
        InputError
            Unknown unit, or a unit that tells no kind, or not that one.
        """
        if isinstance(value, str):
            value, unit = quantity(value)
        size, kind = self._kind(unit or "", kind)
        return value * (size / self.size(kind))

    def physical(self, value, unit, kind=None):
        """Code to physical units: the inverse of `code`."""
        size, kind = self._kind(unit, kind)
        return value * (self.size(kind) / size)

    def _kind(self, unit, kind):
        size, dimension = parse_unit(unit)
        kinds = [name for name, (own, _) in KINDS.items() if own == dimension]
        if kind is None:
            if len(kinds) != 1:
                either = " or ".join(kinds) or "none that this code knows"
                raise InputError(f"units: {unit!r} may be of kind {either}: say kind=")
            return size, kinds[0]
        self.size(kind)
        if kind not in kinds:
            raise InputError(f"units: {unit!r} is no unit of {kind.replace('_', ' ')}")
        return size, kind

    @property
    def cgs(self):
        """CodeUnits: the same units for the rates of `multifluid.coupling.rates`."""
        return CodeUnits(length=1e2 * self.length, time=self.time, mass=1e3 * self.mass, density=1e-3 * self.density)

    @property
    def c(self):
        """Speed of light."""
        return constants().c / self.velocity

    @property
    def G(self):
        """Constant of gravity, of d^2 phi = 4 pi G rho."""
        return constants().G / self.size("gravity")

    @property
    def e(self):
        """Elementary charge, for a fluid's ``charge``."""
        return constants().e / self.size("particle_charge")

    @property
    def m_e(self):
        """Mass of the electron, for a fluid's ``mass``."""
        return constants().m_e / self.mass

    @property
    def coulomb_eps0(self):
        """What the `Coulomb` law is to take for eps0 = 1/c^2, which would be right for one particle in a unit volume only.

        Friction of charges on charges comes from single particles and not from the charge density alone, so their
        number in the unit of volume, N = rho0 L^3/m0, matters: 1/eps0^2 is to be 1/N of c^4.
        """
        return (self.number_density * self.length**3) ** 0.5 / self.c**2

    def text(self, kind):
        """The unit of a kind for a file's ``units`` attribute, as UDUNITS reads it: "3.0856775814913671e+15 m"."""
        symbols = ("m", "s", "kg", "A", "K")
        base = " ".join(s if d == 1 else f"{s}{d}" for s, d in zip(symbols, KINDS[kind][0]) if d) or "1"
        return base if self.size(kind) == 1.0 else f"{self.size(kind)!r} {base}".removesuffix(" 1")

    def describe(self):
        """Global attributes of a file: dict of the unit system in words, and of every unit in SI as ``unit_<kind>``."""
        k = constants()
        words = (f"code units with mu0 = 1: length {self.length / k.pc:.6g} pc, time {self.time / k.yr:.6g} yr, "
                 f"velocity {self.velocity / 1e3:.6g} km/s, density {self.density * 1e-3:.6g} g/cm^3 "
                 f"({self.number_density * 1e-6:.6g} /cm^3), magnetic field {self.magnetic_field * 1e10:.6g} uG, "
                 f"particle mass {self.mass / k.u:.6g} u; temperatures p m/rho are k T")
        sizes = {f"unit_{kind}": self.size(kind) for kind in KINDS if kind != "number"}
        return {"unit_system": words, **sizes}

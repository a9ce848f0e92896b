"""Kinds of quantities, names of units, constants.

Constants are those of CODATA and the IAU in scipy.constants; G Msun is that of IAU 2015 B3.
"""

import functools
import re
from types import SimpleNamespace

from ..errors import InputError
from ..parameter import nearest

#        kind                  dimension: m, s, kg, A, K      in base units of the code
KINDS = {
    "number":                 ((0, 0, 0, 0, 0), "1"),
    "length":                 ((1, 0, 0, 0, 0), "L"),
    "time":                   ((0, 1, 0, 0, 0), "T"),
    "velocity":               ((1, -1, 0, 0, 0), "V"),
    "acceleration":           ((1, -2, 0, 0, 0), "V/T"),
    "potential":              ((2, -2, 0, 0, 0), "V^2"),
    "frequency":              ((0, -1, 0, 0, 0), "1/T"),
    "wavenumber":             ((-1, 0, 0, 0, 0), "1/L"),
    "diffusivity":            ((2, -1, 0, 0, 0), "L V"),
    "density":                ((-3, 0, 1, 0, 0), "rho"),
    "column_density":         ((-2, 0, 1, 0, 0), "rho L"),
    "number_density":         ((-3, 0, 0, 0, 0), "rho/m"),
    "column":                 ((-2, 0, 0, 0, 0), "rho L/m"),
    "mass":                   ((0, 0, 1, 0, 0), "rho L^3"),
    "particle_mass":          ((0, 0, 1, 0, 0), "m"),
    "pressure":               ((-1, -2, 1, 0, 0), "rho V^2"),
    "energy":                 ((2, -2, 1, 0, 0), "rho V^2 L^3"),
    "particle_energy":        ((2, -2, 1, 0, 0), "m V^2"),
    "temperature":            ((0, 0, 0, 0, 1), "m V^2/k"),
    "heating":                ((-1, -3, 1, 0, 0), "rho V^2/T"),
    "magnetic_field":         ((0, -2, 1, -1, 0), "B"),
    "electric_field":         ((1, -3, 1, -1, 0), "V B"),
    "magnetic_flux":          ((2, -2, 1, -1, 0), "B L^2"),
    "vector_potential":       ((1, -2, 1, -1, 0), "B L"),
    "current_density":        ((-2, 0, 0, 1, 0), "B/(mu0 L)"),
    "charge_density":         ((-3, 1, 0, 1, 0), "B/(mu0 L V)"),
    "particle_charge":        ((0, 1, 0, 1, 0), "m/(B T)"),
    "charge_to_mass":         ((0, 1, -1, 1, 0), "1/(B T)"),
    "rate":                   ((3, -1, 0, 0, 0), "m/(rho T)"),
    "cross_section":          ((2, 0, 0, 0, 0), "m/(rho L)"),
    "polarisability":         ((3, 0, 0, 0, 0), "m/rho"),
    "drag":                   ((3, -1, -1, 0, 0), "1/(rho T)"),
    "gravity":                ((3, -2, -1, 0, 0), "1/(rho T^2)"),
}  # fmt: skip
"""Kinds of quantities: dimension in SI, and the code unit. rate: <sigma v>, recombination; drag: alpha, gamma; gravity: G.
polarisability: of a particle, as `Langevin` takes it; area and volume of the grid go by powers of length."""

@functools.cache
def constants():
    """Constants in SI: c, mu0, eps0, kB, e, G, m_e, m_p, u, pc, AU, yr, Msun."""
    from scipy import constants as sc  # takes a third of a second: not for `multifluid list`

    return SimpleNamespace(c=sc.c, mu0=sc.mu_0, eps0=sc.epsilon_0, kB=sc.k, e=sc.e, G=sc.G, m_e=sc.m_e, m_p=sc.m_p,
                           u=sc.atomic_mass, pc=sc.parsec, AU=sc.au, yr=sc.Julian_year,
                           Msun=1.3271244e20 / sc.G)  # IAU 2015 B3 gives the product G Msun


@functools.cache
def _table():
    k = constants()
    m, s, kg, A, K = ((1, 0, 0, 0, 0), (0, 1, 0, 0, 0), (0, 0, 1, 0, 0), (0, 0, 0, 1, 0), (0, 0, 0, 0, 1))
    tesla, joule, coulomb = (KINDS[kind][0] for kind in ("magnetic_field", "energy", "particle_charge"))
    table = {
        "m": (1.0, m), "cm": (1e-2, m), "mm": (1e-3, m), "km": (1e3, m), "AU": (k.AU, m), "pc": (k.pc, m),
        "kpc": (1e3 * k.pc, m), "s": (1.0, s), "hr": (3600.0, s), "day": (86400.0, s), "yr": (k.yr, s),
        "kyr": (1e3 * k.yr, s), "Myr": (1e6 * k.yr, s), "Gyr": (1e9 * k.yr, s), "Hz": (1.0, KINDS["frequency"][0]),
        "kg": (1.0, kg), "g": (1e-3, kg), "u": (k.u, kg), "m_e": (k.m_e, kg), "m_p": (k.m_p, kg), "Msun": (k.Msun, kg),
        "A": (1.0, A), "C": (1.0, coulomb), "e": (k.e, coulomb), "V": (1.0, (2, -3, 1, -1, 0)), "T": (1.0, tesla),
        "nT": (1e-9, tesla), "G": (1e-4, tesla), "mG": (1e-7, tesla), "uG": (1e-10, tesla), "nG": (1e-13, tesla),
        "K": (1.0, K), "J": (1.0, joule), "erg": (1e-7, joule), "eV": (k.e, joule), "keV": (1e3 * k.e, joule),
        "W": (1.0, (2, -3, 1, 0, 0)), "N": (1.0, (1, -2, 1, 0, 0)), "dyn": (1e-5, (1, -2, 1, 0, 0)),
        "Pa": (1.0, KINDS["pressure"][0]), "Wb": (1.0, KINDS["magnetic_flux"][0]),
    }  # fmt: skip
    return table | {"microgauss": table["uG"], "gauss": table["G"], "year": table["yr"]}


def product(text):
    """Yield (name, power) of a product such as "erg cm^-3", "cm^3/(g s)" or "rho V^2"."""
    above, slash, below = text.partition("/")
    if "/" in below:
        raise InputError(f"unit {text!r}: write one '/' at most, as in cm^3/(g s)")
    for part, sign in ((above, 1), (below.strip().removeprefix("(").removesuffix(")"), -1)):
        for word in part.split():
            match = re.fullmatch(r"(mu0|[A-Za-z_]+|1)(?:\^?([+-]?\d+))?", word.replace("µ", "u"))
            if not match:
                raise InputError(f"unit {text!r}: {word!r} is not a unit with a power, as in cm^-3")
            yield match[1], sign * int(match[2] or 1)


@functools.lru_cache(maxsize=512)
def parse_unit(text):
    """(size in SI, dimension) of "uG", "km/s", "cm^3/(g s)", "erg cm^-3 s^-1"; of a number for "" and "1".

    Raises
    ------
    InputError
        A name that is not known (the nearest is given), or text that is no product of units.
    """
    size, dimension = 1.0, (0, 0, 0, 0, 0)
    for name, power in product(text):
        if name == "1":
            continue
        if name not in _table():
            raise InputError(f"unit {text!r}: there is no unit {name!r}"
                             + (nearest(name, _table()) or f" (there are {', '.join(_table())})"))
        factor, own = _table()[name]
        size *= factor**power
        dimension = tuple(d + power * o for d, o in zip(dimension, own))
    return size, dimension


def quantity(text):
    """(number, unit) of a text such as ``"30 uG"``, ``"1e4cm^-3"`` or ``"0.3"`` (unit "")."""
    match = re.match(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*?)\s*$", str(text))
    if not match:
        raise InputError(f"{text!r} is not a number with a unit, such as '30 uG'")
    return float(match[1]), match[2]


def si(text, kind, unit=None):
    """Value in SI of a text with unit, of a given kind; a text without unit is in ``unit``.

    Raises
    ------
    InputError
        The unit is of another kind, or missing.
    """
    number, name = quantity(text)
    if not name and unit is None and kind != "number":
        raise InputError(f"{text!r}: give a unit of {kind.replace('_', ' ')}")
    size, dimension = parse_unit(name or unit or "")
    if dimension != KINDS[kind][0]:
        raise InputError(f"{text!r} is no {kind.replace('_', ' ')}")
    return number * size

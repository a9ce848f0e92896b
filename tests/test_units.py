"""Units: to code and back, the constants, what files say, and that both sets of units give one physics."""

import numpy as np
import pytest

from multifluid.coupling import Coulomb, rates
from multifluid.errors import InputError
from multifluid.theory import formulary
from multifluid.units import KINDS, CodeUnits, Units, constants, parse_unit, quantity, si

SI = constants()
CLOUD = Units(length="0.1 pc", velocity="0.2 km/s", density="1e4 cm^-3", mass="2.33 u")
MANY = [CLOUD, Units(length=1.0, velocity=1.0, density=1.0, mass=1.0), Units("1 AU", "3e-17 g/cm^3", time="1 kyr"),
        Units(length="1 pc", density="1e2 cm^-3", magnetic_field="30 uG", mass="2.01568 u")]
SAMPLES = {
    "length": "pc", "time": "Myr", "velocity": "km/s", "density": "g/cm^3", "number_density": "cm^-3", "mass": "Msun",
    "particle_mass": "u", "magnetic_field": "uG", "electric_field": "V/m", "temperature": "K", "particle_energy": "eV",
    "pressure": "erg/cm^3", "rate": "cm^3/s", "drag": "cm^3/(g s)", "diffusivity": "cm^2/s", "frequency": "yr^-1",
    "heating": "erg cm^-3 s^-1", "column_density": "g/cm^2", "charge_to_mass": "C/kg", "magnetic_flux": "Wb",
    "current_density": "A/m^2", "cross_section": "cm^2", "number": "",
}  # fmt: skip


@pytest.mark.parametrize("units", MANY, ids=["cloud", "si", "au", "field"])
def test_round_trip(units):
    values = np.array([1e-30, 0.3, 1.0, 7e25])
    for kind, unit in SAMPLES.items():
        back = units.physical(units.code(values, unit, kind), unit, kind)
        np.testing.assert_allclose(back, values, rtol=1e-15)
    assert units.code("30 uG") == units.code(30.0, "uG")


def test_known_sizes():
    """Gaussian B0 = V sqrt(4 pi rho), CODATA and IAU values, and the same numbers as `CodeUnits` gives for rates."""
    assert CLOUD.physical(1.0, "G") == pytest.approx(2e4 * np.sqrt(4 * np.pi * CLOUD.physical(1.0, "g/cm^3")), rel=1e-9)
    assert MANY[3].code(30, "uG") == pytest.approx(1.0, rel=1e-15)
    assert parse_unit("pc")[0] == pytest.approx(3.0856775814913673e16, rel=1e-15)
    assert parse_unit("AU")[0] == 149597870700.0 and parse_unit("yr")[0] == 365.25 * 86400
    assert parse_unit("Msun")[0] == pytest.approx(1.98841e30, rel=1e-5)
    assert parse_unit("cm^3/(g s)") == (pytest.approx(1e-3, rel=1e-15), KINDS["drag"][0])
    assert parse_unit("µG") == parse_unit("uG") and parse_unit("cm-3") == parse_unit("cm^-3") == parse_unit("1/cm3")
    cgs = CLOUD.cgs
    assert isinstance(cgs, CodeUnits) and CodeUnits is rates.CodeUnits
    for unit, method in (("cm^3/s", cgs.rate), ("cm^2", cgs.cross_section), ("cm^3/(g s)", cgs.alpha),
                         ("s^-1", cgs.frequency), ("K", cgs.temperature)):
        assert CLOUD.code(3.0, unit) == pytest.approx(method(3.0), rel=1e-14)
    assert CLOUD.code("1e4 cm^-3") == pytest.approx(1.0, rel=1e-15)
    # the constants that the rates hold are the same, to the digits CODATA changed since
    assert rates.BOLTZMANN == pytest.approx(1e7 * SI.kB, rel=1e-15)
    assert rates.CHARGE == pytest.approx(10 * SI.c * SI.e, rel=1e-9)
    assert rates.UNIT_MASS == pytest.approx(1e3 * SI.u, rel=1e-9)
    assert rates.MASS["e"] == pytest.approx(1e3 * SI.m_e, rel=2e-9)


@pytest.mark.parametrize("units", MANY, ids=["cloud", "si", "au", "field"])
def test_equations_hold_with_unit_coefficients(units):
    """Every term of the equations, put together from units, has the unit it stands beside: all coefficients are 1."""
    size = units.size
    for left, right in (
        (size("magnetic_field") / SI.mu0 / size("length"), size("current_density")),                      # curl B = mu0 J
        (size("electric_field") / size("length"), size("magnetic_field") / size("time")),                 # Faraday
        (size("number_density") * size("particle_charge"), size("charge_density")),
        (size("charge_density") * size("velocity"), size("current_density")),
        (size("density") * size("charge_to_mass") * size("electric_field"), size("density") * size("acceleration")),
        (size("magnetic_field") ** 2 / SI.mu0, size("pressure")),
        (size("number_density") * SI.kB * size("temperature"), size("pressure")),
        (size("number_density") * size("particle_energy"), size("pressure")),
        (size("drag") * size("density"), size("frequency")), (size("rate") * size("number_density"), size("frequency")),
        (size("cross_section") * size("number_density"), size("wavenumber")),
        (size("gravity") * size("density") * size("length"), size("acceleration")),
        (size("pressure") * size("length") ** 3, size("energy")), (size("mass") * size("potential"), size("energy")),
        (size("vector_potential") * size("length"), size("magnetic_flux")),
        (size("pressure") / size("time"), size("heating")),
        (size("column") * size("particle_mass"), size("column_density")),
        (size("diffusivity"), size("length") * size("velocity")), (size("polarisability") * size("number_density"), 1.0),
    ):  # fmt: skip
        assert left == pytest.approx(right, rel=1e-14)


def test_constants_in_code_units():
    """c, G, e and m_e: rates of the physical plasma come out of the code's equations."""
    m, n, B, rho = 29 * SI.u, 1e3, 3e-9, 4e-17
    code = {"m": CLOUD.code(m, "kg", "particle_mass"), "n": CLOUD.code(n, "m^-3"), "B": CLOUD.code(B, "T")}
    time = CLOUD.time
    assert CLOUD.e * code["B"] / code["m"] == pytest.approx(SI.e * B / m * time, rel=1e-14)
    plasma = formulary.plasma_frequency(code["n"], CLOUD.e, CLOUD.m_e, eps0=1 / CLOUD.c**2)
    assert plasma == pytest.approx(time * formulary.plasma_frequency(n, SI.e, SI.m_e, SI.eps0), rel=1e-9)  # mu0 eps0 c^2
    assert CLOUD.G * CLOUD.code(rho, "kg/m^3") == pytest.approx(SI.G * rho * time**2, rel=1e-14)
    assert CLOUD.c * CLOUD.velocity == pytest.approx(SI.c, rel=1e-15)
    # a Langevin rate computed in code units is the cgs one
    mass = [1e-3 * rates.MASS[name] / CLOUD.mass for name in ("HCO+", "H2")]
    rate = formulary.langevin_rate(CLOUD.e, CLOUD.code("0.804e-24 cm^3"), mass[0] * mass[1] / sum(mass), CLOUD.c**-2, 1.1052)
    assert CLOUD.physical(rate, "cm^3/s") == pytest.approx(rates.langevin_rate("HCO+", "H2"), rel=1e-8)


def mixture(units=None):
    """HCO+, electrons and H2 at 1e4 per cm^3, in SI or in code units."""
    mass = np.array([1e-3 * rates.MASS[name] for name in ("HCO+", "e", "H2")])
    charge, n, T, B = np.array([SI.e, -SI.e, 0.0]), np.array([1e3, 1e3, 1e10]), 10.0, 3e-9
    alpha = np.zeros((3, 3))
    for s, law in ((0, rates.HCO_ON_H2), (1, rates.ELECTRON_ON_H2)):
        alpha[s, 2] = alpha[2, s] = 1e-6 * law(10.0) / (mass[s] + mass[2])
    alpha[0, 1] = alpha[1, 0] = 7.4e16
    if units is None:
        return formulary.Mixture(mass, charge, number_density=n, temperature=T, B=B, alpha=alpha, mu0=SI.mu0, c=SI.c,
                                 kB=SI.kB)
    return formulary.Mixture(
        mass / units.mass, charge / units.size("particle_charge"), number_density=units.code(n, "m^-3"),
        temperature=units.code(T, "K"), B=units.code(B, "T"), alpha=units.code(alpha, "m^3/(kg s)", "drag"), c=units.c)


@pytest.mark.parametrize("units", MANY, ids=["cloud", "si", "au", "field"])
def test_formulary_is_the_same_in_any_units(units):
    """Every row of the summary in code units, turned back, is that of SI, to 1e-14."""
    physical = formulary.summary(mixture(), G=SI.G, length=1e15, Omega=1e-14, cell=1e13)
    coded = formulary.summary(mixture(units), G=units.G, length=units.code(1e15, "m"), Omega=units.code(1e-14, "s^-1"),
                              cell=units.code(1e13, "m"))
    assert [row.symbol for row in coded] == [row.symbol for row in physical] and len(coded) > 40
    for a, b in zip(coded, physical, strict=True):
        assert a.value * units.size(a.kind) == pytest.approx(b.value, rel=1e-14), a.symbol  # measured 3e-15


def test_laws_take_the_units():
    """A rate fitted in `units.cgs`, and Coulomb drag with units.e and units.coulomb_eps0, are the physical ones."""
    law = rates.HCO_ON_H2.law(10.0, 100.0, CLOUD.cgs)
    assert law.rate == pytest.approx(CLOUD.code(rates.HCO_ON_H2.law(10.0, 100.0).rate, "cm^3/s"), rel=1e-13)

    class Fluid:
        def __init__(self, mass, charge):
            self.name, self.mass, self.charge = "x", mass, charge

    T = CLOUD.code(10.0, "K")
    code = Coulomb(16.0, eps0=CLOUD.coulomb_eps0).alpha(
        Fluid(29 * SI.u / CLOUD.mass, CLOUD.e), Fluid(CLOUD.m_e, -CLOUD.e), T, T)
    want = Coulomb(16.0, eps0=SI.eps0).alpha(Fluid(29 * SI.u, SI.e), Fluid(SI.m_e, -SI.e), SI.kB * 10, SI.kB * 10)
    assert CLOUD.physical(code, "m^3/(kg s)", "drag") == pytest.approx(want, rel=1e-8)


def test_what_files_say():
    told = CLOUD.describe()
    assert "0.1 pc" in told["unit_system"] and "10000 /cm^3" in told["unit_system"]
    assert told["unit_magnetic_field"] == CLOUD.magnetic_field
    assert all(isinstance(value, (str, float)) for value in told.values()) and len(told) == len(KINDS)
    for kind in KINDS:
        number, unit = quantity(CLOUD.text(kind)) if kind != "number" else (1.0, CLOUD.text(kind))
        size, dimension = parse_unit(unit)
        assert (number * size, dimension) == (CLOUD.size(kind), KINDS[kind][0])
    assert MANY[1].text("velocity") == "m s-1"


@pytest.mark.parametrize(("call", "match"), [
    (lambda: CLOUD.code("3 parsec"), "did you mean pc"), (lambda: CLOUD.code("30"), None),
    (lambda: CLOUD.code(1.0, "g"), "mass or particle_mass"), (lambda: CLOUD.code(1.0, "pc", "time"), "no unit of time"),
    (lambda: CLOUD.code(1.0, "pc", "tmie"), "no kind 'tmie'"), (lambda: CLOUD.code(1.0, "m^7"), "none that"),
    (lambda: CLOUD.code("x uG"), "not a number"), (lambda: parse_unit("m/s/s"), "one '/'"),
    (lambda: parse_unit("cm^^2"), "not a unit with a power"), (lambda: si("3", "length"), "give a unit of length"),
    (lambda: si("3 s", "length"), "no length"), (lambda: Units("1 pc", "1 g/cm^3"), "exactly one"),
    (lambda: Units("1 pc", "1 g/cm^3", velocity="1 km/s", time="1 s"), "exactly one"),
    (lambda: Units("1 s", "1 g/cm^3", velocity=1.0), "no length"), (lambda: Units(0.0, 1.0, velocity=1.0), "positive"),
    (lambda: Units(1.0, float("nan"), velocity=1.0), "positive")])  # fmt: skip
def test_errors(call, match):
    if match is None:
        assert call() == 30.0  # a plain number is a number
        return
    with pytest.raises(InputError, match=match):
        call()

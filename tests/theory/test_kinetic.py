"""Landau damping: textbook numbers, 30-digit roots, limits, and what the heat-flux closures make of it."""

from dataclasses import replace

import numpy as np
import pytest

from multifluid.errors import InputError
from multifluid.theory import Background, named_branch
from multifluid.theory.background import HeatFlux
from multifluid.theory.kinetic import dielectric_function, kinetic_frequency, plasma_response

ELECTRON = Background("electron", 1.0, -1.0, 1.0, 1.0)


def pair(temperature_ratio, mass_ratio=1836.0):
    """T_i/T_e; units T_e = m_i = n = e = 1."""
    return [Background("ion", 1.0, 1.0, 1.0, temperature_ratio),
            Background("electron", 1 / mass_ratio, -1.0, 1 / mass_ratio, 1.0)]  # fmt: skip


@pytest.mark.parametrize(
    ("k", "expected"),
    [(0.3, 1.1598 - 0.0126j), (0.5, 1.4156 - 0.1533j), (1.0, 2.0459 - 0.8513j), (2.0, 3.1891 - 2.8272j)],
)
def test_langmuir_waves_of_the_textbooks(k, expected):
    """Roots tabulated for instance by Canosa, Gazdag & Fromm 1974, J. Comput. Phys. 15, 34; digits as printed."""
    found = kinetic_frequency("langmuir", [ELECTRON], (k, 0, 0), 1.0)
    assert abs(found.real - expected.real) < 1e-4 and abs(found.imag - expected.imag) < 1e-4


@pytest.mark.parametrize(
    ("name", "fluids", "k", "c"),
    [("langmuir", [ELECTRON], 0.12, 1.0), ("langmuir", [ELECTRON], 0.5, 1.0), ("langmuir", [ELECTRON], 8.0, 1.0),
     ("langmuir", pair(1.0), 100.0, 100.0), ("ion_acoustic", pair(0.05), 3.0, 100.0),
     ("ion_acoustic", pair(1.0), 40.0, 100.0), ("ion_acoustic", pair(4.0), 0.1, 100.0)],
)  # fmt: skip
def test_roots_in_many_digits(name, fluids, k, c):
    mp = pytest.importorskip("mpmath")
    found = kinetic_frequency(name, fluids, (0, 0, k), c)
    with mp.workdps(40):

        def function(omega):
            total = mp.mpc(1)
            for f in fluids:
                v2 = mp.mpf(f.p) / f.rho
                zeta = omega / mp.sqrt(2 * v2) / k
                Z = mp.sqrt(mp.pi) * mp.exp(-(zeta**2)) * (mp.mpc(0, 1) - mp.erfi(zeta))
                total += c**2 * f.charge**2 * mp.mpf(f.rho) / mp.mpf(f.mass) ** 2 / v2 / k**2 * (1 + zeta * Z)
            return total

        exact = complex(mp.findroot(function, mp.mpc(found) * mp.mpc(1 + 1e-6, 1e-6)))
    assert abs(found - exact) < 1e-13 * abs(exact)  # measured 3e-14, scipy's Faddeeva function
    assert found.imag < 0


def test_weak_damping_keeps_its_digits():
    """k lambda = 0.12: the damping, 1e-13 of the frequency, against Landau's formula with Bohm & Gross's correction."""
    k = 0.12
    omega = kinetic_frequency("langmuir", [ELECTRON], (k, 0, 0), 1.0)
    eps_imag = np.sqrt(np.pi / 2) * omega.real / k**3 * np.exp(-(omega.real**2) / (2 * k * k))
    slope = dielectric_function(omega.real, [ELECTRON], (k, 0, 0), 1.0)[1].real
    assert omega.imag == pytest.approx(-eps_imag / slope, rel=1e-9)


def test_series_and_faddeeva_function_meet():
    from scipy.special import wofz

    for angle in np.linspace(-0.9, np.pi + 0.9, 37):
        zeta = 6.001 * np.exp(1j * angle)
        exact = 1 + zeta * 1j * np.sqrt(np.pi) * wofz(zeta)
        assert abs(plasma_response(zeta) - exact) < 1e-13 * max(1.0, abs(exact))


def test_limits_and_streaming():
    fluids = pair(1e-6)
    k = 30.0
    sound = kinetic_frequency("ion_acoustic", fluids, (k, 0, 0), 100.0)
    cold = k / np.sqrt(1 + (k / 100) ** 2)
    assert sound.real == pytest.approx(cold, rel=5e-4)  # electron inertia, m_e/m_i
    # Electron Landau damping sqrt(pi m_e/(8 m_i)) (1 + k^2 lambda^2)^(-3/2) of the cold-ion wave
    assert sound.imag / sound.real == pytest.approx(-np.sqrt(np.pi / 8 / 1836) * (cold / k) ** 3, rel=5e-3)
    drift = [Background("electron", 1.0, -1.0, 1.0, 1.0, u=(0.3, 0.0, 0.5))]
    still = kinetic_frequency("langmuir", [ELECTRON], (0.4, 0, 0), 1.0)
    assert kinetic_frequency("langmuir", drift, (0.4, 0, 0), 1.0) == pytest.approx(still + 0.12, rel=1e-14)
    ten = kinetic_frequency("langmuir", [Background("e", 1.0, -1.0, 1.0, 1.0, closure="ten-moment")], (0.4, 0, 0), 1.0)
    assert ten == still


def test_heat_flux_has_the_slow_response_of_particles():
    """n' of ten moments with k0 = k follows a slow potential as 1 + zeta Z = 1 + i sqrt(pi) zeta does."""
    slope = (plasma_response(1e-9) - 1.0) / 1e-9
    assert 2 * np.sqrt(2) / (3 * HeatFlux("gradient", 1.0).coefficient) == pytest.approx(slope.imag, rel=1e-8)


@pytest.mark.parametrize(
    ("name", "fluids", "k", "c", "error"),
    [("langmuir", [ELECTRON], 0.5, 1.0, (-0.0991, -0.3870)), ("ion_acoustic", pair(0.25), 1.0, 100.0, (-0.1021, -0.3557))],
)
def test_gradient_closure_against_particles(name, fluids, k, c, error):
    """What three moments along k make of Landau damping: omega 10 % and damping 40 % off where it matters."""
    exact = kinetic_frequency(name, fluids, (k, 0, 0), c)
    closed = [replace(f, closure="ten-moment", heat_flux=HeatFlux("gradient", k)) for f in fluids]
    branch = "sound" if name == "ion_acoustic" else name
    found = named_branch(branch, closed, (0, 0, 0), (k, 0, 0), c).omega
    assert (found.real / exact.real - 1, found.imag / exact.imag - 1) == pytest.approx(error, abs=1e-4)


def test_bad_input():
    with pytest.raises(InputError, match="'whistler' is unknown"):
        kinetic_frequency("whistler", [ELECTRON], (1, 0, 0), 1.0)
    with pytest.raises(InputError, match="warm electrons and another"):
        kinetic_frequency("ion_acoustic", [ELECTRON], (1, 0, 0), 1.0)
    with pytest.raises(InputError, match="charged fluid"):
        kinetic_frequency("langmuir", [Background("gas", 1.0, 0.0, 1.0, 1.0)], (1, 0, 0), 1.0)
    with pytest.raises(InputError, match="p = -1.0"):
        kinetic_frequency("langmuir", [Background("e", 1.0, -1.0, 1.0, -1.0)], (1, 0, 0), 1.0)

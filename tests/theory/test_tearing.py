"""Tearing of a Harris sheet: the mode solves the linear equations, with its symmetry, and scales as it should."""

import numpy as np
import pytest

from multifluid import InputError
from multifluid.theory.harris import HarrisSheet
from multifluid.theory.tearing import NAMES, parity, tearing_mode

K = 2 * np.pi / 25.6


@pytest.fixture(scope="module")
def mode():
    return tearing_mode(HarrisSheet(), K, 20.0, 6.4)


def test_growth_of_the_gem_sheet(mode):
    # 0.0854484 with 32 to 64 points; finite differences of fourth order on 800 points give 0.08545
    assert mode.growth.real == pytest.approx(0.0854484, rel=2e-6)
    assert abs(mode.growth.imag) < 1e-10
    assert tearing_mode(HarrisSheet(), K, 20.0, 6.4, points=32).growth.real == pytest.approx(mode.growth.real, rel=1e-6)


def test_mode_solves_the_linear_equations():
    # written out by hand, term by term, and differenced in y: independent of the complex steps and of the collocation;
    # heavy electrons, whose layer 64 points resolve
    sheet, step = HarrisSheet(mass_ratio=4.0), 1e-4
    mode = tearing_mode(sheet, K, 20.0, 6.4, points=64)
    g, k = mode.growth, mode.k
    y = np.array([0.05, 0.2, 0.45, 0.8, 1.5, 3.0])
    q = {name: mode.profile(name, y) for name in NAMES}

    def slope(f):
        return (f(y + step) - f(y - step)) / (2 * step)

    def change(name):
        return slope(lambda y: mode.profile(name, y))

    n, B = sheet.density(y), np.tanh(y / sheet.width)
    current = np.zeros((3, y.size), complex)
    for name, charge in (("ion", 1.0), ("electron", -1.0)):
        m, T = sheet.mass(name), 0.5 * sheet.share(name)
        V = sheet.drift(name, y)
        n1, ux, uy, uz, p = (q[f"{v}_{name}"] for v in ("n", "ux", "uy", "uz", "p"))
        dn, dV = slope(sheet.density), slope(lambda y: sheet.drift(name, y))  # noqa: B023  (used at once)
        flow = 1j * k * ux + change(f"uy_{name}")
        left = {
            "mass": g * n1 + n * flow + uy * dn,
            "x": m * n * g * ux + 1j * k * p - charge * n * (q["Ex"] - V * q["By"]),
            "y": m * n * g * uy + change(f"p_{name}") - charge * n * (q["Ey"] + uz * B + V * q["Bx"]) - charge * n1 * V * B,
            "z": m * n * (g * uz + uy * dV) - charge * n * (q["Ez"] - uy * B),
            "pressure": g * p + uy * T * dn + 5.0 / 3.0 * T * n * flow,
        }
        for equation, residual in left.items():
            assert np.max(np.abs(residual)) < 5e-5, (name, equation, np.abs(residual))
        current += charge * np.array([n * ux, n * uy, n * uz + n1 * V])
    curl_b = np.array([change("Bz"), -1j * k * q["Bz"], 1j * k * q["By"] - change("Bx")])
    curl_e = np.array([change("Ez"), -1j * k * q["Ez"], 1j * k * q["Ey"] - change("Ex")])
    E, b = (np.array([q[f"{field}{axis}"] for axis in "xyz"]) for field in "EB")
    assert np.max(np.abs(g * b + curl_e)) < 5e-5
    assert np.max(np.abs(g * E / 20.0**2 - curl_b + current)) < 5e-4  # of currents that reach 12
    assert np.max(np.abs(1j * k * b[0] + change("By"))) < 1e-6


def test_symmetry_and_walls(mode):
    y = np.linspace(0.1, 6.0, 7)
    for name in NAMES:
        assert mode.profile(name, -y) == pytest.approx(parity(name)[0] * mode.profile(name, y), abs=1e-12)
    for name in ("By", "Ez", "Ex", "uy_ion", "uy_electron"):
        size = np.max(np.abs(mode.values[name]))
        assert abs(mode.profile(name, 6.4)) < 1e-3 * size
    assert np.max(np.abs(mode.profile("Az", mode.y))) == pytest.approx(1.0, rel=1e-12)
    x = np.array([0.0, 1.0])
    assert mode.evaluate("By", 2.0, x, 0.5) == pytest.approx(
        np.real(mode.profile("By", 0.5) * np.exp(1j * K * x + 2.0 * mode.growth)))


def test_light_hardly_matters_and_walls_and_electrons_do():
    rate = {c: tearing_mode(HarrisSheet(), K, c, 6.4, points=32).growth.real for c in (10.0, 20.0, 40.0)}
    assert 0.0 < rate[20.0] / rate[40.0] - 1.0 < 0.4 * (rate[10.0] / rate[20.0] - 1.0) < 5e-4
    assert tearing_mode(HarrisSheet(), K, 20.0, 3.0, points=32).growth.real < 0.9 * rate[20.0]
    light = tearing_mode(HarrisSheet(mass_ratio=100.0), K, 20.0, 6.4).growth.real
    assert 0.6 < light / rate[20.0] < 0.75  # less inertia, slower: 0.0584


def test_short_waves_are_stable():
    with pytest.raises(InputError, match="no mode of wavenumber 2.2 grows.*below 1/width = 2"):
        tearing_mode(HarrisSheet(), 2.2, 20.0, 3.0, points=32)
    with pytest.raises(InputError, match="half_height = 1 cuts the sheet"):
        tearing_mode(HarrisSheet(), 0.5, 20.0, 1.0)


def test_sheet_is_an_equilibrium():
    sheet = HarrisSheet(width=0.7, background=0.3, temperature_ratio=2.0, mass_ratio=100.0)
    y, step = np.linspace(-3, 3, 31), 1e-5
    B, current = np.tanh(y / sheet.width), 0.0
    for name, charge in (("ion", 1.0), ("electron", -1.0)):
        gradient = (sheet.pressure(name, y + step) - sheet.pressure(name, y - step)) / (2 * step)
        force = charge * sheet.density(y) * sheet.drift(name, y) * B
        assert force == pytest.approx(gradient, abs=1e-9)
        current = current + charge * sheet.density(y) * sheet.drift(name, y)
    assert current == pytest.approx(-sheet.sheet(y) / sheet.width, rel=1e-12)
    slope = (sheet.potential(y + step) - sheet.potential(y - step)) / (2 * step)
    assert slope == pytest.approx(B, abs=1e-9)
    assert sheet.share("ion") == pytest.approx(2 / 3)

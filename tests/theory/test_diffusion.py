"""Exact nonlinear diffusion against reference tables and its own equation."""

import numpy as np
import pytest
from scipy.integrate import quad

from multifluid.errors import InputError
from multifluid.theory.diffusion import barenblatt, barenblatt_front, null_gradient, separable_sheet, steepening_sine
from tests.theory.reference_data import reference

TIMES = ("0.05", "0.5", "2.0", "10.0")


@pytest.mark.parametrize("m", [2, 3])
def test_barenblatt_reference(m):
    data = reference("ambipolar.npz")
    for t in TIMES:
        assert np.abs(barenblatt(data["bar_x"], float(t), m, C=1.0) - data[f"bar_m{m}_t{t}"]).max() < 5e-14  # 1e-14


@pytest.mark.parametrize("m", [2, 3])
@pytest.mark.parametrize("d", [1, 2, 3])
def test_barenblatt_flux_front_and_equation(m, d):
    D, t = 0.7, 1.3
    front = barenblatt_front(t, m, d, 2.5, D)
    area = (2, 2 * np.pi, 4 * np.pi)[d - 1]
    # r = front sin(a): the root at the front becomes smooth
    flux, _ = quad(
        lambda a: area * (front * np.sin(a)) ** (d - 1) * barenblatt(front * np.sin(a), t, m, d, 2.5, D) * front * np.cos(a),
        0, np.pi / 2,
    )  # fmt: skip
    assert flux == pytest.approx(2.5, rel=1e-12)
    assert barenblatt(front * 1.0001, t, m, d, 2.5, D) == 0 < barenblatt(front * 0.9999, t, m, d, 2.5, D)
    r, h = 0.4 * front, 1e-3

    def power(s):
        return s ** (d - 1) * (barenblatt(s + h / 2, t, m, d, 2.5, D) ** m - barenblatt(s - h / 2, t, m, d, 2.5, D) ** m) / h

    spread = D / m * (power(r + h / 2) - power(r - h / 2)) / h / r ** (d - 1)
    rate = (barenblatt(r, t + h, m, d, 2.5, D) - barenblatt(r, t - h, m, d, 2.5, D)) / (2 * h)
    assert rate == pytest.approx(spread, rel=1e-4)


def test_sheet_reference():
    data = reference("ambipolar.npz")
    top = data["sep_t0.0"].max()
    for t in ("0.0", "0.1", "1.0", "10.0"):
        assert np.abs(separable_sheet(data["sep_x"], float(t), amplitude=top) - data[f"sep_t{t}"]).max() < 5e-16


@pytest.mark.parametrize("m", [2.0, 3.0])
def test_sheet_equation_and_null(m):
    amplitude, distance, D, h = 1.7, 0.8, 0.6, 1e-4

    def B(x, t):
        return separable_sheet(x, t, m, amplitude, distance, D)

    x, t = np.array([0.11, 0.3, 0.5]), 0.2
    flux = D / m * (B(x + h, t) ** m - 2 * B(x, t) ** m + B(x - h, t) ** m) / h**2
    assert flux == pytest.approx((B(x, t + h) - B(x, t - h)) / (2 * h), rel=1e-5)
    assert B(1e-9, t) / B(8e-9, t) == pytest.approx(8 ** (-1 / m), rel=1e-6)
    assert B(-x, t) == pytest.approx(-B(x, t), rel=1e-12)
    assert B(x + 2 * distance, t) == pytest.approx(B(x, t), rel=1e-12)


def test_steepening_reference():
    data = reference("ambipolar.npz")
    for t, modes, gate in (("0.1", 128, 5e-11), ("0.18", 256, 8e-8)):  # measured 1.2e-11, 2.7e-8 (1.3e-8 from the modes)
        B = steepening_sine(data[f"sin_x_t{t}"], float(t), modes=modes)
        assert np.abs(B - data[f"sin_B_t{t}"]).max() < gate


def test_null_gradient():
    slope = steepening_sine(1e-7, 0.05, amplitude=1.2, k=1.5, D=0.5, modes=128) / 1e-7
    assert slope == pytest.approx(null_gradient(0.05, 1.2 * 1.5, 0.5), rel=1e-8)


def test_errors():
    with pytest.raises(InputError, match="m = 1"):
        barenblatt(0.0, 1.0, 1.0, flux=1.0)
    with pytest.raises(InputError, match="take 1, 2 or 3"):
        barenblatt(0.0, 1.0, 2.0, 4, flux=1.0)
    with pytest.raises(InputError, match="either flux or C"):
        barenblatt(0.0, 1.0, 2.0)
    with pytest.raises(InputError, match="too late"):
        steepening_sine(0.1, 0.25)
    with pytest.raises(InputError, match="too few"):
        steepening_sine(0.1, 0.2, modes=32)

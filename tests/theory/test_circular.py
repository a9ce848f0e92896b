"""Exact circularly polarised waves: inserted in the nonlinear equations, limits, and the two-fluid roots they tend to."""

import json
from pathlib import Path

import numpy as np
import pytest

from multifluid.errors import InputError
from multifluid.theory.circular import BRANCHES, hall_circular_wave, two_fluid_frequencies, two_fluid_shift
from multifluid.theory.mhd_waves import ambipolar_parallel, hall_parallel

REFERENCE = Path(__file__).parents[2].parent / "shared" / "reference" / "circular_waves.json"
TERMS = [{"hall": 0.0}, {"hall": 0.8}, {"hall": -0.5}, {"hall": 0.8, "ohmic": 0.05, "ambipolar": 0.2}]


def derivative(values):
    """d/dx on the period 2 pi, spectrally."""
    n = values.shape[-1]
    return np.fft.irfft(1j * np.arange(n // 2 + 1) * np.fft.rfft(values), n)


@pytest.mark.parametrize("branch", BRANCHES)
@pytest.mark.parametrize("terms", TERMS, ids=lambda terms: "-".join(f"{k}{v}" for k, v in terms.items()))
def test_the_wave_solves_the_nonlinear_equations(terms, branch):
    """With the ambipolar term as it stands, -(J x B) x B c_A and c_A = mu0 eta_A/B0^2, at amplitude 1.7 B0."""
    B0, rho, mu0, k, t = 0.9, 1.4, 1.1, 2.0, 0.3
    wave = hall_circular_wave(k, B0, 1.5, rho, mu0=mu0, branch=branch, **terms)
    x = 2 * np.pi * np.arange(32) / 32
    u, B = wave.evaluate(t, x)
    h = 1e-3
    rates = [np.array(pair) for pair in zip(*[wave.evaluate(t + s * h, x) for s in (-2, -1, 1, 2)])]
    dt_u, dt_B = [(q[0] - 8 * q[1] + 8 * q[2] - q[3]) / (12 * h) for q in rates]
    J = np.array([0 * x, -derivative(B[2]), derivative(B[1])]) / mu0
    force = np.cross(J, B, axis=0)
    E = -np.cross(u, B, axis=0) + mu0 * (terms.get("ohmic", 0.0) * J + terms["hall"] / B0 * force
                                         - terms.get("ambipolar", 0.0) / B0**2 * np.cross(force, B, axis=0))
    assert abs(rho * dt_u - force).max() < 2e-10 * abs(force).max()
    curl = np.array([0 * x, -derivative(E[2]), derivative(E[1])])
    assert abs(dt_B + curl).max() < 2e-10 * abs(curl).max()
    assert abs(u[0]).max() == 0.0 and abs((B**2).sum(axis=0) - (B**2).sum(axis=0)[0]).max() < 1e-14


@pytest.mark.parametrize("branch", BRANCHES)
@pytest.mark.parametrize("terms", TERMS, ids=lambda terms: "-".join(f"{k}{v}" for k, v in terms.items()))
def test_residual_of_the_relation(terms, branch):
    """As above without differences in time: 1e-14."""
    B0, rho, k = -0.9, 1.4, 2.0
    wave = hall_circular_wave(k, B0, 0.5, rho, branch=branch, **terms)
    eta = terms.get("ohmic", 0.0) + terms.get("ambipolar", 0.0)
    w = wave.omega
    gaps = [-1j * w * rho * wave.velocity - 1j * k * B0,
            -1j * w - 1j * k * B0 * wave.velocity - 1j * terms["hall"] * k * k + eta * k * k]
    assert np.abs(gaps).max() < 1e-14 * max(abs(w), 1.0) * 4
    assert (w.real > 0) == (branch == "ion_cyclotron") and w.imag <= 0.0


def test_small_and_large_wavenumbers_keep_their_digits():
    for k in (1e-6, 1.0, 1e6):
        found = sorted(abs(hall_circular_wave(k, 1.3, 1.0, 0.7, 0.4, branch=branch).omega) for branch in BRANCHES)
        assert found == pytest.approx(hall_parallel(k, 1.3 / np.sqrt(0.7), 0.4), rel=1e-14)
    damped = hall_circular_wave(2.0, 1.0, 0.3, 1.0, 0.0, ambipolar=0.3)
    assert damped.omega == pytest.approx(ambipolar_parallel(2.0, 1.0, 0.3)[0], rel=1e-14)


def test_without_the_hall_term_it_is_an_alfven_wave():
    wave = hall_circular_wave(3.0, 2.0, 5.0, 4.0, 1e-9)
    assert wave.omega == pytest.approx(3.0, rel=1e-8)
    assert wave.velocity == pytest.approx(-0.5, rel=1e-8)
    assert wave.period == pytest.approx(2 * np.pi / 3, rel=1e-8)


def test_two_fluid_roots_are_those_of_the_reference():
    if not REFERENCE.is_file():
        pytest.skip("no shared/reference/circular_waves.json beside the project")
    cases = json.loads(REFERENCE.read_text())["cases"]
    for case in cases:
        roots = two_fluid_frequencies(case["k"], case["B0"], 1.0, 1.0, (1.0, case["me"]), case["c"])
        assert abs(roots / case["omega"] - 1).min() < 1e-14


@pytest.mark.parametrize("branch", BRANCHES)
def test_two_fluid_roots_tend_to_the_hall_wave_at_the_stated_rate(branch):
    k, hall = 1.5, 1.0
    omega = hall_circular_wave(k, 1.0, 0.3, 1.0, hall, branch=branch).omega.real
    for ratio, alfven in ((1e-3, 1e-5), (1e-7, 0.03), (1e-3, 0.03)):
        roots = two_fluid_frequencies(k, 1.0, 1.0, 1.0, (1.0, ratio), 1 / alfven)
        gap = roots[np.argmin(abs(roots - omega))] - omega
        shift = two_fluid_shift(omega, 1.0, ratio, alfven)
        # what is left is of second order: (omega/Omega_i)^2 (m_e/m_i + v_A^2/c^2) times the shift at most
        assert abs(gap - shift) < 3 * (ratio + alfven**2) * omega**2 * abs(shift) + 1e-13


def test_input_errors():
    with pytest.raises(InputError, match="branch 'light' is unknown; choose from ion_cyclotron, whistler"):
        hall_circular_wave(1.0, 1.0, 1.0, 1.0, 1.0, branch="light")
    with pytest.raises(InputError, match="no wave propagates at k = 10"):
        hall_circular_wave(10.0, 1.0, 0.1, 1.0, 0.0, ohmic=0.2)
    with pytest.raises(InputError, match="B0 must be a nonzero number"):
        hall_circular_wave(1.0, 0.0, 1.0, 1.0, 1.0)

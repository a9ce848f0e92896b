"""Benchmark of weakly ionised gas: its theory, and its cheap runs."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from multifluid.benchmark.ambipolar import STUDIES
from multifluid.benchmark.ambipolar.damping import single_fluid
from multifluid.benchmark.ambipolar.drift import _problem, ambipolar_law
from multifluid.benchmark.ambipolar.pressure import ALPHA, mhd_damping, pressure_term, wave_at
from multifluid.benchmark.outcome import conduct, write
from multifluid.problems.clouds.alfven_cubic import alfven_roots
from multifluid.problems.clouds.ion_neutral_wave import IonNeutralWave

BY_NAME = {study.name: study for study in STUDIES}


def wave(alpha):
    """The parameters of `ion_neutral_wave` without its eigenmode."""
    names = ("k", "B0", "rho_c", "rho_n")
    return SimpleNamespace(alpha=alpha, **{name: IonNeutralWave.parameters_of()[name].default for name in names})


def least_damped(alpha):
    w = wave(alpha)
    roots = alfven_roots(w.k * w.B0 / math.sqrt(w.rho_c), alpha * w.rho_c, w.rho_n / w.rho_c)
    return roots[np.argmax(roots.real)]


@pytest.mark.parametrize("share, order", [(True, 2.0), (False, 1.0)])
def test_distance_of_single_fluid_falls_at_its_order(share, order):
    def distance(alpha):
        omega = least_damped(alpha)
        return abs(omega - single_fluid(wave(alpha), share)) / abs(omega)

    assert math.log10(distance(10.0) / distance(100.0)) == pytest.approx(order, abs=0.01)


def test_damping_of_any_ionisation_is_the_exact_one_in_the_limit():
    exact, fluid = least_damped(100.0), single_fluid(wave(100.0))
    assert fluid.imag == pytest.approx(exact.imag, rel=1e-6)
    weak = single_fluid(wave(100.0), neutral_share=False)
    assert weak.imag / exact.imag == pytest.approx(2.25, rel=1e-6)


def test_pressure_scales_friction():
    """Exact roots approach (1 - X)^2 as drag^-2; ambipolar MHD stays where it is."""
    X, off = 2.0, []
    for alpha in (ALPHA, 10.0 * ALPHA):
        fast = wave_at(X, 16, alpha)
        assert pressure_term(fast) == pytest.approx(X, rel=1e-12)
        off.append(abs(-fast.mode.omega.imag / mhd_damping(fast) - (1.0 - X) ** 2))
    assert off[0] < 0.02 * (1.0 - X) ** 2
    # (v_A of ions/c)^2 and the electrons' mass leave a little
    assert off[1] < 0.02 * off[0] + 1e-5


def test_mhd_damping_of_the_fast_wave_in_closed_form():
    fast = wave_at(2.0, 16, 10.0 * ALPHA)
    rho, pressure = fast.rho_c + fast.rho_n, fast.p_c + fast.p_n
    eta = (fast.rho_n / rho) ** 2 / (fast.alpha * fast.rho_c * fast.rho_n)
    assert mhd_damping(fast) == pytest.approx(0.5 * fast.k**2 * eta / (1.0 + pressure), rel=1e-4)


@pytest.mark.parametrize("hall", [1e-4, 1.0, 1e4])
def test_ions_and_electrons_drift_by_the_ambipolar_law(hall):
    problem = _problem(hall, 0.0)
    assert problem.terminal[0][:, 0] == pytest.approx(ambipolar_law(problem), rel=1e-7)


@pytest.mark.parametrize("name", BY_NAME)
def test_smoke_keeps_its_gates_and_draws(name, tmp_path):
    outcome = conduct(BY_NAME[name], "smoke")
    write(outcome, tmp_path)
    assert (tmp_path / f"{name}.png").stat().st_size > 10_000
    assert outcome.passed, [check for check in outcome.checks if not check.passed]


def test_gates_see_ambipolar_mhd_in_place_of_the_exact_root():
    study = BY_NAME["ambipolar_pressure"]
    row = {"mhd": 0.05, "beta_n": 1.0, "beta_c": 1.0, "omega": 3.0, "error": 1e-4, "steps": 50}
    rates = ("exact", "damping", "with_pressure")
    right = [row | {"X": X} | dict.fromkeys(rates, 0.05 * (1.0 - X) ** 2) for X in (-1.0, 2.5)]
    assert all(check.passed for check in study.checks(right))
    wrong = [row | {"damping": row["mhd"]} for row in right]
    assert not all(check.passed for check in study.checks(wrong))

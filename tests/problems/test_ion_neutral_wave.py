"""Damped waves of three fluids: frequencies from decoupled to locked, the gap without Alfven waves, and their order."""

import numpy as np
import pytest

from multifluid import InputError, Simulation
from multifluid.convergence import convergence
from multifluid.problems.clouds.alfven_cubic import alfven_gap, alfven_roots
from multifluid.problems.clouds.ion_neutral_wave import AlfvenGap, IonNeutralWave

# Alfven waves along B in the limit of small d_i: rho_n = 20, rho_c = 10, B = 0.4, k = 6.25 pi
LIMITS = {1e-3: 2.483586707670307 - 9.999837878e-3j, 0.1: 1.8476978931 - 0.7139437295j,
          1e3: 1.4339343254 - 6.853892165e-5j}


def failed(checks):
    return [f"{check.name}: {check.value:.4g}, limit {check.limit:.4g}" for check in checks if not check.passed]


@pytest.mark.parametrize("alpha", LIMITS)
def test_alfven_wave_at_64_cells(alpha):
    problem = IonNeutralWave(alpha=alpha)
    run = Simulation(problem).run()
    assert not failed(problem.check(run))
    # measured: 6.0e-4, 9.9e-4, 4.5e-4
    assert abs(problem.measured_frequency(run) - LIMITS[alpha]) < 2e-3 * abs(LIMITS[alpha])


@pytest.mark.long
@pytest.mark.parametrize("alpha", [1e-3, 1e-2, 0.1, 1.0, 10.0, 1e3, 1e4])
def test_alfven_wave_with_parabolae(alpha):
    problem = IonNeutralWave(alpha=alpha, reconstruction="ppm", tolerance=2e-4)  # measured: 2.8e-5 to 5.6e-5
    assert not failed(problem.check(Simulation(problem).run()))


@pytest.mark.long
@pytest.mark.parametrize("branch", ["fast", "slow", "alfven"])
@pytest.mark.parametrize("closure", ["isothermal", "five-moment"])
@pytest.mark.parametrize("alpha", [1e-3, 0.1, 1.0, 1e3])
def test_oblique_waves(branch, closure, alpha):
    problem = IonNeutralWave(branch=branch, angle=60.0, alpha=alpha, closure=closure)  # measured: 6.5e-4 to 1.05e-3
    assert not failed(problem.check(Simulation(problem).run()))


@pytest.mark.parametrize("place", [0.1, 0.9])
def test_no_alfven_wave_in_the_gap(place):
    problem = AlfvenGap(place=place)
    run = Simulation(problem).run()
    assert not failed(problem.check(run))  # measured: 4.5e-4, 7.0e-4
    found = problem.measured_frequency(run)
    assert not problem.propagates and abs(found.real) < 1e-5 * abs(found)


def test_order():
    found = convergence(IonNeutralWave, (16, 32, 64), {"alpha": 0.1, "periods": 0.5})
    assert found.below(1.9) == {}, {group: found.order(group) for group in found.errors}


def test_theory_of_the_gap():
    """The cubic against the whole dispersion relation, and its discriminant against its roots."""
    for problem in (IonNeutralWave(), AlfvenGap(place=0.3)):
        roots = alfven_roots(problem.k * problem.B0 / problem.rho_c**0.5, problem.alpha * problem.rho_c,
                             problem.rho_n / problem.rho_c)
        assert np.abs(roots - problem.mode.omega).min() < 1e-5 * abs(problem.mode.omega)
    assert alfven_gap(8.0) is None
    low, high = alfven_gap(100.0)
    for K, still in ((0.999 * low, False), (1.001 * low, True), (0.999 * high, True), (1.001 * high, False)):
        assert (np.abs(alfven_roots(K, 1.0, 100.0).real).max() < 1e-9 * K) == still
    assert alfven_gap(1e6) == pytest.approx((2e3, 5e5), rel=1e-3)


def test_mistakes():
    with pytest.raises(InputError, match="leaves no gap"):
        AlfvenGap(rho_n=50.0)
    with pytest.raises(InputError, match="branch must be one of|choose|not one of"):
        IonNeutralWave(branch="whistler")


def test_picture(tmp_path):
    problem = AlfvenGap(n=16)
    problem.plot(Simulation(problem).run(), tmp_path / "gap.png")
    assert (tmp_path / "gap.png").stat().st_size > 20_000

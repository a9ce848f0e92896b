"""Orszag-Tang with ions and electrons: constraints, symmetry, energy."""

import numpy as np
import pytest

from multifluid import Simulation
from multifluid.problems import measures
from multifluid.problems.turbulence.orszag_tang import OrszagTang


def failed(checks):
    return [f"{check.name}: {check.value:.4g}, limit {check.limit:.4g}" for check in checks if not check.passed]


@pytest.mark.parametrize("d_i", [1e-4, 1e-2])
@pytest.mark.parametrize("reconstruction", ["plm", "ppm"])
def test_start_obeys_gauss_law(d_i, reconstruction):
    # measured: 1e-16; the charge of E is 1.2e-10 and 1.2e-6 of n e
    simulation = Simulation(OrszagTang(nx=32, d_i=d_i, reconstruction=reconstruction))
    assert simulation.integrals()["gauss_error"].value < 2e-15
    assert simulation.integrals()["div_b"].value < 1e-14


def test_start_is_balanced():
    # E in balance: what the first step changes of it is of the order of the step, as for every other variable.
    # measured: 0.0085 of the largest E; 0.056 if E starts from 0 in the plane
    problem = OrszagTang(nx=64, d_i=1e-2, t_end=1e-4)
    simulation = Simulation(problem)
    before = {name: simulation.fields()[name].data.copy() for name in ("Ex", "Ey")}
    size = max(np.max(np.abs(data)) for data in before.values())
    result = simulation.run()
    for name, data in before.items():
        assert np.max(np.abs(result[name] - data.squeeze())) < 0.02 * size


def test_short_run():
    # measured: div B 3e-15, Gauss's law 4e-15, asymmetry 3e-13, 80 steps, energy 1.5e-4
    problem = OrszagTang(nx=64, t_end=0.1)
    result = Simulation(problem).run()
    assert not failed(problem.check(result))
    assert measures.relative_change(result.series, "energy_total") < 3e-4


def test_energy_is_second_order_before_shocks():
    # measured at t = 0.04: 9.1e-5, 1.88e-5, 4.6e-6 (and 1.1e-6 at 256)
    losses = []
    for nx in (32, 64, 128):
        result = Simulation(OrszagTang(nx=nx, t_end=0.04)).run()
        losses.append(measures.relative_change(result.series, "energy_total"))
    assert losses[1] < losses[0] / 4
    assert losses[2] < losses[1] / 4


def test_asymmetry_is_seen():
    # the measure is not blind: a density put 1 % off in one cell shows
    problem = OrszagTang(nx=32, t_end=0.01)
    result = Simulation(problem).run()
    assert problem.asymmetry(result) < 1e-12
    density = result.fields()["rho_ion"].data
    density[0, 3, 5] *= 1.01
    assert problem.asymmetry(result) > 0.005


def test_full_run():
    # measured: div B 1e-14, Gauss's law 2.7e-14, asymmetry 7e-13, 794 steps, energy 0.0072; 6 s
    problem = OrszagTang()
    result = Simulation(problem).run()
    checks = problem.check(result)
    assert "steps" in [check.name for check in checks]
    assert not failed(checks)


@pytest.mark.long
def test_full_run_with_whistlers():
    # measured: div B 3.6e-14, Gauss's law 1.1e-13, asymmetry 4e-13, energy 0.033; 13701 steps, 150 s
    problem = OrszagTang(d_i=1e-2)
    assert not failed(problem.check(Simulation(problem).run()))


def test_picture(tmp_path):
    problem = OrszagTang(nx=16, t_end=0.02)
    problem.plot(Simulation(problem).run(), tmp_path / "vortex.png")
    assert (tmp_path / "vortex.png").stat().st_size > 20_000

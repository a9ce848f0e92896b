"""Ambipolar diffusion as three fluids: Barenblatt's pulse both ways, and current sheets at nulls."""

import numpy as np
import pytest

from multifluid import Simulation
from multifluid.problems.clouds.ambipolar_pulse import AmbipolarPulse, CurrentSheet


def failed(checks):
    return [f"{check.name}: {check.value:.4g}, limit {check.limit:.4g}" for check in checks if not check.passed]


def errors(problem):
    run = Simulation(problem).run()
    assert not failed(problem.check(run))
    t, last = run.records[-1]
    return problem.errors(last, t)


# measured at 50, 100, 200 cells: m = 2 8.0e-3, 3.7e-3, 1.5e-3 (smooth part 4.8e-3, 2.1e-3, 7.0e-4);
# m = 3 2.6e-2, 1.2e-2, 5.0e-3 (1.3e-2, 5.6e-3, 2.2e-3)
@pytest.mark.parametrize("m, limit", [(2, 0.006), (3, 0.018)])
def test_pulse_spreads(m, limit):
    coarse, fine = (errors(AmbipolarPulse(nx=nx, m=m)) for nx in (50, 100))
    assert fine["all"] < limit
    assert np.log2(coarse["all"] / fine["all"]) > 1.0
    assert np.log2(coarse["smooth"] / fine["smooth"]) > 1.1


def test_the_two_are_different():
    """With the exponent of the other the same run is far off: the ions' balance matters."""
    problem, other = AmbipolarPulse(nx=50, m=3), AmbipolarPulse(nx=50, m=2)
    t, last = Simulation(problem).run().records[-1]
    assert other.errors(last, t)["all"] > 5 * problem.errors(last, t)["all"]
    assert np.ptp(last["rho_ion"]) < 1e-3 * last["rho_ion"].mean()


def test_sheet_keeps_its_shape():
    coarse, fine = (errors(CurrentSheet(nx=nx)) for nx in (50, 100))  # measured 4.3e-2, 2.5e-2
    assert np.log2(coarse["all"] / fine["all"]) > 0.7  # the sheet has no width; 0.79


def test_sine_steepens_to_a_sheet():
    problem = CurrentSheet(nx=100, start="sine", t_end=0.1)
    run = Simulation(problem).run()
    assert not failed(problem.check(run))
    assert problem.exponents(run.records[0][1], 0.0)[0] > 0.9  # of the sine itself


def test_picture(tmp_path):
    problem = AmbipolarPulse(nx=32)
    problem.plot(Simulation(problem).run(), tmp_path / "pulse.png")
    assert (tmp_path / "pulse.png").stat().st_size > 20_000

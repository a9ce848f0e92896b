"""Shocks of three fluids in which the Hall effect turns the field: the steady profile kept, without added resistivity."""

import pytest

from multifluid import Simulation
from multifluid.problems.clouds.hall_shock import HallShock


def failed(checks):
    return [f"{check.name}: {check.value:.4g}, limit {check.limit:.4g}" for check in checks if not check.passed]


def test_ambipolar_profile_in_few_cells():
    problem = HallShock(case="A", nx=32, crossings=0.5)
    assert not failed(problem.check(Simulation(problem).run()))


@pytest.mark.long
@pytest.mark.parametrize("case", ["A", "B", "C"])
def test_packaged(case):
    problem = HallShock(case=case)
    assert not failed(problem.check(Simulation(problem).run()))  # measured: see doc/problems_clouds.md


def test_hall_dominated_profile(tmp_path):
    problem = HallShock(nx=40, crossings=0.3)
    run = Simulation(problem).run()
    assert not failed(problem.check(run))
    problem.plot(run, tmp_path / "hall.png")
    assert (tmp_path / "hall.png").stat().st_size > 20_000

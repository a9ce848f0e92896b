"""TM modes of a conducting box: frequency, amplitude, order, and that the walls are walls."""

import numpy as np
import pytest

from multifluid import InputError, Simulation
from multifluid.convergence import convergence
from multifluid.problems.fields.vacuum_cavity import VacuumCavity


def failed(checks):
    return [f"{check.name}: {check.value:.4g}, limit {check.limit:.4g}" for check in checks if not check.passed]


@pytest.mark.parametrize("parameters", [
    {},  # measured: frequency 1.4e-3 (limit 1.9e-3), amplitude 1.3e-3
    {"reconstruction": "ppm", "periods": 6.125},  # 6.3e-5 (limit 8.0e-5), 1.8e-4
    {"c": 3e5, "periods": 4.125},  # 1.37e-3, 1.8e-3: c is only a unit here
    {"m": 1, "n": 3, "lx": 2.0, "ly": 3.0, "nx": 40, "periods": 4.125},
    {"nx": 100, "ny": 80, "periods": 4.125},
], ids=str)  # fmt: skip
def test_mode(parameters):
    problem = VacuumCavity(**parameters)
    assert not failed(problem.check(Simulation(problem).run()))


@pytest.mark.parametrize("reconstruction, order", [("plm", 2.0), ("ppm", 3.5)])
def test_order(reconstruction, order):
    found = convergence(VacuumCavity, (64, 128, 256), {"periods": 1.125, "reconstruction": reconstruction})
    # measured: PLM 2.14 (E), 2.37 (B); PPM 3.96, 3.74
    assert not found.below(order)


def test_exact_solution_obeys_maxwell():
    problem, d = VacuumCavity(), 1e-4
    x, y, t = 13.7, 21.3, 5.1

    def at(t, x, y):
        fields = problem.exact(t, x, y, 0.0)
        return fields["E"][2], *fields["B"][:2]

    dt, dx, dy = ((np.array(at(*p)) - np.array(at(*q))) / (2 * d) for p, q in (
        ((t + d, x, y), (t - d, x, y)), ((t, x + d, y), (t, x - d, y)), ((t, x, y + d), (t, x, y - d))))  # fmt: skip
    assert dt[0] == pytest.approx(problem.c**2 * (dx[2] - dy[1]), abs=1e-8)
    assert dt[1] == pytest.approx(-dy[0], abs=1e-8)
    assert dt[2] == pytest.approx(dx[0], abs=1e-8)
    assert dx[1] + dy[2] == pytest.approx(0.0, abs=1e-8)
    for wall in ((0.0, y), (problem.lx, y), (x, 0.0), (x, problem.ly)):
        assert at(t, *wall)[0] == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("parameters", [{"nx": 16}, {"ny": 12}])
def test_too_few_cells_is_one_line(parameters):
    with pytest.raises(InputError, match="half waves along . need at least"):
        VacuumCavity(**parameters)


def test_picture(tmp_path):
    problem = VacuumCavity(nx=80, periods=1.0)
    problem.plot(Simulation(problem).run(), tmp_path / "cavity.png")
    assert (tmp_path / "cavity.png").stat().st_size > 20_000

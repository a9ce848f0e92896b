"""What drag lets B be dissipated with, against the formula in NumPy."""

import numpy as np
import pytest

from multifluid import FiveMoment
from multifluid.kernels.drift import drift_speeds, hold
from tests.kernels.helpers import fill_random, make_solver, prepare

GRAINS = [FiveMoment("electron", 0.01, -1.0), FiveMoment("ion", 1.0, 1.0), FiveMoment("grain", 50.0, -0.5),
          FiveMoment("gas", 2.0, 0.0, 1.4), FiveMoment("helium", 4.0, 0.0)]
COLLISIONS = (("electron", "gas", 3.0), ("ion", "gas", 30.0), ("grain", "gas", 0.5), ("ion", "helium", 0.1))
SPACING = (0.1, 0.05, 0.2)


def alpha(law, W, s, n):
    slip2 = ((W[s + 1:s + 4] - W[n + 1:n + 4]) ** 2).sum(axis=0)
    thermal = np.maximum(W[s + 4] / W[s], 0.0) + np.maximum(W[n + 4] / W[n], 0.0)
    hard = law[1] * np.sqrt(thermal + law[2] * slip2)
    return law[0] + hard + (law[3] * (thermal + law[4] * slip2) ** -1.5 if law[3] else 0.0)


def limits(solver):
    """|u| + v_f + eta_A/dx along x, y, z of every cell, ghosts included."""
    L, W, qm = solver.layout, solver.W, solver.qm
    friction = sum(alpha(solver.laws[s, n], W, L.v_fluid[s], L.v_fluid[n]) * W[L.v_fluid[s]] * W[L.v_fluid[n]]
                   for s in np.flatnonzero(qm) for n in np.flatnonzero(qm == 0))
    tension = (W[L.v_field + 3:L.v_field + 6] ** 2).sum(axis=0) * (solver.eps0 * solver.c**2)
    rho, p = (sum(W[v + row] for v in L.v_fluid) for row in (0, 4))
    together = np.sqrt((tension + 5.0 / 3.0 * p) / rho)
    return np.array([np.max([np.abs(W[v + 1 + d]) for v in L.v_fluid], axis=0) + together
                     + solver.inverse_dx[d] * tension / friction for d in range(3)])


def random_solver(cells, seed=1, fluids=GRAINS, drags=COLLISIONS, **options):
    lengths = tuple(n * dx for n, dx in zip(cells, SPACING, strict=True))
    solver = make_solver(cells, fluids, drags=drags, lengths=lengths, c=7.0, **options)
    fill_random(solver, seed, density=(0.1, 10.0))
    prepare(solver)
    return solver


def signals(solver, dt, limited):
    solver.drag_limits_dissipation = limited
    solver.signal_speeds(dt)
    return solver.signals.copy()


@pytest.mark.parametrize("cells", [(500, 1, 1), (1, 12, 10), (8, 7, 6)])
@pytest.mark.parametrize("law", [(0.0, 0.0, 0.0, 0.0, 0.0), (0.2, 0.3, 0.2, 0.1, 0.6)])
def test_against_the_formula(cells, law):
    solver = random_solver(cells)
    for s, n in ((1, 3), (0, 4)):
        solver.laws[s, n] += law
        solver.laws[n, s] += law
    S, axes = len(GRAINS), [d for d in range(3) if cells[d] > 1]
    free, found, limit = signals(solver, 0.01, False), signals(solver, 0.01, True), limits(solver)
    assert np.array_equal(found[:S], free[:S])
    for d in axes:
        assert found[S + d] == pytest.approx(np.minimum(free[S + d], limit[d]), rel=1e-14)
        assert 0.1 < (found[S + d] < free[S + d]).mean() < 0.9
    for d in set(range(3)) - set(axes):
        assert (found[S + d] == 0.0).all()


def test_nothing_without_drag():
    """No pair with drag, no neutrals, no charges: the same bits."""
    for fluids, drags in ((GRAINS, ()), (GRAINS[:3], ()), (GRAINS[3:], ())):
        solver = random_solver((60, 1, 1), fluids=fluids, drags=drags)
        assert np.array_equal(signals(solver, 0.01, True), signals(solver, 0.01, False))


def test_nothing_in_cells_without_drag():
    """B = 0 and no charged fluid left: friction and B^2 are both 0."""
    n, rows = 4, {name: np.zeros((2, 4)) for name in ("out", "work")}
    W = np.ones((14, n))
    friction, b2 = np.array([0.0, 0.0, 2.0, 2.0]), np.array([0.0, 3.0, 0.0, 3.0])
    drift_speeds(*rows["out"], friction, b2, rows["work"], W, np.array([0]), 1.0, 0, n)
    speed = np.full(n, 9.0)
    hold(speed, np.zeros(n), *rows["out"], 0.1, n)
    assert speed == pytest.approx([9.0, 9.0, (5 / 3) ** 0.5, (14 / 3) ** 0.5 + 0.15], rel=1e-15)


def test_the_step_stays():
    solver = random_solver((40, 1, 1))
    rates = []
    for solver.drag_limits_dissipation in (False, True):
        rates.append(solver.crossing_rates(0.01))
    assert np.array_equal(*rates)


def test_threads_and_python_change_no_bit():
    one, three = (signals(random_solver((9, 8, 7), threads=threads), 0.01, True) for threads in (1, 3))
    assert np.array_equal(one, three)
    W, size = one.reshape(-1)[:1400].reshape(14, 100), 100
    friction, b2 = np.abs(W[1]), W[2] ** 2
    found = []
    for kernel in (drift_speeds, drift_speeds.py_func):
        found.append(np.zeros((4, size)))
        kernel(found[-1][0], found[-1][1], friction, b2, found[-1][2:], W, np.array([0, 5]), 0.7, 0, size)
    assert np.array_equal(*found)

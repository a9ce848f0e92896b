"""One stage: recipes, energy, momentum, floors; through ``Solver.stage`` as a step calls it."""

import numpy as np
import pytest

from multifluid import FiveMoment
from multifluid.kernels import stage
from tests.kernels.helpers import fill_random, make_solver, prepare, three_fluids

CELLS = 10_000
INCREMENT = (0.0, 0.0, 0.0, 0.0, 0.0, 1.0)  # recipe that leaves U - U* in C
NEUTRALS = [FiveMoment("light", 1.0, gamma=1.4), FiveMoment("middle", 2.3), FiveMoment("heavy", 20.0, gamma=1.1)]
COLLIDING = (("light", "middle", 3.0), ("middle", "heavy", 0.2), ("light", "heavy", 40.0))
PLASMA_DRAG = (("electron", "ion", 0.5), ("electron", "neutral", 2.0), ("ion", "neutral", 30.0))


def relaxed(solver, h, kind=stage.BACKWARD_EULER, curl=False, seed=11, **random):
    """Fill, run one stage over h; returns interior (A, C, W)."""
    fill_random(solver, seed, **random)
    prepare(solver)
    assert solver.stage(h, INCREMENT, 0.0, kind=kind, curl=curl) == 0
    return solver.interior(solver.A), solver.interior(solver.C), solver.interior(solver.W)


def kinetic(U, u):
    return 0.5 * (U[u + 1:u + 4] ** 2).sum(axis=0) / U[u]


@pytest.mark.parametrize("h", [1e-6, 1.0, 1e8])
def test_drag_alone_conserves_momentum_and_energy(h):
    solver = make_solver((CELLS, 1, 1), NEUTRALS, field=False, drags=COLLIDING)
    A, C, _ = relaxed(solver, h)
    momentum = sum(C[u + 1:u + 4] for u in solver.layout.u_fluid)
    size = sum(np.abs(A[u + 1:u + 4]).sum(axis=0) for u in solver.layout.u_fluid)
    assert np.all(np.abs(momentum) <= 1e-13 * size)  # 2e-15
    energy, total = sum(C[u + 4] for u in solver.layout.u_fluid), sum(A[u + 4] for u in solver.layout.u_fluid)
    assert np.all(np.abs(energy) <= 1e-13 * total)  # 1e-15
    assert np.abs(C[1]).max() > 0.0


@pytest.mark.parametrize("h", [1e-6, 1e-2, 1.0, 1e3])
@pytest.mark.parametrize("drags", [(), PLASMA_DRAG])
def test_energy_changes_by_work_and_heat(h, drags):
    """e - e* = h q n u.E + h sum_r alpha rho_s rho_r (u_r - u_s).u_s + Q_s, with the stage's values."""
    solver = make_solver((CELLS, 1, 1), drags=drags)
    layout = solver.layout
    _, C, W = relaxed(solver, h)
    E = W[layout.v_field:layout.v_field + 3]
    for s, (u, v) in enumerate(zip(layout.u_fluid, layout.v_fluid, strict=True)):
        rho, velocity = W[v], W[v + 1:v + 4]
        terms = [h * solver.qm[s] * rho * velocity[d] * E[d] for d in range(3)]
        for r, other in enumerate(layout.v_fluid):
            rate = h * solver.alpha[s, r] * rho * W[other]
            share = solver.mass[r] / (solver.mass[s] + solver.mass[r])
            slip = W[other + 1:other + 4] - velocity
            terms += [rate * slip[d] * velocity[d] for d in range(3)] + [rate * share * (slip**2).sum(axis=0)]
        # forces are known to rounding: of the momentum, and of the velocities whose difference drag multiplies
        speed = max(np.sqrt((W[w + 1:w + 4] ** 2).sum(axis=0)).max() for w in layout.v_fluid)
        momentum = rho * np.sqrt((velocity**2).sum(axis=0)) + np.sqrt((C[u + 1:u + 4] ** 2).sum(axis=0))
        drag = sum(h * solver.alpha[s, r] * rho * W[w] for r, w in enumerate(layout.v_fluid))
        scale = sum(np.abs(t) for t in terms) + momentum * speed + drag * speed**2
        assert np.all(np.abs(C[u + 4] - sum(terms)) <= 1e-14 * scale)


@pytest.mark.parametrize("h", [1e-6, 1e-2, 1.0, 1e6])
@pytest.mark.parametrize("drags", [(), PLASMA_DRAG])
def test_internal_energy_never_decreases(h, drags):
    """The stage adds rho |u - u*|^2/2 and the heat of drag."""
    solver = make_solver((CELLS, 1, 1), drags=drags)
    A, _, W = relaxed(solver, h)
    for s, (u, v) in enumerate(zip(solver.layout.u_fluid, solver.layout.v_fluid, strict=True)):
        before = A[u + 4] - kinetic(A, u)
        after = W[v + 4] / (solver.gamma[s] - 1.0)
        assert np.all(after >= before - 1e-15 * A[u + 4])


def test_increments_and_primitives_are_the_same_state():
    solver = make_solver((CELLS, 1, 1), drags=PLASMA_DRAG)
    A, C, W = relaxed(solver, 0.1)
    U = A + C
    layout = solver.layout
    for s, (u, v) in enumerate(zip(layout.u_fluid, layout.v_fluid, strict=True)):
        assert np.array_equal(W[v], A[u]) and np.all(C[u] == 0.0)
        assert np.abs(W[v + 1:v + 4] * W[v] - U[u + 1:u + 4]).max(axis=0) == pytest.approx(
            0.0, abs=1e-13 * np.abs(A[u + 1:u + 4]).max())
        energy = W[v + 4] / (solver.gamma[s] - 1.0) + 0.5 * W[v] * (W[v + 1:v + 4] ** 2).sum(axis=0)
        assert np.all(np.abs(energy - U[u + 4]) <= 1e-13 * (energy + A[u + 4]))
    E = slice(layout.v_field, layout.v_field + 3)
    assert np.abs(W[E] - U[layout.u_field:layout.u_field + 3]).max() <= 1e-13 * np.abs(A[layout.u_field:]).max()


@pytest.mark.parametrize("h", [1e-3, 0.3, 10.0])
@pytest.mark.parametrize("drags", [(), PLASMA_DRAG])
def test_midpoint_conserves_energy(h, drags):
    """Matter and electric energy together: the time-centred solve is a Cayley transform, drag's loss is its heat."""
    solver = make_solver((CELLS, 1, 1), drags=drags)
    fill_random(solver, 12)
    prepare(solver)
    solver.stage(h, INCREMENT, 0.0, kind=stage.MIDPOINT, curl=False)
    A, C, layout = solver.interior(solver.A), solver.interior(solver.C), solver.layout
    E, dE = A[layout.u_field:layout.u_field + 3], C[layout.u_field:layout.u_field + 3]
    gain = sum(C[u + 4] for u in layout.u_fluid) + solver.eps0 * (dE * (E + 0.5 * dE)).sum(axis=0)
    total = sum(A[u + 4] for u in layout.u_fluid) + 0.5 * solver.eps0 * (E**2).sum(axis=0)
    assert np.all(np.abs(gain) <= 1e-12 * total)  # 2e-15
    if not drags:
        for u in layout.u_fluid:
            work = kinetic(A + C, u) - kinetic(A, u)
            assert np.all(np.abs(work - C[u + 4]) <= 1e-12 * total)


def test_one_neutral_alone_is_left_as_it_is():
    """Exactly: with or without a field, and beside a plasma that it has no drag with."""
    gas = FiveMoment("gas", 1.0)
    for fluids, field in (([gas], False), ([gas], True), ([gas, *three_fluids()[:2]], True)):
        solver = make_solver((64, 1, 1), fluids, field=field)
        _, C, _ = relaxed(solver, 1e3)
        assert np.all(C[:5] == 0.0)


def test_vacuum_keeps_its_field():
    solver = make_solver((64, 1, 1), [])
    A, C, W = relaxed(solver, 1e3)
    assert np.abs(C).max() <= 2e-15
    assert np.abs(W[:3] - A[:3]).max() <= 2e-15


def test_curl_of_b_drives_e_inside_the_solve():
    """Without charges E - E* = h c^2 curl B."""
    solver = make_solver((32, 24, 1), [FiveMoment("gas", 1.0)])
    _, C, W = relaxed(solver, 0.1, curl=True)
    v = solver.layout.v_field
    B, (dx, dy, _) = W[v + 3:v + 6], solver.grid.spacing

    def slope(q, axis, d):
        return (np.roll(q, -1, axis=-1 - axis) - np.roll(q, 1, axis=-1 - axis)) / (2.0 * d)

    curl = np.stack([slope(B[2], 1, dy), -slope(B[2], 0, dx), slope(B[1], 0, dx) - slope(B[0], 1, dy)])
    expected = 0.1 * solver.c**2 * curl
    assert C[5:8] == pytest.approx(expected, abs=1e-13 * np.abs(expected).max())


def test_recipe():
    """W from A + d D + c C; C = ca A + cd D + cc C + gain increment (none here); A and D stay."""
    solver = make_solver((48, 6, 1), drags=PLASMA_DRAG)
    fill_random(solver, 13)
    prepare(solver)
    rng = np.random.default_rng(14)
    d, c, ca, cd, cc, gain = recipe = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
    A = solver.interior(solver.A).copy()
    for array in (solver.D, solver.C):
        solver.interior(array)[...] = 1e-3 * rng.random(A.shape)
        array[4::5][:3] += 1.0  # energies stay positive
    D, C = solver.interior(solver.D).copy(), solver.interior(solver.C).copy()
    assert solver.stage(0.7, recipe, 0.0, kind=stage.NO_SOURCE, curl=False) == 0
    star = A + d * D + c * C
    expected = ca * A + cd * D + cc * C
    assert np.array_equal(solver.interior(solver.A), A)
    assert solver.interior(solver.C) == pytest.approx(expected, rel=1e-14, abs=2e-15)
    assert np.array_equal(solver.interior(solver.D), D)
    W, layout = solver.interior(solver.W), solver.layout
    assert W[layout.v_fluid] == pytest.approx(star[layout.u_fluid], rel=1e-15)
    assert W[layout.v_fluid + 2] == pytest.approx(star[layout.u_fluid + 2] / star[layout.u_fluid], rel=1e-12, abs=1e-13)
    assert W[layout.v_face:] == pytest.approx(star[layout.u_field + 3:], rel=1e-15)
    assert gain != 0.0


def test_cells_that_are_not_positive_are_counted():
    solver = make_solver((16, 8, 1))
    fill_random(solver, 15)
    A = solver.interior(solver.A)
    A[0, 0, 2, 3] = -1.0
    A[9, 0, 4, 5] = np.nan
    A[14, 0, 4, 5] = np.inf
    assert solver.primitives_of_state(0.0) == 3
    fill_random(solver, 15)
    prepare(solver)
    A[0, 0, 2, 3] = -1.0
    assert solver.stage(0.1, INCREMENT, 0.0) >= 1


def test_floors_raise_and_count():
    solver = make_solver((16, 8, 1), NEUTRALS, field=False, floors=(1e-3, 1e-2))
    fill_random(solver, 16, density=(1.0, 2.0), pressure=(1.0, 2.0))
    A = solver.interior(solver.A)
    A[:5, 0, 1, 1] = 1e-5, 0.0, 0.0, 0.0, 1.0
    A[5:10, 0, 2, 2] = 1.0, 0.0, 0.0, 0.0, 1e-6
    assert solver.stage(0.1, INCREMENT, 0.0) == 0
    W = solver.interior(solver.W)
    assert W[0, 0, 1, 1] == 1e-3 and W[9, 0, 2, 2] == 1e-2
    assert solver.counts[:, 1].sum() == 2

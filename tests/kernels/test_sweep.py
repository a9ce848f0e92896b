"""Flux divergence and one whole step on smooth random data: conservation, symmetries, threads, Gauss's law."""

import numpy as np
import pytest

from multifluid import FiveMoment
from multifluid.kernels.sweep import charge_flux_row, difference_rows
from multifluid.maxwell import DERIVATIVE
from multifluid.stepping import imex_step, strang_step
from tests.kernels.helpers import central, difference, fill_random, fill_smooth, make_solver, prepare

DRAGS = (("electron", "neutral", 0.5), ("ion", "neutral", 2.0))
DT = 4e-3
RECONSTRUCTIONS = pytest.mark.parametrize("reconstruction", ["plm", "ppm"])
CUBE = (8, 8, 8)


def plasma(cells=CUBE, **options):
    return make_solver(cells, drags=DRAGS, **options)


def stepped(solver, state=None, steps=1, step=imex_step, dt=DT):
    """Interior state before and after; ``state`` replaces the smooth one."""
    fill_smooth(solver, seed=1)
    if state is not None:
        solver.interior(solver.A)[...] = state
    prepare(solver)
    before = solver.interior(solver.A).copy()
    for _ in range(steps):
        step(solver, 0.0, dt)
        solver.A, solver.C = solver.C, solver.A
        prepare(solver)
    return before, solver.interior(solver.A).copy()


def vectors(layout):
    return [*(layout.u_fluid + 1), layout.u_field, layout.u_field + 3]


def exchanged(A, layout, shift):
    """Axes x, y, z -> x + shift, cyclically; vectors with them."""
    moved = np.transpose(A, (0, *[1 + (a + shift) % 3 for a in range(3)])).copy()
    out = moved.copy()
    for v in vectors(layout):
        for d in range(3):
            out[v + (d + shift) % 3] = moved[v + d]
    return out


def half_turn(A, layout):
    """Rotation by 180 degrees about z."""
    out = A[..., ::-1, ::-1].copy()
    for v in vectors(layout):
        out[v:v + 2] *= -1.0
    b = layout.u_field + 3
    # a lower face becomes an upper one
    out[b], out[b + 1] = np.roll(out[b], 1, axis=-1), np.roll(out[b + 1], 1, axis=-2)
    return out


def largest_difference(a, b, layout):
    """Largest difference in units of the largest value of each fluid's scalars and vectors."""
    worst = 0.0
    for u in layout.u_fluid:
        for rows in ([u], [u + 1, u + 2, u + 3], [u + 4]):
            worst = max(worst, np.abs(a[rows] - b[rows]).max() / np.abs(b[rows]).max())
    for u in (layout.u_field, layout.u_field + 3):
        worst = max(worst, np.abs(a[u:u + 3] - b[u:u + 3]).max() / np.abs(b[u:u + 3]).max())
    return worst


@RECONSTRUCTIONS
@pytest.mark.parametrize("shift", [1, 2])
def test_exchange_of_axes(reconstruction, shift):
    solver = plasma(reconstruction=reconstruction)
    before, after = stepped(solver)
    _, turned = stepped(plasma(reconstruction=reconstruction), exchanged(before, solver.layout, shift))
    assert largest_difference(turned, exchanged(after, solver.layout, shift), solver.layout) <= 1e-13  # 2e-15


@RECONSTRUCTIONS
def test_rotation_by_half_a_circle(reconstruction):
    solver = plasma(reconstruction=reconstruction)
    before, after = stepped(solver)
    _, turned = stepped(plasma(reconstruction=reconstruction), half_turn(before, solver.layout))
    assert largest_difference(turned, half_turn(after, solver.layout), solver.layout) <= 1e-13


@RECONSTRUCTIONS
@pytest.mark.parametrize("cells", [CUBE, (32, 1, 1), (13, 7, 1)])
def test_threads_do_not_change_a_bit(reconstruction, cells):
    results = [stepped(plasma(cells, reconstruction=reconstruction, threads=threads), steps=2)[1]
               for threads in (1, 2, 3)]
    assert np.array_equal(results[0], results[1]) and np.array_equal(results[0], results[2])


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_one_dimension_along_any_axis(axis):
    """A row along y or z gives what it gives along x."""
    x = plasma((24, 1, 1))
    before, after = stepped(x)
    cells = [1, 1, 1]
    cells[axis] = 24
    other = plasma(tuple(cells))
    _, turned = stepped(other, exchanged(before, x.layout, axis))
    assert largest_difference(turned, exchanged(after, x.layout, axis), x.layout) <= 1e-13


@RECONSTRUCTIONS
def test_gauss_law_is_kept(reconstruction):
    """div E - rho_c/eps0 stays what it was, in units of n e/eps0. (Strang's sources act on other currents than its
    fluxes carry, so it holds to truncation only there.)"""
    solver = plasma(reconstruction=reconstruction)
    before, after = stepped(solver, steps=5)
    layout, grid = solver.layout, solver.grid
    near, far = DERIVATIVE[2 if reconstruction == "plm" else 4]

    def gauss(A):
        div = sum(central(A[layout.u_field + d], d, grid.spacing[d], near, far) for d in range(3))
        return solver.eps0 * div - sum(qm * A[u] for qm, u in zip(solver.qm, layout.u_fluid, strict=True))

    carried = np.abs(solver.qm[0] * before[0]).max()
    assert np.abs(gauss(after) - gauss(before)).max() <= 1e-13 * carried  # 2e-15


@RECONSTRUCTIONS
@pytest.mark.parametrize("step", [imex_step, strang_step])
def test_div_b_is_kept(reconstruction, step):
    solver = plasma(reconstruction=reconstruction)
    before, after = stepped(solver, steps=5, step=step)
    b, grid = solver.layout.u_field + 3, solver.grid
    div_b = sum(difference(after[b + d], d, grid.spacing[d]) for d in range(3))
    assert np.abs(div_b).max() <= 1e-13 * np.abs(after[b:b + 3]).max() / min(grid.spacing)
    assert np.abs(after[b:b + 3] - before[b:b + 3]).max() > 1e-4


@RECONSTRUCTIONS
@pytest.mark.parametrize("cells", [CUBE, (32, 1, 1), (13, 7, 1)])
def test_sums_over_a_periodic_box(reconstruction, cells):
    """Mass of each fluid, magnetic flux, and the momentum and energy of everything that the scheme conserves."""
    solver = plasma(cells, reconstruction=reconstruction)
    before, after = stepped(solver, steps=3)
    layout = solver.layout
    change = (after - before).sum(axis=(1, 2, 3))
    size = np.abs(before).sum(axis=(1, 2, 3))
    for u in layout.u_fluid:
        assert abs(change[u]) <= 1e-14 * size[u]
    b = layout.u_field + 3
    assert np.all(np.abs(change[b:b + 3]) <= 1e-14 * size[b:b + 3].sum())


@RECONSTRUCTIONS
def test_neutral_gas_conserves_everything(reconstruction):
    solver = make_solver((12, 10, 8), make_solver(CUBE).layout.fluids[2:], field=False, reconstruction=reconstruction)
    before, after = stepped(solver, steps=3)
    change, size = (after - before).sum(axis=(1, 2, 3)), np.abs(before).sum(axis=(1, 2, 3))
    assert np.all(np.abs(change) <= 1e-14 * size)
    assert np.abs(after - before).max() > 1e-3


@RECONSTRUCTIONS
def test_uniform_state_at_rest_stays(reconstruction):
    solver = plasma(reconstruction=reconstruction)
    state = np.zeros_like(solver.interior(solver.A))
    for u, mass in zip(solver.layout.u_fluid, (0.04, 1.0, 2.0), strict=True):
        state[u], state[u + 4] = mass, 0.7
    state[solver.layout.u_field + 3:] = 0.4
    before, after = stepped(solver, state, steps=3)
    assert np.abs(after - before).max() <= 1e-15


@pytest.mark.parametrize("explicit_curl", [False, True])
@pytest.mark.parametrize("cells", [(240, 5, 1), (1, 6, 5), (9, 1, 1), CUBE])
def test_a_fresh_target_forgets_what_it_held(cells, explicit_curl):
    """The same bits as added to zeros; without curl B nothing is written to E."""
    solver = make_solver(cells)
    fill_random(solver, 3)
    prepare(solver)
    clean, held = np.zeros_like(solver.D), np.random.default_rng(4).random(solver.D.shape)
    fresh, e = held.copy(), solver.layout.u_field
    solver.flux_divergence(clean, 0.7, 1e-3, explicit_curl=explicit_curl)
    solver.flux_divergence(fresh, 0.7, 1e-3, fresh=True, explicit_curl=explicit_curl)
    inside, got = solver.interior(clean), solver.interior(fresh)
    rows = [row for row in range(len(clean)) if explicit_curl or not e <= row < e + 3]
    assert np.array_equal(got[rows], inside[rows])
    if not explicit_curl:
        assert np.array_equal(fresh[e:e + 3], held[e:e + 3])


@RECONSTRUCTIONS
@pytest.mark.parametrize("axis", [0, 1, 2])
def test_divergence_of_fluxes_of_a_mirrored_state_is_mirrored(axis, reconstruction):
    """For random states, up to the order in which the two faces and the axes are added."""
    results = []
    for mirrored in (False, True):
        solver = make_solver((6, 6, 6), reconstruction=reconstruction)
        fill_random(solver, 2)
        if mirrored:
            A = solver.interior(solver.A)
            A[...] = mirror(A, solver.layout, axis)
        prepare(solver)
        solver.D[...] = 0.0
        solver.flux_divergence(solver.D, 1.0, 1e-3)
        results.append(solver.interior(solver.D)[:solver.layout.u_field].copy())
    expected = np.flip(results[0], axis=3 - axis).copy()
    for u in solver.layout.u_fluid:
        expected[u + 1 + axis] *= -1.0
    assert np.abs(results[1] - expected).max() <= 2e-15 * np.abs(expected).max()


def mirror(A, layout, axis):
    """Reflection along an axis: velocities and E are polar, B is axial."""
    out = np.flip(A, axis=3 - axis).copy()
    for u in layout.u_fluid:
        out[u + 1 + axis] *= -1.0
    out[layout.u_field + axis] *= -1.0
    for d in range(3):
        if d == axis:
            out[layout.u_field + 3 + d] = np.roll(out[layout.u_field + 3 + d], 1, axis=2 - axis)
        else:
            out[layout.u_field + 3 + d] *= -1.0
    return out


def test_charge_flux_is_the_mean_current():
    solver = make_solver((10, 1, 1))
    fill_random(solver, 3)
    prepare(solver)
    W, layout = solver.W.reshape(len(solver.W), -1), solver.layout
    charge = np.zeros(11)
    charge_flux_row(charge, W, solver.qm, layout.v_fluid, 0, 3, 1, 11, 0.5, 0.0)
    J = sum(qm * W[v] * W[v + 1] for qm, v in zip(solver.qm, layout.v_fluid, strict=True))
    assert charge == pytest.approx(0.5 * (J[2:13] + J[3:14]), rel=1e-13)


def test_compiled_is_python_to_the_last_bit():
    rng = np.random.default_rng(4)
    F, T, W = rng.normal(size=(5, 40)), rng.normal(size=(6, 50)), np.zeros((5, 50))
    models, one = np.array([FiveMoment("gas", 1.0).model]), np.zeros(1, np.int64)
    both = [T.copy(), T.copy()]
    for function, out in zip((difference_rows, difference_rows.py_func), both, strict=True):
        function(out, W, models, one, one, -1, F, F, None, 0, 2, 1, 5, 30, 0.3)
    assert np.array_equal(*both)
    W = rng.normal(size=(10, 60))
    rows = np.zeros((2, 30))
    for function, out in zip((charge_flux_row, charge_flux_row.py_func), rows, strict=True):
        function(out, W, np.array([-3.0, 1.0]), np.array([0, 5]), 1, 10, 2, 30, 7 / 12, -1 / 12)
    assert np.array_equal(*rows)

"""Heat flux down the gradient of temperature: conservation, symmetry, decay, stiffness, positivity, order in time."""

import numpy as np
import pytest

from multifluid import Boundaries, FiveMoment, InputError, TenMoment
from multifluid.coupling.heat_flux import TOLERANCES, chebyshev
from multifluid.stepping import _IMEX, Stepper
from multifluid.theory.background import HAMMETT_PERKINS
from tests.kernels.helpers import make_solver, prepare

PAIRS = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))
GRIDS = [(32, 1, 1), (1, 24, 1), (1, 1, 24), (12, 10, 1), (1, 9, 12), (8, 6, 5)]


def gas(k0=2.0, **more):
    return TenMoment("gas", 1.0, heat_flux="gradient", k0=k0, **more)


def set_state(solver, rho, P, u=0.0):
    """Write one ten-moment fluid, P (3, 3, z, y, x)."""
    W = np.zeros((11, *solver.grid.shape))
    W[0], W[1:4] = rho, u
    for m, (i, j) in enumerate(PAIRS):
        W[5 + m] = P[i, j]
    W[4] = (W[5] + W[8] + W[10]) / 3.0
    solver.interior(solver.A)[:10] = solver.layout.fluids[0].conserved(W)
    prepare(solver)


def rough(shape, seed=1):
    """Densities and positive definite tensors without any smoothness: (rho, P)."""
    rng = np.random.default_rng(seed)
    L = rng.normal(size=(3, 3, *shape))
    return np.exp(rng.normal(size=shape)), np.einsum("ij...,kj...->ik...", L, L)


def smooth(solver, seed=3):
    """A smooth state with contrasts of some 2 in rho and P."""
    rng, grid = np.random.default_rng(seed), solver.grid
    phases = [2.0 * np.pi * q for q in grid.mesh()]
    def wave():
        return sum(rng.uniform(0.3, 1.0) * np.sin(p + rng.uniform(0, 6)) for p, g in zip(phases, grid.ghosts) if g)

    P = np.zeros((3, 3, *grid.shape))
    for i, j in PAIRS:
        P[i, j] = P[j, i] = 0.15 * wave() + (1.0 if i == j else 0.0)
    return 1.0 + 0.2 * wave() + np.zeros(grid.shape), P


def conduct(solver, h):
    """P (3, 3, z, y, x) after one backward Euler stage of heat flux alone, and how many cells are not positive."""
    solver.C[...] = 0.0
    bad = solver.heat_flux.conduct(solver, h, 1.0, 0.0)
    return tensor(solver), bad


def tensor(solver):
    W, P = solver.interior(solver.W), np.zeros((3, 3, *solver.grid.shape))
    for m, (i, j) in enumerate(PAIRS):
        P[i, j] = P[j, i] = W[5 + m]
    return P


@pytest.mark.parametrize("cells", GRIDS)
@pytest.mark.parametrize("h", [1e-4, 1e-2, 1.0])
def test_rough_states_keep_every_sum_and_lose_contrast(cells, h):
    """At up to 1e4 times the explicit step; the sum that falls is that of rho T_ij T_ij."""
    solver = make_solver(cells, [gas()], field=False)
    rho, P = rough(solver.grid.shape)
    set_state(solver, rho, P)
    after, bad = conduct(solver, h)
    scale = P.trace().sum()
    assert np.abs((after - P).sum(axis=(2, 3, 4))).max() <= 1e-14 * scale  # 3e-16
    assert (after**2 / rho).sum() < (P**2 / rho).sum()
    if cells != (8, 6, 5) or h > 1e-4:
        assert bad == 0
    C = solver.interior(solver.C)
    for m, (i, j) in enumerate(PAIRS):
        assert np.allclose(C[4 + m], after[i, j] - P[i, j], rtol=0.0, atol=1e-13 * scale / P[0, 0].size)


def test_any_step_is_stable():
    solver = make_solver((12, 10, 1), [gas()], field=False)
    rho, P = rough(solver.grid.shape)
    set_state(solver, rho, P)
    after, bad = conduct(solver, 100.0)
    T = after / rho
    # measured: 6e-4 of the mean, 1.0 before
    assert bad == 0 and T.std(axis=(2, 3, 4)).max() <= 2e-3 * T.mean()


def shifted(q, axis, n):
    return np.roll(q, -n, axis=q.ndim - 1 - axis)


def divergence(solver, rho, P):
    """-d_k q_ijk by NumPy, periodic, in one or two dimensions x, y."""
    T, dx = P / rho, solver.grid.spacing
    K = 0.5 * HAMMETT_PERKINS * rho * np.sqrt(T.trace() / 3.0)
    axes = [a for a in range(3) if solver.grid.ghosts[a]]
    out = np.zeros_like(P)
    for a in axes:
        others = [t for t in axes if t != a]
        plain = 0.5 * (K + shifted(K, a, 1))  # at the upper face
        if others:
            (t,) = others
            edge = 0.25 * (K + shifted(K, a, 1) + shifted(K, t, 1) + shifted(shifted(K, a, 1), t, 1))
            plain = 0.5 * (edge + shifted(edge, t, -1))
            d_edge = 0.5 * (shifted(T, t, 1) - T + shifted(shifted(T, t, 1) - T, a, 1)) / dx[t]
            across = 0.5 * (edge * d_edge + shifted(edge * d_edge, t, -1))
        d = plain * (shifted(T, a, 1) - T) / dx[a]
        for i in range(3):
            for j in range(3):
                flux = d[i, j].copy()
                for one, two in ((i, j), (j, i)):
                    if one == a:
                        flux += d[two, a]
                    elif one in others:
                        flux += across[two, a]
                out[i, j] += (flux - shifted(flux, a, -1)) / dx[a]
    return out


@pytest.mark.parametrize("cells", [(16, 1, 1), (12, 10, 1)])
def test_one_small_step_against_numpy(cells):
    solver = make_solver(cells, [gas()], field=False)
    rho, P = smooth(solver)
    set_state(solver, rho, P)
    h = 1e-7
    after, _ = conduct(solver, h)
    wanted = divergence(solver, rho, P)
    assert np.abs((after - P) / h - wanted).max() <= 1e-4 * np.abs(wanted).max()  # measured: 1e-5, h times the rates


@pytest.mark.parametrize("cells", [(16, 1, 1), (12, 10, 1)])
def test_a_large_step_solves_backward_euler(cells):
    """P - P* = h (-div q)(P) with K of P itself, up to what two solutions leave."""
    solver = make_solver(cells, [gas()], field=False)
    rho, P = smooth(solver)
    set_state(solver, rho, P)
    h = 0.1
    after, _ = conduct(solver, h)
    residual = after - P - h * divergence(solver, rho, after)
    assert np.abs(residual).max() <= 2e-2 * np.abs(after - P).max()


@pytest.mark.parametrize("axis", [0, 1, 2])
@pytest.mark.parametrize("h", [1e-3, 1.0])
def test_decay_of_a_sine_in_every_component(axis, h):
    """1/(1 + h n K s^2/rho), n = 1 + (i = a) + (j = a), s = 2 sin(k dx/2)/dx."""
    cells = [1, 1, 1]
    cells[axis] = 32
    solver = make_solver(tuple(cells), [gas()], field=False)
    wave = np.sin(2.0 * np.pi * solver.grid.mesh()[axis]) + np.zeros(solver.grid.shape)
    P = np.zeros((3, 3, *solver.grid.shape))
    for i, j in PAIRS:
        P[i, j] = P[j, i] = 2.0 * (i == j) + 1e-6 * wave
    set_state(solver, 0.5, P)
    after, _ = conduct(solver, h)
    rate = HAMMETT_PERKINS * 0.5 * 2.0 * (2.0 * 32 * np.sin(np.pi / 32)) ** 2  # sqrt(p/rho) = 2
    for i, j in PAIRS:
        n = 1 + (i == axis) + (j == axis)
        found = 2.0 * np.mean((after[i, j] - 2.0 * (i == j)) * wave) / 1e-6
        assert abs(found - 1.0 / (1.0 + h * n * rate)) <= 2.0 * np.prod(TOLERANCES)


def test_axes_are_alike():
    """The state turned about the diagonal of the box gives the turned result."""
    results = []
    for turn in range(3):
        order = [(d - turn) % 3 for d in range(3)]  # new axis d is old axis order[d]
        cells = (8, 6, 5)
        lengths = tuple((1.0, 1.3, 0.7)[d] for d in order)
        solver = make_solver(tuple(cells[d] for d in order), [gas()], field=False, lengths=lengths)
        rho, P = rough((5, 6, 8))
        to_new = [2 - order[2 - n] for n in range(3)]
        back = np.argsort(to_new)
        turned = P[np.ix_(order, order)].transpose(0, 1, *(2 + n for n in to_new))
        set_state(solver, rho.transpose(to_new), turned)
        after, _ = conduct(solver, 0.01)
        inverse = np.argsort(order)
        results.append(after.transpose(0, 1, *(2 + n for n in back))[np.ix_(inverse, inverse)])
    for other in results[1:]:
        assert np.abs(other - results[0]).max() <= 1e-12 * np.abs(results[0]).max()


@pytest.mark.parametrize("cells", [(16, 1, 1), (12, 10, 1), (8, 6, 5)])
def test_walls_let_no_energy_through(cells):
    solver = make_solver(cells, [gas()], field=False, boundaries=Boundaries("wall", "wall", "wall"))
    rho, P = rough(solver.grid.shape)
    set_state(solver, rho, P)
    after, _ = conduct(solver, 0.1)
    assert abs(after.trace().sum() / P.trace().sum() - 1.0) <= 1e-14
    # components across the wall are odd there, and their flux is not
    assert abs(after[0, 1].sum() - P[0, 1].sum()) > 1e-2 * P.trace().sum() / 3.0


def test_threads_give_the_same_bits():
    found = []
    for threads in (1, 3):
        solver = make_solver((12, 10, 7), [gas()], field=False, threads=threads)
        set_state(solver, *rough(solver.grid.shape))
        found.append(conduct(solver, 0.05)[0])
    assert np.array_equal(*found)


def test_no_heat_through_troubled_cells():
    solver = make_solver((12, 10, 1), [gas()], field=False)
    rho, P = rough(solver.grid.shape)
    set_state(solver, rho, P)
    solver.interior(solver.smooth)[0, 4:7, 0:3] = 0.0
    after, _ = conduct(solver, 0.1)
    assert np.array_equal(after[..., 0, 4:7, 0:3], P[..., 0, 4:7, 0:3])
    assert np.abs((after - P).sum(axis=(2, 3, 4))).max() <= 1e-14 * P.trace().sum()
    assert np.abs(after - P)[..., 0, 0, 8].max() > 1e-3


@pytest.mark.parametrize(("isotropisation", "charge"), [(0.0, 1.0), (5.0, 1.0), (5.0, 0.0)])
def test_second_order_in_time_beside_rotation_and_isotropisation(isotropisation, charge):
    """Sources and heat flux in the stages of whole steps, without the fluxes of the fluid, against a finer step."""
    results = []
    for steps in (20, 40, 80, 160):
        fluid = TenMoment("gas", 1.0, charge, isotropisation=isotropisation, heat_flux="gradient", k0=8.0)
        solver = make_solver((16, 1, 1), [fluid], c=3.0)
        rho, P = smooth(solver)
        set_state(solver, rho, P, u=0.1)
        solver.interior(solver.A)[13:16] = np.array([3.0, 2.0, 4.0]).reshape(3, 1, 1, 1)
        prepare(solver)
        dt = 0.5 / steps
        for _ in range(steps):
            for d, c, h, ca, cd, cc, gain in _IMEX:
                assert solver.stage(h * dt, (d * dt, c, ca, cd * dt, cc, gain), 0.0, curl=False) == 0
            solver.A, solver.C = solver.C, solver.A
        results.append(solver.interior(solver.A)[4:10].copy())
    errors = [np.abs(r - results[-1]).max() for r in results[:-1]]
    # against the finest, errors of second order fall by 21/5 = 4.2 and 5; of first order by 7/3 and 3
    assert errors[0] / errors[1] > 3.7 and errors[1] / errors[2] > 4.4, errors


def test_iterations_of_chebyshev():
    """Weights for a spectrum [1, 1 + x] bring every error to the tolerance; their number grows as sqrt(x)."""
    for stiffness in (1e-9, 0.1, 10.0, 1e4):
        weights, change, x = chebyshev(stiffness, 1e-3), 0.0, 0.0
        matrix = np.linspace(1.0, 1.0 + stiffness, 1001)
        for keep, take in weights:
            change = keep * change + take * (1.0 - matrix * x)
            x = x + change
        assert np.abs(x * matrix - 1.0).max() <= 1.001e-3
        assert len(weights) <= 2 + 0.5 * np.sqrt(stiffness) * np.log(2e3)


def test_input():
    for more, message in (({"heat_flux": "steep"}, "heat_flux must be one of"),
                          ({"heat_flux": "gradient"}, "k0 must be positive"),
                          ({"heat_flux": "none", "k0": 1.0}, "k0 must be 0"), ({"chi": 0.0}, "chi must be positive")):
        with pytest.raises(InputError, match=message):
            TenMoment("gas", 1.0, **more)
    assert TenMoment("gas", 1.0).chi == HAMMETT_PERKINS
    solver = make_solver((8, 1, 1), [gas()], field=False)
    with pytest.raises(InputError, match="stepper=imex"):
        Stepper(solver, "strang", 0.4)
    assert make_solver((8, 1, 1), [FiveMoment("gas", 1.0), TenMoment("other", 1.0, k0=1.0)], field=False).heat_flux is None

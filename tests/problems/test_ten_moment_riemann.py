"""Ten-moment shock tubes: the exact solution against tables and conservation, and runs against it."""

import numpy as np
import pytest

from multifluid import InputError, Simulation
from multifluid.problems.shocks.ten_moment_riemann import STATES, TenMomentTube
from multifluid.theory.ten_moment_riemann import TenMomentRiemann
from tests.theory.reference_data import reference


def failed(checks):
    return [f"{check.name}: {check.value:.4g}, limit {check.limit:.4g}" for check in checks if not check.passed]


def run(**parameters):
    problem = TenMomentTube(**parameters)
    return problem, Simulation(problem).run()


@pytest.mark.parametrize("case", STATES)
def test_exact_solution_is_the_table(case):
    # measured: 6e-16
    table = reference(f"tenmoment_riemann_{case}.npz")
    riemann = TenMomentRiemann(table["WL"], table["WR"])
    assert np.array_equal(STATES[case], [table["WL"], table["WR"]])
    assert np.abs(riemann.sample(table["x"] / table["t"]) - table["W"]).max() < 1e-13
    assert np.abs(riemann.speeds - table["speeds"]).max() < 1e-13


def random_states(rng):
    for _ in range(2):
        root = rng.normal(size=(3, 3))
        P = root @ root.T + 0.2 * np.eye(3)
        yield (rng.uniform(0.1, 3), *rng.normal(size=3), *P[np.triu_indices(3)])


def conserved_and_flux(W):
    """Rows of rho, rho u_i, E_ij and of their fluxes along x, from rows (n, 10)."""
    pairs = list(zip(*np.triu_indices(3), strict=True))
    rho, u, P = W[:, 0], W[:, 1:4], np.empty((len(W), 3, 3))
    for k, (i, j) in enumerate(pairs):
        P[:, i, j] = P[:, j, i] = W[:, 4 + k]
    E = rho[:, None, None] * u[:, :, None] * u[:, None, :] + P
    U = [rho, *(rho * u[:, i] for i in range(3)), *(E[:, i, j] for i, j in pairs)]
    F = [rho * u[:, 0], *(rho * u[:, 0] * u[:, i] + P[:, i, 0] for i in range(3))]
    F += [u[:, 0] * E[:, i, j] + u[:, i] * P[:, j, 0] + u[:, j] * P[:, i, 0] for i, j in pairs]
    return np.array(U), np.array(F)


def test_exact_solution_conserves():
    # over [-L, L] at t = 1: integral of U = L (U_L + U_R) - (F_R - F_L); in each smooth piece by Gauss's rule
    rng, nodes, worst, kinds = np.random.default_rng(4), np.polynomial.legendre.leggauss(40), 0.0, set()
    for _ in range(60):
        left, right = random_states(rng)
        try:
            riemann = TenMomentRiemann(left, right)
        except InputError:
            continue
        speeds = riemann.speeds
        kinds.add((speeds[0] == speeds[1], speeds[-1] == speeds[-2]))
        size = 1.0 + np.abs(speeds).max()
        edges = np.array([-size, *speeds, size])
        total = 0.0
        for a, b in zip(edges[:-1], edges[1:], strict=True):
            if b > a:
                U, _ = conserved_and_flux(riemann.sample(0.5 * (a + b) + 0.5 * (b - a) * nodes[0]))
                total = total + 0.5 * (b - a) * U @ nodes[1]
        U, F = conserved_and_flux(np.array([left, right]))
        expected = size * U.sum(axis=1) - (F[:, 1] - F[:, 0])
        worst = max(worst, np.abs(total - expected).max() / np.abs(size * U).max())
        assert np.all(np.diff(speeds) >= 0)
    assert kinds == {(False, False), (True, False), (False, True), (True, True)}
    assert worst < 1e-12


def test_exact_solution_knows_its_mirror_and_rest():
    left, right = STATES["sod"]
    flip = np.array([1, -1, 1, 1, 1, -1, -1, 1, 1, 1])
    xi = np.linspace(-4, 4, 41) + 0.013
    mirrored = TenMomentRiemann(flip * right, flip * left).sample(-xi) * flip
    assert mirrored == pytest.approx(TenMomentRiemann(left, right).sample(xi), abs=1e-13)
    assert TenMomentRiemann(left, left).sample(xi) == pytest.approx(np.tile(left, (41, 1)), abs=1e-13)


@pytest.mark.parametrize("left, message", [
    ((1, -9, 0, 0, 1, 0, 0, 1, 0, 1), "vacuum"),
    ((0, 0, 0, 0, 1, 0, 0, 1, 0, 1), "positive"),
    ((1, 0, 0, 0, 1, 2, 0, 1, 0, 1), "positive"),
    ((1, 0, 0), "10"),
])
def test_states_without_a_solution(left, message):
    with pytest.raises(InputError, match=message):
        TenMomentRiemann(left, (1, 9, 0, 0, 1, 0, 0, 1, 0, 1))


@pytest.mark.parametrize("case", STATES)
def test_neutral_tube_converges(case):
    # measured, 100 to 400 cells: rho, u, P at order 0.83, 0.96, 0.91 (sod), 0.99, 0.82, 0.75 (two_shock), where contact
    # and shear waves count most; shocks and rarefactions by themselves 1.10 and 0.90
    total, outer = {}, {}
    for nx in (100, 400):
        problem, result = run(case=case, nx=nx)
        assert not failed(problem.check(result))
        total[nx] = np.array([check.value for check in problem.check(result)])
        x, speeds = problem.grid().centres(0), problem.riemann.speeds * result.t
        inner = (x > 0.5 * (speeds[1] + speeds[2])) & (x < 0.5 * (speeds[4] + speeds[5]))
        exact = np.moveaxis(problem.riemann.sample(x / result.t), -1, 0)
        outer[nx] = np.abs(problem.profile(result) - exact)[[0, 1, 4]][:, ~inner].sum() / nx
    assert np.log2(outer[100] / outer[400]) / 2 > 0.88
    assert np.all(np.log2(total[100] / total[400]) / 2 > 0.72)


def test_two_fluid_tube_converges():
    # measured, 50, 100, 200 cells: see doc/problems_ten_moment.md
    problem, result = run(model="two-fluid", nx=100)
    checks = problem.check(result)
    assert len(checks) == 5
    assert not failed(checks)


def test_two_fluids_feel_their_field():
    # the tube is not the neutral one: P turns about B
    _, bound = run(model="two-fluid", nx=64, t_end=0.06)
    _, free = run(model="two-fluid", nx=64, t_end=0.06, b=1e-6)
    assert np.abs(bound["pxz_electron"]).max() > 0.05
    assert np.abs(free["pxz_electron"]).max() < 1e-5


def test_parameters_of_the_other_model_are_refused():
    with pytest.raises(InputError, match="d_i is of two fluids"):
        TenMomentTube(d_i=0.2)
    with pytest.raises(InputError, match="even"):
        TenMomentTube(model="two-fluid", nx=101)


def test_picture(tmp_path):
    for model in ("neutral", "two-fluid"):
        problem, result = run(nx=32, model=model, t_end=0.02)
        problem.plot(result, tmp_path / f"{model}.png")
        assert (tmp_path / f"{model}.png").stat().st_size > 20_000

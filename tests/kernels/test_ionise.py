"""Ionisation and recombination of one cell: equilibrium, positivity, conservation, accuracy, at any stiffness."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from multifluid.kernels.ionise import (
    ionise_backward_euler,
    ionise_closed_form,
    recombination_row,
    share_particles,
)

MASS_E, MASS_I, MASS_N = 1e-3, 1.0, 1.2
CELLS = 10_000
SOLVERS = [ionise_backward_euler, ionise_closed_form]
STIFF = [1e-6, 1e-3, 1.0, 1e3, 1e6]


def random_state(seed, excess=True):
    """(neutral, ion, electron) densities over many decades, with and without other charges around."""
    rng = np.random.default_rng(seed)
    electrons = 10.0 ** rng.uniform(-9, 1, CELLS)
    ratio = np.where(rng.random(CELLS) < 0.5, 1.0, 10.0 ** rng.uniform(-2, 2, CELLS)) if excess else 1.0
    return 10.0 ** rng.uniform(-6, 2, CELLS), MASS_I * electrons * ratio, MASS_E * electrons


def react(solver, rho, alpha, zeta, h=1.0):
    """(densities, gain, loss) after h."""
    rho = [value.copy() for value in rho]
    gain, loss = np.zeros((2, len(rho[0])))
    solver(gain, loss, *rho, np.broadcast_to(alpha, gain.shape).copy(), zeta, MASS_N, MASS_I, MASS_E, h, len(gain))
    return rho, gain, loss


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("zeta", STIFF)
def test_positive_and_conservative(solver, zeta):
    before = random_state(1)
    alpha = 10.0 ** np.random.default_rng(2).uniform(-3, 8, CELLS)
    after, gain, loss = react(solver, before, alpha, zeta)
    assert min(value.min() for value in (*after, gain, loss)) >= 0.0
    assert np.abs(sum(after) / sum(before) - 1.0).max() < 1e-14  # 7e-16
    charge = [(rho[1] / MASS_I - rho[2] / MASS_E) for rho in (before, after)]
    size = np.maximum(before[1] / MASS_I, before[2] / MASS_E) + np.maximum(after[1] / MASS_I, after[2] / MASS_E)
    assert np.all(np.abs(charge[1] - charge[0]) <= 1e-15 * size)  # 3e-16
    pairs = (after[1] - before[1]) / MASS_I
    assert np.all(np.abs(gain - loss - pairs) <= 1e-13 * (gain + loss + size))


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("zeta", [1.0, 1e3, 1e6])
@pytest.mark.parametrize("start", [1e-6, 1e6])
def test_balance_is_reached_from_either_side(solver, zeta, start):
    """n_i n_e = zeta n_n/alpha, from a millionth and from a million times the ions of balance."""
    fraction = 1e-4
    alpha = zeta / fraction**2
    ions = fraction * start
    state = [np.array([MASS_N]), np.array([MASS_I * ions]), np.array([MASS_E * ions])]
    for _ in range(60):
        state, _, _ = react(solver, state, alpha, zeta)
        assert min(float(value[0]) for value in state) > 0.0
    n, i, e = state[0][0] / MASS_N, state[1][0] / MASS_I, state[2][0] / MASS_E
    assert alpha * i * e / (zeta * n) == pytest.approx(1.0, abs=1e-12)  # 1e-15 where charge is exactly neutral
    held, _, _ = react(solver, state, alpha, zeta)
    assert [float(value[0]) for value in held] == pytest.approx([float(value[0]) for value in state], rel=1e-14)


@pytest.mark.parametrize("zeta, alpha", [(0.3, 50.0), (0.0, 50.0), (0.3, 0.0)])
def test_closed_form_is_exact(zeta, alpha):
    start = [1.0, 1e-3, 2e-6]

    def slope(t, y):
        rate = zeta * y[0] / MASS_N - alpha * y[1] / MASS_I * y[2] / MASS_E
        return [-(MASS_I + MASS_E) * rate, MASS_I * rate, MASS_E * rate]

    exact = solve_ivp(slope, (0.0, 0.37), start, "Radau", rtol=1e-12, atol=1e-18).y[:, -1]
    found, _, _ = react(ionise_closed_form, [np.array([v]) for v in start], alpha, zeta, 0.37)
    assert [float(v[0]) for v in found] == pytest.approx(exact, rel=1e-10)  # 2e-12, the reference's


def test_backward_euler_is_first_order():
    start = [np.array([v]) for v in (1.0, 1e-3, 2e-6)]
    exact, _, _ = react(ionise_closed_form, start, 50.0, 0.3, 0.1)
    errors = []
    for steps in (50, 100):
        state = start
        for _ in range(steps):
            state, _, _ = react(ionise_backward_euler, state, 50.0, 0.3, 0.1 / steps)
        errors.append(abs(float(state[1][0] - exact[1][0])))
    assert 1.9 < errors[0] / errors[1] < 2.1  # 2.01


def test_recombination_follows_the_temperature():
    rho, energy = np.full(3, 2e-3), np.array([1e-3, 2e-3, 4e-3])
    out = np.zeros(3)
    recombination_row(out, rho, energy, MASS_E, 5.0 / 3.0, 3.0, 0.5, -0.7, 3)
    temperature = MASS_E * (2.0 / 3.0) * energy / rho
    assert out == pytest.approx(3.0 * (temperature / 0.5) ** -0.7, rel=1e-13)
    recombination_row(out, rho, energy, MASS_E, 5.0 / 3.0, 3.0, 0.5, 0.0, 3)
    assert np.all(out == 3.0)


@pytest.mark.parametrize("star", [(-1.5, 3.0, 3e-3), (4.0, -1.2, -1.2e-3), (2.0, -1.0, 0.4e-3)])
def test_sharing_particles_keeps_mass_and_charge(star):
    """From a U* that is no state, the degree of ionisation of a state nearby."""
    n, i, e, gain, loss = share_particles(*star, 0.5, 0.1, 1e-4, MASS_N, MASS_I, MASS_E, 2.0)
    assert min(n, i, e) > 0.0 and gain >= 0.0 and loss >= 0.0
    assert n + i + e == pytest.approx(sum(star), rel=1e-14)
    assert i / MASS_I - e / MASS_E == pytest.approx(star[1] / MASS_I - star[2] / MASS_E, abs=1e-14)
    assert MASS_I * (gain - loss) == pytest.approx(i - star[1], rel=1e-13)

"""Implicit exchange of thermal energy against a dense solve; conservation; positivity."""

import numpy as np
import pytest

from multifluid.kernels.heat import exchange_heat

CELLS = 2000


def exchanged(S, scale, seed=0, linked=None, least=1e-6):
    """(energy before, after, densities, flows) of random fluids; densities from ``least`` to 100, flows to ``scale``."""
    rng = np.random.default_rng(seed)
    rho, before = 10.0 ** rng.uniform(np.log10(least), 2, (2, S, CELLS))
    heat_capacity = 10.0 ** rng.uniform(-1, 3, S)
    X = scale * 10.0 ** rng.uniform(-3, 0, (S, S, CELLS))
    flows = (X + X.transpose(1, 0, 2)) / heat_capacity[None, :, None]
    flows[np.arange(S), np.arange(S)] = 0.0
    active = ~np.eye(S, dtype=bool)
    if linked is not None:
        flows[~linked] = 0.0
    after = before.copy()
    exchange_heat(after, rho, flows.copy(), np.zeros((2 * S, CELLS)), active, CELLS)
    return before, after, rho, flows


@pytest.mark.parametrize("S", [1, 2, 3, 6])
@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e3])
def test_solution(S, scale):
    before, after, rho, flows = exchanged(S, scale, least=1.0)
    matrix = -np.moveaxis(flows, -1, 0)
    for s in range(S):
        matrix[:, s, s] = rho[s] + flows[:, s].sum(axis=0)
    exact = rho * np.linalg.solve(matrix, before.T[:, :, None])[:, :, 0].T
    assert after == pytest.approx(exact, rel=1e-10)  # 3e-12: what the dense solve is worth at 1e3


@pytest.mark.parametrize("S", [2, 3, 6])
@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e4, 1e8, 1e16])
def test_energy_is_kept_and_positive_at_any_stiffness(S, scale):
    before, after, _, _ = exchanged(S, scale, seed=1)
    assert np.abs(after.sum(axis=0) / before.sum(axis=0) - 1.0).max() < 1e-13  # 2e-15
    assert after.min() > 0.0


def test_fluids_without_exchange_keep_their_energy():
    linked = np.zeros((3, 3), bool)
    linked[0, 2] = linked[2, 0] = True
    before, after, _, _ = exchanged(3, 1.0, seed=2, linked=linked)
    assert after[1] == pytest.approx(before[1], rel=1e-15)
    assert after[0] + after[2] == pytest.approx(before[0] + before[2], rel=1e-13)

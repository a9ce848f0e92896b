"""What drag lets B be dissipated with."""

import numpy as np
import pytest

from multifluid.coupling.drift import limit_dissipation

MU0 = 0.7


def state(seed=1, cells=6):
    """Primitives of ions, electrons, neutrals and a field: (W, first rows of the fluids, of the field)."""
    W = np.random.default_rng(seed).uniform(0.5, 2.0, (24, cells))
    return W, np.array([0, 5, 10]), 15


def limited(W, v_fluid, v_field, laws, inverse_dx, qm=(1.0, -1836.0, 0.0)):
    signals = np.full((6, W.shape[1]), 1e3)
    limit_dissipation(signals, W, np.array(qm), v_fluid, v_field, laws, MU0, np.array(inverse_dx))
    assert (signals[:3] == 1e3).all()
    return signals[3:]


def drag(first=3.0, second=0.0, **more):
    laws = np.zeros((3, 3, 5))
    laws[0, 2, 0] = laws[2, 0, 0] = first
    laws[1, 2, 0] = laws[2, 1, 0] = second
    for row, value in more.items():
        laws[0, 2, int(row[1])] = laws[2, 0, int(row[1])] = value
    return laws


def test_flow_all_fluids_together_and_diffusion():
    W, fluids, field = state()
    found = limited(W, fluids, field, drag(3.0, 0.4), (10.0, 0.0, 4.0))
    B2 = (W[18:21] ** 2).sum(axis=0)
    eta = B2 / MU0 / (3.0 * W[0] * W[10] + 0.4 * W[5] * W[10])
    v = np.sqrt((B2 / MU0 + 5 / 3 * (W[4] + W[9] + W[14])) / (W[0] + W[5] + W[10]))
    for d, inverse in ((0, 10.0), (2, 4.0)):
        assert found[d] == pytest.approx(np.max(W[[1 + d, 6 + d, 11 + d]], axis=0) + v + inverse * eta, rel=1e-14)
    assert (found[1] == 1e3).all()  # flat axis


def test_speeds_below_stay():
    W, fluids, field = state()
    signals = np.full((6, W.shape[1]), 1e-3)
    limit_dissipation(signals, W, np.array([1.0, -1.0, 0.0]), fluids, field, drag(), MU0, np.ones(3))
    assert (signals == 1e-3).all()


def test_nothing_without_drag():
    W, fluids, field = state()
    assert (limited(W, fluids, field, drag(0.0), np.ones(3)) == 1e3).all()
    assert (limited(W, fluids, field, drag(), np.ones(3), qm=(1.0, -1.0, 2.0)) == 1e3).all()


def test_law_that_depends_on_temperature_and_slip():
    W, fluids, field = state()
    k = {"k1": 0.3, "k2": 0.2, "k3": 0.1, "k4": 0.6}
    v2, w2 = W[4] / W[0] + W[14] / W[10], ((W[1:4] - W[11:14]) ** 2).sum(axis=0)
    alpha = 3.0 + 0.3 * np.sqrt(v2 + 0.2 * w2) + 0.1 * (v2 + 0.6 * w2) ** -1.5
    for n in range(W.shape[1]):
        one = W[:, n:n + 1]
        assert limited(W, fluids, field, drag(**k), np.ones(3))[0, n] == pytest.approx(
            limited(one, fluids, field, drag(alpha[n]), np.ones(3))[0, 0], rel=1e-13)

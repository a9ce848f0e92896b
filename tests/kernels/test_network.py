"""The directed network that couples momenta and E where fluids exchange mass, against a dense solve."""

import numpy as np
import pytest

from multifluid.kernels.network import network_rows_needed, solve_network

CELLS = 200
EPS0 = 0.7


def solved(S, stiffness, seed=0):
    """(velocities, E, their dense solution, matrix, right side) of random networks."""
    rng = np.random.default_rng(seed)

    def positive(*shape):
        return 10.0 ** rng.uniform(-1, 1, shape)

    flows = (stiffness * positive(S, S, CELLS)).astype(complex)
    flows[np.arange(S), np.arange(S)] = 0.0
    ground = positive(S, CELLS) * (1.0 + 1j * stiffness * rng.normal(size=(S, CELLS)))
    coupling = stiffness * rng.normal(size=(S, CELLS)) + 0j
    b, E = rng.normal(size=(S, CELLS)) + 1j * rng.normal(size=(S, CELLS)), rng.normal(size=CELLS) + 0.3j
    matrix = np.zeros((CELLS, S + 1, S + 1), complex)
    matrix[:, :S, :S] = -np.moveaxis(flows, -1, 0)
    for s in range(S):
        matrix[:, s, s] = ground[s] + flows[:, s].sum(axis=0)
    matrix[:, :S, S], matrix[:, S, :S], matrix[:, S, S] = -coupling.T, coupling.T, EPS0
    right = np.concatenate([b, EPS0 * E[None]]).T[:, :, None]

    def parts(z):
        return np.ascontiguousarray(z.real), np.ascontiguousarray(z.imag)

    v, e = (np.zeros((S, CELLS)), np.zeros((S, CELLS))), parts(E)
    work = [np.zeros((S, CELLS)), np.zeros((S, CELLS)), np.zeros(CELLS), np.zeros(CELLS), np.zeros((2 * S + 5, CELLS)),
            np.zeros(CELLS)]
    solve_network(*v, *e, *parts(b), *parts(flows), *parts(ground), *parts(coupling), *parts(coupling), *work, EPS0,
                  ~np.eye(S, dtype=bool), CELLS)
    exact = np.linalg.solve(matrix, right)[:, :, 0].T
    return v[0] + 1j * v[1], e[0] + 1j * e[1], exact


@pytest.mark.parametrize("S", [1, 2, 3, 6])
@pytest.mark.parametrize("stiffness", [1e-3, 1.0, 1e3])
def test_solution(S, stiffness):
    v, E, exact = solved(S, stiffness)
    size = np.abs(exact).max(axis=0)
    assert np.all(np.abs(v - exact[:S]) <= 1e-11 * size)  # 4e-13
    assert np.all(np.abs(E - exact[S]) <= 1e-11 * size)


def test_number_of_rows():
    assert network_rows_needed(3) == 2 * 9 + 12 * 3 + 9

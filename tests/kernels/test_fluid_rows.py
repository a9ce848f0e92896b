"""Fluxes through rows of faces: reconstruction and Riemann solver put together, in every direction."""

import numpy as np
import pytest

from multifluid import FiveMoment
from multifluid.kernels.codes import GAMMA
from multifluid.kernels.fluid_rows import HLLC, PLM, PPM, RUSANOV, face_states, flux_row, plm_row, ppm_row, reconstruct_row
from multifluid.kernels.reconstruct import mc_half_difference, ppm_edges
from multifluid.kernels.riemann import flux_hllc, flux_rusanov

N = 20
MODEL = FiveMoment("gas", 1.0).model
G = 1.0 / (MODEL[GAMMA] - 1.0)


def data(seed=1, shape=(7, 8, N + 6)):
    """Primitive variables (5, z, y, x) of one fluid, some signs mixed, and signal speeds."""
    rng = np.random.default_rng(seed)
    W = rng.normal(size=(5, *shape))
    W[0], W[4] = rng.uniform(0.2, 2.0, (2, *shape))
    return W, rng.uniform(0.5, 3.0, shape)


def cell(q, first, stride, i, m):
    return float(q[first + i + m * stride])


def expected_states(q, keep, first, stride, i, reconstruction, positive):
    at = [cell(q, first, stride, i, m) for m in range(-3, 3)]
    keep_l, keep_r = cell(keep, first, stride, i, -1), cell(keep, first, stride, i, 0)
    if reconstruction == PLM:
        return at[2] + keep_l * mc_half_difference(*at[1:4]), at[3] - keep_r * mc_half_difference(*at[2:5])
    high, low = ppm_edges(*at[:5])[1], ppm_edges(*at[1:])[0]
    left, right = at[2] + keep_l * (high - at[2]), at[3] + keep_r * (low - at[3])
    return (at[2] if positive and left <= 0 else left), (at[3] if positive and right <= 0 else right)


STRIDES = {0: 1, 1: N + 6, 2: 8 * (N + 6)}


@pytest.mark.parametrize("axis", STRIDES)
@pytest.mark.parametrize("reconstruction", [PLM, PPM])
@pytest.mark.parametrize("solver", [RUSANOV, HLLC])
def test_flux_row_is_the_sum_of_its_parts(axis, reconstruction, solver):
    """Normal and transverse velocities in their places, troubled cells first order; the same bits."""
    W, speed = data()
    rng = np.random.default_rng(2)
    keep = (rng.random(speed.shape) > 0.3).astype(float)
    flat, signal, smooth = W.reshape(5, -1), speed.reshape(-1), keep.reshape(-1)
    stride, first = STRIDES[axis], 3 * 8 * (N + 6) + 4 * (N + 6) + 3
    F, (left, right, above) = np.zeros((5, N + 4)), np.zeros((3, 5, N + 4))
    flux_row(F[:4], F[4], left, right, above, flat, signal, smooth, 0, MODEL, axis, first, stride, N, reconstruction, solver,
             False)
    order = [0, 1 + axis, 1 + (axis + 1) % 3, 1 + (axis + 2) % 3, 4]
    for i in range(N):
        sides = [expected_states(flat[row], smooth, first, stride, i, reconstruction, row in (0, 4)) for row in order]
        left, right = [s[0] for s in sides], [s[1] for s in sides]
        al, ar = cell(signal, first, stride, i, -1), cell(signal, first, stride, i, 0)
        if solver == HLLC:
            expected = flux_hllc(*left, *right, G, al, ar)
        else:
            expected = flux_rusanov(*left, *right, G, max(al + abs(left[1]), ar + abs(right[1])))
        assert F[order, i] == pytest.approx(np.array(expected), rel=0, abs=0)


@pytest.mark.parametrize("reconstruction", [PLM, PPM])
def test_face_states_of_troubled_cells_are_their_means(reconstruction):
    W, speed = data(3)
    flat = W.reshape(5, -1)
    first, (left, right, above) = 3 * 8 * (N + 6) + 3, np.zeros((3, 5, N))
    face_states(left, right, above, flat, np.zeros(speed.size), 0, 0, first, 1, N, reconstruction, 5, False)
    assert np.array_equal(left, flat[:, first - 1:first - 1 + N])
    assert np.array_equal(right, flat[:, first:first + N])


@pytest.mark.parametrize("stride", [1, 7, N, N + 6])
def test_states_beyond_are_the_left_states_of_the_next_row_of_faces(stride):
    """Known left states are those found anew, to the bit, for faces that lie in the row (stride < N) and beyond it."""
    q, keep = np.random.default_rng(7).normal(size=(2, 8 * (N + 6)))
    known, anew, rest = np.zeros((3, N)), np.zeros((3, N)), np.zeros((2, N))
    first, n = 3 * (N + 6), min(stride, N)
    plm_row(rest[0], rest[1], known[0], q, keep, first, stride, N, False)
    # the row of faces that follows: those of the last n faces, one stride on
    first += N - n + stride
    plm_row(*known, q, keep, first, stride, n, True)
    plm_row(*anew, q, keep, first, stride, n, False)
    assert np.array_equal(known[:, :n], anew[:, :n])


def test_ppm_falls_back_where_an_edge_is_not_positive():
    q = np.array([1.0, 1.0, 0.02, 0.01, 1.0, 2.1, 3.2, 3.2, 3.2])
    edges = [ppm_edges(*[float(v) for v in q[i - 2:i + 3]]) for i in range(2, 7)]
    dips = [i for i, (low, high) in enumerate(edges, 2) if low <= 0 or high <= 0]
    assert dips
    states = np.zeros((2, 3))
    ppm_row(*states, q, np.ones(9), 3, 1, 3, True)
    assert states.min() > 0.0
    ppm_row(*states, q, np.ones(9), 3, 1, 3, False)
    assert states.min() <= 0.0


@pytest.mark.parametrize("reconstruction", [PLM, PPM])
def test_mirrored_rows_give_mirrored_states(reconstruction):
    q = np.random.default_rng(4).normal(size=N + 6)
    keep, beyond = np.ones(N + 6), np.zeros(1)
    forward, backward = np.zeros((2, N + 1)), np.zeros((2, N + 1))
    reconstruct_row(*forward, beyond, q, keep, 3, 1, N + 1, reconstruction, True, False)
    reconstruct_row(*backward, beyond, q[::-1].copy(), keep, 3, 1, N + 1, reconstruction, True, False)
    assert np.array_equal(forward, backward[::-1, ::-1])


def test_compiled_is_python_to_the_last_bit():
    q = np.random.default_rng(5).normal(size=N + 6)
    keep = np.ones(N + 6)
    for reconstruction in (PLM, PPM):
        one, two = np.zeros((3, N)), np.zeros((3, N))
        reconstruct_row(*one, q, keep, 3, 1, N, reconstruction, True, False)
        reconstruct_row.py_func(*two, q, keep, 3, 1, N, reconstruction, True, False)
        assert np.array_equal(one, two)
    W, speed = data(6)
    for solver in (RUSANOV, HLLC):
        results = []
        for function in (flux_row, flux_row.py_func):
            F, states = np.zeros((5, N)), np.zeros((3, 5, N))
            function(F[:4], F[4], *states, W.reshape(5, -1), speed.reshape(-1), np.ones(speed.size), 0, MODEL, 1, 700, N + 6,
                     N, PLM, solver, False)
            results.append(F)
        assert np.array_equal(*results)

"""Fluxes of six and ten moments through rows of faces: consistency, hyperbolicity, positivity, symmetry, conservation."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from multifluid import TenMoment
from multifluid.kernels import tensor_rows
from multifluid.kernels.codes import FIRST, SECOND
from multifluid.kernels.reconstruct import mc_half_difference
from tests.kernels.closure_states import random_tensors, rows_of, tensor_of

N = 40
GAS = TenMoment("gas", 1.0)


def conserved(rho, u, P):
    return np.concatenate([[rho], rho * u, rows_of(rho * u[:, None] * u[None] + P)])


def flux(U, axis):
    """Physical flux of the ten moments (10, ...), also of complex ones."""
    rho, u = U[0], U[1:4] / U[0]
    E = tensor_of(U[4:10])
    P = E - rho * u[:, None] * u[None]
    T = u[axis] * E + u[:, None] * P[None, axis] + u[None] * P[:, None, axis]
    return np.concatenate([[rho * u[axis]], rho * u[axis] * u + P[axis], rows_of(T)])


def cells(seed, n=N + 6, anisotropy=10.0, speed=1.0):
    """Random primitive rows (11, n)."""
    rng = np.random.default_rng(seed)
    P = random_tensors(rng, (n,), anisotropy)
    rho = np.exp(rng.uniform(-2.0, 2.0, n))
    return np.stack([rho, *speed * rng.normal(size=(3, n)), (P[0] + P[3] + P[5]) / 3.0, *P]), rng.uniform(1.0, 9.0, n)


def kernel_flux(W, signal, axis, smooth=None, reconstruction=0, function=tensor_rows.ten_flux_row, n=N):
    F = np.zeros((10, n))
    smooth = np.ones(W.shape[1]) if smooth is None else smooth
    left, above = np.zeros((2, tensor_rows.side_cells(n)))
    function(F, left, above, np.zeros(tensor_rows.BUFFER), W, signal, smooth, 0, axis, 3, 1, n, reconstruction, False)
    return F


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_equal_states_give_the_physical_flux(axis):
    for seed in range(30):
        W, signal = cells(seed, anisotropy=1e3)
        W = np.repeat(W[:, :1], N + 6, axis=1)
        U = GAS.conserved(W[:, :1])[:, 0]
        for reconstruction in (0, 1):
            F = kernel_flux(W, signal, axis, reconstruction=reconstruction)
            scale = np.abs(U).max() * (signal.max() + np.abs(W[1:4, 0]).max())
            assert np.abs(F - flux(U, axis)[:, None]).max() < 5e-15 * scale


def test_hyperbolicity():
    """Real eigenvalues of the flux Jacobian (complex step), the outer ones u_n -+ sqrt(3 P_nn/rho)."""
    W, _ = cells(3, 200, anisotropy=1e4)
    for n in range(200):
        U = GAS.conserved(W[:, n:n + 1])[:, 0].astype(complex)
        # in units in which all variables are of order one
        axis = n % 3
        jacobian = np.zeros((10, 10))
        for k in range(10):
            step = U.copy()
            step[k] += 1e-30j
            jacobian[:, k] = flux(step, axis).imag / 1e-30
        values = np.linalg.eigvals(jacobian)
        own = np.sqrt(3.0 * W[5 + (0, 3, 5)[axis], n] / W[0, n])
        u = W[1 + axis, n]
        assert np.sort(values.real)[[0, -1]] == pytest.approx([u - own, u + own], rel=1e-9, abs=1e-9 * (abs(u) + own))
        # u is a fourfold eigenvalue: rounding splits it by its fourth root at worst
        assert np.abs(values.imag).max() < 1e-3 * (abs(u) + own)


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_lax_friedrichs_formula_and_fallback(axis):
    """Every flux is that of the reconstructed states, or of the cell's own state where these are not positive definite."""
    W, signal = cells(11, anisotropy=1e4)
    F = kernel_flux(W, signal, axis)
    fallen = 0
    for i in range(N):
        sides = []
        for middle, sign in ((2 + i, 1.0), (3 + i, -1.0)):
            q = np.array([W[k, middle] + sign * mc_half_difference(W[k, middle - 1], W[k, middle], W[k, middle + 1])
                          for k in range(11)])
            if np.linalg.eigvalsh(tensor_of(q[5:11])).min() <= 0.0:
                q = W[:, middle]
                fallen += 1
            sides.append((conserved(q[0], q[1:4], tensor_of(q[5:11])), signal[middle] + abs(q[1 + axis])))
        (L, a), (R, b) = sides
        expected = 0.5 * (flux(L, axis) + flux(R, axis)) - 0.5 * max(a, b) * (R - L)
        scale = max(a, b) * (np.abs(L).max() + np.abs(R).max())
        assert np.abs(F[:, i] - expected).max() < 1e-14 * scale
    assert fallen > 5


def test_fallback_leaves_positive_states_alone():
    W, signal = cells(12, anisotropy=1e4)
    smooth = np.zeros(N + 6)
    first_order = kernel_flux(W, signal, 0, smooth)
    assert not np.array_equal(first_order, kernel_flux(W, signal, 0))
    for i in range(N):
        L, R = (GAS.conserved(W[:, k:k + 1])[:, 0] for k in (2 + i, 3 + i))
        a = max(signal[2 + i] + abs(W[1, 2 + i]), signal[3 + i] + abs(W[1, 3 + i]))
        expected = 0.5 * (flux(L, 0) + flux(R, 0)) - 0.5 * a * (R - L)
        assert np.abs(first_order[:, i] - expected).max() < 1e-14 * a * (np.abs(L).max() + np.abs(R).max())


def test_exchange_of_axes_of_one_row_is_exact():
    """The same bits: rows of the permuted state through faces of the permuted axis."""
    W, signal = cells(13, anisotropy=1e3)
    F = kernel_flux(W, signal, 0)
    for shift in (1, 2):
        turned = W.copy()
        P = tensor_of(W[5:11])
        order = [(a - shift) % 3 for a in range(3)]
        turned[1:4] = W[1:4][order]
        turned[5:11] = rows_of(P[order][:, order])
        G = kernel_flux(turned, signal, shift)
        assert_array_equal(G[0], F[0])
        assert_array_equal(G[1:4], F[1:4][order])
        assert_array_equal(G[4:10], rows_of(tensor_of(F[4:10])[order][:, order]))


def test_mirrored_row_is_exact():
    W, signal = cells(14, anisotropy=1e4)
    sign = np.array([1, -1, 1, 1, 1, *[-1 if (i == 0) != (j == 0) else 1 for i, j in zip(FIRST, SECOND, strict=True)]])
    F = kernel_flux(W, signal, 0, n=N + 1)
    G = kernel_flux((sign[:, None] * W)[:, ::-1].copy(), signal[::-1].copy(), 0, n=N + 1)
    # through the mirrored face everything flows the other way
    assert_array_equal(G, -(np.delete(sign, 4)[:, None] * F)[:, ::-1])


def test_compiled_is_python():
    W, signal = cells(15)
    for axis in range(3):
        assert_array_equal(kernel_flux(W, signal, axis),
                           kernel_flux(W, signal, axis, function=tensor_rows.ten_flux_row.py_func))
    left, buffer = np.random.default_rng(1).uniform(1.0, 2.0, (2, tensor_rows.BUFFER))
    for function in (tensor_rows.ten_fluxes, tensor_rows.six_fluxes):
        one, two = buffer.copy(), buffer.copy()
        function(left, one, signal, signal[1:], 20)
        function.py_func(left, two, signal, signal[1:], 20)
        assert_array_equal(one, two)


def six_flux(W, B, signal, axis):
    F, velocity = np.zeros((6, N)), np.zeros((3, N))
    fields = np.zeros((6, W.shape[1]))
    fields[3:] = np.reshape(B, (3, 1))
    rows = np.concatenate([W, fields])
    left, above = np.zeros((2, tensor_rows.side_cells(N)))
    tensor_rows.six_flux_row(F, velocity, left, above, np.zeros(tensor_rows.BUFFER), rows, signal, np.ones(W.shape[1]), 0, 7,
                             axis, 3, 1, N, 0, False)
    return F, velocity


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_six_moment_flux_is_that_of_the_gyrotropic_tensor(axis):
    rng = np.random.default_rng(5)
    for B in (*rng.normal(size=(20, 3)), 1e-100 * rng.normal(size=3), np.zeros(3)):
        rho, u, (par, perp) = rng.uniform(0.1, 3.0), rng.normal(size=3), np.exp(rng.normal(size=2))
        W = np.repeat(np.array([rho, *u, (par + 2.0 * perp) / 3.0, par, perp])[:, None], N + 6, axis=1)
        F, velocity = six_flux(W, B, np.ones(N + 6), axis)
        if B.any():
            b = B / np.linalg.norm(B)
            P = perp * np.eye(3) + (par - perp) * np.outer(b, b)
        else:
            P = W[4, 0] * np.eye(3)
        ten = flux(conserved(rho, u, P), axis)
        expected = np.array([*ten[:4], 0.5 * (ten[4] + ten[7] + ten[9]), par * u[axis]])
        assert np.abs(F - expected[:, None]).max() < 1e-14 * (1.0 + np.abs(expected).max())
        assert np.abs(velocity - u[:, None]).max() < 1e-15


def test_six_moment_speed_is_an_upper_bound():
    """Matter alone at fixed b: no eigenvalue exceeds max(3 p_par, 2 p_perp)/rho, which the code uses; it is reached."""
    reached = 0.0
    for ratio in 10.0 ** np.linspace(-3, 3, 61):
        for angle in np.linspace(0.0, np.pi / 2, 31):
            c, s = np.cos(angle), np.sin(angle)
            matrix = np.array([[3.0 * c * c, c * s], [ratio * c * s, 2.0 * ratio * s * s]])
            largest = np.linalg.eigvals(matrix).real.max() / max(3.0, 2.0 * ratio)
            reached = max(reached, largest)
    assert 0.999 < reached <= 1.0 + 1e-12

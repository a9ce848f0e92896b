"""Constrained transport and the curl of B: divergences, symmetries, gradients."""

import numpy as np
import pytest

from multifluid.kernels.maxwell import average_faces, interpolate_row
from multifluid.maxwell import CELL_AVERAGE, DERIVATIVE
from tests.kernels.helpers import central, difference, fill_random, make_solver, prepare

GRIDS = pytest.mark.parametrize("cells", [(16, 1, 1), (12, 10, 1), (1, 12, 10), (8, 6, 7)])
RECONSTRUCTIONS = pytest.mark.parametrize("reconstruction", ["plm", "ppm"])


def field_rows(solver, array):
    u = solver.layout.u_field
    return solver.interior(array)[u:u + 3], solver.interior(array)[u + 3:u + 6]


def field_change(solver, dt=1e-2, explicit_curl=True):
    """What ``flux_divergence`` (weight 1) adds to E and to face B."""
    solver.D[...] = 0.0
    solver.flux_divergence(solver.D, 1.0, dt, explicit_curl=explicit_curl)
    return field_rows(solver, solver.D)


def divergence(faces, grid):
    return sum(difference(faces[d], d, grid.spacing[d]) for d in range(3) if grid.ghosts[d])


@GRIDS
@RECONSTRUCTIONS
def test_faraday_keeps_the_divergence_of_b(cells, reconstruction):
    """To round-off of |E|/dx^2, for fields that differ from cell to cell at random."""
    solver = make_solver(cells, reconstruction=reconstruction, lengths=(1.0, 0.7, 1.3))
    fill_random(solver, 1)
    prepare(solver)
    _, dB = field_change(solver)
    grid = solver.grid
    smallest = min(d for d, g in zip(grid.spacing, grid.ghosts, strict=True) if g)
    largest = np.abs(solver.interior(solver.edges)).max() / smallest**2
    assert np.abs(divergence(dB, grid)).max() <= 4e-15 * largest  # 1e-15
    assert np.abs(dB).max() > 0.0


@GRIDS
@RECONSTRUCTIONS
def test_curl_of_cell_b_has_no_divergence(cells, reconstruction):
    """The same central differences in curl and divergence: div of dE/dt is round-off for both orders."""
    solver = make_solver(cells, reconstruction=reconstruction, lengths=(1.0, 0.7, 1.3))
    fill_random(solver, 2)
    prepare(solver)
    dE, _ = field_change(solver)
    grid = solver.grid
    near, far = DERIVATIVE[2 if reconstruction == "plm" else 4]
    div = sum(central(dE[d], d, grid.spacing[d], near, far) for d in range(3) if grid.ghosts[d])
    size = np.abs(dE).max() / min(d for d, g in zip(grid.spacing, grid.ghosts, strict=True) if g)
    assert np.abs(div).max() <= 4e-15 * size
    assert np.abs(dE).max() > 0.0


@pytest.mark.parametrize("reconstruction, expected", [("plm", 2), ("ppm", 4)])
def test_curl_is_second_or_fourth_order(reconstruction, expected):
    errors = []
    for n in (16, 32):
        solver = make_solver((n, n, 1), [], reconstruction=reconstruction, c=1.0)
        grid, u = solver.grid, solver.layout.u_field
        x, y, _ = grid.mesh([0, 1])
        A, k = solver.interior(solver.A), 2.0 * np.pi

        # exact face averages from A_z on edges; curl B = -laplace A_z = 2 k^2 A_z
        at_edges = np.broadcast_to(np.sin(k * x) * np.cos(k * y) / k, A.shape[1:])
        A[u + 3] = difference(at_edges, 1, grid.spacing[1])
        A[u + 4] = -difference(at_edges, 0, grid.spacing[0])
        prepare(solver)
        dE, _ = field_change(solver)
        faces_x, faces_y = k * grid.faces(0), k * grid.faces(1)
        mean = (np.diff(-np.cos(faces_x)) / (k * grid.spacing[0]))[None, :] \
            * (np.diff(np.sin(faces_y)) / (k * grid.spacing[1]))[:, None] / k
        errors.append(np.abs(dE[2][0] - 2.0 * k**2 * mean).max())
    assert np.log2(errors[0] / errors[1]) > expected - 0.15


def test_a_gradient_drives_no_b():
    """Fourth order: interpolation and difference along an axis make the centred derivative, whose curl of a gradient
    is zero to round-off. (Second order interpolates E more smoothly than that; see ``multifluid.maxwell``.)"""
    solver = make_solver((12, 10, 8), [], reconstruction="ppm")
    rng = np.random.default_rng(3)
    A, u, grid = solver.interior(solver.A), solver.layout.u_field, solver.grid
    phi = rng.normal(size=A.shape[1:])
    for d in range(3):
        A[u + d] = central(phi, d, grid.spacing[d], *DERIVATIVE[4])
        A[u + 3 + d] = 0.3
    prepare(solver)
    _, dB = field_change(solver)
    assert np.abs(dB).max() <= 2e-15 * np.abs(A[u:u + 3]).max() / min(grid.spacing)


def smoothed_curl(E, grid, weights):
    """-curl of the cell field interpolated to edges, in plain NumPy (periodic)."""
    near, far = weights

    def face(q, axis):
        def shifted(m):
            return np.roll(q, m, axis=-1 - axis)
        return near * (shifted(1) + q) + far * (shifted(2) + shifted(-1))

    edge = [face(face(E[c], (c + 1) % 3), (c + 2) % 3) for c in range(3)]
    return [-(difference(edge[(d + 2) % 3], (d + 1) % 3, grid.spacing[(d + 1) % 3])
              - difference(edge[(d + 1) % 3], (d + 2) % 3, grid.spacing[(d + 2) % 3])) for d in range(3)]


@RECONSTRUCTIONS
def test_edge_field_without_jumps_is_the_interpolated_one(reconstruction):
    solver = make_solver((10, 8, 6), reconstruction=reconstruction)
    fill_random(solver, 4)
    u = solver.layout.u_field
    solver.interior(solver.A)[u + 3:] = 0.25  # uniform B: nothing to dissipate
    prepare(solver)
    E, _ = field_rows(solver, solver.A)
    _, dB = field_change(solver)
    for got, expected in zip(dB, smoothed_curl(E, solver.grid, solver.edge_interpolation), strict=True):
        assert got == pytest.approx(expected, abs=1e-13 * np.abs(E).max() / min(solver.grid.spacing))


def permuted(array, shift, vectors):
    """Exchange axes cyclically: x -> x + shift, of rows (..., z, y, x); ``vectors`` are first rows of triples."""
    moved = np.transpose(array, (0, *[1 + (a + shift) % 3 for a in range(3)])).copy()
    out = moved.copy()
    for v in vectors:
        for d in range(3):
            out[v + (d + shift) % 3] = moved[v + d]
    return out


@RECONSTRUCTIONS
@pytest.mark.parametrize("shift", [1, 2])
def test_exchange_of_axes(reconstruction, shift):
    """Bit for bit but for the order in which two axes are summed: 1e-15."""
    n = 8
    changes = []
    for turn in (0, shift):
        solver = make_solver((n, n, n), reconstruction=reconstruction)
        reference = make_solver((n, n, n), reconstruction=reconstruction)
        fill_random(reference, 5)
        vectors = [*(reference.layout.u_fluid + 1), reference.layout.u_field, reference.layout.u_field + 3]
        solver.interior(solver.A)[...] = permuted(reference.interior(reference.A), turn, vectors)
        prepare(solver)
        field_change(solver)
        changes.append((solver.interior(solver.D).copy(), vectors))
    expected = permuted(changes[0][0], shift, changes[0][1])
    u = solver.layout.u_field
    for rows in (slice(u, u + 3), slice(u + 3, u + 6)):
        assert np.abs(changes[1][0][rows] - expected[rows]).max() <= 1e-14 * np.abs(expected[rows]).max()


def test_turning_by_half_a_circle():
    """Rotation by 180 degrees about z: x and y reversed, transverse vectors too. B faces move by one."""
    n = 8
    one, two = make_solver((n, n, 6)), make_solver((n, n, 6))
    fill_random(one, 6)
    u = one.layout.u_field
    two.interior(two.A)[...] = half_turn(one.interior(one.A), one.layout)
    for solver in (one, two):
        prepare(solver)
        field_change(solver)
    got, expected = two.interior(two.D)[u:], half_turn(one.interior(one.D), one.layout)[u:]
    assert np.abs(got - expected).max() <= 1e-14 * np.abs(expected).max()


def half_turn(A, layout):
    out = A[..., ::-1, ::-1].copy()
    for v in [*(layout.u_fluid + 1), layout.u_field, layout.u_field + 3]:
        out[v:v + 2] *= -1.0
    # the lower face of the reversed cell is its old upper one
    u = layout.u_field
    out[u + 3] = np.roll(out[u + 3], 1, axis=-1)
    out[u + 4] = np.roll(out[u + 4], 1, axis=-2)
    return out


@pytest.mark.parametrize("axis", [0, 1, 2])
@pytest.mark.parametrize("order", [2, 4])
def test_cell_b_is_the_face_mean(axis, order):
    solver = make_solver((6, 6, 6), [], reconstruction="plm" if order == 2 else "ppm")
    fill_random(solver, 7)
    prepare(solver)
    _, B = field_rows(solver, solver.A)
    near, far = CELL_AVERAGE[order]

    def shifted(m):
        return np.roll(B[axis], -m, axis=-1 - axis)

    expected = near * (shifted(0) + shifted(1)) + far * (shifted(-1) + shifted(2))
    assert np.array_equal(solver.interior(solver.W)[solver.layout.v_field + 3 + axis], expected)


def test_weights_reproduce_what_they_should():
    for order, (near, far) in DERIVATIVE.items():
        assert near + 2.0 * far == pytest.approx(0.5)
        assert order == 2 or near + 8.0 * far == pytest.approx(0.0)
    for near, far in CELL_AVERAGE.values():
        assert 2.0 * (near + far) == pytest.approx(1.0)


def test_compiled_is_python_to_the_last_bit():
    q = np.random.default_rng(8).normal(size=40)
    rows = np.zeros((2, 30))
    interpolate_row(rows[0], q, 1, 4, 30, 0.625, -0.125)
    interpolate_row.py_func(rows[1], q, 1, 4, 30, 0.625, -0.125)
    assert np.array_equal(rows[0], rows[1])
    W = np.random.default_rng(9).normal(size=(9, 16 * 14))
    both = [W.copy(), W.copy()]
    shape, ghosts = np.array([16, 14, 1]), np.array([3, 3, 0])
    for function, out in zip((average_faces, average_faces.py_func), both, strict=True):
        function(out, 0, shape, ghosts, 13 / 24, -1 / 24, 0, 3, 11)
    assert np.array_equal(both[0], both[1])

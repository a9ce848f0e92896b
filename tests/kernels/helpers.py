"""What the tests of kernels share: solvers filled with random or smooth states."""

import numpy as np

from multifluid import Boundaries, FiveMoment, Grid, Maxwell
from multifluid.coupling.drag import Drag, drag_matrix
from multifluid.solver import Solver
from multifluid.state import Layout

AXES = "xyz"


def three_fluids():
    """Electron, ion and neutral; the electrons are light."""
    return [FiveMoment("electron", 0.04, -1.0), FiveMoment("ion", 1.0, 1.0, 1.6), FiveMoment("neutral", 2.0, 0.0, 1.4)]


def make_solver(cells, fluids=None, field=True, drags=(), boundaries=None, lengths=(1.0, 1.0, 1.0), c=3.0, **options):
    """A solver on a grid of ``cells`` along (x, y, z), periodic unless told; its state is zero."""
    fluids = three_fluids() if fluids is None else fluids
    grid = Grid(*[(0.0, length, n) for length, n in zip(lengths, cells, strict=True)])
    layout = Layout(grid, fluids, Maxwell(c) if field else None)
    alpha = drag_matrix(fluids, [Drag(*d) for d in drags])
    return Solver(layout, alpha, boundaries or Boundaries(), **options)


def set_fluid(A, u, rho, velocity, pressure, gamma):
    """Write one fluid's conserved variables to rows u.. of A (any shape of cells)."""
    A[u] = rho
    for d in range(3):
        A[u + 1 + d] = rho * velocity[d]
    A[u + 4] = pressure / (gamma - 1.0) + 0.5 * rho * sum(v * v for v in velocity)


def fill_random(solver, seed=0, density=(1e-2, 1e2), speed=1.0, pressure=(1e-2, 1e2), field=1.0):
    """Independent random states in every cell: logarithmic densities and pressures, normal velocities and fields."""
    rng = np.random.default_rng(seed)
    layout, A = solver.layout, solver.interior(solver.A)
    cells = A.shape[1:]
    for s, u in enumerate(layout.u_fluid):
        set_fluid(A, u, np.exp(rng.uniform(*np.log(density), cells)), speed * rng.normal(size=(3, *cells)),
                  np.exp(rng.uniform(*np.log(pressure), cells)), solver.gamma[s])
    if layout.u_field >= 0:
        A[layout.u_field:] = field * rng.normal(size=A[layout.u_field:].shape)


def waves(rng, mesh, lengths, modes=3):
    """A smooth periodic random function of the coordinates, of amplitude at most 1, and its three derivatives."""
    value, slopes = 0.0, [0.0, 0.0, 0.0]
    for _ in range(modes):
        k = [2.0 * np.pi * int(rng.integers(-2, 3)) / length for length in lengths]
        phase = sum(kd * x for kd, x in zip(k, mesh, strict=True)) + rng.uniform(0.0, 6.0)
        amplitude = rng.uniform(0.3, 1.0) / modes
        value = value + amplitude * np.sin(phase)
        slopes = [slope + amplitude * kd * np.cos(phase) for slope, kd in zip(slopes, k, strict=True)]
    return value, slopes


def fill_smooth(solver, lengths=(1.0, 1.0, 1.0), seed=0, amplitude=0.3):
    """Smooth periodic state; face B has no divergence (to round-off) and a mean in every direction, E is not zero."""
    rng = np.random.default_rng(seed)
    layout, grid = solver.layout, solver.grid
    A = solver.interior(solver.A)
    mesh = grid.mesh()
    cells = A.shape[1:]

    def smooth(points=mesh):
        return np.broadcast_to(waves(rng, points, lengths)[0], cells)

    for s, u in enumerate(layout.u_fluid):
        mass = layout.fluids[s].mass
        set_fluid(A, u, mass * (1.0 + amplitude * smooth()), [amplitude * smooth() for _ in range(3)],
                  0.5 * (1.0 + amplitude * smooth()), solver.gamma[s])
    if layout.u_field < 0:
        return
    E, B = A[layout.u_field:layout.u_field + 3], A[layout.u_field + 3:]
    for d in range(3):
        E[d] = amplitude * smooth()
        B[d] = (0.7, 0.5, 0.3)[d]
    inverse = [1.0 / h if g else 0.0 for h, g in zip(grid.spacing, grid.ghosts, strict=True)]
    for d in range(3):
        # face B as the discrete curl of a potential on edges
        a, b = (d + 1) % 3, (d + 2) % 3
        potential = 0.05 * np.asarray(smooth(grid.mesh([a, b])))
        B[a] += inverse[b] * (np.roll(potential, -1, axis=2 - b) - potential)
        B[b] -= inverse[a] * (np.roll(potential, -1, axis=2 - a) - potential)


def prepare(solver, t=0.0):
    """Primitives and ghost cells of the state; fails if a cell is not positive."""
    assert solver.primitives_of_state(t) == 0


def difference(q, axis, spacing):
    """Periodic forward difference of interior data (..., z, y, x) along axis 0, 1, 2 = x, y, z."""
    return (np.roll(q, -1, axis=-1 - axis) - q) / spacing


def central(q, axis, spacing, near, far):
    """Periodic centred derivative with the weights of two and of four cells."""
    def shifted(m):
        return np.roll(q, -m, axis=-1 - axis)

    return (near * (shifted(1) - shifted(-1)) + far * (shifted(2) - shifted(-2))) / spacing

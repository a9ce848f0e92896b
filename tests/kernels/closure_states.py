"""What tests of closures share: solvers of any mix of fluids with random states, and sixfold tensors as matrices."""

import numpy as np

from multifluid import Boundaries, Grid, Isothermal, Maxwell, Polytropic, SixMoment, TenMoment
from multifluid.coupling.exchange import Exchange
from multifluid.kernels import stage
from multifluid.kernels.codes import FIRST, SECOND, SYMMETRIC
from multifluid.solver import Solver
from multifluid.state import Layout

INCREMENT = (0.0, 0.0, 0.0, 0.0, 0.0, 1.0)  # recipe of a stage that leaves U - U* in C
KINDS = {"implicit": stage.BACKWARD_EULER, "time-centred": stage.MIDPOINT, "exact": stage.EXACT}
LEVI_CIVITA = np.zeros((3, 3, 3))
for _i, _j, _k in ((0, 1, 2), (1, 2, 0), (2, 0, 1)):
    LEVI_CIVITA[_i, _j, _k], LEVI_CIVITA[_i, _k, _j] = 1.0, -1.0


def closure_solver(fluids, cells=(1000,), interactions=(), relaxation=3.0, c=3.0, field=True, **options):
    """A periodic solver of any fluids and interactions; the state is zero."""
    layout = Layout(Grid(*[(0.0, 1.0, n) for n in cells]), fluids, Maxwell(c) if field else None)
    return Solver(layout, Exchange(fluids, interactions, relaxation), options.pop("boundaries", Boundaries()), **options)


def tensor_of(rows):
    """(3, 3, ...) of (6, ...)."""
    return np.asarray(rows)[list(SYMMETRIC)].reshape(3, 3, *np.shape(rows)[1:])


def rows_of(tensor):
    """(6, ...) of (3, 3, ...)."""
    return np.stack([tensor[i, j] for i, j in zip(FIRST, SECOND, strict=True)])


def random_tensors(rng, cells, anisotropy=10.0, pressure=(1e-2, 1e2)):
    """Positive definite tensors (6, *cells): random axes, eigenvalues within ``anisotropy`` of each other."""
    count = int(np.prod(cells))
    axes = np.linalg.qr(rng.normal(size=(count, 3, 3)))[0]
    values = np.exp(rng.uniform(*np.log(pressure), (count, 1)) + rng.uniform(0.0, np.log(anisotropy), (count, 3)))
    values /= np.exp(0.5 * np.log(anisotropy))
    P = np.einsum("nia,na,nja->ijn", axes, values, axes)
    return rows_of(P).reshape(6, *cells)


def fill_closures(solver, seed=0, density=(1e-2, 1e2), speed=1.0, pressure=(1e-2, 1e2), field=1.0, anisotropy=10.0,
                  light=True):
    """Independent random states in every cell of any closures. ``light``: mass densities, pressures go with the mass."""
    rng = np.random.default_rng(seed)
    layout, A = solver.layout, solver.interior(solver.A)
    cells = A.shape[1:]
    for s, fluid in enumerate(layout.fluids):
        rho = np.exp(rng.uniform(*np.log(density), cells)) * (fluid.mass if light else 1.0)
        if isinstance(fluid, TenMoment):
            given = {"P": random_tensors(rng, cells, anisotropy, pressure)}
        elif isinstance(fluid, SixMoment):
            par, perp = np.exp(rng.uniform(*np.log(pressure), (2, *cells)))
            given = {"ppar": par, "pperp": perp}
        else:
            given = {"p": np.exp(rng.uniform(*np.log(pressure), cells))}
        rows = np.stack([rho, *speed * rng.normal(size=(3, *cells)), *fluid.pressures(rho, given)])
        A[layout.rows_of(s)[0]] = fluid.conserved(rows)
    if layout.u_field >= 0:
        A[layout.u_field:] = field * rng.normal(size=A[layout.u_field:].shape)
    assert solver.primitives_of_state(0.0) == 0


def set_state(solver, rows, E=(0.0, 0.0, 0.0), B=(0.0, 0.0, 0.0)):
    """Primitive rows of every fluid, and uniform or given fields; fails if a cell is not positive."""
    layout, A = solver.layout, solver.interior(solver.A)
    for s, (fluid, values) in enumerate(zip(layout.fluids, rows, strict=True)):
        shape = A.shape[1:]
        full = np.stack([np.broadcast_to(value, shape) for value in values])
        A[layout.rows_of(s)[0]] = fluid.conserved(full)
    if layout.u_field >= 0:
        for d in range(3):
            A[layout.u_field + d] = E[d]
            A[layout.u_field + 3 + d] = B[d]
    assert solver.primitives_of_state(0.0) == 0


def staged(solver, h, kind="implicit"):
    """One source stage of the state A over h: interior (A, C = U - U*, W), flat; fails if a cell is not positive."""
    assert solver.stage(h, INCREMENT, 0.0, kind=KINDS[kind], curl=False) == 0
    return [solver.interior(array).reshape(len(array), -1) for array in (solver.A, solver.C, solver.W)]


def fluid_energy(layout, A, s):
    """Kinetic and internal energy of one fluid that has an energy equation."""
    return layout.fluids[s].energy(A[layout.rows_of(s)[0]])


def is_bath(fluid):
    return isinstance(fluid, (Isothermal, Polytropic)) or fluid.conserved_count == 4


def primitives(layout, A, s):
    """Density, velocity (3, ...) and thermal tensor (3, 3, ...) of the conserved rows of a ten-moment fluid."""
    rows = A[layout.rows_of(s)[0]]
    u = rows[1:4] / rows[0]
    return rows[0], u, tensor_of(rows[4:10]) - rows[0] * u[:, None] * u[None]


def largest(P):
    """Largest component of each cell's matrix."""
    return np.abs(P).max(axis=(0, 1))


def eigenvalues(P):
    """Eigenvalues (cells, 3), ascending."""
    return np.linalg.eigvalsh(np.moveaxis(np.asarray(P, float), -1, 0))

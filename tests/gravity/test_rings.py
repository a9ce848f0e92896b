"""Gravity of rings on a cylindrical grid: closed forms at second order, its own symmetries to round-off."""

import numpy as np
import pytest

from multifluid.boundaries import Boundaries
from multifluid.errors import InputError
from multifluid.gravity import RingPoissonSolver, SelfGravity, poisson_solver
from multifluid.gravity.rings import ring_potential
from multifluid.grid import Grid


def rings(n, z=(-1.0, 1.0)):
    return Grid(x=(0, 1, n), z=(*z, 2 * n), geometry="cylindrical")


def filled(grid, R, parts=16):
    """Share of each cell within R of the origin, by volume."""
    offset = (np.arange(parts) + 0.5) / parts - 0.5
    r = grid.centres(0)[:, None] + grid.spacing[0] * offset
    z = grid.centres(2)[:, None] + grid.spacing[2] * offset
    inside = (r.reshape(1, 1, *r.shape) ** 2 + z.reshape(*z.shape, 1, 1) ** 2 < R * R) * r
    return (inside.mean(axis=(1, 3)) / grid.centres(0))[:, None]


def plummer(grid, a=0.2, R=0.9):
    """Plummer's model (1911, MNRAS 71, 460) of mass 1, cut off at R: density, distance, mass within, phi."""
    x, _, z = grid.mesh()
    d = np.sqrt(x**2 + z**2)
    rho = 3 / (4 * np.pi * a**3) * (1 + (d / a) ** 2) ** -2.5 * filled(grid, R)
    mass = R**3 / (R * R + a * a) ** 1.5
    within = np.where(d < R, d**3 / (d * d + a * a) ** 1.5, mass)
    inside = 1 / np.sqrt(R * R + a * a) - 1 / np.sqrt(d * d + a * a) - mass / R
    return rho, d, within, np.where(d < R, inside, -mass / d)


def sphere(grid, R=0.5):
    """Uniform sphere of density 1."""
    x, _, z = grid.mesh()
    d = np.sqrt(x**2 + z**2)
    mass = 4 * np.pi / 3 * R**3
    phi = np.where(d < R, -2 * np.pi * (R * R - d * d / 3), -mass / d)
    return filled(grid, R), d, np.where(d < R, 4 * np.pi / 3 * d**3, mass), phi


def errors(body, n):
    """Mean errors by volume of phi and of g on n x 2 n cells, relative to their sizes."""
    grid = rings(n)
    rho, d, within, phi = body(grid)
    solver = RingPoissonSolver(grid)
    g = solver.acceleration(rho)[(..., *grid.interior)]
    x, _, z = grid.mesh()
    wrong = np.hypot(g[0] + within * x / d**3, g[2] + within * z / d**3)
    weight = grid.volume + 0.0 * d
    return (float((np.abs(solver.phi - phi) * weight).sum() / (np.abs(phi) * weight).sum()),
            float((wrong * weight).sum() / (within / d**2 * weight).sum()))


@pytest.mark.parametrize("body, phi_limit, g_limit", [(plummer, 2e-3, 3e-3), (sphere, 4e-4, 2.5e-3)])
def test_closed_forms_at_second_order(body, phi_limit, g_limit):
    coarse, fine = errors(body, 24), errors(body, 48)
    # Plummer: 9.5e-4 and 1.35e-3 (ratios 4.0), sphere: 1.7e-4 and 1.16e-3 (3.55)
    assert fine[0] < phi_limit and fine[1] < g_limit
    # the sphere's phi is limited by the parts its surface is cut into
    assert coarse[1] / fine[1] > 3.4 and (body is sphere or coarse[0] / fine[0] > 3.4)


def rough(grid):
    """A density that varies from cell to cell by orders of magnitude."""
    return np.random.default_rng(2).lognormal(0.0, 2.0, grid.shape)


def test_no_net_force_along_the_axis():
    grid = rings(12, (-0.7, 1.9))
    rho = rough(grid)
    force = rho * grid.volume * RingPoissonSolver(grid, 0.7).acceleration(rho)[2][grid.interior]
    assert abs(force.sum()) < 5e-15 * abs(force).sum()


def test_upside_down():
    grid = rings(12)
    rho = rough(grid)
    g, turned = (RingPoissonSolver(grid).acceleration(a)[(..., *grid.interior)] for a in (rho, rho[::-1]))
    assert np.abs(g[0] - turned[0][::-1]).max() < 1e-13 * np.abs(g).max()
    assert np.abs(g[2] + turned[2][::-1]).max() < 1e-13 * np.abs(g).max()
    assert not g[1].any()


def test_ring_against_its_potential_on_the_axis_and_far_away():
    z = np.linspace(-3, 3, 13)
    assert np.abs(ring_potential(0.0, 0.8, z) * np.hypot(0.8, z) - 1).max() < 1e-15
    # far off: monopole and quadrupole, -(1/d) [1 - (s^2/(2 d^2)) P_2(cos theta)]
    d = np.hypot(300.0, 200.0)
    quadrupole = 1 - 0.5 * (0.8 / d) ** 2 * (1.5 * (200.0 / d) ** 2 - 0.5)
    assert abs(ring_potential(300.0, 0.8, 200.0) * d / quadrupole - 1) < 1e-10


def test_one_ring_of_cells_along_the_axis():
    grid = rings(32)
    rho = np.zeros(grid.shape)
    rho[32, 0, 20] = 1.0
    mass, s = float(grid.volume[0, 0, 20]), grid.centres(0)[20]
    phi = RingPoissonSolver(grid, 2.0).solve(rho)[:, 0, 0]
    thin = -2.0 * mass / np.hypot(s, grid.centres(2) - grid.centres(2)[32])
    assert np.abs(phi / thin - 1).max() < 5e-4  # the axis cell's centre is half a cell off the axis


def test_what_is_refused():
    flat = Grid(x=(0, 1, 8), geometry="cylindrical")
    with pytest.raises(InputError, match="several cells along z"):
        RingPoissonSolver(flat)
    with pytest.raises(InputError, match="shape"):
        RingPoissonSolver(rings(8)).solve(np.ones((3, 1, 8)))
    with pytest.raises(InputError, match="must be isolated"):
        SelfGravity(1.0, "periodic").require(rings(8), Boundaries(x=("axis", "wall")))
    assert isinstance(poisson_solver(rings(8), SelfGravity(1.0, "isolated")), RingPoissonSolver)

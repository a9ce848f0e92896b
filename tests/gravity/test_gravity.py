"""The Poisson solver: its discrete equation and conservation to round-off, closed forms at second order."""

import numpy as np
import pytest

from multifluid.boundaries import Boundaries
from multifluid.errors import InputError
from multifluid.gravity import PoissonSolver, SelfGravity
from multifluid.gravity.lattice import lattice_green
from multifluid.grid import Grid
from tests.gravity.gravity_cases import cylinder, plummer, sphere

GRIDS = {
    "x": Grid((0, 1.3, 37)),
    "y": Grid((0, 1, 1), (0, 2, 24)),
    "xy": Grid((0, 1, 22), (0, 3, 17)),
    "xz": Grid((0, 1, 16), (0, 1, 1), (0, 2, 9)),
    "xyz": Grid((0, 1, 14), (0, 1.5, 11), (0, 3, 13)),
    "yz_fine": Grid((0, 0.5, 1), (0, 1e17, 20), (0, 3e17, 16)),
}
BOTH = pytest.mark.parametrize("boundary", ["periodic", "isolated"])
ALL_GRIDS = pytest.mark.parametrize("name", GRIDS)


def rough(grid, seed=1):
    """A density that varies from cell to cell by orders of magnitude."""
    return np.random.default_rng(seed).lognormal(0.0, 2.0, grid.shape)


def laplacian(grid, phi):
    """Second-difference Laplacian of an array (z, y, x) with one layer of ghost cells along axes that are not flat."""
    live = [d for d in range(3) if phi.shape[d] > 1]
    inner = tuple(slice(1, -1) if d in live else slice(None) for d in range(3))
    out = 0.0
    for d in live:
        low, high = list(inner), list(inner)
        low[d], high[d] = slice(0, -2), slice(2, None)
        out = out + (phi[tuple(high)] - 2.0 * phi[inner] + phi[tuple(low)]) / grid.spacing[2 - d] ** 2
    return out


@BOTH
@ALL_GRIDS
def test_the_discrete_equation_holds(name, boundary):
    grid, G = GRIDS[name], 0.7
    rho = rough(grid)
    solver = PoissonSolver(grid, boundary, G)
    phi = solver.solve(rho)
    if boundary == "periodic":
        box = np.pad(phi, [(1, 1) if n > 1 else (0, 0) for n in grid.shape], mode="wrap")
        mean = rho.mean()
        assert abs(phi.mean()) < 1e-14 * abs(phi).max()
    else:
        box, mean = solver._phi, 0.0
    wanted = 4 * np.pi * G * (rho - mean)
    # the FFT rounds relative to the largest phi, which the second difference magnifies
    size = max(abs(wanted).max(), abs(phi).max() / min(d for d, n in zip(grid.spacing, grid.cells) if n > 1) ** 2)
    assert abs(laplacian(grid, box) - wanted).max() < 2e-14 * size  # 4e-15


@BOTH
@ALL_GRIDS
def test_no_net_force(name, boundary):
    grid = GRIDS[name]
    rho = rough(grid)
    g = PoissonSolver(grid, boundary).acceleration(rho)[(..., *grid.interior)]
    for axis in range(3):
        force = rho * g[axis]
        assert abs(force.sum()) <= 2e-14 * abs(force).sum()
        assert grid.ghosts[axis] or not force.any()


@BOTH
def test_force_is_the_difference_of_a_stress_on_faces(boundary):
    grid = GRIDS["x"]
    rho, dx = rough(grid), grid.spacing[0]
    solver = PoissonSolver(grid, boundary)
    pull = solver.acceleration(rho)[(0, *grid.interior)]
    force = 4 * np.pi * (rho - (rho.mean() if boundary == "periodic" else 0.0)) * pull
    face = -np.diff(solver._phi[0, 0]) / dx
    stress = -0.5 * np.diff(face**2) / dx
    assert abs(force[0, 0] - stress).max() < 2e-13 * abs(stress).max()


@BOTH
def test_axes_are_alike(boundary):
    grid = Grid((0, 1, 12), (0, 2, 15), (0, 1.5, 10))
    turned = Grid((0, 2, 15), (0, 1.5, 10), (0, 1, 12))
    rho = rough(grid)
    one = PoissonSolver(grid, boundary).acceleration(rho)[(..., *grid.interior)]
    # axes (x, y, z) of the one are (z, x, y) of the other: arrays (z, y, x) -> (x, z, y)
    other = PoissonSolver(turned, boundary).acceleration(rho.transpose(2, 0, 1))[(..., *turned.interior)]
    for axis, same in ((0, 2), (1, 0), (2, 1)):
        assert abs(other[same].transpose(1, 2, 0) - one[axis]).max() < 1e-13 * abs(one).max()


@BOTH
def test_flat_axes_are_uniform_ones(boundary):
    """One and the same line or plane on every flat axis it can lie along."""
    rho = rough(Grid((0, 1, 18)), 2).ravel()
    lines = [PoissonSolver(Grid(**{a: (0, 1, 18 if a == axis else 1) for a in "xyz"}), boundary).solve(
        rho.reshape([18 if a == axis else 1 for a in "zyx"])).ravel() for axis in "xyz"]
    assert np.array_equal(lines[0], lines[1]) and np.array_equal(lines[0], lines[2])
    if boundary == "periodic":
        plane = PoissonSolver(Grid((0, 1, 18), (0, 1, 6)), boundary).solve(np.tile(rho, (6, 1))[None])
        assert abs(plane - lines[0]).max() < 1e-14 * abs(plane).max()


def test_a_sine_is_exact_for_the_operator_and_second_order_for_the_equation():
    errors = []
    for n in (16, 32):
        grid = Grid((0, 2, n), (0, 1, n), (0, 3, n))
        k = 2 * np.pi * np.array([2 / 2, 1 / 1, 1 / 3])
        wave = sum(ki * x for ki, x in zip(k, grid.mesh()))
        solver = PoissonSolver(grid, "periodic", 0.3)
        g = solver.acceleration(1.0 + 0.5 * np.sin(wave))[(..., *grid.interior)]
        dx = np.array(grid.spacing)
        discrete = ((2 / dx * np.sin(0.5 * k * dx)) ** 2).sum()
        amplitude = -4 * np.pi * 0.3 * 0.5
        assert abs(solver.phi - amplitude / discrete * np.sin(wave)).max() < 1e-14 * abs(amplitude / discrete)
        for a in range(3):
            exact = -amplitude / discrete * np.sin(k[a] * dx[a]) / dx[a] * np.cos(wave)
            assert abs(g[a] - exact).max() < 1e-13 * abs(g).max()
        wanted = np.array([-amplitude * ka / (k @ k) * np.cos(wave) for ka in k])
        errors.append(abs(g - wanted).max() / abs(wanted).max())
    assert np.log2(errors[0] / errors[1]) > 1.95 and errors[1] < 0.03


def test_slab_is_exact_but_for_the_cells_at_its_faces():
    grid = Grid((-1, 1, 40))
    x, edge = grid.centres(0), 0.4
    rho = np.where(abs(x) < edge, 2.0, 0.0)
    solver = PoissonSolver(grid, "isolated", 0.5)
    g = solver.acceleration(rho[None, None])[(0, *grid.interior)][0, 0]
    wanted = -4 * np.pi * 0.5 * 2.0 * np.clip(x, -edge, edge)
    away = abs(abs(x) - edge) > grid.spacing[0]
    assert abs(g - wanted)[away].max() < 2e-14 * abs(wanted).max()
    phi = 2 * np.pi * 0.5 * 2.0 * np.where(abs(x) < edge, x * x + edge**2, 2 * edge * abs(x))
    # the cells as sheets lack dx^2/4 of potential inside
    assert abs(solver.phi - phi).max() == pytest.approx(np.pi * 2.0 * 0.5 * 0.5 * grid.spacing[0] ** 2, rel=1e-9)
    # 1/2 int rho phi dx
    energy = np.pi * 0.5 * 2.0**2 * (2 * edge**3 / 3 + 2 * edge**3)
    assert solver.energy(rho[None, None]) == pytest.approx(energy, rel=5e-3)


# case: (cells, largest errors on the finer grid: potential max, potential mean, force max, force mean)
BODIES = {
    plummer: ((32, 64), (3e-3, 4.5e-5, 1.2e-2, 3e-4)),
    sphere: ((32, 64), (6e-4, 3e-5, 6e-2, 6e-4)),
    cylinder: ((64, 256), (3e-5, 5e-6, 1e-2, 5e-5)),
}


@pytest.mark.parametrize("body", BODIES)
def test_isolated_bodies_are_second_order(body):
    """Second order everywhere for the smooth Plummer model; where a sharp edge has a kink in the force, in the mean."""
    sizes, gates = BODIES[body]
    errors = []
    for n in sizes:
        grid, rho, phi, g = body(n)
        solver = PoissonSolver(grid, "isolated")
        force = np.sqrt(((solver.acceleration(rho)[(..., *grid.interior)] - g) ** 2).sum(axis=0)) / abs(g).max()
        potential = abs(solver.phi - phi) / abs(phi).max()
        errors.append([potential.max(), potential.mean(), force.max(), force.mean()])
    assert np.all(np.array(errors[1]) < gates)
    order = np.log(np.divide(*errors)) / np.log(sizes[1] / sizes[0])
    assert order[1] > 1.95 and order[3] > 1.9
    if body is plummer:
        assert order.min() > 1.98


def test_energy_of_a_sphere():
    grid, rho, _, _ = sphere(48)
    mass = grid.volume * rho.sum()
    assert PoissonSolver(grid, "isolated").energy(rho) == pytest.approx(-0.6 * mass**2 / 0.5, rel=5e-3)


def test_an_isolated_box_has_no_images():
    """The doubled box does not wrap: a corner cell is a distant point to the opposite one."""
    grid = Grid((0, 1, 20), (0, 1, 20), (0, 1, 20))
    rho = np.zeros(grid.shape)
    rho[0, 0, 0] = 1.0 / grid.volume
    phi = PoissonSolver(grid, "isolated").solve(rho)
    distance = 0.05 * np.sqrt(3) * 19
    assert phi[19, 19, 19] == pytest.approx(-1 / distance, rel=3e-4)
    assert phi[0, 0, 19] == pytest.approx(-1 / (0.05 * 19), rel=1e-3)


def test_growth_rate():
    rho = rough(GRIDS["xy"])
    assert PoissonSolver(GRIDS["xy"], G=0.3).growth_rate(rho) == pytest.approx(np.sqrt(4 * np.pi * 0.3 * rho.max()))


def test_lattice_constants():
    """Watson's integral (1939, Q. J. Math. 10, 266) and the plane's (Spitzer 1976, Principles of Random Walk, 15)."""
    assert lattice_green((2, 2, 2), (1, 1, 1))[0, 0, 0] == pytest.approx(-0.25273100985866300, rel=1e-14)
    plane = lattice_green((2, 2), (1, 1))
    assert plane[0, 0] == pytest.approx(-(np.euler_gamma + 1.5 * np.log(2)) / (2 * np.pi), rel=1e-14)
    assert plane[1, 1] - plane[0, 0] == pytest.approx(1 / np.pi, rel=1e-14)


def test_lattice_far_away_and_anisotropic():
    spacing = np.array([1.0, 0.5, 2.0])
    table = lattice_green((90, 90, 60), spacing)
    for n in ((80, 0, 0), (0, 89, 10), (50, 60, 40)):
        assert table[n] == pytest.approx(-1 / (4 * np.pi * np.linalg.norm(n * spacing)), rel=3e-4)
    plane = lattice_green((400, 400), (3.0, 1.0))
    assert plane[300, 390] == pytest.approx(np.log(np.hypot(900, 390)) / (2 * np.pi), rel=1e-6)


def test_calls_do_not_depend_on_what_went_before():
    grid = GRIDS["xyz"]
    solver = PoissonSolver(grid, "isolated")
    first = solver.acceleration(rough(grid)).copy()
    out = np.full_like(first, 7.0)
    solver.acceleration(rough(grid, 5))
    assert solver.acceleration(rough(grid), out) is out
    assert np.array_equal(out[(..., *grid.interior)], first[(..., *grid.interior)])
    assert out[0, 0, 0, 0] == 7.0 and first[0, 0, 0, 0] == 0.0


def test_input_errors():
    with pytest.raises(InputError, match="G must be a positive number"):
        SelfGravity(G=-1.0)
    with pytest.raises(InputError, match="boundary 'open' is unknown; choose from periodic, isolated"):
        SelfGravity(G=1.0, boundary="open")
    with pytest.raises(InputError, match="boundary 'open' is unknown"):
        PoissonSolver(GRIDS["x"], "open")
    with pytest.raises(InputError, match="density has shape"):
        PoissonSolver(GRIDS["x"]).solve(np.ones((1, 1, 5)))
    for boundary, kind, what in (("periodic", "open", "not periodic"), ("isolated", "periodic", "periodic")):
        with pytest.raises(InputError, match=f"the y boundaries of the fluids are {what}"):
            SelfGravity(1.0, boundary).require(GRIDS["y"], Boundaries(y=kind))
    SelfGravity(1.0, "isolated").require(GRIDS["y"], Boundaries(x="periodic", y="open"))

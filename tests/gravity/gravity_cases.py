"""Bodies with a known potential (G = 1) on a grid: density, phi, g."""

import numpy as np

from multifluid.grid import Grid

CENTRE = (0.03, -0.05, 0.02)


def filled(grid, R, parts):
    """Share of each cell within R of CENTRE, by ``parts`` points along each axis that is not flat."""
    offset = (np.arange(parts) + 0.5) / parts - 0.5
    squares, shape = [], []
    for a in (2, 1, 0):
        line = grid.centres(a)[:, None] + grid.spacing[a] * offset - CENTRE[a] if grid.ghosts[a] else np.zeros((1, 1))
        squares.append(line.ravel() ** 2)
        shape += line.shape
    z, y, x = squares
    inside = z[:, None, None] + y[:, None] + x < R * R
    return inside.reshape(shape).mean(axis=(1, 3, 5))


def place(grid):
    """Distance vector from CENTRE (list of three) and its size."""
    X = [x - c if g else 0.0 * x for x, c, g in zip(grid.mesh(), CENTRE, grid.ghosts)]
    return X, np.sqrt(sum(x * x for x in X))


def sphere(n, R=0.5):
    """Uniform sphere of density 1."""
    grid = Grid((-1, 1, n), (-1, 1, n), (-1, 1, n))
    X, r = place(grid)
    mass = 4 * np.pi / 3 * R**3
    phi = np.where(r < R, -2 * np.pi * (R * R - r * r / 3), -mass / r)
    return grid, filled(grid, R, 8), phi, np.array([-x * np.where(r < R, 4 * np.pi / 3, mass / r**3) for x in X])


def plummer(n, R=0.9, a=0.25):
    """Plummer's model (1911, MNRAS 71, 460), mass 1 and core a, cut off at R so that it lies within the box."""
    grid = Grid((-1, 1, n), (-1, 1, n), (-1, 1, n))
    X, r = place(grid)
    rho = 3 / (4 * np.pi * a**3) * (1 + (r / a) ** 2) ** -2.5 * filled(grid, R, 8)
    mass = R**3 / (R * R + a * a) ** 1.5
    within = np.where(r < R, r**3 / (r * r + a * a) ** 1.5, mass)
    phi = np.where(r < R, 1 / np.sqrt(R * R + a * a) - 1 / np.sqrt(r * r + a * a) - mass / R, -mass / r)
    return grid, rho, phi, np.array([-x * within / r**3 for x in X])


def cylinder(n, R=0.5):
    """Uniform cylinder of density 1, infinitely long along the flat axis z."""
    grid = Grid((-1, 1, n), (-1.2, 0.8, n))
    X, r = place(grid)
    line = np.pi * R * R
    phi = np.where(r < R, 2 * line * np.log(R) + np.pi * (r * r - R * R), 2 * line * np.log(r))
    g = [-x * np.where(r < R, 2 * np.pi, 2 * line / r**2) for x in X]
    return grid, filled(grid, R, 32), phi, np.array(np.broadcast_arrays(*g))

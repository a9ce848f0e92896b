"""Rows begin alike on cache lines, and nothing but their speed depends on it."""

import numpy as np
import pytest

from multifluid import Grid, Simulation, grid
from multifluid.aligned import aligned_zeros
from tests.small_plasma import SmallPlasma


def test_arrays_begin_on_a_cache_line():
    for shape in (7, (3, 5), (2, 1, 1, 9)):
        arrays = [aligned_zeros(shape) for _ in range(5)]
        assert all(a.ctypes.data % 64 == 0 and a.shape == np.zeros(shape).shape and not a.any() for a in arrays)


@pytest.mark.parametrize("cells, ghosts", [((8, 6, 1), (4, 3, 0)), ((9, 8, 8), (3, 3, 3)), ((4, 1, 1), (4, 0, 0)),
                                           ((1, 8, 1), (0, 3, 0))])
def test_a_fourth_layer_only_where_it_aligns(cells, ghosts):
    mesh = Grid(*((0.0, 1.0, n) for n in cells))
    assert mesh.ghosts == ghosts
    # checkpoints hold three layers, whatever is aligned
    assert np.zeros(mesh.full_shape)[mesh.reached].shape == tuple(n + 6 if n > 1 else 1 for n in cells[::-1])


def test_vectors_of_four_do_not_straddle_lines():
    solver = Simulation(SmallPlasma(dim=2)).solver
    for array in (solver.A, solver.C, solver.D, solver.W, solver.signals):
        rows = solver.interior(array)
        assert rows.ctypes.data % 32 == 0 and all(stride % 32 == 0 for stride in rows.strides[:-1])


def test_bits_do_not_depend_on_it(monkeypatch):
    states = []
    for layers in (4, 3):
        monkeypatch.setattr(grid, "ALIGNED", layers)
        simulation = Simulation(SmallPlasma(dim=2, neutral=True))
        simulation.run()
        assert simulation.grid.ghosts == (layers, 3, 0) and simulation.step_count > 3
        states.append(simulation.solver.interior(simulation.solver.A).copy())
    assert np.array_equal(*states)

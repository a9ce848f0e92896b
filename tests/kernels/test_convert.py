"""Conserved to primitive variables and back."""

import numpy as np
import pytest

from multifluid.kernels.convert import primitives_block
from tests.kernels.helpers import fill_random, make_solver, prepare, set_fluid


@pytest.mark.parametrize("cells", [(12, 1, 1), (5, 6, 7)])
@pytest.mark.parametrize("field", [True, False])
def test_there_and_back(cells, field):
    fluids = None if field else make_solver(cells).layout.fluids[2:]
    solver = make_solver(cells, fluids, field=field)
    fill_random(solver, 1)
    prepare(solver)
    A, W, layout = solver.interior(solver.A), solver.interior(solver.W), solver.layout
    back = np.zeros_like(A)
    for s, (u, v) in enumerate(zip(layout.u_fluid, layout.v_fluid, strict=True)):
        set_fluid(back, u, W[v], W[v + 1:v + 4], W[v + 4], solver.gamma[s])
    n = 5 * len(layout.fluids)
    assert np.abs(back[:n] - A[:n]).max() <= 4e-15 * np.abs(A[:n]).max()
    if field:
        assert np.array_equal(W[n:n + 3], A[n:n + 3]) and np.array_equal(W[n + 6:], A[n + 3:])


def test_threads_do_not_change_a_bit():
    states = []
    for threads in (1, 2, 3):
        solver = make_solver((9, 8, 7), threads=threads)
        fill_random(solver, 2)
        prepare(solver)
        states.append(solver.W)
    assert np.array_equal(states[0], states[1]) and np.array_equal(states[0], states[2])


def test_compiled_is_python_to_the_last_bit():
    solver = make_solver((7, 4, 1))
    fill_random(solver, 3)
    L = solver.layout
    results = []
    for function in (primitives_block, primitives_block.py_func):
        W, counts = np.zeros((L.primitives, solver.W[0].size)), np.zeros(2, np.int64)
        function(W, solver.A.reshape(L.conserved, -1), solver.qm, solver.models, L.v_fluid, L.u_fluid, L.v_field,
                 L.u_field, solver.shape, solver.ghosts, counts, 0, 3, 7)
        assert counts[0] == 0
        results.append(W)
    assert np.array_equal(*results)

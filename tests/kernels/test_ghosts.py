"""Ghost cells of every boundary kind against a plain reference, staggered rows included."""

import numpy as np
import pytest

from multifluid import Boundaries
from multifluid.kernels.ghosts import CONDUCTOR, OPEN, PERIODIC, WALL, fill_ghosts, fill_layer
from tests.kernels.helpers import fill_random, make_solver, prepare

KINDS = {"periodic": PERIODIC, "open": OPEN, "wall": WALL, "conductor": CONDUCTOR}


def reference(W, layout, kinds):
    """Fill ghosts of one-sided kinds {(axis, side): word}, axis by axis, from the definitions of the kinds."""
    grid = layout.grid
    W = W.copy()
    for axis in range(3):
        g, n = grid.ghosts[axis], grid.cells[axis]
        if not g:
            continue
        lines = np.moveaxis(W, 3 - axis, 1)  # (variable, along, ...)
        for v in range(layout.primitives):
            q = lines[v]
            on_face = layout.staggered[v] == axis
            name = layout.names[v]
            vector = name[0] if name[0] in "EB" else ("u" if name[0] == "u" else "")
            normal = vector != "" and name[1] == "xyz"[axis]
            face_b = lines[layout.v_face + axis] if layout.v_face >= 0 else None
            for side in (0, 1):
                kind = kinds[axis, side]
                wall = g if side == 0 else g + n  # index of the boundary's face
                if on_face and kind == "periodic" and side == 1:
                    q[g + n] = q[g]
                # positions of ghosts beyond the boundary, and of their images
                for m in range(1, g + (0 if on_face and side == 1 else 1)):
                    if on_face:
                        to, image = (wall - m, wall + m) if side == 0 else (wall + m, wall - m)
                        last = wall
                    else:
                        to, image = (wall - m, wall + m - 1) if side == 0 else (wall + m - 1, wall - m)
                        last = wall if side == 0 else wall - 1
                    if kind == "periodic":
                        q[to] = q[to + n] if side == 0 else q[to - n]
                    elif kind == "open":
                        q[to] = q[last]
                    elif kind == "wall":
                        # plane of symmetry: polar vectors lose their normal part, axial ones (B) their tangential
                        odd = (vector in ("u", "E") and normal) or (vector == "B" and not normal)
                        q[to] = -q[image] if odd else q[image]
                    elif vector == "B" and normal:
                        q[to] = 2.0 * face_b[wall] - q[image]
                    else:
                        odd = (vector == "u" and normal) or (vector == "E" and not normal)
                        q[to] = -q[image] if odd else q[image]
    return W


@pytest.mark.parametrize("cells", [(6, 1, 1), (6, 5, 1), (1, 5, 7), (5, 6, 7)])
@pytest.mark.parametrize("low", KINDS)
@pytest.mark.parametrize("high", KINDS)
def test_every_kind(cells, low, high):
    if (low == "periodic") != (high == "periodic"):
        with pytest.raises(Exception, match="periodic"):
            Boundaries(x=(low, high))
        return
    solver = make_solver(cells, boundaries=Boundaries(*[(low, high)] * 3))
    rng = np.random.default_rng(1)
    W = solver.W
    W[...] = rng.normal(size=W.shape)
    before = W.copy()
    layout = solver.layout
    # face B first, as a stage does it: the others may read it on a conductor
    order = [*range(layout.v_face, layout.primitives), *range(layout.v_face)]
    solver.filler.fill(W, layout.v_face, layout.primitives, 0.0)
    solver.filler.fill(W, 0, layout.v_face, 0.0)
    kinds = {(axis, side): kind for axis in range(3) for side, kind in enumerate((low, high))}
    expected = before.copy()
    for rows in (order[:3], order[3:]):
        filled = reference(np.where(np.isin(np.arange(len(W)), order[:3])[:, None, None, None], expected, before),
                           layout, kinds)
        expected[rows] = filled[rows]
    # ghosts next to the far corner of the last faces are nobody's
    assert np.array_equal(W, expected)


def test_interior_is_left_alone():
    solver = make_solver((6, 5, 4), boundaries=Boundaries("wall", "open", "conductor"))
    solver.W[...] = np.random.default_rng(2).normal(size=solver.W.shape)
    before = solver.interior(solver.W).copy()
    solver.fill_ghosts(0.0)
    assert np.array_equal(solver.interior(solver.W), before)


def test_periodic_faces_are_one_face():
    """The last face of a periodic axis has the bits of the first, and stays so through a stage."""
    solver = make_solver((6, 5, 4))
    fill_random(solver, 3)
    prepare(solver)
    solver.stage(1e-3, (0.0, 0.0, 0.0, 0.0, 0.0, 1.0), 0.0)
    for d in range(3):
        b = np.moveaxis(solver.W[solver.layout.v_face + d], 2 - d, 0)
        n = solver.grid.cells[d]
        assert np.array_equal(b[3], b[3 + n])


@pytest.mark.parametrize("reconstruction", ["plm", "ppm"])
@pytest.mark.parametrize("axis", [0, 1, 2])
def test_tangential_e_vanishes_on_a_conductor(axis, reconstruction):
    """Exactly, on its edges, so that the flux through it cannot change."""
    sides = ["periodic"] * 3
    sides[axis] = "conductor"
    solver = make_solver((6, 5, 4), boundaries=Boundaries(*sides), reconstruction=reconstruction)
    fill_random(solver, 4)
    prepare(solver)
    solver.D[...] = 0.0
    solver.flux_divergence(solver.D, 1.0, 1e-2)
    n, inside = solver.grid.cells[axis], list(solver.grid.interior)
    for place in (3, 3 + n):
        inside[2 - axis] = place
        for c in range(3):
            if c != axis:
                assert np.all(solver.edges[(c, *inside)] == 0.0)
        assert np.all(solver.D[(solver.layout.u_field + 3 + axis, *inside)] == 0.0)


@pytest.mark.parametrize("kind", ["wall", "conductor"])
@pytest.mark.parametrize("reconstruction", ["plm", "ppm"])
def test_nothing_flows_through_walls(kind, reconstruction):
    """Mass and energy of the fluids, summed over a closed box, do not change but for round-off."""
    solver = make_solver((8, 7, 1), boundaries=Boundaries(kind, kind), reconstruction=reconstruction)
    fill_random(solver, 5, density=(0.5, 2.0), pressure=(0.5, 2.0))
    prepare(solver)
    solver.D[...] = 0.0
    solver.flux_divergence(solver.D, 1.0, 1e-2)
    D = solver.interior(solver.D)
    for u in solver.layout.u_fluid:
        for row in (u, u + 4):
            assert abs(D[row].sum()) <= 1e-14 * np.abs(D[row]).sum()


def test_compiled_is_python_to_the_last_bit():
    rng = np.random.default_rng(6)
    W = rng.normal(size=(2, 4, 5, 9))
    both = [W.copy(), W.copy()]
    for function, out in zip((fill_layer, fill_layer.py_func), both, strict=True):
        for axis in range(3):
            function(out, 0, axis, 1, 3, -1.0, 1, 2)
    assert np.array_equal(both[0], both[1])
    solver = make_solver((5, 4, 1), boundaries=Boundaries("conductor", "open"))
    L = solver.layout
    W = rng.normal(size=solver.W.shape)
    both = [W.copy(), W.copy()]
    for function, out in zip((fill_ghosts, fill_ghosts.py_func), both, strict=True):
        function(out, 0, L.primitives, solver.filler.codes, L.even_at_wall, L.even_at_conductor, L.even_at_axis,
                 L.staggered, L.v_face,
                 solver.shape, solver.ghosts)
    assert np.array_equal(both[0], both[1])

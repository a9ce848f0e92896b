"""Fills the ghost cells of a run's primitive array."""

import numpy as np

from ..errors import InputError, where_raised
from ..kernels import ghosts as kernels
from .kinds import Axis, Conductor, Inflow, Open, Periodic, User, Wall

_CODES = {Periodic: kernels.PERIODIC, Open: kernels.OPEN, Wall: kernels.WALL, Conductor: kernels.CONDUCTOR,
          Inflow: kernels.SKIP, User: kernels.SKIP, Axis: kernels.AXIS}


class GhostFiller:
    """Applies a ``Boundaries`` to primitive arrays of a ``Layout``.

    Parameters
    ----------
    boundaries : Boundaries
    layout : Layout
        Variables, parities and staggering (see ``multifluid.state``).
    """

    def __init__(self, boundaries, layout):
        self.layout = layout
        self.boundaries = boundaries
        grid = layout.grid
        for axis, pair in enumerate(boundaries.sides):
            for side, kind in enumerate(pair):
                if isinstance(kind, Axis) and grid.ghosts[axis] and not (grid.cylindrical and axis == side == 0):
                    raise InputError(f"boundary {'xyz'[axis]}: 'axis' is the lower boundary of r on a cylindrical grid and "
                                     "nothing else")
        self.codes = np.array([[_CODES[type(kind)] for kind in pair] for pair in boundaries.sides], np.int64)
        self.users = [(axis, side, pair[side].function) for axis, pair in enumerate(boundaries.sides)
                      for side in (0, 1) if isinstance(pair[side], User) and grid.ghosts[axis]]
        self.shape = np.array(grid.full_cells)
        self.ghosts = np.array(grid.ghosts)
        self._curved = self._around_conductors() if grid.cylindrical and layout.field else ()

    def _around_conductors(self):
        """(rows, ghost columns, factors) of conductors at constant r: r E_r and r B_phi are even there, not E_r and B_phi,
        for div E and (curl B)_z vanish on them."""
        layout, grid, out = self.layout, self.layout.grid, []
        radius = grid.centres(0, full=True)
        rows = np.array([layout.v_field, layout.v_field + 4, layout.v_face + 1])
        for side, kind in enumerate(self.boundaries.sides[0]):
            if isinstance(kind, Conductor):
                place, inside = (part[2] for part in self._region(0, side, -1))
                out.append((rows, place, radius[inside] / radius[place]))
        return out

    def fill(self, W, v0, v1, t):
        """Fill the ghost cells of variables v0 <= v < v1 of W (variable, z, y, x) at time t."""
        layout = self.layout
        kernels.fill_ghosts(W, v0, v1, self.codes, layout.even_at_wall, layout.even_at_conductor, layout.even_at_axis,
                            layout.staggered, layout.v_face, self.shape, self.ghosts)
        for rows, columns, factors in self._curved:
            for v in rows[(rows >= v0) & (rows < v1)]:
                W[v][..., columns] *= factors
        for axis, side, function in self.users:
            self._fill_user(W, v0, v1, t, axis, side, function)

    def _region(self, axis, side, staggered):
        """(ghost slices, slices of the mirrored interior) of a side, in (z, y, x) order."""
        grid = self.layout.grid
        g, n = grid.ghosts[axis], grid.cells[axis]
        on_face = staggered == axis
        if side == 0:
            ghost, mirror = slice(0, g), slice(2 * g, g, -1) if on_face else slice(2 * g - 1, g - 1, -1)
        elif on_face:
            ghost, mirror = slice(g + n + 1, n + 2 * g), slice(g + n - 1, n, -1)
        else:
            ghost, mirror = slice(g + n, n + 2 * g), slice(g + n - 1, n - 1, -1)
        place = [slice(None)] * 3
        inside = [slice(None)] * 3
        place[2 - axis], inside[2 - axis] = ghost, mirror
        return tuple(place), tuple(inside)

    def _fill_user(self, W, v0, v1, t, axis, side, function):
        layout = self.layout
        groups = {}
        for v in range(v0, v1):
            groups.setdefault(int(layout.staggered[v]), []).append(v)
        for staggered, rows in groups.items():
            place, inside = self._region(axis, side, staggered)
            mesh = layout.grid.mesh(None if staggered < 0 else staggered, full=True)
            coordinates = [c[tuple(p if c.shape[d] > 1 else slice(None) for d, p in enumerate(place))] for c in mesh]
            # as many layers of cells as of faces: the function may look at every name in each of its calls
            cells = inside if side == 1 else self._region(axis, side, -1)[1]
            mirrored = {layout.names[v]: W[v][cells] for v in range(layout.cell_variables)}
            # face B goes by the same names as cell B, which is of the stage before when the faces are filled
            mirrored |= {layout.names[v]: W[v][inside] for v in rows}
            where = f"user boundary {'xyz'[axis]} {'low' if side == 0 else 'high'}"
            try:
                values = function(t, *coordinates, mirrored)
            except Exception as error:
                raise InputError(f"{where}: {where_raised(error)}: the function raised {type(error).__name__}: "
                                 f"{error}") from error
            if not isinstance(values, dict):
                raise InputError(f"{where}: the function must return a dict of variables by name")
            for v in rows:
                name = layout.names[v]
                if name not in values:
                    raise InputError(f"{where}: the function returns no {name!r}; it must return every variable "
                                     f"({', '.join(layout.names[:layout.cell_variables])})")
                try:
                    W[v][place] = values[name]
                except ValueError:
                    raise InputError(f"{where}: {name!r} has shape {np.shape(values[name])}, which does not fit the "
                                     f"ghost cells {W[v][place].shape}") from None

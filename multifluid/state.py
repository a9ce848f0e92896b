"""Where every variable of a run sits in its arrays."""

import numpy as np

from .errors import InputError
from .kernels.codes import FIRST, MODEL, SECOND, SHORTEST, TEN
from .maxwell import FIELD_VARIABLES


class Layout:
    """Rows of the conserved array U and the primitive array W of a set of fluids and a field.

    U: per fluid rho, momentum (3), then what its closure conserves; then E (3, cell centres), B (3, faces).
    W: per fluid rho, velocity (3), mean pressure, then further pressures; then E (3), B (3, cell centres), B (3, faces).
    See ``multifluid.kernels.codes``.

    Attributes
    ----------
    v_fluid, u_fluid : (S,) first row of each fluid in W and U
    v_field, u_field, v_face : first row of the field (E) in W and U and of face B in W; -1 without a field
    models : (S, MODEL) the fluids' closures in numbers
    names : names of the rows of W (face B repeat Bx, By, Bz)
    cell_variables : number of rows of W without face B
    """

    def __init__(self, grid, fluids, field):
        self.grid, self.fluids, self.field = grid, tuple(fluids), field
        names = [fluid.name for fluid in fluids]
        for name in names:
            if names.count(name) > 1:
                raise InputError(f"two fluids are called {name!r}; give each a name of its own")
        charged = [fluid.name for fluid in fluids if fluid.charge != 0]
        if charged and field is None:
            raise InputError(f"fluid {charged[0]} has a charge but the problem has no field: return Maxwell(c=...) "
                             "from field(), or set the charge to 0")
        if not fluids and field is None:
            raise InputError("the problem has neither fluids nor a field: nothing to solve")
        bound = [fluid.name for fluid in fluids if fluid.needs_field]
        if bound and field is None:
            raise InputError(f"fluid {bound[0]} has pressures along and across B but the problem has no field: return "
                             "Maxwell(c=...) from field(), or choose another closure")
        counts = [0, *(len(fluid.variables) for fluid in self.fluids)]
        primitives = int(np.sum(counts))
        self.v_fluid = np.cumsum(counts[:-1], dtype=np.int64)
        counts = [0, *(fluid.conserved_count for fluid in self.fluids)]
        conserved = int(np.sum(counts))
        self.u_fluid = np.cumsum(counts[:-1], dtype=np.int64)
        self.models = np.array([fluid.model for fluid in self.fluids], float).reshape(-1, MODEL)
        self.models[:, SHORTEST] = max((np.pi / d) ** 2 for d, g in zip(grid.spacing, grid.ghosts) if g)
        self.v_field, self.u_field = (primitives, conserved) if field else (-1, -1)
        self.v_face = primitives + 6 if field else -1
        self.conserved = conserved + (6 if field else 0)
        self.primitives = primitives + (9 if field else 0)
        self.cell_variables = primitives + (6 if field else 0)
        described = [pair for fluid in self.fluids for pair in fluid.variables]
        if field:
            described += list(FIELD_VARIABLES) + list(FIELD_VARIABLES[3:])
        self.names = [name for name, _ in described]
        self.long_names = [text for _, text in described]
        self._parities()

    def rows_of(self, s):
        """(rows of U, rows of W) of fluid s, as slices."""
        u, v, fluid = self.u_fluid[s], self.v_fluid[s], self.fluids[s]
        return slice(u, u + fluid.conserved_count), slice(v, v + len(fluid.variables))

    def _parities(self):
        """Parity of each row of W under reflection along each axis, and where face B lives."""
        self.even_at_wall = np.ones((self.primitives, 3))
        self.even_at_conductor = np.ones((self.primitives, 3))
        self.even_at_axis = np.ones((self.primitives, 3))
        for first in (*(self.v_fluid + 1), *((self.v_field, self.v_field + 3, self.v_face) if self.field else ())):
            # a turn by pi about z
            self.even_at_axis[first:first + 2, 0] = -1
        self.staggered = np.full(self.primitives, -1, np.int64)
        for axis in range(3):
            for fluid, v in zip(self.fluids, self.v_fluid):
                for table in (self.even_at_wall, self.even_at_conductor):
                    table[v + 1 + axis, axis] = -1
                    if fluid.kind == TEN:
                        for k, (i, j) in enumerate(zip(FIRST, SECOND)):
                            table[v + 5 + k, axis] = -1 if (i == axis) != (j == axis) else 1
            if self.field:
                for component in range(3):
                    normal = component == axis
                    electric, magnetic = self.v_field + component, (self.v_field + 3 + component, self.v_face + component)
                    self.even_at_wall[electric, axis] = -1 if normal else 1
                    self.even_at_conductor[electric, axis] = 1 if normal else -1
                    for row in magnetic:
                        self.even_at_wall[row, axis] = 1 if normal else -1
                        self.even_at_conductor[row, axis] = -1 if normal else 1
                if self.grid.ghosts[axis]:
                    self.staggered[self.v_face + axis] = axis

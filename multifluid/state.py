"""Where every variable of a run sits in its arrays."""

import numpy as np

from .errors import InputError
from .maxwell import FIELD_VARIABLES


class Layout:
    """Rows of the conserved array U and the primitive array W of a set of fluids and a field.

    U: per fluid rho, momentum (3), energy; then E (3, cell centres), B (3, faces).
    W: per fluid rho, velocity (3), pressure; then E (3), B (3, cell centres), B (3, faces).

    Attributes
    ----------
    v_fluid, u_fluid : (S,) first row of each fluid in W and U
    v_field, u_field, v_face : first row of the field (E) in W and U and of face B in W; -1 without a field
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
        S = len(self.fluids)
        self.v_fluid = np.arange(S, dtype=np.int64) * 5
        self.u_fluid = self.v_fluid.copy()
        self.v_field = self.u_field = 5 * S if field else -1
        self.v_face = 5 * S + 6 if field else -1
        self.conserved = 5 * S + (6 if field else 0)
        self.primitives = 5 * S + (9 if field else 0)
        self.cell_variables = 5 * S + (6 if field else 0)
        described = [pair for fluid in self.fluids for pair in fluid.variables]
        if field:
            described += list(FIELD_VARIABLES) + list(FIELD_VARIABLES[3:])
        self.names = [name for name, _ in described]
        self.long_names = [text for _, text in described]
        self._parities()

    def _parities(self):
        """Parity of each row of W under reflection along each axis, and where face B lives."""
        self.even_at_wall = np.ones((self.primitives, 3))
        self.even_at_conductor = np.ones((self.primitives, 3))
        self.staggered = np.full(self.primitives, -1, np.int64)
        for axis in range(3):
            for v in self.v_fluid:
                for table in (self.even_at_wall, self.even_at_conductor):
                    table[v + 1 + axis, axis] = -1
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

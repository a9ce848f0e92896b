"""Uniform grids: Cartesian in one, two or three dimensions, or cylindrical (r, z)."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .errors import InputError

# What reconstructions reach. A fourth layer along x, which nothing reads, lets the interior of every row of 4 n cells begin
# on a multiple of 32 bytes, as vectors of four numbers like it: 4 % of a step.
GHOSTS, ALIGNED = 3, 4
AXES = "xyz"


def _check_axis(name, axis):
    try:
        start, stop, cells = axis
        start, stop = float(start), float(stop)
    except (TypeError, ValueError):
        raise InputError(f"grid axis {name}: give (start, stop, cells), not {axis!r}") from None
    if int(cells) != cells or cells < 1:
        raise InputError(f"grid axis {name}: number of cells must be a whole number of at least 1, not {cells!r}")
    if not (np.isfinite(start) and np.isfinite(stop) and stop > start):
        raise InputError(f"grid axis {name}: stop ({stop:g}) must be larger than start ({start:g})")
    if 1 < cells < GHOSTS + 1:
        raise InputError(f"grid axis {name}: needs at least {GHOSTS + 1} cells (or 1: a flat axis), not {cells}")
    return start, stop, int(cells)


def _constant(array):
    """The array, read-only: many share it."""
    array.setflags(write=False)
    return array


@dataclass(frozen=True)
class Grid:
    """A uniform grid.

    Parameters
    ----------
    x, y, z : tuple (start, stop, cells)
        Extent and number of cells. An axis with one cell is flat: nothing varies along it, and it has no ghosts.
        ``y`` and ``z`` default to flat axes of unit length.
    units : str
        Unit of length, written to files.
    geometry : "cartesian" or "cylindrical"
        Cylindrical: x is r, y is phi (flat: nothing depends on it), z is z, flat or not; vectors have the components
        (r, phi, z). Where r starts at 0 its lower boundary must be "axis".

    Notes
    -----
    Arrays are (variable, z, y, x), x contiguous, three ghost layers on either side of each axis that is not flat.
    Cell i spans faces i and i + 1; face-centred B_d of cell i sits on its lower d face.
    """

    x: tuple
    y: tuple = (0.0, 1.0, 1)
    z: tuple = (0.0, 1.0, 1)
    units: str = "1"
    geometry: str = "cartesian"

    def __post_init__(self):
        if self.geometry not in ("cartesian", "cylindrical"):
            raise InputError(f"grid: geometry must be cartesian or cylindrical, not {self.geometry!r}")
        for name in AXES:
            object.__setattr__(self, name, _check_axis(name, getattr(self, name)))
        if all(cells == 1 for cells in self.cells):
            raise InputError("grid: every axis is flat; give at least one axis more than one cell")
        if self.geometry == "cylindrical":
            if self.cells[1] != 1 or self.cells[0] == 1:
                raise InputError("grid: a cylindrical one has r (x) with several cells and phi (y) with one")
            if self.x[0] < 0:
                raise InputError(f"grid: r cannot start at {self.x[0]:g}, below 0")

    @property
    def cells(self):
        """Number of cells along (x, y, z)."""
        return self.x[2], self.y[2], self.z[2]

    @property
    def shape(self):
        """Shape (nz, ny, nx) of the interior."""
        return self.cells[::-1]

    @cached_property
    def ghosts(self):
        """Ghost layers along (x, y, z): GHOSTS, or ALIGNED along x where rows then begin on 32 bytes."""
        x, *rest = (GHOSTS if cells > 1 else 0 for cells in self.cells)
        return (ALIGNED if x and self.cells[0] % ALIGNED == 0 else x, *rest)

    @cached_property
    def full_cells(self):
        """Cells with ghosts along (x, y, z)."""
        return tuple(n + 2 * g for n, g in zip(self.cells, self.ghosts))

    @property
    def full_shape(self):
        """Shape (nz, ny, nx) with ghosts."""
        return self.full_cells[::-1]

    @cached_property
    def interior(self):
        """Slices (z, y, x) of the interior of a full array."""
        return tuple(slice(g, g + n) for n, g in zip(self.cells[::-1], self.ghosts[::-1]))

    @cached_property
    def reached(self):
        """Slices (z, y, x) of a full array without the layer that only aligns rows; checkpoints hold this much."""
        beyond = (max(0, g - GHOSTS) for g in self.ghosts[::-1])
        return tuple(slice(extra, n - extra) for extra, n in zip(beyond, self.full_shape))

    @property
    def dimensions(self):
        """Number of axes that are not flat."""
        return sum(g > 0 for g in self.ghosts)

    @cached_property
    def spacing(self):
        """Cell sizes (dx, dy, dz)."""
        return tuple((axis[1] - axis[0]) / axis[2] for axis in (self.x, self.y, self.z))

    @property
    def cylindrical(self):
        """bool: whether x is r."""
        return self.geometry == "cylindrical"

    @cached_property
    def metric(self):
        """None, or of a cylindrical grid (2, nx + 1, ghosts included): radius of each column's lower face (of the last
        cell's upper one, too), and 1/(radius of its centre)."""
        if not self.cylindrical:
            return None
        faces = self.faces(0, full=True)
        # exactly zero on the axis, whatever rounding left there
        faces[np.abs(faces) < 1e-9 * self.spacing[0]] = 0.0
        centres = 0.5 * (faces[1:] + faces[:-1])
        return _constant(np.stack([faces, np.append(1.0 / centres, 0.0)]))

    @cached_property
    def volume(self):
        """Volume of one cell; of a cylindrical grid an array (1, 1, nx)."""
        if self.cylindrical:
            height = self.z[1] - self.z[0]
            return _constant((2.0 * np.pi * self.centres(0) * self.spacing[0] * height / self.z[2]).reshape(1, 1, -1))
        return float(np.prod(self.spacing))

    def centres(self, axis, full=False):
        """Cell centres along axis 0, 1, 2 (x, y, z), with ghosts if ``full``."""
        return self.faces(axis, full)[:-1] + 0.5 * self.spacing[axis]

    def faces(self, axis, full=False):
        """Cell faces along an axis, one more than cells."""
        start, _, cells = (self.x, self.y, self.z)[axis]
        g = self.ghosts[axis] if full else 0
        return start + self.spacing[axis] * np.arange(-g, cells + g + 1)

    def mesh(self, staggered=None, full=False):
        """Broadcastable coordinates (x, y, z) of shapes (1, 1, nx), (1, ny, 1), (nz, 1, 1).

        ``staggered`` : axes moved to the lower faces (flat axes stay at their centre); None for cell centres.
        """
        moved = () if staggered is None else np.atleast_1d(staggered)
        out = []
        for axis in range(3):
            line = self.centres(axis, full)
            if axis in moved and self.ghosts[axis]:
                line = line - 0.5 * self.spacing[axis]
            out.append(line.reshape([-1 if 2 - axis == d else 1 for d in range(3)]))
        return tuple(out)

"""What Ohm's law found: the terms on a grid or along a cut, their sizes and shares."""

from dataclasses import dataclass

import numpy as np

from ..boundaries import Axis, Periodic
from ..errors import InputError
from ..grid import GHOSTS


def kept_cells(grid, boundaries):
    """Cells (z, y, x) that see no ghost cell of a wall, conductor, open end or inflow: all but three beside each.

    Fields are given there too, by differences with the ghost cells the scheme itself sees; sizes and shares leave them
    out.
    """
    kept = np.ones(grid.shape, bool)
    for d, pair in enumerate(boundaries.sides):
        if grid.ghosts[d]:
            for kind, edge in zip(pair, (slice(None, GHOSTS), slice(-GHOSTS, None)), strict=True):
                if not isinstance(kind, (Periodic, Axis)):
                    place = [slice(None)] * 3
                    place[2 - d] = edge
                    kept[tuple(place)] = False
    return kept


@dataclass(frozen=True)
class Budget:
    """Terms of Ohm's law, sum of the terms = E + residual.

    Attributes
    ----------
    E : (3, ...)
        The electric field.
    terms : dict of str to (3, ...)
        In the order of `multifluid.ohm.TERMS`.
    kept : (...) bool
        Cells that sizes and shares count.
    """

    E: np.ndarray
    terms: dict
    kept: np.ndarray

    @property
    def residual(self):
        """(3, ...): sum of the terms less E."""
        return sum(self.terms.values()) - self.E

    def __getitem__(self, name):
        """A term by name, "E", "residual", or "nonideal" (E - convection, that is E + u x B): (3, ...)."""
        if name in self.terms:
            return self.terms[name]
        if name == "nonideal":
            return self.E - self.terms["convection"]
        if name in ("E", "residual"):
            return getattr(self, name)
        raise InputError(f"Ohm's law has no term {name!r}: it has {', '.join(self.terms)}, E, nonideal and residual")

    def size(self, name, norm="rms", component=None):
        """Size of a term over the kept cells.

        Parameters
        ----------
        name : str
        norm : {"rms", "mean", "max"}
            Of the vector's length, or of one component.
        component : {"x", "y", "z"}, optional

        Returns
        -------
        float

        Raises
        ------
        InputError
            No such term or norm, or no cell is kept.
        """
        vector = self[name][:, self.kept]
        if component is not None:
            vector = vector["xyz".index(component)][None]
        if not vector.size:
            raise InputError("Ohm's law: every cell lies beside a boundary; take more cells")
        squares = np.square(vector).sum(axis=0)
        if norm == "rms":
            return float(np.sqrt(squares.mean()))
        if norm not in ("mean", "max"):
            raise InputError(f"norm must be rms, mean or max, not {norm!r}")
        return float(getattr(np.sqrt(squares), norm)())

    def shares(self, of="E", component=None):
        """What each term contributes to E: sum(term.E)/sum(E.E) over the kept cells.

        The shares of all terms less that of the residual add up to 1. ``of="nonideal"`` is the same for E + u x B,
        convection left out.

        Returns
        -------
        dict of str to float
            Also of "residual"; NaN where the field is exactly zero.
        """
        axes = slice(None) if component is None else slice("xyz".index(component), "xyz".index(component) + 1)
        whole = self[of][axes, self.kept]
        square = float(np.square(whole).sum())
        names = [name for name in (*self.terms, "residual") if not (of == "nonideal" and name == "convection")]
        return {name: float((self[name][axes, self.kept] * whole).sum()) / square if square else np.nan for name in names}


@dataclass(frozen=True)
class OhmsLaw(Budget):
    """Ohm's law of one step on the cells of a grid, arrays (3, z, y, x).

    Attributes
    ----------
    form : {"one-fluid", "three-fluid"}
    t, dt : float
        Middle and size of the step that it is the mean of.
    axes : tuple of ndarray
        Cell centres along x, y, z.
    """

    form: str
    t: float
    dt: float
    axes: tuple

    def cut(self, along="x", at=None):
        """The terms along a line.

        Parameters
        ----------
        along : {"x", "y", "z"}
        at : dict of str to float, optional
            Where the line crosses the other axes; the middle by default. Linear between cell centres.

        Returns
        -------
        Cut

        Raises
        ------
        InputError
            The grid is flat along it, or the line lies outside of it.
        """
        axis = "xyz".index(along)
        if len(self.axes[axis]) < 2:
            raise InputError(f"cut along {along}: the grid is flat there; its axes are "
                             f"{', '.join(n for n, line in zip('xyz', self.axes) if len(line) > 1)}")
        at = dict(at or {})
        values, kept, place = {"E": self.E, **self.terms}, self.kept, {}
        for d, name in enumerate("xyz"):
            if d == axis:
                if name in at:
                    raise InputError(f"cut along {along}: give no {name} for it to cross")
                continue
            line = self.axes[d]
            place[name] = at.pop(name, 0.5 * (line[0] + line[-1]))
            if len(line) > 1:
                half = 0.5 * (line[1] - line[0])
                if not line[0] - half <= place[name] <= line[-1] + half:
                    raise InputError(f"cut at {name} = {place[name]:g}: the grid goes from {line[0] - half:g} to "
                                     f"{line[-1] + half:g}")
            low, weight = _between(line, place[name])
            take = [min(low, len(line) - 1), min(low + 1, len(line) - 1)]
            values = {key: (1.0 - weight) * value.take([take[0]], axis=-1 - d) + weight * value.take([take[1]], axis=-1 - d)
                      for key, value in values.items()}
            kept = kept.take([take[0]], axis=-1 - d) & (kept.take([take[1]], axis=-1 - d) | (weight == 0.0))
        if at:
            raise InputError(f"cut: {next(iter(at))!r} is not an axis; use x, y or z")
        values = {key: value.reshape(3, -1) for key, value in values.items()}
        return Cut(values.pop("E"), values, kept.reshape(-1), self.form, self.t, along, place, self.axes[axis])


def _between(line, place):
    """Index of the centre below a place, and the weight of the one above."""
    if len(line) == 1:
        return 0, 0.0
    where = float(np.clip((place - line[0]) / (line[1] - line[0]), 0.0, len(line) - 1.0))
    where = round(where) if abs(where - round(where)) < 1e-9 else where
    low = int(where)
    return low, where - low


@dataclass(frozen=True)
class Cut(Budget):
    """Ohm's law along a line, arrays (3, n).

    Attributes
    ----------
    form, t :
        As of `OhmsLaw`.
    along : str
    at : dict of str to float
        Where the line is on the other axes.
    place : (n,)
        Cell centres along it.
    """

    form: str
    t: float
    along: str
    at: dict
    place: np.ndarray

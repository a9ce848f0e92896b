"""The kinds of boundary, and which kind is where."""

from collections.abc import Callable
from dataclasses import dataclass

from ..errors import InputError


@dataclass(frozen=True)
class Periodic:
    """The two sides of an axis are one and the same; both must be periodic."""


@dataclass(frozen=True)
class Open:
    """Zero gradient: what leaves, leaves."""


@dataclass(frozen=True)
class Wall:
    """Reflecting wall, a plane of mirror symmetry of fluids and field: normal velocity, normal E and tangential B
    (an axial vector) change sign, everything else is even."""


@dataclass(frozen=True)
class Conductor:
    """Perfectly conducting, reflecting wall: tangential E vanishes on it and normal B keeps its value; the normal
    velocity changes sign."""


@dataclass(frozen=True)
class Axis:
    """The axis r = 0 of a cylindrical grid: radial and azimuthal components change sign across it."""


@dataclass(frozen=True)
class Inflow:
    """Ghost cells keep the values that ``Problem.initial`` gives there: fixed inflow."""


@dataclass(frozen=True)
class User:
    """Ghost cells from a function of the user.

    Parameters
    ----------
    function : callable (t, x, y, z, inside) -> dict
        Gets the time, broadcastable coordinates of the ghost cells and ``inside``, a dict of the interior values
        mirrored about the boundary, in the ghost cells' order and shape, by variable name (``rho_ion``,
        ``ux_ion``, ..., ``Ex`` ... ``Bz``). Returns every variable by name (values broadcast). Staggered B is
        asked for one component at a time at its own faces; the other names are then ignored.
    """

    function: Callable


_WORDS = {"periodic": Periodic, "open": Open, "wall": Wall, "conductor": Conductor, "inflow": Inflow, "axis": Axis}
KINDS = (Periodic, Open, Wall, Conductor, Inflow, User, Axis)


def _kind(side, value):
    if isinstance(value, str):
        if value not in _WORDS:
            raise InputError(f"boundary {side}: {value!r} is unknown; choose from {', '.join(_WORDS)} or User(function)")
        return _WORDS[value]()
    if isinstance(value, type) and value in KINDS and value is not User:
        return value()
    if isinstance(value, KINDS):
        return value
    raise InputError(f"boundary {side}: {value!r} is not a boundary; choose from {', '.join(_WORDS)} or User(function)")


class Boundaries:
    """The boundary kind of every side.

    Parameters
    ----------
    x, y, z : kind, or (low, high) pair of kinds
        A kind is a word (``"open"``), a class or an object of ``multifluid.boundaries``. Flat axes ignore theirs.

    Raises
    ------
    InputError
        Unknown kind, or an axis periodic on one side only.

    Examples
    --------
    >>> Boundaries(x=("inflow", "open"), y="periodic")
    """

    def __init__(self, x="periodic", y="periodic", z="periodic"):
        self.sides = []
        for name, given in zip("xyz", (x, y, z)):
            pair = given if isinstance(given, (tuple, list)) else (given, given)
            if len(pair) != 2:
                raise InputError(f"boundary {name}: give one kind or a (low, high) pair, not {given!r}")
            low, high = _kind(f"{name} low", pair[0]), _kind(f"{name} high", pair[1])
            if isinstance(low, Periodic) != isinstance(high, Periodic):
                raise InputError(f"boundary {name}: one side is periodic and the other is not; make both periodic or none")
            self.sides.append((low, high))

    def __repr__(self):
        words = [f"{name}=({type(low).__name__}, {type(high).__name__})"
                 for name, (low, high) in zip("xyz", self.sides)]
        return f"Boundaries({', '.join(words)})"

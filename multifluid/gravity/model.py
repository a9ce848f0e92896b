"""What a problem says about its own gravity."""

import math
from dataclasses import dataclass

from ..boundaries import Periodic
from ..errors import InputError

BOUNDARIES = ("periodic", "isolated")


@dataclass(frozen=True)
class SelfGravity:
    """All fluids attract each other: g = -grad phi, del^2 phi = 4 pi G sum_s rho_s.

    Parameters
    ----------
    G : float
        Gravitational constant in the problem's units (6.6743e-11 m^3/(kg s^2), 6.6743e-8 cm^3/(g s^2)).
    boundary : "periodic" or "isolated"
        periodic: the box repeats for ever, and the mean density exerts no force (Jeans' assumption);
        isolated: nothing lies outside the box. A flat axis is infinitely long and uniform, so that an isolated 1-D
        problem is made of sheets (phi = 2 pi G sigma |x|) and a 2-D one of lines (phi = 2 G lambda ln r, zero at r = 1).

    Raises
    ------
    InputError
        G is not a positive number, or the boundary is unknown.

    Notes
    -----
    A stage of the step takes the acceleration of its own density, which no local source changes: drag leaves each
    fluid's density alone and a reaction their sum. The stage adds rho u.g to each fluid's energy, with the velocity it
    ends with, and heats nothing. Momentum is kept to round-off (see ``PoissonSolver``), energy of matter plus
    1/2 sum rho phi to truncation: rho u.g at cell centres is not the work of the face mass fluxes.
    """

    G: float
    boundary: str = "periodic"

    def __post_init__(self):
        if isinstance(self.G, bool) or not isinstance(self.G, (int, float)) or not (math.isfinite(self.G) and self.G > 0):
            raise InputError(f"self-gravity: G must be a positive number, not {self.G!r}; return None for no gravity")
        if self.boundary not in BOUNDARIES:
            raise InputError(f"self-gravity: boundary {self.boundary!r} is unknown; choose from {', '.join(BOUNDARIES)}")

    def require(self, grid, boundaries):
        """Refuse boundaries of the fluids that contradict those of gravity.

        Parameters
        ----------
        grid : Grid
        boundaries : Boundaries

        Raises
        ------
        InputError
            An axis is periodic for the fluids but not for gravity, or the other way round.
        """
        if grid.cylindrical and self.boundary != "isolated":
            raise InputError("self-gravity: on a cylindrical grid boundary must be isolated")
        for axis, name in enumerate("xyz"):
            periodic = all(isinstance(kind, Periodic) for kind in boundaries.sides[axis])
            if grid.ghosts[axis] and periodic != (self.boundary == "periodic"):
                what = "periodic" if periodic else "not periodic"
                raise InputError(f"self-gravity: boundary is {self.boundary}, but the {name} boundaries of the fluids are "
                                 f"{what}; make them agree")

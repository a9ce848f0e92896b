"""Collisional drag between two fluids."""

from dataclasses import dataclass

import numpy as np

from ..errors import InputError


@dataclass(frozen=True)
class Drag:
    """Drag with a constant symmetric coefficient, and the frictional heat that goes with it.

        force on s = alpha rho_s rho_r (u_r - u_s),     alpha = <sigma v>_sr/(m_s + m_r)

    so that nu_sr = alpha rho_r is the rate at which s loses its slip against r. The slip energy
    alpha rho_s rho_r |u_r - u_s|^2 becomes heat, the share m_r/(m_s + m_r) going to s
    (Schunk 1977, Rev. Geophys. 15, 429).

    Parameters
    ----------
    first, second : str
        Names of the fluids.
    alpha : float
        Coefficient, volume/(mass time).
    """

    first: str
    second: str
    alpha: float

    def __post_init__(self):
        if not 0 <= self.alpha < np.inf:
            raise InputError(f"drag {self.first}-{self.second}: alpha must be finite and not negative, "
                             f"not {self.alpha!r}")
        if self.first == self.second:
            raise InputError(f"drag {self.first}-{self.second}: a fluid has no drag on itself; name two fluids")


def drag_matrix(fluids, interactions):
    """Symmetric (S, S) matrix of drag coefficients.

    Raises
    ------
    InputError
        Unknown fluid, or a pair named twice.
    """
    index = {fluid.name: s for s, fluid in enumerate(fluids)}
    alpha = np.zeros((len(fluids), len(fluids)))
    for drag in interactions:
        if not isinstance(drag, Drag):
            raise InputError(f"interactions: {drag!r} is not one this code knows; use Drag(first, second, alpha)")
        for name in (drag.first, drag.second):
            if name not in index:
                raise InputError(f"drag {drag.first}-{drag.second}: there is no fluid {name!r} "
                                 f"(fluids: {', '.join(index)})")
        s, r = index[drag.first], index[drag.second]
        if alpha[s, r]:
            raise InputError(f"drag {drag.first}-{drag.second} is given twice")
        alpha[s, r] = alpha[r, s] = drag.alpha
    return alpha


def elimination_pattern(alpha, charges):
    """Which pairs, and which couplings to E, are nonzero once fluids are eliminated in order.

    Returns
    -------
    pairs : (S, S) bool, couples : (S,) bool
    """
    pairs = np.array(alpha) > 0
    couples = np.array(charges) != 0
    for s in range(len(couples)):
        partners = [r for r in range(s + 1, len(couples)) if pairs[s, r]]
        for r in partners:
            couples[r] |= couples[s]
            for t in partners:
                if t != r:
                    pairs[r, t] = True
    return pairs, couples

"""Collisional drag between two fluids."""

from dataclasses import dataclass
from numbers import Real

import numpy as np

from ..errors import InputError
from .laws import Constant, Law


@dataclass(frozen=True)
class Drag:
    """Drag with a symmetric coefficient, and the frictional heat that goes with it.

        force on s = alpha rho_s rho_r (u_r - u_s),     alpha = <sigma v>_sr/(m_s + m_r)

    so that nu_sr = alpha rho_r is the rate at which s loses its slip against r. The slip energy
    alpha rho_s rho_r |u_r - u_s|^2 becomes heat, the share m_r/(m_s + m_r) going to s
    (Schunk 1977, Rev. Geophys. 15, 429).

    Parameters
    ----------
    first, second : str
        Names of the fluids.
    alpha : float or Law
        Coefficient, volume/(mass time): a number, or a law of `multifluid.coupling.laws` that gives it as a function
        of the two temperatures and the slip, e.g. ``Drag("ion", "neutral", Langevin(0.804e-24))``.
    """

    first: str
    second: str
    alpha: float | Law

    def __post_init__(self):
        if not isinstance(self.alpha, Law):
            if not isinstance(self.alpha, Real):
                raise InputError(f"drag {self.first}-{self.second}: alpha must be a number or a drag law, "
                                 f"not {self.alpha!r}")
            if not 0 <= self.alpha < np.inf:
                raise InputError(f"drag {self.first}-{self.second}: alpha must be finite and not negative, "
                                 f"not {self.alpha!r}")
        if self.first == self.second:
            raise InputError(f"drag {self.first}-{self.second}: a fluid has no drag on itself; name two fluids")

    @property
    def law(self):
        """Law: alpha as a law, also where it was given as a number."""
        return self.alpha if isinstance(self.alpha, Law) else Constant(self.alpha)


def law_coefficients(fluids, interactions):
    """Symmetric (S, S, 5) array of the coefficients k0..k4 of every pair's drag law.

        alpha_sr = k0 + k1 sqrt(v2 + k2 w^2) + k3 (v2 + k4 w^2)^(-3/2),     v2 = T_s/m_s + T_r/m_r,  w = |u_s - u_r|

    A pair has drag where k0, k1 or k3 is positive.

    Raises
    ------
    InputError
        Unknown fluid, a pair named twice, a law that does not fit its pair, or coefficients that are no drag.
    """
    index = {fluid.name: s for s, fluid in enumerate(fluids)}
    coefficients = np.zeros((len(fluids), len(fluids), 5))
    seen = set()
    for drag in interactions:
        if not isinstance(drag, Drag):
            raise InputError(f"interactions: {drag!r} is not one this code knows; use Drag(first, second, alpha)")
        for name in (drag.first, drag.second):
            if name not in index:
                raise InputError(f"drag {drag.first}-{drag.second}: there is no fluid {name!r} "
                                 f"(fluids: {', '.join(index)})")
        s, r = index[drag.first], index[drag.second]
        if frozenset((s, r)) in seen:
            raise InputError(f"drag {drag.first}-{drag.second} is given twice")
        seen.add(frozenset((s, r)))
        k = np.asarray(drag.law.coefficients(fluids[s], fluids[r]), float)
        if k.shape != (5,) or not np.all((k >= 0) & np.isfinite(k)):
            raise InputError(f"drag {drag.first}-{drag.second}: {type(drag.law).__name__} must give five finite "
                             f"coefficients, none negative, not {k.tolist()}")
        coefficients[s, r] = coefficients[r, s] = k
    return coefficients


def drag_matrix(fluids, interactions):
    """Symmetric (S, S) matrix of drag coefficients, for drag that depends on neither temperature nor slip.

    Raises
    ------
    InputError
        As `law_coefficients`, and for a law that is not constant.
    """
    coefficients = law_coefficients(fluids, interactions)
    index = {fluid.name: s for s, fluid in enumerate(fluids)}
    for drag in interactions:
        k = coefficients[index[drag.first], index[drag.second]]
        if k[1] > 0 or k[3] > 0:
            raise InputError(f"drag {drag.first}-{drag.second}: {type(drag.law).__name__} depends on temperature or "
                             "slip, which is not possible here; give a number or a constant law")
    return coefficients[..., 0]


def elimination_pattern(alpha, charges):
    """Which pairs, and which couplings to E, are nonzero once fluids are eliminated in order.

    Parameters
    ----------
    alpha : (S, S) array of float or bool
        Positive or true where a pair has drag.
    charges : (S,) array
        Charges, or charges per mass; zero for a neutral.

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

"""Everything fluids exchange locally, as the numbers the kernels take."""

import numpy as np

from ..errors import InputError
from .drag import Drag, law_coefficients
from .ionisation import Ionisation, find_ionisation

# Temperature relaxation of elastic collisions (Schunk 1977, Rev. Geophys. 15, 429, eq. 34): a pair exchanges
# 3 alpha rho_s rho_r (T_r - T_s)/(m_s + m_r).
SCHUNK = 3.0


class Exchange:
    """Drag, temperature relaxation and ionisation of a set of fluids.

    Parameters
    ----------
    fluids : sequence of FiveMoment
    interactions : sequence of Drag and Ionisation
    relaxation : float
        Coefficient of temperature relaxation of every pair with drag: 3 for elastic collisions, 0 for none.

    Attributes
    ----------
    laws : (S, S, 5) drag laws; alpha : (S, S) their constant part
    drags, linked : (S, S) bool, pairs with drag, and with any exchange
    species : (3,) neutral, ion, electron of the reaction or -1; reaction : (zeta, a, T0, exponent)
    passes : 2 where a coefficient depends on the solution, else 1
    plain : whether drag with constant coefficients is all there is

    Raises
    ------
    InputError
        As ``law_coefficients`` and ``find_ionisation``; an interaction of another kind.
    """

    def __init__(self, fluids, interactions=(), relaxation=SCHUNK):
        fluids, interactions = list(fluids), list(interactions)
        for item in interactions:
            if not isinstance(item, (Drag, Ionisation)):
                raise InputError(f"interactions: {item!r} is not one this code knows; use Drag or Ionisation")
        if not (isinstance(relaxation, (int, float)) and 0 <= relaxation < np.inf):
            raise InputError(f"temperature_relaxation must be finite and not negative, not {relaxation!r}")
        self.laws = law_coefficients(fluids, [item for item in interactions if isinstance(item, Drag)])
        self.alpha = np.ascontiguousarray(self.laws[..., 0])
        self.drags = self.laws[..., [0, 1, 3]].any(axis=-1)
        self.linked = self.drags.copy()
        self.relaxation = float(relaxation) if self.drags.any() else 0.0
        self.species = np.full(3, -1, np.int64)
        self.reaction = np.array([0.0, 0.0, 1.0, 0.0])
        found = find_ionisation(fluids, interactions)
        if found:
            self.species[:], kind = found
            self.reaction[:] = kind.zeta, kind.recombination, kind.reference_temperature, kind.exponent
            neutral, ion, electron = found[0]
            for other in (ion, electron):
                self.linked[neutral, other] = self.linked[other, neutral] = True
        varying = self.laws[..., [1, 3]].any()
        self.passes = 2 if varying or self.reaction[3] != 0.0 else 1
        self.plain = not (varying or found or self.relaxation)

    @classmethod
    def of_constant_drag(cls, fluids, alpha):
        """Exchange by drag with the coefficients of a symmetric (S, S) matrix, without temperature relaxation."""
        drags = [Drag(fluids[s].name, fluids[r].name, float(alpha[s][r]))
                 for s in range(len(fluids)) for r in range(s) if alpha[s][r]]
        return cls(fluids, drags, 0.0)

    @property
    def reacts(self):
        """Whether fluids exchange mass."""
        return self.species[0] >= 0

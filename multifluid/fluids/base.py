"""What all closures share.

Every closure answers the same questions: the names of its primitive variables (``variables``) and of what a problem
gives (``inputs``), how both and the conserved variables follow from one another, and the numbers its kernels take
(``model``, see ``multifluid.kernels.codes``).
"""

from dataclasses import dataclass

import numpy as np

from multifluid.errors import InputError
from multifluid.kernels import codes

MONATOMIC = 5.0 / 3.0


@dataclass(frozen=True)
class Fluid:
    """What all closures share.

    Parameters
    ----------
    name : str
        Used in files and messages, e.g. ``"ion"`` gives ``rho_ion``.
    mass, charge : float
        Per particle; the equations hold only charge/mass, heat exchange also mass ratios. Charge 0 is a neutral.
    """

    name: str
    mass: float
    charge: float = 0.0

    kind = codes.FIVE
    needs_field = False

    def __post_init__(self):
        if not self.name.isidentifier():
            raise InputError(f"fluid name {self.name!r}: use letters, digits and underscores")
        self._require("mass", self.mass > 0, "positive")
        self._require("charge", np.isfinite(self.charge), "finite")

    def _require(self, what, fine, how):
        if not fine:
            raise InputError(f"fluid {self.name}: {what} must be {how}, not {getattr(self, what)!r}")

    @property
    def charge_to_mass(self):
        """q/m."""
        return self.charge / self.mass

    @property
    def heat_gamma(self):
        """float: gamma in p = (gamma - 1) (internal energy), 5/3 where the closure has no such law."""
        return MONATOMIC

    @property
    def variables(self):
        """(name, long name) of each primitive variable, in storage order."""
        n = self.name
        return ((f"rho_{n}", f"mass density of {n}"), (f"ux_{n}", f"x velocity of {n}"),
                (f"uy_{n}", f"y velocity of {n}"), (f"uz_{n}", f"z velocity of {n}"), (f"p_{n}", f"pressure of {n}"))

    @property
    def conserved_count(self):
        """int: number of conserved variables."""
        return codes.CONSERVED[self.kind]

    @property
    def inputs(self):
        """tuple of tuple of str: the sets of names that ``Problem.initial`` may give for this fluid."""
        return (("rho", "u", "p"),)

    @property
    def model(self):
        """(MODEL,) array: what the kernels know of this fluid."""
        numbers = np.zeros(codes.MODEL)
        numbers[[codes.KIND, codes.GAMMA, codes.SOUND, codes.EXPONENT]] = self.kind, self.heat_gamma, 1.0, 1.0
        return numbers

    def pressures(self, rho, given):
        """Primitive rows from p on, of the inputs ``given`` (arrays by name): list of arrays."""
        return [given["p"]]

    def conserved(self, W):
        """Conserved rows of primitive rows: (variables, ...) to (``conserved_count``, ...)."""
        return np.stack([W[0], *(W[0] * W[1:4]), self._energy(W)])

    def _energy(self, W):
        return W[4] / (self.heat_gamma - 1.0) + self.kinetic(W)

    @staticmethod
    def kinetic(W):
        """Kinetic energy density rho u^2/2 of primitive rows."""
        return 0.5 * W[0] * (W[1] ** 2 + W[2] ** 2 + W[3] ** 2)

    def energy(self, A):
        """Kinetic and internal energy density of conserved rows."""
        return A[4]

    def bad(self, W):
        """Where primitive rows are not positive and finite: bool array."""
        with np.errstate(invalid="ignore"):
            return ~((W[0] > 0) & (W[4] > 0) & (W[4] < 1e300))

    def raised(self, W, p_floor):
        """Primitive rows with the pressure raised to the floor, and how many cells that took."""
        low = ~(W[4] >= p_floor)
        W = W.copy()
        W[4] = np.where(low, p_floor, W[4])
        return W, int(np.count_nonzero(low))

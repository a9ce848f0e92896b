"""The electromagnetic field."""

from dataclasses import dataclass

from .errors import InputError

FIELD_VARIABLES = tuple((f"{f}{a}", f"{a} component of {what}") for f, what in
                        (("E", "the electric field"), ("B", "the magnetic field")) for a in "xyz")


@dataclass(frozen=True)
class Maxwell:
    """Maxwell's equations, d_t B = -curl E, d_t E = c^2 curl B - J/eps0, with any speed of light.

    B lives on faces (constrained transport: div B is kept to round-off), E at cell centres; div E - rho_c/eps0
    is kept to round-off by the charge fluxes (see ``multifluid.kernels.sweep``).

    Parameters
    ----------
    c : float
        Speed of light; the true one or a reduced one.
    mu0 : float
        Vacuum permeability; eps0 = 1/(mu0 c^2).
    """

    c: float
    mu0: float = 1.0

    def __post_init__(self):
        for name in ("c", "mu0"):
            if not getattr(self, name) > 0:
                raise InputError(f"Maxwell field: {name} must be positive, not {getattr(self, name)!r}")

    @property
    def eps0(self):
        """Vacuum permittivity 1/(mu0 c^2)."""
        return 1.0 / (self.mu0 * self.c**2)


# Weights of the centred field operators, {order: (near, far)}. They belong together: the charge flux is the face
# interpolation whose difference is the derivative in the curl (Gauss's law), and ``face_e`` with ``derivative``
# fix the dispersion of waves.
DERIVATIVE = {2: (0.5, 0.0), 4: (2.0 / 3.0, -1.0 / 12.0)}
CHARGE_FLUX = {2: (0.5, 0.0), 4: (7.0 / 12.0, -1.0 / 12.0)}
EDGE_INTERPOLATION = {2: (0.625, -0.125), 4: (7.0 / 12.0, -1.0 / 12.0)}
CELL_AVERAGE = {2: (0.5, 0.0), 4: (13.0 / 24.0, -1.0 / 24.0)}

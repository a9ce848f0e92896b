"""The mirror instability of ions with p_perp > p_par."""

from multifluid import Parameter

from .gyrotropy import gyrotropic
from .instability import _Instability


class Mirror(_Instability):
    """Oblique mirror mode of six- or ten-moment ions: growth rate beyond the fluid threshold.

    Magnetic bottles that fill themselves: p_perp falls where B rises. Long waves nearly across B grow where

        p_perp^2/(6 p_par) > p_perp + B^2/(2 mu0)

    (sums over the fluids; isotropic electrons count with both their pressures). It is the threshold of the six-moment
    equations; that of particles has no 6 (Kulsrud 1983), so that this problem is about the equations, not about nature.
    The mode is one of the theory's, at rest and growing. Units: v_A = d_i = Omega_i = 1, mu0 = 1.
    """

    reference = ("Kulsrud 1983, Handbook of Plasma Physics 1, chapter 1.4; Hasegawa 1969, Phys. Fluids 12, 2642; "
                 "theory: multifluid.theory.anisotropic")

    k_di = Parameter(0.4, "wavenumber", unit="1/d_i", above=0.0)
    beta_par = Parameter(0.8, "p_par of the ions over B0^2/2 mu0", above=0.0)
    anisotropy = Parameter(12.0, "p_perp/p_par of the ions", above=0.0)
    angle = Parameter(70.0, "angle between wavevector and B0", unit="degree", min=0.0, max=90.0)

    drive_label = r"$(p_\perp^2/6 p_\parallel - p_\perp)\,2\mu_0/B^2 - 1$"

    @staticmethod
    def drive_of(fields):
        """float: (p_perp^2/(6 p_par) - p_perp)/(B^2/2 mu0) - 1 of a record, ions and electrons, from mean values."""
        par, perp, size = gyrotropic(fields, "ion")
        electron = fields["p_electron"].mean()
        par, perp = par.mean() + electron, perp.mean() + electron
        return float((perp * perp / (6.0 * par) - perp) / (0.5 * (size * size).mean()) - 1.0)

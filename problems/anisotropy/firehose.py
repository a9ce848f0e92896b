"""The firehose instability of ions with p_par > p_perp."""

from multifluid import Check, Parameter
from multifluid.problems.measures import relative_change
from multifluid.problems.sources.records import records
from multifluid.problems.waves.closures import fluid_of

from .gyrotropy import gyrotropic
from .instability import _Instability


class Firehose(_Instability):
    """Firehose of six- or ten-moment ions: growth rate, and saturation where the limiter acts beyond the threshold.

    p_par - p_perp > B^2/mu0 outweighs the tension of the field: transverse waves along B grow, for long waves at the rate
    k cos(angle) sqrt((p_par - p_perp - B0^2/mu0)/rho). Short ones feel the Hall effect and, with ten-moment ions, their
    finite gyroradius (`multifluid.theory` has all of it). Units: v_A = d_i = Omega_i = 1, mu0 = 1; electrons are
    isotropic.

    With ``instability_rate`` the ions lose what lies beyond the threshold at that rate, as they would by scattering in
    waves too short for the grid: p_par - p_perp falls to B^2/mu0, and the wave stops growing. Otherwise the run follows
    the linear mode, and `check` holds its complex frequency against theory.
    """

    reference = ("Chandrasekhar, Kaufman & Watson 1958, Proc. R. Soc. A 245, 435; Parker 1958, Phys. Rev. 109, 1874; "
                 "theory: multifluid.theory.anisotropic")

    instability_rate = Parameter(0.0, "rate at which the excess over the threshold decays", unit="growth rate", min=0.0)

    drive_label = r"$\mu_0 (p_\parallel - p_\perp)/B^2 - 1$"

    def fluids(self):
        """Ions, with the firehose threshold if there is a rate, and electrons."""
        ion, electron = self._backgrounds
        rate = self.instability_rate * self._growth
        return [fluid_of(ion, instability_rate=rate, thresholds=("firehose",)), fluid_of(electron)]

    def exact(self, t, x, y, z):
        """The linear mode; None where the limiter acts, but at the start."""
        return super().exact(t, x, y, z) if self.instability_rate == 0.0 or t == 0.0 else None

    @staticmethod
    def drive_of(fields):
        """float: mu0 <p_par - p_perp>/<B^2> - 1 of a record, the excess over the threshold."""
        par, perp, size = gyrotropic(fields, "ion")
        return float((par - perp).mean() / (size * size).mean() - 1.0)

    def check(self, run):
        """Complex frequency; with the limiter the excess that is left, and energy."""
        if self.instability_rate == 0.0:
            return super().check(run)
        start, end = records(run)[0][1], records(run)[-1][1]
        waves = [max(abs(fields[f"B{a}"]).max() for a in "yz") for fields in (start, end)]
        return [Check("excess over the threshold at the end", self.drive_of(end), 0.02),
                Check("growth of the wave", waves[1] / waves[0], 1.0, kind="min"),
                Check("total energy, relative change", relative_change(run.series, "energy_total"), 0.02)]

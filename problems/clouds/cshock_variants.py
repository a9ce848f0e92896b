"""The C-shock oblique to the field, and with its skin length resolved."""

from multifluid import Check
from multifluid.problems.clouds.cshock import CShock
from multifluid.problems.sources.records import records


class ObliqueCShock(CShock):
    """The oblique C-shock of Mac Low et al. 1995: Mach 50, Alfven Mach 10, field at 45 degrees to the flow.

    `cshock` with v_s = 10 v_A, c_s = 0.2 v_A in 100 cells over 7.5 drag lengths, from a front. `check` takes the mean error:
    over the cells and over the components, each over its largest value.
    """

    nx = 100
    vs = 10.0
    cs = 0.2
    angle = 45.0
    before = 6.0
    after = 1.5
    flow_times = 4.0
    tolerance = 5e-3

    def check(self, run):
        """Mean error, that the shock stands, Gauss's law, help that was needed."""
        rest = [check for check in super().check(run) if "against the steady profile" not in check.name]
        error = self.mean_error(records(run)[-1][1])
        return [Check("mean error of all components over their largest values", error, self.tolerance), *rest]


class CShockMaxwell(CShock):
    """A C-shock whose skin and Debye lengths are resolved, from its exact three-fluid profile with Maxwell's equations.

    `cshock` with one ion in 20, electrons of a 25th of the ion's mass and c = 30 v_A: charge separation, electron inertia
    and light are part of the answer, and the run has to keep it. closure=five-moment (with vs=1.7 cs=0.3162
    electron_heat=1) adds friction's heat and the exchange between three temperatures.
    """

    nx = 100
    vs = 3.0
    cs = 0.3
    ion_fraction = 0.052
    d_i = 0.228
    mass_ratio = 25.0
    c = 30.0
    electron_drag = 1.0
    electron_heat = 5.444
    before = 4.0
    after = 2.5
    start = "profile"
    complete = True
    flow_times = 3.0
    tolerance = 2e-3
    # no drag is fast here
    drag_reach = 1.0

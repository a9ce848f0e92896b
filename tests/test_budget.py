"""The electric energy that implicit stages take: reported to round-off, kept over a restart."""

import numpy as np
import pytest

from multifluid import Drag, FiveMoment, Grid, InputError, Maxwell, Parameter, Problem, Simulation


class Ringing(Problem):
    """A uniform plasma with a field that nothing holds: oscillations the step does not resolve."""

    stiffness = Parameter(30.0, "omega_p dt, about")
    stepper = "imex"
    energy_budget = True
    t_end = 1.0
    largest_step = 0.05

    def grid(self):
        return Grid(x=(0.0, 1.0, 4))

    def fluids(self):
        q = self.stiffness / self.largest_step / 10.0
        return [FiveMoment("ion", 1.0, q), FiveMoment("electron", 0.01, -q), FiveMoment("neutral", 2.0)]

    def field(self):
        return Maxwell(10.0)

    def interactions(self):
        return [Drag("ion", "neutral", 3.0), Drag("electron", "neutral", 1.0)]

    def initial(self, x, y, z):
        electron = {"rho": 0.01, "u": (-0.4, 0.1, 0.3), "p": 0.3}
        return {"ion": {"rho": 1.0, "u": (0.1, 0.2, 0.0), "p": 0.3}, "electron": electron,
                "neutral": {"rho": 3.0, "u": (0.0, 0.0, 0.5), "p": 0.2}, "B": (0.3, 0.1, 0.4), "E": (2.0, -3.0, 1.0)}


@pytest.mark.parametrize("stiffness", [0.3, 30.0, 3e4])
def test_energy_is_kept_with_what_the_field_lost(stiffness):
    series = Simulation(Ringing(stiffness=stiffness)).run().series
    total = np.asarray(series["energy_total"]) + np.asarray(series["energy_field_lost"])
    assert np.all(np.abs(total / total[0] - 1.0) < 1e-13)
    lost = float(series["energy_field_lost"][-1])
    assert abs(lost) > 1e-6 * total[0]  # there is something to report


def test_a_restart_goes_on_counting():
    whole = Simulation(Ringing()).run().series
    half = Simulation(Ringing())
    half.run(until=0.5)
    again = Simulation.restore(Ringing(), half.checkpoint()).run().series
    assert float(again["energy_field_lost"][-1]) == float(whole["energy_field_lost"][-1])


def test_split_steps_have_no_budget():
    with pytest.raises(InputError, match="energy_budget"):
        Simulation(Ringing(stepper="strang", light="resolve"))

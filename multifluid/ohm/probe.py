"""Ohm's law of a simulation as it stands: two steps on a copy of its state, the second one watched."""

import math

from ..errors import InputError
from .forces import mean, sample
from .forms import choose, one_fluid, three_fluid
from .law import OhmsLaw, kept_cells

_FUNCTIONS = {"one-fluid": one_fluid, "three-fluid": three_fluid}


def of(simulation, form=None):
    """Ohm's law of a simulation.

    A copy of the simulation takes two of the steps that lie ahead; the law is that of the second, whose flux divergence and
    sources are known stage by stage. The simulation itself is not touched. (The first step is for what a shorter one
    before may have left between inertia and E.) With the imex stepper the identity is exact in time; with strang its time
    derivative and the two ends of the step are second order.

    Parameters
    ----------
    simulation : Simulation
    form : {"one-fluid", "three-fluid"}, optional
        By default three-fluid where neutrals hold charged fluids by drag, else one-fluid.

    Returns
    -------
    OhmsLaw
        Its time ``t`` is the middle of the second step, one and a half steps ahead of the simulation's.

    Raises
    ------
    InputError
        As `multifluid.ohm.forms.choose`.
    RunError
        The steps fail.
    """
    form = choose(simulation.solver, form)
    copy = type(simulation).restore(simulation.problem, simulation.checkpoint(), threads=simulation.solver.team.threads)
    for _ in range(2):
        began = copy.t
        watch = _Watch(copy)
        dt = watch.step()
    E, terms = _FUNCTIONS[form](copy.solver, watch.forces, watch.inertia(dt))
    grid = copy.grid
    return OhmsLaw(E, terms, kept_cells(grid, copy.boundaries), form, began + 0.5 * dt, dt,
                   tuple(grid.centres(d) for d in range(3)))


class _Watch:
    """One step of a simulation's solver, its stages seen."""

    def __init__(self, simulation):
        self.simulation, self.solver, self.stepper = simulation, simulation.solver, simulation.stepper
        self.samples = []
        self.start = self._momentum()

    def _momentum(self):
        solver = self.solver
        return [solver.interior(solver.A[u + 1:u + 4]).copy() for u in solver.layout.u_fluid]

    def step(self):
        """Take it; returns its size."""
        simulation, stepper = self.simulation, self.stepper
        dt = simulation.next_step()
        if not math.isfinite(dt):
            raise InputError("Ohm's law: nothing moves, so that there is no step to take it from")
        if simulation.problem.stepper == "imex":
            taken = self._watched(dt)
        else:
            ends = [sample(self.solver)]
            taken = stepper.step(simulation.t, dt, simulation.step_count + 1)
            self.samples = [*ends, sample(self.solver)]
        simulation.t += taken
        simulation.step_count += 1
        return taken

    def _watched(self, dt):
        solver, stepper = self.solver, self.stepper
        recipe, fluxes = stepper.recipe, solver.flux_divergence

        def again(*args):
            # also after a step that had to be redone
            self.samples = []
            recipe(*args)

        def seen(*args, **kwargs):
            # a stage is solved, its ghost cells filled
            self.samples.append(sample(solver))
            fluxes(*args, **kwargs)

        stepper.recipe, solver.flux_divergence = again, seen
        try:
            return stepper.step(self.simulation.t, dt, self.simulation.step_count + 1)
        finally:
            stepper.recipe, solver.flux_divergence = recipe, fluxes

    @property
    def forces(self):
        """Forces: mean over the stages, or over both ends of a split step."""
        return mean(self.samples)

    def inertia(self, dt):
        """d_t(rho u) + div(rho u u) of every fluid, (S, 3, z, y, x)."""
        change = self.forces.transport
        for s, (end, start) in enumerate(zip(self._momentum(), self.start, strict=True)):
            change[s] += (end - start) / dt
        return change

"""What the implicit stages take from the electric field: the one energy that no fluid gets."""

import numpy as np

from .parallel.sums import exact_sum


class FieldBudget:
    """Electric energy lost to the step's damping, summed over a run.

    E has no explicit part: over a step E_n+1 = E_n + sum_i g_i (E_i - E_i*), with E_i* and E_i before and after stage i and
    g_i its weight (4/3, 4/3, 1). The currents and curl B of the stages do the work eps0 sum_i g_i (E_i - E_i*).E_i, fluids
    and B gain or lose exactly this, and the field's energy changes by eps0 (E_n+1^2 - E_n^2)/2. The difference,

        lost = eps0 [ sum_i g_i (E_i - E_i*).E_i - (E_n+1^2 - E_n^2)/2 ]

    is what L-stability costs: plasma oscillations that the step does not resolve are damped, nothing else is. In one
    stage of backward Euler alone it is eps0 |E - E*|^2/2.

    Parameters
    ----------
    solver : Solver
        Stepped by ``imex_step``.

    Attributes
    ----------
    lost : float
        Sum over all steps taken.
    """

    def __init__(self, solver):
        self.solver, self.lost = solver, 0.0
        u, v = solver.layout.u_field, solver.layout.v_field
        self._rows, self._stage = slice(u, u + 3), slice(v, v + 3)
        self._before = np.zeros((3, *solver.grid.shape))
        self._start = np.zeros_like(self._before)
        self._work = np.zeros(solver.grid.shape)

    def begin(self):
        """A step begins (again): forget its stages."""
        self._start[...] = self.solver.interior(self.solver.A)[self._rows]
        self._work[...] = 0.0

    def before_stage(self):
        """Keep the source sum of E."""
        self._before[...] = self.solver.interior(self.solver.C)[self._rows]

    def after_stage(self, recipe):
        """Add the work of one stage: what it added to the source sum, times E."""
        start, kept = recipe[2], recipe[4]
        change = self.solver.interior(self.solver.C)[self._rows] - kept * self._before - start * self._start
        self._work += (change * self.solver.interior(self.solver.W)[self._stage]).sum(axis=0)

    def commit(self):
        """The step is taken: its new state is the solver's."""
        solver = self.solver
        after = solver.interior(solver.A)[self._rows]
        # as a product: the squares cancel
        gained = 0.5 * ((after - self._start) * (after + self._start)).sum(axis=0)
        density = solver.eps0 * (self._work - gained)
        volume = solver.grid.volume
        self.lost += exact_sum(density * volume) if solver.grid.cylindrical else volume * exact_sum(density)

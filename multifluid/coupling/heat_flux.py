"""Heat flux down the gradient of temperature of ten-moment fluids, within the implicit stages of a step."""

import math

import numpy as np

from ..kernels import ghosts, heat_flux
from ..kernels.codes import CONDUCTION

# Share of the error that Chebyshev's iteration leaves, with K of U* and then with K of what that gives.
TOLERANCES = 1e-1, 1e-3
# The spectrum is taken to end this far beyond the bound of the rates.
MARGIN = 1.02


class HeatFlux:
    """Solves U = U* + h [L(U) - div q(U)] after a stage has solved U = U* + h L(U) for its local sources L.

    Backward Euler for the heat flux and then the local source once more on its increment alone: see
    ``kernels.heat_flux``. The number of iterations follows from h and the fastest rate on the grid, s ~
    sum of ln(2/tolerance) sqrt(h rate)/2 of two solutions, the same for every thread and after a restart.

    Parameters
    ----------
    layout : Layout
    threads : int

    Attributes
    ----------
    iterations : int
        How many were made in all.
    """

    def __init__(self, layout, threads):
        cells = math.prod(layout.grid.full_cells)
        self.fluids = [s for s, model in enumerate(layout.models) if model[CONDUCTION] > 0.0]
        self.temperature, self.start, self.change = np.zeros((3, 6, cells))
        self.conductivity = np.zeros(cells)
        self.passage = np.ones(layout.grid.full_shape)
        size = int(heat_flux.heat_scratch_cells(layout.grid.full_cells[0]))
        self.scratch = np.zeros((threads, size))
        self.rates = np.zeros(threads)
        self.counts = np.zeros((threads, 2), np.int64)
        self._even, self._on_cells = np.ones((1, 3)), np.full(1, -1, np.int64)
        self.iterations = 0

    @staticmethod
    def needed(layout):
        """Whether a fluid has this heat flux."""
        return bool((layout.models[:, CONDUCTION] > 0.0).any())

    def conduct(self, solver, h, gain, t):
        """Bring W, its ghosts and the source sum C of a stage (step h, ``gain`` of its increments) to U.

        Heat neither enters nor leaves cells that a redone step reconstructs to first order (``solver.smooth``).
        Returns how many cells are not positive and finite.
        """
        self.counts[:] = 0
        np.copyto(self.passage, solver.smooth)
        ghosts.fill_ghosts(self.passage[None], 0, 1, solver.filler.codes, self._even, self._even, self._even,
                           self._on_cells, -1, solver.shape, solver.ghosts)
        for s in self.fluids:
            self._conduct_fluid(solver, s, h, gain, t)
        return int(self.counts[:, 0].sum())

    def _conduct_fluid(self, solver, s, h, gain, t):
        layout, team = solver.layout, solver.team
        W, C, passage = solver._flat(solver.W), solver._flat(solver.C), self.passage.reshape(-1)
        v, model = int(layout.v_fluid[s]), layout.models[s]
        place = (solver.shape, solver.ghosts, solver.inverse_dx)
        T, K, coefficient = self.temperature, self.conductivity, model[CONDUCTION]
        np.copyto(self.start, W[v + 5:v + 11])
        for tolerance in TOLERANCES:
            self._temperatures(team, W, v, coefficient, True)
            self.rates[:] = 0.0

            def rate(_, thread, k, j0, j1):
                found = heat_flux.fastest_rate(W, K, self.scratch[thread], passage, v, *place, k, j0, j1)
                self.rates[thread] = max(self.rates[thread], found)

            team.interior(rate)
            for number, (keep, take) in enumerate(chebyshev(h * MARGIN * self.rates.max(), tolerance)):
                if number:
                    self._temperatures(team, W, v, coefficient, False)
                team.interior(lambda _, thread, k, j0, j1, keep=keep, take=take: heat_flux.conduct_block(
                    W, T, K, self.start, self.change, self.scratch[thread], passage, v, h, keep, take, *place, k, j0, j1))
                solver.filler.fill(solver.W, v + 5, v + 11, t)
                self.iterations += 1
        team.interior(lambda _, thread, k, j0, j1: heat_flux.close_block(
            W, C, self.start, self.scratch[thread], model, solver.qm[s], v, layout.u_fluid[s], layout.v_field, h, gain,
            solver.shape, solver.ghosts, self.counts[thread], k, j0, j1))
        solver.filler.fill(solver.W, v + 4, v + 11, t)

    def _temperatures(self, team, W, v, coefficient, again):
        nx = self.passage.shape[2]
        team.everywhere(lambda _, thread, row0, row1: heat_flux.temperatures(
            self.temperature, self.conductivity, W, v, coefficient, again, row0, row1, nx))


def chebyshev(stiffness, tolerance):
    """Weights (keep, take) of Chebyshev's semi-iteration for a spectrum in [1, 1 + stiffness].

    change = keep change + take residual, x += change; the error falls to 1/T_s(1 + 2/stiffness) of the first.

    Returns
    -------
    list of tuple
    """
    centre, radius = 1.0 + 0.5 * stiffness, max(0.5 * stiffness, 1e-12)
    ratio = centre / radius
    count = max(1, math.ceil(math.acosh(1.0 / tolerance) / math.acosh(ratio)))
    weights, rho = [(0.0, 1.0 / centre)], 1.0 / ratio
    for _ in range(count - 1):
        after = 1.0 / (2.0 * ratio - rho)
        weights.append((after * rho, 2.0 * after / radius))
        rho = after
    return weights

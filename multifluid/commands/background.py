"""The initial state of a problem as a `Mixture`, without building its simulation."""

import numpy as np

from multifluid.coupling.drag import Drag
from multifluid.errors import InputError
from multifluid.initial import initial_state
from multifluid.state import Layout
from multifluid.theory.formulary import REGIMES, Mixture, regime_fields


class Background:
    """Fluids, drag and field of a problem at t = 0.

    Parameters
    ----------
    problem : Problem

    Attributes
    ----------
    width, length : float
        Smallest cell width, longest side of the grid, among axes that are not flat.

    Raises
    ------
    InputError
        As the constructor of `Simulation`; a problem without fluids.
    """

    def __init__(self, problem):
        self.problem, grid = problem, problem.grid()
        self.fluids, self.field = list(problem.fluids()), problem.field()
        if not self.fluids:
            raise InputError(f"{problem.name} has no fluids, so no regime")
        layout = Layout(grid, self.fluids, self.field)
        A, W = initial_state(problem, layout, problem.boundaries())
        cells = grid.interior
        self.rho, self.p = (np.array([W[v + row][cells] for v in layout.v_fluid]) for row in (0, 4))
        self.u = np.array([W[v + 1:v + 4][(slice(None), *cells)] for v in layout.v_fluid])
        self.B = np.zeros((3, *grid.shape))
        if self.field is not None:
            for d, face in enumerate(A[layout.u_field + 3:]):
                self.B[d] = face[cells]
                if grid.ghosts[d]:
                    upper = list(cells)
                    upper[2 - d] = slice(cells[2 - d].start + 1, cells[2 - d].stop + 1)
                    self.B[d] = 0.5 * (self.B[d] + face[tuple(upper)])
        wide = [axis for axis in range(3) if grid.ghosts[axis]]
        self.width = min(grid.spacing[axis] for axis in wide)
        self.length = max((grid.x, grid.y, grid.z)[axis][1] - (grid.x, grid.y, grid.z)[axis][0] for axis in wide)

    def mixture(self, cell=None):
        """The fluids at one point.

        Parameters
        ----------
        cell : (i, j, k), optional
            Cell along x, y, z; without it means over the volume: of mass, momentum and pressure, and the root mean
            square of B.

        Returns
        -------
        (Mixture, str)
            And where it is, in words.

        Raises
        ------
        InputError
            There is no such cell.
        """
        if cell is None:
            mean = tuple(range(-3, 0))
            rho, p = self.rho.mean(axis=mean), self.p.mean(axis=mean)
            u = (self.rho[:, None] * self.u).mean(axis=mean) / rho[:, None]
            B = np.sqrt(np.square(self.B).sum(axis=0).mean())
            where = "mean over the volume (root mean square of B)"
        else:
            index = tuple(cell[::-1])
            if not all(0 <= i < n for i, n in zip(index, self.B.shape[1:])):
                raise InputError(f"--cell {' '.join(map(str, cell))}: the grid has {self.B.shape[:0:-1]} cells along "
                                 "(x, y, z), counted from 0")
            rho, p, u = self.rho[(..., *index)], self.p[(..., *index)], self.u[(..., *index)]
            B = np.sqrt(np.square(self.B[(..., *index)]).sum())
            where = f"cell {', '.join(map(str, cell))}"
        return self._mixture(rho, p, u, B), where

    def _constants(self):
        return {} if self.field is None else {"mu0": self.field.mu0, "c": self.field.c}

    def _mixture(self, rho, p, u, B):
        mass = np.array([fluid.mass for fluid in self.fluids])
        temperature = p * mass.reshape((-1,) + (1,) * (rho.ndim - 1)) / rho
        return Mixture(mass, [fluid.charge for fluid in self.fluids], rho, temperature, B, self._alpha(rho, p, u),
                       gamma=[fluid.gamma for fluid in self.fluids], names=[fluid.name for fluid in self.fluids],
                       **self._constants())

    def _alpha(self, rho, p, u):
        """Drag coefficients (S, S, ...) at these temperatures and slips."""
        S, names = len(self.fluids), [fluid.name for fluid in self.fluids]
        alpha = np.zeros((S, S, *rho.shape[1:]))
        for drag in self.problem.interactions():
            if isinstance(drag, Drag):
                s, r = names.index(drag.first), names.index(drag.second)
                T = [p[i] * self.fluids[i].mass / rho[i] for i in (s, r)]
                slip = np.sqrt(np.square(u[s] - u[r]).sum(axis=0))
                alpha[s, r] = alpha[r, s] = drag.law.alpha(self.fluids[s], self.fluids[r], *T, slip)
        return alpha

    def regimes(self, width):
        """[(name of a regime, share of cells)] at a length, or [] without drag between charges and neutrals."""
        mass, charge = [fluid.mass for fluid in self.fluids], [fluid.charge for fluid in self.fluids]
        alpha = self._alpha(self.rho, self.p, self.u)
        probe = Mixture(mass, charge, self.rho, alpha=alpha)
        if not probe.couples:
            return []
        found = regime_fields(mass, charge, self.rho, self.u, self.p, self.B, alpha, length=width, **self._constants())
        index = found["regime"].data
        return [(name, share) for i, name in enumerate(REGIMES) if (share := float(np.mean(index == i))) > 0]

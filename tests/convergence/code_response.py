"""The code's own step, linearised by finite differences: a program, for it has to run the kernels uncompiled.

    NUMBA_DISABLE_JIT=1 python -m tests.convergence.code_response OUT.npz PLASMA.json

Limiters have no derivative at a uniform state. Uncompiled, the three pointwise limiters can be put in the branch
they take on smooth data, and the arrays in extended precision, so that differences of 1e-9 have nine good digits.
Everything else is the code as it is. One cell of each variable is perturbed; the Fourier transform of the response is
the amplification matrix for all wavenumbers of the grid.
"""

import json
import os
import sys

if __name__ == "__main__":
    assert os.environ.get("NUMBA_DISABLE_JIT") == "1", "set NUMBA_DISABLE_JIT=1: limiters are exchanged in Python"

import numpy as np

from multifluid import Drag, FiveMoment, Grid, Maxwell, Problem, Simulation
from multifluid.kernels import fluid_rows, maxwell, reconstruct
from multifluid.stepping import imex_step
from tests.convergence.linear_step import Plasma

CELLS = 16
SIZE = 1e-9


def smooth_slope(m, c, p):
    """The MC slope of smooth data."""
    return 0.25 * (p - m)


def smooth_edges(mm, m, c, p, pp):
    """The PPM edges of smooth data."""
    share = reconstruct.PPM_LINEAR_SHARE
    low = (1 - share) * (7 * (m + c) - (mm + p)) / 12 + share * (c - 0.25 * (p - m))
    high = (1 - share) * (7 * (c + p) - (m + pp)) / 12 + share * (c + 0.25 * (p - m))
    return low, high


def smooth_weno(mm, m, c, p, pp, *smoothness):
    """The WENO5 edges of smooth data, whatever their smoothness."""
    return (2 * pp - 13 * p + 47 * c + 27 * m - 3 * mm) / 60, (2 * mm - 13 * m + 47 * c + 27 * p - 3 * pp) / 60


class Uniform(Problem):
    """A uniform plasma at rest; ``plasma``, ``dx`` and ``reconstruction`` are set by `make_solver`."""

    t_end = 1.0
    temperature_relaxation = 0.0

    def grid(self):
        return Grid((0.0, CELLS * self.dx, CELLS))

    def fluids(self):
        fluids = [FiveMoment("ion", 1.0, 1.0), FiveMoment("electron", 1.0 / self.plasma.mass_ratio, -1.0)]
        return fluids + [FiveMoment("neutral", 1.0)] * (self.plasma.neutral_ratio > 0)

    def field(self):
        return Maxwell(self.plasma.c)

    def interactions(self):
        if not self.plasma.neutral_ratio:
            return []
        return [Drag(name, "neutral", self.plasma.alpha[s, 2]) for s, name in enumerate(("ion", "electron"))]

    def initial(self, x, y, z):
        state = {name.name: {"rho": f.rho, "u": (0.0, 0.0, 0.0), "p": f.p}
                 for name, f in zip(self.fluids(), self.plasma.fluids, strict=True)}
        return {**state, "B": tuple(self.plasma.field)}


def make_solver(plasma, dx, scheme):
    """A solver in extended precision."""
    problem = type("Uniform", (Uniform,), {"plasma": plasma, "dx": dx})(reconstruction=scheme)
    solver = Simulation(problem).solver
    for owner in (solver, *solver.team.scratch):
        for name, array in list(vars(owner).items()):
            if isinstance(array, np.ndarray) and array.dtype == float and array.size >= CELLS:
                setattr(owner, name, array.astype(np.longdouble))
    return solver


def step(solver, plasma, dt, change):
    """Departure from the uniform state after one step that began with the departure ``change`` (variable, cell)."""
    state = solver.interior(solver.A)[:, 0, 0]
    S = len(plasma.fluids)
    for s, f in enumerate(plasma.fluids):
        rho = f.rho + change[5 * s]
        u = change[5 * s + 1:5 * s + 4]
        state[5 * s] = rho
        state[5 * s + 1:5 * s + 4] = rho * u
        state[5 * s + 4] = (f.p + change[5 * s + 4]) / (f.gamma - 1) + 0.5 * rho * (u**2).sum(axis=0)
    state[5 * S:5 * S + 3] = change[5 * S:5 * S + 3]
    solver.A[5 * S + 3] = plasma.field[0]
    state[5 * S + 4:] = plasma.field[1:, None] + change[5 * S + 3:]
    assert solver.primitives_of_state(0.0) == 0
    imex_step(solver, 0.0, dt)
    new = solver.interior(solver.C)[:, 0, 0]
    out = np.zeros_like(change)
    for s, f in enumerate(plasma.fluids):
        rho, u = new[5 * s], new[5 * s + 1:5 * s + 4] / new[5 * s]
        out[5 * s] = rho - f.rho
        out[5 * s + 1:5 * s + 4] = u
        out[5 * s + 4] = (f.gamma - 1) * (new[5 * s + 4] - 0.5 * rho * (u**2).sum(axis=0)) - f.p
    out[5 * S:5 * S + 3] = new[5 * S:5 * S + 3]
    out[5 * S + 3:] = new[5 * S + 4:] - plasma.field[1:, None]
    assert np.abs(new[5 * S + 3] - plasma.field[0]).max() == 0.0
    return out


def response(plasma, dx, dt, scheme):
    """Amplification matrices, energy-scaled, for theta = 2 pi m/CELLS, m = 0 ... CELLS/2: (m, n, n)."""
    solver = make_solver(plasma, dx, scheme)
    n = plasma.weights.size
    columns = np.zeros((n, n, CELLS), np.longdouble)
    for v in range(n):
        for sign in (1, -1):
            change = np.zeros((n, CELLS), np.longdouble)
            change[v, 0] = sign * SIZE / plasma.weights[v]
            columns[:, v] += sign * step(solver, plasma, dt, change) / (2 * SIZE)
    return np.moveaxis(np.fft.rfft((columns * plasma.weights[:, None, None]).astype(float), axis=-1), -1, 0)


def main(output, cases):
    """Responses of [(Plasma arguments, dx, dt, scheme), ...] into an npz file, under their numbers."""
    fluid_rows.mc_half_difference = smooth_slope
    fluid_rows.ppm_edges = smooth_edges
    maxwell.weno5z_edges = smooth_weno
    np.savez(output, **{str(n): response(Plasma(**arguments), dx, dt, scheme)
                        for n, (arguments, dx, dt, scheme) in enumerate(cases)})


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))

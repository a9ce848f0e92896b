"""A small plasma in motion, of any dimension, with or without neutrals: what tests of whole runs share."""

import numpy as np

from multifluid import Drag, FiveMoment, Grid, Maxwell, Parameter, Problem


class SmallPlasma(Problem):
    """Ions, electrons and (if asked for) neutrals in a periodic box, stirred by smooth random motions."""

    n = Parameter(16, "cells along each axis", min=4)
    dim = Parameter(1, "dimensions", choices=(1, 2, 3))
    neutral = Parameter(False, "with neutrals that drag on ions and electrons")
    c = Parameter(20.0, "speed of light", above=0.0)
    d_i = Parameter(0.1, "ion inertial length", above=0.0)
    t_end = Parameter(0.1, "end", above=0.0)
    records = Parameter(2, "records after the first", min=1)

    mass_ratio = 100.0

    @property
    def output_interval(self):
        return self.t_end / self.records

    def grid(self):
        return Grid(*[(0.0, 1.0, self.n)] * self.dim)

    def fluids(self):
        charge = 1.0 / self.d_i
        fluids = [FiveMoment("ion", 1.0, charge), FiveMoment("electron", 1.0 / self.mass_ratio, -charge)]
        return fluids + [FiveMoment("neutral", 1.0)] * self.neutral

    def field(self):
        return Maxwell(self.c)

    def interactions(self):
        return [Drag("ion", "neutral", 3.0), Drag("electron", "neutral", 30.0)] if self.neutral else []

    def waves(self, seed, x, y, z):
        rng = np.random.default_rng(seed)
        total = 0.0
        for _ in range(3):
            k = 2 * np.pi * rng.integers(-2, 3, 3) * (np.arange(3) < self.dim)
            total = total + np.sin(k[0] * x + k[1] * y + k[2] * z + rng.uniform(0, 6))
        return total / 3

    def initial(self, x, y, z):
        density = 1.0 + 0.3 * self.waves(1, x, y, z)
        state = {}
        for s, f in enumerate(self.fluids()):
            velocity = tuple(0.5 * self.waves(10 * (s == 2) + d, x, y, z) for d in (2, 3, 4))
            rho = density * f.mass * (3.0 if f.name == "neutral" else 1.0)
            state[f.name] = {"rho": rho, "u": velocity, "p": 0.2 * (1.0 + 0.2 * self.waves(5 + s, x, y, z))}
        state["E"] = (0.0, 0.0, 0.0)  # equal charge densities: Gauss's law holds
        state["B"] = (0.7, 0.5, 0.3)
        return state

    def vector_potential(self, x, y, z):
        return tuple(0.05 * self.waves(20 + d, x, y, z) for d in range(3))

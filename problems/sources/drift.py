"""Drift of ions and electrons through neutrals."""

import math
from functools import cached_property

import numpy as np

from multifluid import Check, Drag, FiveMoment, Grid, Maxwell, Parameter, Problem
from multifluid.problems import pictures
from multifluid.problems.sources.records import records
from multifluid.theory.drift import terminal_drift

# The box is so long that no signal crosses a cell.
ROOM = 1e4


class Drift(Problem):
    """Terminal drift of ions and electrons through neutrals under a steady force, against their mobilities.

    A uniform plasma, B0 = 1 in the x, z plane. The charged fluids (or, with force="gravity_on_neutrals", the neutrals)
    feel a steady acceleration along x; drag stops them. E adjusts until the current vanishes; ions and electrons then
    drift as their direct, Pedersen and Hall mobilities tell (`multifluid.theory.drift`). The neutrals are heavy, and
    their slow acceleration is accounted for exactly: the drift is that relative to them.

    hall_ion and hall_electron are the Hall parameters Omega_s/nu_sn: both below 1 is the Pedersen (ohmic) regime,
    hall_ion < 1 < hall_electron the Hall regime, both above 1 the ambipolar one. Units: rho_ion = 1, Omega_ion = 1,
    mu0 = 1. ``rate_step`` is the smallest of nu_in and nu_en times dt: the step resolves nothing where it is large.
    """

    reference = ("theory: mobilities as in Wardle & Ng 1999, MNRAS 303, 239; Parks 2004, Physics of Space Plasmas, "
                 "chapter 7")
    resolution = "steps"
    converge_fields = ("u",)
    # drag heats the ions without end, which does not act back on a constant coefficient
    temperature_relaxation = 3.0

    hall_ion = Parameter(0.1, "Hall parameter of the ions, Omega_i/nu_in", above=0.0)
    hall_electron = Parameter(100.0, "Hall parameter of the electrons, |Omega_e|/nu_en", above=0.0)
    angle = Parameter(60.0, "angle between the force and B", unit="degree", min=0.0, max=90.0)
    force = Parameter("ions", "what is pushed along x", choices=("ions", "charged", "neutrals"))
    acceleration_of = Parameter(1e-3, "its acceleration", unit="v_A Omega_i", above=0.0)
    mass_ratio = Parameter(1836.0, "ion to electron mass", above=1.0)
    neutral_mass = Parameter(2.0, "mass of a neutral", unit="ion mass", above=0.0)
    neutral_ratio = Parameter(1e4, "mass density of neutrals over that of ions", above=0.0)
    c = Parameter(100.0, "speed of light", unit="v_A", above=1.0)
    rate_step = Parameter(30.0, "min(nu_in, nu_en) dt", above=0.0)
    steps = Parameter(40, "number of steps", min=1)
    tolerance = Parameter(1e-3, "relative error of the drift velocities that check allows", above=0.0)

    def fluids(self):
        """Ions, electrons, neutrals."""
        return [FiveMoment("ion", 1.0, 1.0), FiveMoment("electron", 1.0 / self.mass_ratio, -1.0),
                FiveMoment("neutral", self.neutral_mass, 0.0)]

    def field(self):
        """Maxwell's equations with mu0 = 1."""
        return Maxwell(self.c)

    @cached_property
    def _nu(self):
        """(nu_in, nu_en)."""
        return 1.0 / self.hall_ion, self.mass_ratio / self.hall_electron

    def interactions(self):
        """nu_sn = alpha rho_n."""
        return [Drag(name, "neutral", nu / self.neutral_ratio)
                for name, nu in zip(("ion", "electron"), self._nu, strict=True)]

    @property
    def _dt(self):
        return self.rate_step / min(self._nu)

    @property
    def largest_step(self):
        """A rounding above t_end/steps, so that no sliver of a step is left."""
        return self._dt * (1.0 + 1e-12)

    @property
    def t_end(self):
        """All steps."""
        return self.steps * self._dt

    @property
    def output_interval(self):
        """Every step."""
        return self._dt

    def grid(self):
        """Four cells that no signal crosses."""
        return Grid((0.0, 4.0 * ROOM * self.c * self.t_end, 4))

    @cached_property
    def B(self):
        """ndarray (3,): the magnetic field."""
        angle = math.radians(self.angle)
        along = 0.0 if self.angle == 90.0 else math.cos(angle)
        return np.array([along, 0.0, math.sin(angle)])

    def acceleration(self, t, x, y, z):
        """Along x."""
        pushed = {"ions": ("ion",), "charged": ("ion", "electron"), "neutrals": ("neutral",)}[self.force]
        return {name: (self.acceleration_of, 0.0, 0.0) for name in pushed}

    def initial(self, x, y, z):
        """Everything at rest, without E."""
        pressure = {"ion": 0.1, "electron": 0.1, "neutral": 0.1 * self.neutral_ratio}
        density = {"ion": 1.0, "electron": 1.0 / self.mass_ratio, "neutral": self.neutral_ratio}
        fluids = {name: {"rho": density[name], "u": (0.0, 0.0, 0.0), "p": pressure[name]} for name in density}
        return {**fluids, "E": (0.0, 0.0, 0.0), "B": tuple(self.B)}

    @cached_property
    def terminal(self):
        """(drift (2, 3) of ions and electrons against the neutrals, E in their frame, common acceleration)."""
        pushed = self.acceleration(0.0, None, None, None)
        a = {name: np.array(pushed.get(name, (0.0, 0.0, 0.0))) for name in ("ion", "electron", "neutral")}
        return terminal_drift((1.0, -self.mass_ratio), (1.0, 1.0 / self.mass_ratio), self._nu, self.neutral_ratio,
                              (a["ion"], a["electron"]), a["neutral"], self.B, self.field().eps0)

    # -- measuring ----------------------------------------------------------------------------------------------

    def drift_of(self, fields):
        """(drift (2, 3), E + u_n x B) of a record, a dict of arrays; from the first cell."""
        def vector(name):
            return np.array([float(np.ravel(fields[name.format(a)])[0]) for a in "xyz"])

        neutral = vector("u{}_neutral")
        return (np.array([vector("u{}_ion") - neutral, vector("u{}_electron") - neutral]),
                vector("E{}") + np.cross(neutral, self.B))

    def errors(self, fields):
        """Error of the drift of ions and of electrons, relative to their speeds; of E, relative to |E| + v |B|."""
        drift, field = self.drift_of(fields)
        exact, exact_field, _ = self.terminal
        speeds = np.linalg.norm(exact, axis=1)
        wrong = np.linalg.norm(drift - exact, axis=1) / speeds
        return {"ions": float(wrong[0]), "electrons": float(wrong[1]),
                "E": float(np.linalg.norm(field - exact_field) / (np.linalg.norm(exact_field) + speeds.max()))}

    def check(self, run):
        """Last drift velocities and E against the mobilities'."""
        return [Check(f"terminal {'E' if name == 'E' else f'drift of {name}'}, relative error", error, self.tolerance)
                for name, error in self.errors(records(run)[-1][1]).items()]

    def plot(self, run, path):
        """Drift velocities over time, with the terminal ones as lines."""
        from multifluid.plotting import COLOURS

        found = records(run)
        times = np.array([t for t, _ in found]) * min(self._nu)
        drifts = np.array([self.drift_of(fields)[0] for _, fields in found])
        figure, axes = pictures.subplots(2, 1, figsize=(8.0, 6.4), sharex=True)
        for s, (ax, name) in enumerate(zip(axes[:, 0], ("ions", "electrons"), strict=True)):
            for d, a in enumerate("xyz"):
                ax.plot(times, drifts[:, s, d], "o", color=COLOURS[d], markersize=3.5)
                ax.axhline(self.terminal[0][s, d], color=COLOURS[d], linewidth=1.0, label=f"$u_{a}$")
            ax.set(ylabel=f"drift of {name}  $/v_A$", xlim=(0.0, times[-1]))
            ax.legend(fontsize=9, loc="right")
        axes[1, 0].set(xlabel=r"time  $\times\,\min(\nu_{in}, \nu_{en})$")
        figure.suptitle(f"Drift through neutrals, Hall parameters {self.hall_ion:g} (ions) and {self.hall_electron:g} "
                        "(electrons); lines: from the mobilities", fontsize=10)
        pictures.save(figure, path)

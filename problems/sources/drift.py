"""Drift of ions, electrons and grains through neutrals."""

import math
from functools import cached_property

import numpy as np

from multifluid import Check, Drag, FiveMoment, Grid, Maxwell, Parameter, Problem
from multifluid.problems import pictures
from multifluid.problems.sources.records import records
from multifluid.problems.sources.steps import GivenSteps
from multifluid.theory.drift import terminal_drift

# The box is so long that no signal crosses a cell.
ROOM = 1e4


class Drift(GivenSteps, Problem):
    """Terminal drift of ions, electrons and charged grains through neutrals under a steady force, against mobilities.

    A uniform plasma, B0 = 1 in the x, z plane. A steady acceleration along x pushes some fluids; drag holds them. E
    adjusts until the current vanishes; every charged fluid then drifts as its direct, Pedersen and Hall mobilities tell
    (`multifluid.theory.drift`). The neutrals are heavy, and their slow acceleration is accounted for exactly: the drift is
    that relative to them. Ions and electrons alone (grain_share=0) must drift together, and the mobilities then show in
    E only; grains that hold a share of the negative charge make all components of every drift different.

    hall_ion, hall_electron and hall_grain are the Hall parameters Omega_s/nu_sn: all below 1 is the Pedersen (ohmic)
    regime, those of ions below and of electrons above 1 the Hall regime, both above 1 the ambipolar one. Units:
    rho_ion = 1, Omega_ion = 1, mu0 = 1. ``rate_step`` is the smallest nu_sn times dt: steps resolve nothing where it is
    large.
    """

    reference = ("theory: mobilities as in Wardle & Ng 1999, MNRAS 303, 239; Parks 2004, Physics of Space Plasmas, "
                 "chapter 7")
    resolution = "steps"
    converge_fields = ("u",)

    hall_ion = Parameter(1.0, "Hall parameter of the ions, Omega_i/nu_in", above=0.0)
    hall_electron = Parameter(100.0, "Hall parameter of the electrons, |Omega_e|/nu_en", above=0.0)
    hall_grain = Parameter(0.03, "Hall parameter of the grains", above=0.0)
    grain_share = Parameter(0.3, "share of the negative charge that grains hold; 0: no grains", min=0.0, max=0.9)
    grain_mass = Parameter(100.0, "mass of a grain, of charge -1", unit="ion mass", above=0.0)
    angle = Parameter(60.0, "angle between the force and B", unit="degree", min=0.0, max=90.0)
    force = Parameter("ions", "what is pushed along x", choices=("ions", "charged", "neutrals"))
    acceleration_of = Parameter(1e-3, "its acceleration", unit="v_A Omega_i", above=0.0)
    mass_ratio = Parameter(1836.0, "ion to electron mass", above=1.0)
    neutral_mass = Parameter(2.0, "mass of a neutral", unit="ion mass", above=0.0)
    neutral_ratio = Parameter(1e4, "mass density of neutrals over that of ions", above=0.0)
    c = Parameter(100.0, "speed of light", unit="v_A", above=1.0)
    rate_step = Parameter(30.0, "smallest nu_sn times dt", above=0.0)
    steps = Parameter(40, "number of steps", min=1)
    tolerance = Parameter(1e-3, "relative error of the drift velocities that check allows", above=0.0)

    @cached_property
    def _charged(self):
        """Rows (name, mass, charge, density, nu) of the charged fluids."""
        me = 1.0 / self.mass_ratio
        rows = [("ion", 1.0, 1.0, 1.0, 1.0 / self.hall_ion),
                ("electron", me, -1.0, me * (1.0 - self.grain_share), self.mass_ratio / self.hall_electron)]
        if self.grain_share > 0:
            rows.append(("grain", self.grain_mass, -1.0, self.grain_mass * self.grain_share,
                         1.0 / (self.grain_mass * self.hall_grain)))
        return rows

    @property
    def _nu(self):
        return [row[-1] for row in self._charged]

    def fluids(self):
        """Ions, electrons, grains if there are any, neutrals."""
        return [FiveMoment(name, mass, charge) for name, mass, charge, _, _ in self._charged] + [
            FiveMoment("neutral", self.neutral_mass, 0.0)]

    def field(self):
        """Maxwell's equations with mu0 = 1."""
        return Maxwell(self.c)

    def interactions(self):
        """nu_sn = alpha rho_n."""
        return [Drag(name, "neutral", nu / self.neutral_ratio) for name, _, _, _, nu in self._charged]

    @property
    def _dt(self):
        return self.rate_step / min(self._nu)

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
        charged = tuple(row[0] for row in self._charged)
        pushed = {"ions": ("ion",), "charged": charged, "neutrals": ("neutral",)}[self.force]
        return {name: (self.acceleration_of, 0.0, 0.0) for name in pushed}

    def initial(self, x, y, z):
        """Everything at rest, without E, at one temperature."""
        particles = {name: (mass, density) for name, mass, _, density, _ in self._charged}
        particles["neutral"] = (self.neutral_mass, self.neutral_ratio)
        fluids = {name: {"rho": density, "u": (0.0, 0.0, 0.0), "p": 0.1 * density / mass}
                  for name, (mass, density) in particles.items()}
        return {**fluids, "E": (0.0, 0.0, 0.0), "B": tuple(self.B)}

    @cached_property
    def terminal(self):
        """(drift (N, 3) of the charged fluids against the neutrals, E in their frame, common acceleration)."""
        pushed = self.acceleration(0.0, None, None, None)
        names, masses, charges, densities, nu = zip(*self._charged, strict=True)
        a = [np.array(pushed.get(name, (0.0, 0.0, 0.0))) for name in (*names, "neutral")]
        return terminal_drift(np.divide(charges, masses), densities, nu, self.neutral_ratio, a[:-1], a[-1], self.B,
                              self.field().eps0)

    # -- measuring ----------------------------------------------------------------------------------------------

    def drift_of(self, fields):
        """(drift (N, 3), E + u_n x B) of a record, a dict of arrays; from the first cell."""
        def vector(name):
            return np.array([float(np.ravel(fields[name.format(a)])[0]) for a in "xyz"])

        neutral = vector("u{}_neutral")
        drift = [vector("u{}_" + row[0]) - neutral for row in self._charged]
        return np.array(drift), vector("E{}") + np.cross(neutral, self.B)

    def errors(self, fields):
        """Error of the drift of each charged fluid, relative to its speed; of E, relative to |E| + v |B|.

        Returns
        -------
        dict of str to float
        """
        drift, field = self.drift_of(fields)
        exact, exact_field, _ = self.terminal
        speeds = np.linalg.norm(exact, axis=1)
        wrong = np.linalg.norm(drift - exact, axis=1) / speeds
        found = {f"{row[0]}s": float(error) for row, error in zip(self._charged, wrong, strict=True)}
        return found | {"E": float(np.linalg.norm(field - exact_field) / (np.linalg.norm(exact_field) + speeds.max()))}

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
        figure, axes = pictures.subplots(drifts.shape[1], 1, figsize=(8.0, 2.8 * drifts.shape[1]), sharex=True)
        for s, (ax, name) in enumerate(zip(axes[:, 0], [row[0] for row in self._charged], strict=True)):
            for d, a in enumerate("xyz"):
                ax.plot(times, drifts[:, s, d], "o", color=COLOURS[d], markersize=3.5)
                ax.axhline(self.terminal[0][s, d], color=COLOURS[d], linewidth=1.0, label=f"$u_{a}$")
            ax.set(ylabel=f"drift of {name}s  $/v_A$", xlim=(0.0, times[-1]))
            ax.legend(fontsize=9, loc="right")
        axes[-1, 0].set(xlabel=r"time  $\times\,\min_s \nu_{sn}$")
        halls = [("ions", self.hall_ion), ("electrons", self.hall_electron), ("grains", self.hall_grain)]
        texts = ", ".join(f"{value:g} ({name})" for name, value in halls[:drifts.shape[1]])
        figure.suptitle(f"Drift through neutrals, Hall parameters {texts}; lines: from the mobilities", fontsize=10)
        pictures.save(figure, path)

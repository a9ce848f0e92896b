"""Multifluid shocks of ions, electrons and neutrals in which the Hall effect turns the field."""

from functools import cached_property

import numpy as np

from multifluid import Boundaries, Check, Drag, Grid, Isothermal, Maxwell, Parameter, Problem
from multifluid.problems import measures, pictures
from multifluid.problems.clouds import profiles
from multifluid.problems.sources.records import records
from multifluid.theory import shocks

NAMES = ("electron", "ion", "neutral")
B = (1.0, 0.6)
RHO = (5e-8, 1e-3, 1.0)

# per case: speed of the gas ahead, sound speed, charge over mass and drag coefficient of electrons and ions, the box
CASES = {
    "A": (-1.751, 0.1, (-2e12, 1e8), (4e5, 2e4), (-0.45, 0.75)),
    "B": (-1.751, 0.1, (-2e9, 1e5), (4e2, 2.5e6), (-0.06, 0.10)),
    "C": (-6.7202, 1.0, (-2e12, 1e8), (4e5, 2e4), (-0.10, 0.20)),
}


class HallShock(Problem):
    """Falle's oblique shocks of three fluids: ambipolar (A), Hall-dominated (B), with a jump of the neutrals inside (C).

    In the frame of the shock gas comes in from the right, B = (1, 0.6, 0), rho = 1, 1e-3 and 5e-8 of neutrals, ions and
    electrons, mu0 = 1. Drag: K_s rho_s rho_n (u_n - u_s). In A the charged fluids follow the field and drift through
    the neutrals. In B ions hang on to the neutrals (Hall parameter 0.04) and electrons on to the field (5e6): ahead of
    the shock stands a whistler, B_y and B_z turn about each other. In C the neutrals end up slower than sound.
    Published codes leave out the inertia of the charged fluids and solve a generalised Ohm's law, in B with artificial
    resistivity or sub-steps; here all three are fluids in Maxwell's equations and nothing is added.

    All fluids are isothermal, of the same temperature; the ions have the neutrals' mass. The run starts from the steady
    profile of inertia-less charged fluids (`multifluid.theory.shocks.charged_fluid_shock`), or from a front, whose ends it
    keeps outside of the box. `check` compares with that profile in relative L2 norms.
    """

    reference = ("Falle 2003, MNRAS 344, 1210; O'Sullivan & Downes 2006, MNRAS 366, 1329 (cases A, B, C); "
                 "profiles: multifluid.theory.shocks")
    converge_fields = ("rho", "u", "B")

    reconstruction = "ppm"
    nx = Parameter(64, "cells", min=16)
    case = Parameter("B", "ambipolar, Hall-dominated, neutral jump", choices=tuple(CASES))
    c = Parameter(1000.0, "speed of light", above=10.0)
    stretch = Parameter(1.0, "length of the box over the case's own", above=0.0)
    start = Parameter("profile", "start from the steady profile or from a front", choices=("profile", "front"))
    crossings = Parameter(1.5, "length of the run, in box lengths over the speed of the gas ahead", above=0.0)

    @property
    def _box(self):
        return tuple(self.stretch * end for end in CASES[self.case][4])

    def grid(self):
        """The case's box; x = 0 where B_y is half-way."""
        return Grid(x=(*self._box, self.nx))

    def fluids(self):
        """Electrons, ions (mass 1), neutrals (mass 1)."""
        _, cs, (electron, ion), _, _ = CASES[self.case]
        return [Isothermal("electron", -ion / electron, -ion, temperature=cs**2),
                Isothermal("ion", 1.0, ion, temperature=cs**2), Isothermal("neutral", 1.0, temperature=cs**2)]

    def field(self):
        """Maxwell's equations with mu0 = 1."""
        return Maxwell(self.c)

    def interactions(self):
        """Drag of electrons and ions on neutrals."""
        electron, ion = CASES[self.case][3]
        return [Drag("electron", "neutral", electron), Drag("ion", "neutral", ion)]

    def boundaries(self):
        """Open behind, fixed ahead."""
        return Boundaries(x=("open", "inflow"))

    @property
    def t_end(self):
        """``crossings`` of the box."""
        return self.crossings * (self._box[1] - self._box[0]) / abs(CASES[self.case][0])

    @cached_property
    def shock(self):
        """theory.shocks.ShockProfile of inertia-less electrons and ions, and neutrals."""
        v, cs, charge_to_mass, drag, _ = CASES[self.case]
        return shocks.charged_fluid_shock(1.0, v, B, cs, RHO[:2], charge_to_mass, drag, NAMES[:2],
                                          [cs * np.sqrt(1.0 / f.mass) for f in self.fluids()[:2]])

    def steady(self, x):
        """Steady profile: dict of the run's variables."""
        return profiles.variables(self.shock(x), NAMES)

    def initial(self, x, y, z):
        """Profile or front, with electrons such that Gauss's law holds for the centred divergence of the grid."""
        values = self.steady(x)
        dx = (self._box[1] - self._box[0]) / self.nx
        if self.start == "front":
            ends = (profiles.variables(end, NAMES) for end in (self.shock.downstream, self.shock.upstream))
            behind, ahead = ends
            return profiles.initial({name: np.where(x < 0.0, behind[name], ahead[name]) for name in ahead}, NAMES)
        electron, ion, _ = (f.charge_to_mass for f in self.fluids())
        slope = profiles.divergence(lambda place: self.steady(place)["Ex"], x, dx, self.reconstruction)
        charge = slope / self.c**2
        values["rho_electron"] = (charge - ion * values["rho_ion"]) / electron
        return profiles.initial(values, NAMES)

    def exact(self, t, x, y, z):
        """The profile, where the run starts from it."""
        return profiles.initial(self.steady(x), NAMES) if self.start == "profile" else None

    # -- measuring ----------------------------------------------------------------------------------------------

    def shift(self, fields):
        """Where the shock stands in a record; 0 for a run that started from the profile."""
        if self.start == "profile":
            return 0.0
        return profiles.place(self.steady, self.grid().centres(0), np.ravel(fields["By"]), 0.1 * self._box[1])

    def errors(self, fields):
        """Relative L2 distance of a record from the profile, of "rho", "u" (three components together) and "By", "Bz".

        The field's z component counts against that of B_y, as it vanishes at both ends. rho and u: of the neutrals.
        """
        box, shift = self._box, self.shift(fields)
        dx, x = (box[1] - box[0]) / self.nx, self.grid().centres(0)
        exact = profiles.cell_averages(self.steady, x - shift, dx, NAMES)

        def norm(names, scale=None):
            above = sum(np.sum((np.ravel(fields[n]) - exact[n]) ** 2) for n in names)
            return float(np.sqrt(above / sum(np.sum(exact[n] ** 2) for n in scale or names)))

        out = {"By": norm(["By"]), "Bz": norm(["Bz"], ["By"])}
        for name in ("neutral", "ion"):
            out |= {f"rho_{name}": norm([f"rho_{name}"]), f"u_{name}": norm([f"u{a}_{name}" for a in "xyz"])}
        return out

    def check(self, run):
        """L2 errors, Gauss's law, help that was needed."""
        # the neutrals' jump in C is a cell or two wide
        limits = {"B": 5e-2, "rho": 6e-2, "u": 2e-2} if self.case == "C" else {"B": 2e-2, "rho": 5e-3, "u": 1e-2}
        return [
            *(Check(f"{name} against the steady profile, relative L2", value, limits[name.split("_")[0].rstrip("yz")])
              for name, value in self.errors(records(run)[-1][1]).items()),
            *measures.constraint_checks(run.series),
            Check("floors used", measures.last(run.series, "floors"), 0),
        ]

    def plot(self, run, path):
        """Neutral and ion density, velocities and the field over the profile, and the field's turning."""
        t, last = records(run)[-1]
        x = self.grid().centres(0)
        fine = np.linspace(*self._box, 1000)
        exact = self.steady(fine - self.shift(last))
        figure, axes = pictures.subplots(2, 2, figsize=(10.0, 6.8))
        panels = ((axes[0, 0], ("rho_neutral",), r"$\rho_n$"), (axes[0, 1], ("ux_neutral", "ux_ion"), "$u_x$"),
                  (axes[1, 0], ("By", "Bz"), "$B_y$, $B_z$"))
        for ax, names, title in panels:
            for name in names:
                ax.plot(fine, exact[name], color="k", linewidth=0.9)
                ax.plot(x, np.ravel(last[name]), "o", markersize=3.0, label=name)
            ax.set(title=title, xlabel="x")
            ax.legend(fontsize=9)
        axes[1, 1].plot(exact["By"], exact["Bz"], color="k", linewidth=0.9, label="profile")
        axes[1, 1].plot(np.ravel(last["By"]), np.ravel(last["Bz"]), "o", markersize=3.0, label=f"{self.nx} cells")
        axes[1, 1].set(title="the field turns", xlabel="$B_y$", ylabel="$B_z$")
        axes[1, 1].legend(fontsize=9)
        figure.suptitle(f"Shock {self.case} of Falle 2003 and O'Sullivan & Downes 2006, t = {t:.3g}", fontsize=11)
        pictures.save(figure, path)

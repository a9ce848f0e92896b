"""The dispersive pulse of one magnetised fluid."""

import math
from functools import cached_property

import numpy as np

from multifluid import Check, FiveMoment, Grid, Maxwell, Parameter, Problem
from multifluid.problems import pictures
from multifluid.problems.sources.records import records

# mu0 so small, and eps0 = 1/(mu0 c^2) so large, that the fluid's current makes no field.
INERT = 1e-12


class Pulse(Problem):
    """Dispersive pulse: a step in the velocity of one fluid in a fixed field breaks up, omega^2 = k^2 c_s^2 + omega_c^2.

    One charged fluid across a fixed B_z that does not feel the fluid's current (mu0 is tiny). Sound and gyration make
    waves that all run to the left at their own phase speeds; the pulse is the sum of ``modes`` odd harmonics,

        u_x = sum_n U/(2 n + 1) sin(k_n x + omega_n t),    k_n = 2 pi (2 n + 1),  n = 0 ... modes - 1
        u_y = sum_n U/(2 n + 1) (omega_c/omega_n) cos(...),    rho = 1 - sum_n U/(2 n + 1) (k_n/omega_n) sin(...)

    on 0 <= x <= 1, with p - p_0 = c_s^2 (rho - 1): the exact solution at small amplitude. All local rates are resolved;
    this is a test of the coupling of fluxes and source, and of the order in space and time.
    """

    reference = "Loverich, Hakim & Shumlak 2011, Commun. Comput. Phys. 9, 240"
    converge_fields = ("rho", "u", "p")

    nx = Parameter(200, "cells", min=8)
    modes = Parameter(10, "harmonics in the pulse", min=1)
    amplitude = Parameter(1e-7, "U, the velocity of the pulse over the speed of sound", above=0.0, max=1e-2)
    omega_c = Parameter(10.0, "cyclotron frequency", unit="c_s per length of the box", min=0.0)
    gamma = Parameter(5.0 / 3.0, "adiabatic index", above=1.0)
    t_end = Parameter(1.0, "time, in sound crossings of the box", above=0.0)
    tolerance = Parameter(0.0, "relative L1 error of u_x that check allows; 0: sum of second-order phase errors", min=0.0)

    def grid(self):
        """The unit interval."""
        return Grid((0.0, 1.0, self.nx))

    def fluids(self):
        """One fluid of charge and mass 1."""
        return [FiveMoment("ion", 1.0, 1.0, self.gamma)]

    def field(self):
        """A field too stiff to feel the fluid, with c at the speed of sound."""
        return Maxwell(1.0, mu0=INERT)

    @property
    def output_interval(self):
        """First and last state only."""
        return self.t_end

    @cached_property
    def _harmonics(self):
        """Rows of k_n, omega_n and amplitude."""
        odd = 2.0 * np.arange(self.modes) + 1.0
        k = 2.0 * math.pi * odd
        return k, np.sqrt(k**2 + self.omega_c**2), self.amplitude / odd

    def exact(self, t, x, y, z):
        """The series."""
        ux = uy = change = 0.0
        for k, omega, size in zip(*self._harmonics, strict=True):
            phase = k * x + omega * t
            ux = ux + size * np.sin(phase)
            uy = uy + size * self.omega_c / omega * np.cos(phase)
            change = change - size * k / omega * np.sin(phase)
        return {"ion": {"rho": 1.0 + change, "u": (ux, uy, 0.0), "p": 1.0 / self.gamma + change},
                "E": (0.0, 0.0, 0.0), "B": (0.0, 0.0, self.omega_c)}

    def initial(self, x, y, z):
        """The series at t = 0."""
        return self.exact(0.0, x, y, z)

    def error(self, fields, t):
        """Relative L1 error of u_x in a record, a dict of arrays."""
        exact = self.exact(t, *self.grid().mesh())["ion"]["u"][0]
        return float(np.mean(np.abs(fields["ux_ion"] - exact)) / np.mean(np.abs(exact)))

    def check(self, run):
        """Error of u_x, mass, and that the field stayed as it was."""
        t, last = records(run)[-1]
        mass = np.asarray(run.series["mass_ion"])
        return [Check("u_x against the series, relative L1", self.error(last, t),
                      self.tolerance or self._limit(float(np.max(run.series["dt"])))),
                Check("mass, relative change", float(np.max(np.abs(mass / mass[0] - 1.0))), 1e-13),
                Check("largest |E|, over U B", max(float(np.abs(last[f"E{a}"]).max()) for a in "xyz")
                      / (self.amplitude * max(self.omega_c, 1.0)), 1e-9)]

    def _limit(self, dt):
        """Phase errors of the harmonics, 0.03 (k dx)^2 + 0.1 (omega dt)^2 per radian over the run, weighed by size."""
        k, omega, size = self._harmonics
        phase = omega * self.t_end * (0.03 * (k / self.nx) ** 2 + 0.1 * (omega * dt) ** 2)
        return float((size * np.minimum(1.0, phase)).sum() / size.sum())

    def plot(self, run, path):
        """u_x and rho at the end on the series."""
        t, last = records(run)[-1]
        x = self.grid().centres(0)
        fine = np.linspace(0.0, 1.0, 2001)
        exact = self.exact(t, fine, 0.0, 0.0)["ion"]
        start = self.exact(0.0, fine, 0.0, 0.0)["ion"]
        figure, axes = pictures.subplots(2, 1, figsize=(8.0, 6.4), sharex=True)
        panels = ((axes[0, 0], "$u_x/U$", start["u"][0], exact["u"][0], last["ux_ion"], 0.0),
                  (axes[1, 0], r"$(\rho - 1)/U$", start["rho"], exact["rho"], last["rho_ion"], 1.0))
        for ax, label, first, line, points, rest in panels:
            ax.plot(fine, (first - rest) / self.amplitude, color="0.7", linewidth=0.8, label="start")
            ax.plot(fine, (line - rest) / self.amplitude, color="k", linewidth=0.9, label="exact")
            ax.plot(x, (np.ravel(points) - rest) / self.amplitude, "o", markersize=2.5, label=f"{self.nx} cells")
            ax.set(ylabel=label, xlim=(0.0, 1.0))
        axes[0, 0].legend(fontsize=9)
        axes[1, 0].set(xlabel="x")
        figure.suptitle(f"Dispersive pulse, t = {t:.3g}", fontsize=11)
        pictures.save(figure, path)

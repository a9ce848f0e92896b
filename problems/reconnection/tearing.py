"""A Harris sheet that tears: the eigenmode of ions and electrons, and its growth rate."""

from functools import cached_property
from math import pi

import numpy as np

from multifluid import Check, FiveMoment, Grid, InputError, Parameter, Problem
from multifluid.problems import measures
from multifluid.problems.sources.records import records
from multifluid.theory.tearing import tearing_mode

from .sheet import CurrentSheet

SPECIES = ("ion", "electron")


class Tearing(CurrentSheet, Problem):
    """The tearing mode of the GEM challenge's Harris sheet: growth rate against the eigenvalue of the linear equations.

    The sheet of `gem` (half-width 0.5 d_i, T_i = 5 T_e, background 0.2, five-moment ions and electrons) starts with the
    eigenmode of `multifluid.theory.tearing` of one wavelength along x. Its amplitude, the projection of the harmonic of B_y
    on the mode's own profile, must grow as exp(growth t). Electron inertia alone breaks the freezing of B; the layer at
    y = 0 is some d_e wide and must be resolved.

    The default wave is near the fastest. At the length of GEM's box (k_di = 0.2454, half_height = 6.4, c = 20) the rate is
    0.08545 Omega_i: an e-folding takes 11.7/Omega_i, which is why five-moment reconnection sets in as late as it does.

    `check`: growth rate, div B, Gauss's law.
    """

    reference = "Harris 1962, Nuovo Cimento 23, 115; Furth, Killeen & Rosenbluth 1963, Phys. Fluids 6, 459 (tearing)"
    resolution = "ny"

    ny = Parameter(192, "cells between the walls, an even number", min=16)
    nx = Parameter(32, "cells along the wave", min=8)
    k_di = Parameter(0.6, "wavenumber along the sheet", unit="1/d_i", above=0.0)
    half_height = Parameter(3.0, "distance of the walls from the sheet", unit="d_i", min=2.5)
    mass_ratio = Parameter(25.0, "ion mass over electron mass", min=1.0)
    c = Parameter(10.0, "speed of light", unit="Alfven speed", above=1.0)
    amplitude = Parameter(1e-4, "A_z of the mode at the start", unit="B0 d_i", above=0.0, max=0.1)
    e_foldings = Parameter(1.0, "length of the run", unit="1/growth rate", above=0.0)
    tolerance = Parameter(0.02, "relative error of the growth rate that check allows", above=0.0)

    @cached_property
    def mode(self):
        """theory.tearing.TearingMode of this sheet."""
        return tearing_mode(self.sheet, self.k_di, self.c, self.half_height)

    def validate(self):
        """The wave must grow; the sheet lies on a face."""
        if self.ny % 2:
            raise InputError(f"tearing: ny must be even, not {self.ny}: y = 0 is a face")
        self.mode  # noqa: B018  (InputError if nothing grows)

    def grid(self):
        """One wavelength along x, walls at y = +-half_height."""
        length = 2 * pi / self.k_di
        return Grid(x=(0.0, length, self.nx), y=(-self.half_height, self.half_height, self.ny))

    def fluids(self):
        """Five-moment ions and electrons."""
        return [FiveMoment("ion", 1.0, 1.0), FiveMoment("electron", 1.0 / self.mass_ratio, -1.0)]

    @property
    def t_end(self):
        """``e_foldings`` of the linear mode."""
        return self.e_foldings / self.mode.growth.real

    @property
    def output_interval(self):
        """Forty records."""
        return self.t_end / 40

    def _wave(self, name, x, y):
        return self.amplitude * self.mode.evaluate(name, 0.0, x, y)

    def _perturbation(self, x, y):
        return self._wave("Az", x, y)

    def _excess_current(self, x, y, drift):
        """curl B of the mode as the grid has it less the mode's own: the error of the differences, (x, y, z). ``drift``
        gives the fluids' V on the grid."""
        def bz(x, y):
            return self._wave("Bz", x, y)

        own = {axis: self.mode.growth.real / self.c**2 * self._wave(f"E{axis}", x, y) for axis in "xyz"}
        for species, charge in zip(SPECIES, (1.0, -1.0), strict=True):
            for axis in "xyz":
                own[axis] = own[axis] + charge * self.sheet.density(y) * self._wave(f"u{axis}_{species}", x, y)
            own["z"] = own["z"] + charge * drift[species] * self._wave(f"n_{species}", x, y)
        curl = (self.difference(bz, 1, x, y), -self.difference(bz, 0, x, y), self._current(x, y, self._perturbation))
        return tuple(grid - own[axis] for grid, axis in zip(curl, "xyz", strict=True))

    def initial(self, x, y, z):
        """Sheet and mode. Electrons carry what the grid's curl of B differs by, and hold the charge of its div E."""
        sheet, n = self.sheet, self.sheet.density(y) + 0.0 * x
        at_rest = self._current(x, y, lambda x, y: sheet.potential(y) + 0.0 * x)
        drift = {fluid.name: sheet.share(fluid.name) * at_rest / (fluid.charge * n) for fluid in self.fluids()}
        excess, out = self._excess_current(x, y, drift), {}
        charge = (self.difference(lambda x, y: self._wave("Ex", x, y), 0, x, y)
                  + self.difference(lambda x, y: self._wave("Ey", x, y), 1, x, y)) / self.c**2
        density = n + self._wave("n_ion", x, y)
        for fluid in self.fluids():
            name = fluid.name
            u = [self._wave(f"u{axis}_{name}", x, y) for axis in "xyz"]
            u[2] = u[2] + drift[name]
            if name == "electron":
                u = [part - more / n for part, more in zip(u, excess, strict=True)]
            out[name] = {
                "rho": fluid.mass * (density - (charge if name == "electron" else 0.0)),
                "u": tuple(u),
                "p": sheet.pressure(name, y) + self._wave(f"p_{name}", x, y),
            }
        E = tuple(self._wave(f"E{axis}", x, y) for axis in "xyz")
        return {**out, "E": E, "B": (0.0, 0.0, self._wave("Bz", x, y))}

    # -- measuring ----------------------------------------------------------------------------------------------

    def amplitude_of(self, fields):
        """Complex amplitude of the mode in a record, 1 at the start: its harmonic of B_y on the mode's own profile.

        Parameters
        ----------
        fields : dict of str to ndarray (z, y, x)
        """
        x, y, _ = (axis.ravel() for axis in self.grid().mesh())
        harmonic = 2.0 * fields["By"][0] @ np.exp(-1j * self.k_di * x) / x.size
        profile = self.amplitude * self.mode.profile("By", y)
        return complex(np.vdot(profile, harmonic) / np.vdot(profile, profile))

    def measured_growth(self, run):
        """Slope of log |amplitude| over time, least squares over all records, Omega_i."""
        found = records(run)
        sizes = [abs(self.amplitude_of(fields)) for _, fields in found]
        return float(np.polyfit([t for t, _ in found], np.log(sizes), 1)[0])

    def check(self, run):
        """Growth rate, and the constraints."""
        growth = self.mode.growth.real
        error = abs(self.measured_growth(run) - growth) / growth
        return [Check("growth rate of the tearing mode, relative error", error, self.tolerance),
                *measures.constraint_checks(run.series)]

    def plot(self, run, path):
        """Amplitude over time on the growth that theory gives, and the mode's profiles across the sheet."""
        from multifluid.plotting import COLOURS
        from multifluid.problems import pictures

        found = records(run)
        growth = self.mode.growth.real
        times = np.array([t for t, _ in found]) * growth
        sizes = np.array([abs(self.amplitude_of(fields)) for _, fields in found])
        figure, axes = pictures.subplots(1, 2, figsize=(10.5, 4.2))
        ax = axes[0, 0]
        ax.semilogy(times, sizes, "o", color=COLOURS[0], markersize=3.5, label=f"{self.nx} x {self.ny} cells")
        ax.semilogy(times, np.exp(times), "k", linewidth=0.9, label="theory")
        ax.set(xlabel="time  $\\times$  growth rate", ylabel="amplitude of the mode", xlim=(0.0, times[-1]))
        ax.legend(frameon=False)
        ax, last = axes[0, 1], found[-1][1]
        x, y, _ = (axis.ravel() for axis in self.grid().mesh())
        wave = np.exp(-1j * self.k_di * x)
        for name, colour, label in (("By", COLOURS[0], "$B_y$"), ("Bz", COLOURS[1], "$B_z$")):
            harmonic = 2.0 * last[name][0] @ wave / x.size / (self.amplitude * np.exp(growth * found[-1][0]))
            height = np.linspace(0.0, y[-1], 400)
            ax.plot(y[y > 0.0], harmonic.imag[y > 0.0], "o", color=colour, markersize=3, label=f"{label} of the run")
            ax.plot(height, self.mode.profile(name, height).imag, color=colour, linewidth=0.9, label=f"{label}, theory")
        ax.set(xlabel="$y/d_i$", ylabel="harmonic over its growth", xlim=(0.0, min(y[-1], 2.0)))
        ax.legend(frameon=False, fontsize=8)
        figure.suptitle(f"tearing mode of a Harris sheet: $k d_i$ = {self.k_di:g}, $m_i/m_e$ = {self.mass_ratio:g}, "
                        f"growth rate {growth:.4f} $\\Omega_i$", fontsize=11)
        pictures.save(figure, path)

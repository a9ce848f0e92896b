"""What the firehose and the mirror problem share: one growing eigenmode of ions whose p_par and p_perp differ."""

import math
from functools import cached_property

import numpy as np

from multifluid import Check, Grid, InputError, Maxwell, Parameter, Problem
from multifluid.problems import pictures
from multifluid.problems.measures import constraint_checks
from multifluid.problems.sources.records import records
from multifluid.problems.waves.closures import ANISOTROPIC, fluid_of
from multifluid.problems.waves.eigenmode import Eigenmode
from multifluid.theory import Background
from multifluid.theory.anisotropic import firehose_margin, mirror_margin


class _Instability(Eigenmode, Problem):
    """Ions with p_par != p_perp and isotropic electrons at rest, in B0 in the x, z plane, k along x."""

    resolution = "n"

    n = Parameter(64, "cells per wavelength", min=8)
    k_di = Parameter(0.4, "wavenumber", unit="1/d_i", above=0.0)
    closure = Parameter("six-moment", "closure of the ions", choices=ANISOTROPIC)
    beta_par = Parameter(4.0, "p_par of the ions over B0^2/2 mu0", above=0.0)
    anisotropy = Parameter(0.25, "p_perp/p_par of the ions", above=0.0)
    beta_electron = Parameter(0.1, "pressure of the electrons over B0^2/2 mu0", above=0.0)
    angle = Parameter(0.0, "angle between wavevector and B0", unit="degree", min=0.0, max=90.0)
    c = Parameter(1000.0, "speed of light", unit="v_A", above=1.0)
    mass_ratio = Parameter(1836.0, "ion to electron mass", above=1.0)
    amplitude = Parameter(1e-6, "largest relative perturbation at the start", above=0.0, max=0.1)
    e_foldings = Parameter(3.0, "length of the run", unit="1/growth rate", above=0.0)
    tolerance = Parameter(5e-3, "relative error of the complex frequency that check allows", above=0.0)

    def validate(self):
        """There must be an instability."""
        if self._growth <= 0.0:
            raise InputError(f"no wave grows with anisotropy = {self.anisotropy} at this wavevector: firehose margin "
                             f"{self.margins['firehose']:.3g}, fluid mirror margin {self.margins['mirror']:.3g} "
                             "(positive: unstable)")

    def grid(self):
        """One wavelength along x."""
        return Grid(*self._extents)

    @cached_property
    def _extents(self):
        side = 2.0 * math.pi / self.k_di
        return [(0.0, side, self.n)] + [(0.0, side / self.n, 1)] * 2

    @cached_property
    def _plasma(self):
        par = 0.5 * self.beta_par
        mass = 1.0 / self.mass_ratio
        fluids = (Background.gyrotropic("ion", 1.0, 1.0, 1.0, par, par * self.anisotropy, closure=self.closure),
                  Background("electron", mass, -1.0, mass, 0.5 * self.beta_electron))
        angle = math.radians(self.angle)
        B = np.array([0.0 if self.angle == 90.0 else math.cos(angle), 0.0, math.sin(angle)])
        return fluids, B, np.array([self.k_di, 0.0, 0.0]), self.c, 1.0, None, self.temperature_relaxation

    @property
    def margins(self):
        """dict: how far beyond the thresholds of long waves the ions are, 'firehose' and (six-moment fluid) 'mirror'."""
        fluids, B = self._backgrounds, self.background_field
        return {"firehose": firehose_margin(fluids, B), "mirror": mirror_margin(fluids, B, theory="fluid")}

    @cached_property
    def mode(self):
        """theory.Mode that grows fastest; of several the one with the largest Re omega."""
        omega = self._spectrum.omega
        fastest = np.flatnonzero(omega.imag >= omega.imag.max() - 1e-9 * np.abs(omega.imag).max())
        return self._spectrum.mode(fastest[np.argmax(omega[fastest].real)])

    @property
    def _growth(self):
        # rounding of the theory's far higher frequencies is no growth
        growth = self.mode.omega.imag
        return growth if growth > 1e-9 * self.k_di else 0.0

    def fluids(self):
        """Ions and electrons."""
        return [fluid_of(background) for background in self._backgrounds]

    def field(self):
        """Maxwell's equations with mu0 = 1."""
        return Maxwell(self.c)

    @property
    def t_end(self):
        """``e_foldings`` of the linear mode."""
        return self.e_foldings / self._growth

    @property
    def output_interval(self):
        """Fifty records."""
        return self.t_end / 50

    def check(self, run):
        """Complex frequency of the mode between the first and the last record."""
        omega = self.mode.omega
        error = abs(self.measured_frequency(run) - omega) / abs(omega)
        return [Check("complex frequency of the growing mode, |omega - theory|/|theory|", error, self.tolerance),
                *constraint_checks(run.series)]

    def plot(self, run, path):
        """Amplitude of the mode over time, on the growth that theory gives, and what feeds it."""
        found = records(run)
        times = np.array([t for t, _ in found]) * self._growth
        sizes = self.amplitude * np.array([abs(self.amplitude_of(fields)) for _, fields in found])
        figure, axes = pictures.subplots(2, 1, figsize=(7.5, 6.4), sharex=True)
        axes[0, 0].semilogy(times, sizes, "o", markersize=3.5, label=f"{self.closure}, {self.n} cells")
        line = self.amplitude * np.exp(times)
        axes[0, 0].semilogy(times, np.where(line < 10.0 * sizes.max(), line, np.nan), "k", linewidth=0.9, label="theory")
        axes[0, 0].set(ylabel="amplitude of the mode", xlim=(0.0, times[-1]))
        axes[0, 0].legend(fontsize=9)
        axes[1, 0].plot(times, [self.drive_of(fields) for _, fields in found], "o", markersize=3.5)
        axes[1, 0].axhline(0.0, color="k", linewidth=0.8)
        axes[1, 0].set(ylabel=self.drive_label, xlabel="time  $\\times$  growth rate")
        figure.suptitle(f"{type(self).__name__}: $\\beta_\\parallel$ = {self.beta_par:g}, $p_\\perp/p_\\parallel$ = "
                        f"{self.anisotropy:g}, k $d_i$ = {pictures.number(self.k_di)}", fontsize=11)
        pictures.save(figure, path)

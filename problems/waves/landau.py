"""Landau damping of electrostatic waves by the closures of a fluid."""

import cmath
import math
from functools import cached_property

import numpy as np

from multifluid import Check, FiveMoment, Grid, Maxwell, Parameter, Problem, TenMoment
from multifluid.problems import pictures
from multifluid.problems.sources.records import records
from multifluid.theory import Background, dispersion_modes, named_branch
from multifluid.theory.background import HeatFlux
from multifluid.theory.kinetic import kinetic_frequency

CLOSURES = ("five", "ten", "local", "gradient")
_BRANCHES = {"ion_acoustic": "sound", "langmuir": "langmuir"}
_TENSOR = ("pxx", "pxy", "pxz", "pyy", "pyz", "pzz")


class Landau(Problem):
    """Landau damping of a Langmuir or ion-acoustic wave: what a closure makes of it, against kinetic theory.

    Ions and electrons without a magnetic field; the wave is an exact eigenmode of the closure (`multifluid.theory`) along x.
    ``closure`` holds for both fluids: five moments, ten without a heat flux, ten with the local or the gradient heat flux,
    whose wave number is ``k0_over_k`` times that of the wave. Units: mass, charge and temperature of the electrons, their
    density and eps0 are 1, so that the Debye length, sqrt(T_e/m_e) and omega_pe are 1.

    `check` holds the complex frequency of the run against the closure's own dispersion relation. How far that is from the
    kinetic rate of Maxwellian particles is physics that the closure leaves out: `compare` tells, and the picture shows it.
    """

    reference = ("theory: Landau 1946, J. Phys. USSR 10, 25; closures: Wang et al. 2015, Phys. Plasmas 22, 012108 (local), "
                 "Ng et al. 2020, Phys. Plasmas 27, 082106 (gradient)")
    resolution = "n"
    converge_fields = ("rho", "u", "p", "E")

    n = Parameter(64, "cells per wavelength", min=8)
    branch = Parameter("ion_acoustic", "which wave", choices=tuple(_BRANCHES))
    closure = Parameter("gradient", "closure of both fluids", choices=CLOSURES)
    k = Parameter(1e-3, "wave number", unit="1/Debye length", above=0.0)
    k0_over_k = Parameter(1.0, "wave number of the heat-flux closure over that of the wave", above=0.0)
    temperature_ratio = Parameter(0.1, "T_i/T_e", above=0.0)
    mass_ratio = Parameter(1836.0, "ion to electron mass", above=1.0)
    c = Parameter(5.0, "speed of light", unit="sqrt(T_e/m_e)", above=1.0)
    amplitude = Parameter(1e-6, "largest relative perturbation of the densities", above=0.0, max=0.1)
    periods = Parameter(1.0, "periods to run", unit="2 pi/Re omega", above=0.0)
    tolerance = Parameter(3e-3, "relative error of omega that check allows", above=0.0)

    def validate(self):
        """The wave must exist and propagate."""
        self.mode  # noqa: B018  (raises InputError)

    def grid(self):
        """One wavelength along x."""
        return Grid((0.0, 2.0 * math.pi / self.k, self.n))

    def fluids(self):
        """Ions and electrons."""
        return [self._fluid("ion", self.mass_ratio, 1.0), self._fluid("electron", 1.0, -1.0)]

    def _fluid(self, name, mass, charge):
        if self.closure == "five":
            return FiveMoment(name, mass, charge)
        if self.closure == "ten":
            return TenMoment(name, mass, charge)
        return TenMoment(name, mass, charge, heat_flux=self.closure, k0=self.k0_over_k * self.k)

    def field(self):
        """eps0 = 1."""
        return Maxwell(self.c, 1.0 / self.c**2)

    def backgrounds(self, closure, k=None):
        """The uniform plasma with a closure, for waves of wave number k: list of theory.Background."""
        more = {"closure": "five-moment"}
        if closure != "five":
            flux = None if closure == "ten" else HeatFlux(closure, self.k0_over_k * (k or self.k))
            more = {"closure": "ten-moment", "heat_flux": flux}
        return [Background("ion", self.mass_ratio, 1.0, self.mass_ratio, self.temperature_ratio, **more),
                Background("electron", 1.0, -1.0, 1.0, 1.0, **more)]

    def frequency(self, closure, k=None):
        """Complex frequency by the dispersion relation of a closure, or of kinetic theory for closure = "kinetic"."""
        wavevector = (k or self.k, 0.0, 0.0)
        mu0 = 1.0 / self.c**2
        if closure == "kinetic":
            return kinetic_frequency(self.branch, self.backgrounds("five"), wavevector, self.c, mu0)
        return self._named(closure, wavevector).omega

    def _named(self, closure, wavevector):
        return named_branch(_BRANCHES[self.branch], self.backgrounds(closure, wavevector[0]), (0.0, 0.0, 0.0), wavevector,
                            self.c, 1.0 / self.c**2)

    def compare(self, k=None):
        """Complex frequencies of all closures and of kinetic theory at one wave number: dict of name to complex."""
        return {closure: self.frequency(closure, k) for closure in ("kinetic", *CLOSURES)}

    @cached_property
    def mode(self):
        """theory.Mode of the wave."""
        return self._named(self.closure, (self.k, 0.0, 0.0))

    @cached_property
    def _modes(self):
        """(variables, modes): every mode at this k, weighted by the energy of each variable, the wave first."""
        modes = dispersion_modes(self.backgrounds(self.closure), (0.0, 0.0, 0.0), (self.k, 0.0, 0.0), self.c,
                                 1.0 / self.c**2)
        others = [mode for mode in modes if abs(mode.omega - self.mode.omega) > 1e-9 * abs(self.mode.omega)]
        return np.array([self._weighted(mode.vector) for mode in (self.mode, *others)]).T

    def _weighted(self, vector):
        """Complex amplitudes of all electrostatic and pressure variables, each in units of a unit of energy."""
        values = []
        for f in self.backgrounds(self.closure):
            values += [vector[f"rho_{f.name}"] * math.sqrt(f.p) / f.rho, *(math.sqrt(f.rho) * vector[f"u_{f.name}"])]
            names = ("p",) if self.closure == "five" else _TENSOR
            values += [vector[f"{name}_{f.name}"] / math.sqrt(f.p) for name in names]
        return np.array([*values, *vector["E"]])

    @property
    def t_end(self):
        """The chosen number of periods."""
        return self.periods * 2.0 * math.pi / self.mode.omega.real

    @property
    def output_interval(self):
        """First and last state only."""
        return self.t_end

    @cached_property
    def _scale(self):
        return self.amplitude / max(abs(self.mode.vector[f"rho_{f.name}"]) / f.rho for f in self.backgrounds(self.closure))

    def exact(self, t, x, y, z):
        """The eigenmode at time t on its background."""
        change = self.mode.evaluate((self.k, 0.0, 0.0), t, x, y, z, self._scale)
        state = {"E": tuple(change["E"]), "B": (0.0, 0.0, 0.0)}
        for f in self.backgrounds(self.closure):
            state[f.name] = {"rho": f.rho + change[f"rho_{f.name}"], "u": tuple(change[f"u_{f.name}"])}
            if self.closure == "five":
                state[f.name]["p"] = f.p + change[f"p_{f.name}"]
            else:
                state[f.name]["P"] = tuple(change[f"{p}_{f.name}"] + (f.p if p[1] == p[2] else 0.0) for p in _TENSOR)
        return state

    def initial(self, x, y, z):
        """The mode at t = 0, electrons adjusted so that Gauss's law holds for the centred divergence of the grid."""
        state = self.exact(0.0, x, y, z)
        near, far = (0.5, 0.0) if self.reconstruction == "plm" else (2.0 / 3.0, -1.0 / 12.0)
        turn = 2.0 * math.pi / self.n
        divergence = 2j * (near * math.sin(turn) + far * math.sin(2.0 * turn)) * self.k / turn * self.mode.vector["E"][0]
        electrons = self.mode.vector["rho_ion"] / self.mass_ratio - divergence
        state["electron"]["rho"] = 1.0 + np.real(self._scale * electrons * np.exp(1j * self.k * x)) + 0.0 * (y + z)
        return state

    # -- measuring ----------------------------------------------------------------------------------------------

    def amplitude_of(self, fields):
        """Complex amplitude of the wave in a state, relative to the initial one: the state's Fourier coefficient at k, as a
        sum of all eigenmodes there (damped modes are not orthogonal)."""
        x = self.grid().centres(0)
        wave = np.exp(-1j * self.k * x)

        def coefficient(name):
            return 2.0 * np.mean(np.squeeze(fields[name]) * wave)

        vector = {"E": np.array([coefficient(f"E{a}") for a in "xyz"])}
        for f in self.backgrounds(self.closure):
            vector[f"u_{f.name}"] = np.array([coefficient(f"u{a}_{f.name}") for a in "xyz"])
            names = ("p",) if self.closure == "five" else _TENSOR
            vector |= {f"{name}_{f.name}": coefficient(f"{name}_{f.name}") for name in ("rho", *names)}
        return complex(np.linalg.lstsq(self._modes, self._weighted(vector), rcond=1e-10)[0][0]) / self._scale

    def measured_frequency(self, run):
        """Complex frequency between the first and the last record of a run, on the sheet nearest to theory."""
        (_, first), *_, (t, last) = records(run)
        ratio = self.amplitude_of(last) / self.amplitude_of(first)
        omega = self.mode.omega
        return omega + 1j * cmath.log(ratio * cmath.exp(1j * omega * t)) / t

    def check(self, run):
        """Complex frequency against the closure's dispersion relation; Gauss's law."""
        omega = self.mode.omega
        return [
            Check("complex frequency, |omega - closure's|/|omega|", abs(self.measured_frequency(run) - omega) / abs(omega),
                  self.tolerance),
            Check("Gauss's law, |div E - rho_c/eps0| eps0/(n e)", float(run.series["gauss_error"].max()), 1e-12),
        ]

    def plot(self, run, path):
        """Frequency and damping rate over k of every closure and of kinetic theory, and what the run has."""
        ks = self.k * np.geomspace(0.3, 3.0, 9)
        figure, axes = pictures.subplots(1, 2, figsize=(9.0, 3.8))
        names = {"kinetic": "kinetic", "five": "five moments", "ten": "ten, no heat flux", "local": "ten, local",
                 "gradient": "ten, gradient"}
        curves = {name: np.array([self.frequency(name, k) for k in ks]) for name in names}
        for name, label in names.items():
            style = {"color": "black", "linewidth": 2.0} if name == "kinetic" else {}
            axes[0, 0].plot(ks, curves[name].real / ks, label=label, **style)
            axes[0, 1].plot(ks, -curves[name].imag / ks, **style)
        measured = self.measured_frequency(run)
        axes[0, 0].plot(self.k, measured.real / self.k, "ko", fillstyle="none", label="run")
        axes[0, 1].plot(self.k, -measured.imag / self.k, "ko", fillstyle="none")
        axes[0, 0].set(xlabel=r"$k \lambda_D$", ylabel=r"Re $\omega/k$  [$v_{te}$]", xscale="log")
        axes[0, 1].set(xlabel=r"$k \lambda_D$", ylabel=r"$-$Im $\omega/k$  [$v_{te}$]", xscale="log")
        axes[0, 0].legend(frameon=False, fontsize=8)
        pictures.save(figure, path)

"""Linear eigenmodes of the multifluid-Maxwell system."""

import math
from functools import cached_property

import numpy as np

from multifluid import Check, Drag, Grid, InputError, Maxwell, Parameter, Problem
from multifluid.theory import Background, named_branch
from multifluid.theory.background import HeatFlux

from .closures import ANISOTROPIC, CLOSURES, fluid_of
from .eigenmode import Eigenmode

BRANCHES = ("light", "langmuir", "sound", "ordinary", "extraordinary", "right", "left", "whistler", "ion_cyclotron",
            "alfven", "fast", "slow")

# Grid shape of a wave oblique to the axes: cells along each axis per cell along the shortest, with square cells. The
# wavevector goes once around each axis.
_ASPECT = {1: (1, 1, 1), 2: (2, 1, 1), 3: (2, 1, 1)}

# A branch counts as resolved in time if |omega| dt is at most this; the step's own error is then
# (omega dt)^2/12 to (omega dt)^2/6, at most 2e-3. Unresolved ones need only be stable and damped.
RESOLVED = 0.1


class Wave(Eigenmode, Problem):
    """One exact linear eigenmode of ions, electrons and (if asked for) neutrals, at any angle to B and to the grid.

    The mode is an eigenvector of the linearised equations of the chosen closures with the full Maxwell equations
    (`multifluid.theory`), on a uniform plasma at rest. Units: v_A = B0/sqrt(mu0 rho_ion) = 1, d_i = 1, Omega_i = 1,
    mu0 = 1, so that the wavenumber is k_di and c is in Alfven speeds. The two charged fluids have equal pressures,
    beta = (p_ion + p_electron)/(B0^2/2 mu0); of six- and ten-moment fluids p = (p_par + 2 p_perp)/3. Neutrals have the
    ions' mass and temperature and the five-moment closure. ``number`` reaches the waves that have no name: those that
    six- and ten-moment fluids add.

    The run lasts ``periods`` periods; `check` projects first and last state on the mode, by its left eigenvector, and so
    measures the complex frequency. In two and three dimensions the wave runs obliquely to the grid (wavevector once
    around each axis, box 2:1 and 2:1:1) and B comes from a vector potential. ``n`` counts cells per wavelength.
    """

    reference = ("theory: the dispersion relation of multifluid.theory; branch names: Keppens & Goedbloed 2019, "
                 "Front. Astron. Space Sci. 6, 11; oblique set-up after Gardiner & Stone 2005, J. Comput. Phys. 205, 509")
    resolution = "n"

    n = Parameter(64, "cells per wavelength", min=8)
    branch = Parameter("alfven", "which wave", choices=BRANCHES)
    k_di = Parameter(0.1, "wavenumber", unit="1/d_i", above=0.0)
    c = Parameter(50.0, "speed of light", unit="v_A", above=1.0)
    mass_ratio = Parameter(1836.0, "ion to electron mass", above=1.0)
    beta = Parameter(0.5, "pressure of ions and electrons over magnetic pressure", above=0.0)
    angle = Parameter(45.0, "angle between wavevector and B; ignored without B", unit="degree", min=0.0, max=90.0)
    magnetised = Parameter(True, "with a background field B0 = 1")
    dim = Parameter(1, "dimensions of the grid", choices=(1, 2, 3))
    amplitude = Parameter(1e-6, "largest relative perturbation", above=0.0, max=0.1)
    periods = Parameter(1.0, "periods to run (of |omega| for a wave that is only damped)", unit="2 pi/|omega|", above=0.0)
    neutral_ratio = Parameter(0.0, "mass density of neutrals over that of ions; 0: none", min=0.0)
    nu_in = Parameter(1.0, "ion-neutral collision frequency alpha rho_n", unit="Omega_i", min=0.0)
    nu_en = Parameter(0.0, "electron-neutral collision frequency alpha rho_n", unit="Omega_i", min=0.0)
    tolerance = Parameter(0.0, "relative error of omega allowed by check; 0: 4e-3 with plm, 1e-3 with ppm", min=0.0)
    gamma = Parameter(5.0 / 3.0, "adiabatic index of every five-moment fluid, exponent of polytropic ones", above=1.0)
    closure = Parameter("five-moment", "closure of ions and electrons", choices=CLOSURES)
    electron_closure = Parameter("same", "closure of the electrons if another", choices=("same", *CLOSURES))
    anisotropy = Parameter(1.0, "p_perp/p_par of six- and ten-moment fluids", above=0.0)
    isotropisation = Parameter(0.0, "rate at which six- and ten-moment fluids lose P - p I", unit="Omega_i", min=0.0)
    k0 = Parameter(0.0, "wavenumber of the local heat flux of ten-moment fluids; 0: none", unit="1/d_i", min=0.0)
    number = Parameter(0, "take the n-th wave from the highest frequency down, whatever its name; 0: by branch", min=0)

    def validate(self):
        """The branch must exist at this angle; an anisotropic background must last."""
        closures = {fluid.closure for fluid in self._charged}
        for name, users in (("anisotropy", ANISOTROPIC), ("isotropisation", ANISOTROPIC), ("k0", ("ten-moment",))):
            if getattr(self, name) != type(self).parameters_of()[name].default and not closures & set(users):
                raise InputError(f"parameter {name} = {getattr(self, name)} needs a closure of {', '.join(users)}")
        if self.anisotropy != 1.0 and (self.isotropisation or self.k0):
            raise InputError(f"parameter anisotropy = {self.anisotropy} does not last with isotropisation or k0: "
                             "leave either out")
        self.mode  # noqa: B018  (raises InputError)

    def grid(self):
        """Square cells, ``n`` of them per wavelength along the wavevector."""
        return Grid(*self._extents)

    @cached_property
    def _cycles(self):
        """Wavevector direction: once around each axis of the box, in units of 1/(shortest side)."""
        aspect = np.array(_ASPECT[self.dim][:self.dim], float)
        return np.concatenate([1.0 / aspect, np.zeros(3 - self.dim)])

    @cached_property
    def _extents(self):
        short = math.ceil(self.n * np.linalg.norm(self._cycles)) if self.dim > 1 else self.n
        side = 2.0 * math.pi * np.linalg.norm(self._cycles) / self.k_di
        axes = [(0.0, side * ratio, short * ratio) for ratio in _ASPECT[self.dim][:self.dim]]
        thickness = side / short
        return axes + [(0.0, thickness, 1)] * (3 - self.dim)

    @cached_property
    def wavevector(self):
        """ndarray (3,): k in units of 1/d_i."""
        return self.k_di * self._cycles / np.linalg.norm(self._cycles)

    @cached_property
    def background_field(self):
        """ndarray (3,): B0, at ``angle`` from k in the plane of k and z."""
        if not self.magnetised:
            return np.zeros(3)
        angle = math.radians(self.angle)
        # cos(90 degrees) is exactly 0, so that "perpendicular" means it
        along = 0.0 if self.angle == 90.0 else math.cos(angle)
        direction = self.wavevector / np.linalg.norm(self.wavevector)
        across = np.array([0.0, 0.0, 1.0]) - direction[2] * direction
        return along * direction + math.sin(angle) * across / np.linalg.norm(across)

    def fluids(self):
        """Ions, electrons and, for neutral_ratio > 0, neutrals."""
        return [fluid_of(background) for background in self._backgrounds]

    def field(self):
        """Maxwell's equations with mu0 = 1."""
        return Maxwell(self.c)

    def interactions(self):
        """Drag of ions and electrons on neutrals."""
        if self.neutral_ratio == 0:
            return []
        return [Drag("ion", "neutral", self.nu_in / self.neutral_ratio),
                Drag("electron", "neutral", self.nu_en / self.neutral_ratio)]

    @cached_property
    def _charged(self):
        closures = (self.closure, self.closure if self.electron_closure == "same" else self.electron_closure)
        mass = 1.0 / self.mass_ratio
        return [self._charged_fluid(*numbers) for numbers in zip(("ion", "electron"), (1.0, mass), (1.0, -1.0), closures,
                                                                 strict=True)]

    def _charged_fluid(self, name, mass, charge, closure):
        """Background of number density 1."""
        more = {}
        if closure in ANISOTROPIC:
            more = {"anisotropy": self.anisotropy, "isotropisation": self.isotropisation}
        if closure == "ten-moment" and self.k0:
            more["heat_flux"] = HeatFlux("local", self.k0)
        return Background(name, mass, charge, mass, 0.25 * self.beta, self.gamma, closure=closure, **more)

    @cached_property
    def _backgrounds(self):
        if self.neutral_ratio == 0:
            return self._charged
        ratio = self.neutral_ratio
        return [*self._charged, Background("neutral", 1.0, 0.0, ratio, 0.25 * self.beta * ratio, self.gamma)]

    @cached_property
    def _plasma(self):
        """Arguments of the theory's functions."""
        index = {f.name: s for s, f in enumerate(self._backgrounds)}
        alpha = np.zeros((len(index), len(index)))
        for drag in self.interactions():
            s, r = index[drag.first], index[drag.second]
            alpha[s, r] = alpha[r, s] = drag.alpha
        return (self._backgrounds, self.background_field, self.wavevector, self.c, 1.0, alpha, self.temperature_relaxation)

    @cached_property
    def mode(self):
        """theory.Mode of the wave."""
        if not self.number:
            return named_branch(self.branch, *self._plasma)
        omega = self._spectrum.omega
        forward = [i for i in np.lexsort((-omega.imag, -omega.real)) if omega[i].real >= 0.0 and omega[i]]
        if self.number > len(forward):
            raise InputError(f"parameter number = {self.number}: there are {len(forward)} waves")
        return self._spectrum.mode(forward[self.number - 1])

    @property
    def t_end(self):
        """The chosen number of periods."""
        omega = self.mode.omega
        return self.periods * 2.0 * math.pi / (omega.real if omega.real > 1e-3 * abs(omega) else abs(omega))

    @property
    def output_interval(self):
        """First and last state only."""
        return self.t_end

    def check(self, run):
        """Complex frequency against theory where the step resolves it; else stability. Gauss's law and div B."""
        omega = self.mode.omega
        measured = self.measured_frequency(run)
        dt = float(run.series["dt"].max())
        if abs(omega) * dt <= RESOLVED:
            limit = self.tolerance or (4e-3 if self.reconstruction == "plm" else 1e-3)
            checks = [Check("complex frequency, |omega - theory|/|theory|", abs(measured - omega) / abs(omega), limit)]
        else:
            name = f"growth of the unresolved wave (|omega| dt = {abs(omega) * dt:.3g})"
            checks = [Check(name, measured.imag / abs(omega), 1e-6)]
        return checks + [
            Check("Gauss's law, |div E - rho_c/eps0| eps0/(n e)", float(run.series["gauss_error"].max()), 1e-12),
            Check("div B dx/|B|", float(run.series["div_b"].max()), 1e-13),
        ]

"""Linear eigenmodes of the multifluid-Maxwell system."""

import cmath
import math
from functools import cached_property

import numpy as np

from multifluid import Check, Drag, FiveMoment, Grid, Maxwell, Parameter, Problem
from multifluid.theory import Background, named_branch

BRANCHES = ("light", "langmuir", "sound", "ordinary", "extraordinary", "right", "left", "whistler", "ion_cyclotron",
            "alfven", "fast", "slow")

# Grid shape of a wave oblique to the axes: cells along each axis per cell along the shortest, with square cells. The
# wavevector goes once around each axis.
_ASPECT = {1: (1, 1, 1), 2: (2, 1, 1), 3: (2, 1, 1)}

# A branch counts as resolved in time if |omega| dt is at most this; the step's own error is then
# (omega dt)^2/12 to (omega dt)^2/6, at most 2e-3. Unresolved ones need only be stable and damped.
RESOLVED = 0.1


class Wave(Problem):
    """One exact linear eigenmode of ions, electrons and (if asked for) neutrals, at any angle to B and to the grid.

    The mode is an eigenvector of the linearised five-moment equations with the full Maxwell equations
    (`multifluid.theory`), on a uniform plasma at rest. Units: v_A = B0/sqrt(mu0 rho_ion) = 1, d_i = 1, Omega_i = 1,
    mu0 = 1, so that the wavenumber is k_di and c is in Alfven speeds. The two charged fluids have equal pressures,
    beta = (p_ion + p_electron)/(B0^2/2 mu0). Neutrals have the ions' mass and temperature.

    The run lasts ``periods`` periods; `check` projects first and last state on the mode, in the energy norm, and so
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
    gamma = Parameter(5.0 / 3.0, "adiabatic index of every fluid", above=1.0)

    def validate(self):
        """The branch must exist at this angle."""
        self.mode  # noqa: B018  (raises InputError)

    def grid(self):
        """Square cells, ``n`` of them per wavelength along the wavevector."""
        return Grid(*self._axes)

    @cached_property
    def _cycles(self):
        """Wavevector direction: once around each axis of the box, in units of 1/(shortest side)."""
        aspect = np.array(_ASPECT[self.dim][:self.dim], float)
        return np.concatenate([1.0 / aspect, np.zeros(3 - self.dim)])

    @cached_property
    def _axes(self):
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
        fluids = [FiveMoment("ion", 1.0, 1.0, self.gamma), FiveMoment("electron", 1.0 / self.mass_ratio, -1.0, self.gamma)]
        if self.neutral_ratio > 0:
            fluids.append(FiveMoment("neutral", 1.0, 0.0, self.gamma))
        return fluids

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
    def _backgrounds(self):
        pressure = 0.25 * self.beta
        density = {"ion": 1.0, "electron": 1.0 / self.mass_ratio, "neutral": self.neutral_ratio}
        return [Background(f.name, f.mass, f.charge, density[f.name],
                           pressure * (self.neutral_ratio if f.name == "neutral" else 1.0), f.gamma)
                for f in self.fluids()]

    @cached_property
    def mode(self):
        """theory.Mode of the branch, scaled to ``amplitude``."""
        index = {f.name: s for s, f in enumerate(self._backgrounds)}
        alpha = np.zeros((len(index), len(index)))
        for drag in self.interactions():
            s, r = index[drag.first], index[drag.second]
            alpha[s, r] = alpha[r, s] = drag.alpha
        return named_branch(self.branch, self._backgrounds, self.background_field, self.wavevector, self.c, 1.0, alpha,
                            self.temperature_relaxation)

    @cached_property
    def _scale(self):
        """Factor that makes the largest relative perturbation ``amplitude``; velocities count against the phase speed,
        or v_A if that is less."""
        vector, speed = self.mode.vector, min(abs(self.mode.omega) / self.k_di, 1.0)
        sizes = [np.linalg.norm(vector["B"])]
        for fluid in self._backgrounds:
            sizes += [abs(vector[f"rho_{fluid.name}"]) / fluid.rho, abs(vector[f"p_{fluid.name}"]) / fluid.p,
                      np.linalg.norm(vector[f"u_{fluid.name}"]) / speed]
        return self.amplitude / max(sizes)

    @property
    def t_end(self):
        """The chosen number of periods."""
        omega = self.mode.omega
        return self.periods * 2.0 * math.pi / (omega.real if omega.real > 1e-3 * abs(omega) else abs(omega))

    @property
    def output_interval(self):
        """First and last state only."""
        return self.t_end

    def exact(self, t, x, y, z):
        """The eigenmode at time t on its background."""
        change = self.mode.evaluate(self.wavevector, t, x, y, z, self._scale)
        state = {f.name: {"rho": f.rho + change[f"rho_{f.name}"], "u": tuple(change[f"u_{f.name}"]),
                          "p": f.p + change[f"p_{f.name}"]} for f in self._backgrounds}
        state["E"] = tuple(change["E"])
        state["B"] = tuple(b + wave for b, wave in zip(self.background_field, change["B"]))
        return state

    def initial(self, x, y, z):
        """The mode at t = 0, electrons adjusted so that Gauss's law holds for the centred divergence of the grid."""
        state = self.exact(0.0, x, y, z)
        state["B"] = tuple(self.background_field)
        near, far = (0.5, 0.0) if self.reconstruction == "plm" else (2.0 / 3.0, -1.0 / 12.0)
        spacing = np.array([(stop - start) / cells for start, stop, cells in self._axes])
        turn = self.wavevector * spacing
        divergence = 2j * np.dot((near * np.sin(turn) + far * np.sin(2 * turn)) / spacing, self.mode.vector["E"])
        charge = divergence / self.c**2 - self.mode.vector["rho_ion"]
        wave = self._scale * np.exp(1j * (self.wavevector[0] * x + self.wavevector[1] * y + self.wavevector[2] * z))
        electron = self._backgrounds[1]
        state["electron"]["rho"] = electron.rho - np.real(charge * wave) / self.mass_ratio
        return state

    def vector_potential(self, x, y, z):
        """A = i k x B/k^2, whose curl is the wave's B."""
        amplitude = 1j * np.cross(self.wavevector, self.mode.vector["B"]) / self.k_di**2
        wave = self._scale * np.exp(1j * (self.wavevector[0] * x + self.wavevector[1] * y + self.wavevector[2] * z))
        return tuple(np.real(a * wave) for a in amplitude)

    # -- measuring ----------------------------------------------------------------------------------------------

    def amplitude_of(self, fields):
        """Complex amplitude of the mode in a state, by the energy inner product (in which undamped modes are
        orthogonal): sum of rho |u|^2, |p|^2/(gamma p), eps0 |E|^2 and |B|^2.

        Parameters
        ----------
        fields : dict of str to ndarray (z, y, x)

        Returns
        -------
        complex
        """
        x, y, z = self.grid().mesh()
        wave = np.exp(-1j * (self.wavevector[0] * x + self.wavevector[1] * y + self.wavevector[2] * z))
        pairs = []
        for f in self._backgrounds:
            pairs.append((1.0 / (f.gamma * f.p), self.mode.vector[f"p_{f.name}"], fields[f"p_{f.name}"] - f.p))
            pairs += [(f.rho, self.mode.vector[f"u_{f.name}"][d], fields[f"u{a}_{f.name}"])
                      for d, a in enumerate("xyz")]
        for d, a in enumerate("xyz"):
            pairs.append((1.0 / self.c**2, self.mode.vector["E"][d], fields[f"E{a}"]))
            pairs.append((1.0, self.mode.vector["B"][d], fields[f"B{a}"] - self.background_field[d]))
        overlap = sum(weight * np.conj(v) * 2.0 * np.mean(data * wave) for weight, v, data in pairs)
        return complex(overlap / sum(weight * abs(v) ** 2 for weight, v, _ in pairs)) / self._scale

    def measured_frequency(self, run):
        """Complex frequency between the first and the last record of a run, on the sheet nearest to theory."""
        (_, first), (t, last) = run.records[0], run.records[-1]
        ratio = self.amplitude_of(last) / self.amplitude_of(first)
        omega = self.mode.omega
        return omega + 1j * cmath.log(ratio * cmath.exp(1j * omega * t)) / t

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

"""Circularly polarised waves of finite amplitude along B0, of ions and electrons: exact at any amplitude."""

import math
from functools import cached_property

import numpy as np

from multifluid import Check, FiveMoment, Grid, Maxwell, Parameter, Problem
from multifluid.maxwell import DERIVATIVE
from multifluid.problems import measures, pictures
from multifluid.problems.sources.records import records
from multifluid.theory.circular import BRANCHES
from multifluid.theory.helical import circular_waves

# Phase error in turns, and share of the amplitude, allowed after ten periods on 64 cells per wavelength.
PHASE, LOSS = 0.01, 0.03


class CircularWave(Problem):
    """Exact circularly polarised wave of any amplitude: Alfven, ion cyclotron and whistler waves of ions and electrons.

    Transverse vectors, a_1 + i a_2 along two axes across k, turn as b exp(i (k xi - omega t)) about B0 along k; density,
    pressure and |B| are uniform, so that nothing is compressed and the full nonlinear equations are met exactly by

        omega^2 = c^2 k^2 + sum_s omega_ps^2 omega/(omega - Omega_s)
        u_s = (q_s/m_s) omega b/(k (omega - Omega_s)),    E = -i omega b/k

    at any ``amplitude`` b/B0 (`multifluid.theory.helical.circular_waves`). For k d_i << 1 both branches are the Alfven
    wave of ideal MHD; near k d_i = 1 they part, as in Hall MHD; whistlers of k d_e ~ 1 feel the electrons' inertia.
    Units: v_A = B0/sqrt(mu0 rho_ion) = 1, d_i = 1, Omega_i = 1, mu0 = 1. Both fluids have the pressure beta B0^2/(4 mu0),
    which the exact wave does not feel. At low ``beta`` a large wave is unstable: it decays into sound and a wave that runs
    back (Goldstein 1978, ApJ 219, 700). A long run in a cold plasma tests that, not the scheme.

    `check` projects the transverse field of the first and of the last record on exp(i k xi) and holds the phase, in turns
    of 2 pi, and the amplitude against the exact ones: 0.01 turns and 3 % after ten periods on 64 cells per wavelength;
    both limits scale with periods/n^2. In two dimensions k is oblique to the grid, once around each side of a 2:1 box,
    and B comes from a vector potential. ``n`` counts cells per wavelength.
    """

    reference = (
        "theory: Ferraro 1955, Proc. R. Soc. A 233, 310; Mahajan & Krishan 2005, MNRAS 359, L27 (Hall MHD); "
        "as a test of codes: Toth 2000, J. Comput. Phys. 161, 605"
    )
    resolution = "n"
    converge_fields = ("rho", "u", "p", "E", "B")

    n = Parameter(64, "cells per wavelength", min=8)
    branch = Parameter("ion_cyclotron", "sense of rotation: of the ions or of the electrons (whistler)", choices=BRANCHES)
    k_di = Parameter(0.1, "wavenumber", unit="1/d_i", above=0.0)
    amplitude = Parameter(0.5, "transverse field", unit="B0", above=0.0)
    c = Parameter(1000.0, "speed of light", unit="v_A", above=1.0)
    mass_ratio = Parameter(1836.0, "ion to electron mass", above=1.0)
    beta = Parameter(2.0, "pressure of ions and electrons over that of B0", above=0.0)
    dim = Parameter(1, "dimensions of the grid", choices=(1, 2))
    periods = Parameter(10.0, "periods to run", unit="2 pi/|omega|", above=0.0)

    # -- geometry -----------------------------------------------------------------------------------------------

    @cached_property
    def axes(self):
        """ndarray (3, 3): columns are the wave's own axes, the first along k."""
        if self.dim == 1:
            return np.eye(3)
        cos, sin = np.array([1.0, 2.0]) / math.sqrt(5.0)
        return np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])

    def grid(self):
        """One wavelength along x, or a box of 2:1 with square cells, n to a wavelength or a little more."""
        wavelength = 2.0 * math.pi / self.k_di
        if self.dim == 1:
            return Grid((0.0, wavelength, self.n))
        side, cells = wavelength * math.sqrt(5.0) / 2.0, math.ceil(self.n * math.sqrt(5.0) / 2.0)
        return Grid((0.0, 2.0 * side, 2 * cells), (0.0, side, cells))

    def _turn(self, x, y, z):
        """exp(i k xi)."""
        return np.exp(1j * self.k_di * (self.axes[0, 0] * x + self.axes[1, 0] * y + self.axes[2, 0] * z))

    @cached_property
    def _handle(self):
        """ndarray (3,), complex: a vector of the wave is Re[(a_1 + i a_2) handle] on the grid's axes."""
        return self.axes[:, 1] - 1j * self.axes[:, 2]

    # -- physics ------------------------------------------------------------------------------------------------

    @cached_property
    def _masses(self):
        return {"ion": 1.0, "electron": 1.0 / self.mass_ratio}

    @cached_property
    def wave(self):
        """theory.helical.CircularWave that the run carries."""
        charge_to_mass = [1.0, -self.mass_ratio]
        # ascending: light, whistler, ion cyclotron, light
        place = 1 if self.branch == "whistler" else 2
        return circular_waves(charge_to_mass, list(self._masses.values()), self.k_di, 1.0, self.amplitude, self.c)[place]

    def fluids(self):
        """Ions and electrons."""
        return [FiveMoment("ion", 1.0, 1.0), FiveMoment("electron", 1.0 / self.mass_ratio, -1.0)]

    def field(self):
        """Maxwell's equations with mu0 = 1."""
        return Maxwell(self.c)

    @property
    def t_end(self):
        """The chosen number of periods."""
        return self.periods * 2.0 * math.pi / abs(self.wave.omega)

    @property
    def output_interval(self):
        """A record for every period."""
        return 2.0 * math.pi / abs(self.wave.omega)

    def exact(self, t, x, y, z):
        """The wave at time t."""
        turn = self._turn(x, y, z) * np.exp(-1j * self.wave.omega * t)
        state = {}
        for (name, mass), velocity in zip(self._masses.items(), self.wave.u, strict=True):
            state[name] = {"rho": mass, "u": self._vector(velocity * turn), "p": 0.25 * self.beta}
        along = tuple(self.axes[:, 0])
        return state | {"E": self._vector(self.wave.e * turn), "B": self._vector(self.wave.b * turn, along)}

    def _vector(self, amplitude, along=(0.0, 0.0, 0.0)):
        return tuple(uniform + np.real(amplitude * handle) for uniform, handle in zip(along, self._handle, strict=True))

    def initial(self, x, y, z):
        """The exact state, its transverse field from the vector potential, and electrons such that Gauss's law holds for
        the grid's centred divergence, which sees one where k is oblique."""
        state = self.exact(0.0, x, y, z) | {"B": tuple(self.axes[:, 0])}
        divergence, weights = 0.0, DERIVATIVE[2 if self.reconstruction == "plm" else 4]
        for d in range(self.dim):
            spacing = self.grid().spacing[d]
            phase = self.k_di * self.axes[d, 0] * spacing
            slope = sum(weight * np.sin(reach * phase) for reach, weight in enumerate(weights, 1)) / spacing
            divergence = divergence + np.real(2j * slope * self.wave.e * self._handle[d] * self._turn(x, y, z))
        state["electron"]["rho"] = state["electron"]["rho"] - divergence / self.c**2 / self.mass_ratio
        return state

    def vector_potential(self, x, y, z):
        """A = -B/k across k, for curl B = -k B there."""
        return self._vector(-self.wave.b / self.k_di * self._turn(x, y, z))

    # -- measuring ----------------------------------------------------------------------------------------------

    def amplitude_of(self, fields):
        """Complex amplitude b of the transverse field in a record, b/B0 exp(-i omega t) if exact.

        Parameters
        ----------
        fields : dict of str to ndarray (z, y, x)

        Returns
        -------
        complex
        """
        # <Re[b turn handle] . conj(handle turn)> = b, for |handle|^2 = 2
        across = sum(np.conj(handle) * fields[f"B{a}"] for a, handle in zip("xyz", self._handle, strict=True))
        return complex(np.mean(across * np.conj(self._turn(*self.grid().mesh()))))

    def drift(self, run):
        """How far every record is from the exact wave: t (records,), phase in turns of 2 pi ahead of it (|.| < 1/2), and
        amplitude relative to the first record's.

        Parameters
        ----------
        run : Result or RunData

        Returns
        -------
        tuple of ndarray
        """
        found = records(run)
        t = np.array([time for time, _ in found])
        ratio = np.array([self.amplitude_of(fields) for _, fields in found])
        ratio = ratio / ratio[0] * np.exp(1j * self.wave.omega * t)
        return t, -np.angle(ratio) / (2.0 * math.pi) * math.copysign(1.0, self.wave.omega), np.abs(ratio)

    def error(self, run):
        """Relative L2 error of the transverse field at the end of a run.

        Parameters
        ----------
        run : Result or RunData

        Returns
        -------
        float
        """
        t, fields = records(run)[-1]
        exact = self.exact(t, *self.grid().mesh())["B"]
        total = sum(np.mean((fields[f"B{a}"] - part) ** 2) for a, part in zip("xyz", exact, strict=True))
        return math.sqrt(float(total)) / self.amplitude

    def check(self, run):
        """Phase and amplitude at the end; that the plasma stays uniform; Gauss's law and div B."""
        _, phase, amplitude = self.drift(run)
        scale = self.periods / 10.0 * (64.0 / self.n) ** 2
        return [
            Check("phase error at the end, turns of 2 pi", abs(float(phase[-1])), PHASE * scale),
            Check("loss of amplitude", abs(1.0 - float(amplitude[-1])), LOSS * scale),
            *measures.constraint_checks(run.series),
        ]

    def plot(self, run, path):
        """The transverse field along the wave over the exact one, and phase and amplitude over time."""
        from multifluid.plotting import COLOURS

        figure, axes = pictures.subplots(1, 2, figsize=(10.0, 4.2), width_ratios=[3, 2])
        found = records(run)
        t, fields = found[-1]
        mesh = self.grid().mesh()
        place = np.mod((self.axes[0, 0] * mesh[0] + self.axes[1, 0] * mesh[1]) * self.k_di / (2.0 * math.pi), 1.0).ravel()
        order = np.argsort(place)
        ax = axes[0, 0]
        exact = self.exact(t, *mesh)["B"]
        for colour, axis, label in zip(COLOURS, (1, 2), ("$B_1$", "$B_2$"), strict=False):
            cells = sum(self.axes[d, axis] * fields[f"B{a}"] for d, a in enumerate("xyz")).ravel()
            line = sum(self.axes[d, axis] * np.broadcast_to(exact[d], fields["Bx"].shape) for d in range(3)).ravel()
            ax.plot(place[order], line[order], color="black", linewidth=0.9, zorder=3)
            ax.plot(place[order], cells[order], "o", color=colour, markersize=3.6, markeredgewidth=0, label=label)
        ax.set(xlabel=r"$k\,\xi/2\pi$", ylabel="$B/B_0$", title=f"after {self.periods:g} periods, lines: exact", xlim=(0, 1))
        ax.legend(frameon=False)
        times, phase, amplitude = self.drift(run)
        periods = times * abs(self.wave.omega) / (2.0 * math.pi)
        ax = axes[0, 1]
        ax.plot(periods, 100.0 * phase, "o-", color=COLOURS[0], markersize=3.6, label="phase, % of a turn")
        ax.plot(periods, 100.0 * (amplitude - 1.0), "s-", color=COLOURS[1], markersize=3.6, label="amplitude, %")
        ax.axhline(0.0, color="0.7", linewidth=0.8)
        ax.set(xlabel="periods", title="error")
        ax.legend(frameon=False)
        figure.suptitle(
            f"Circularly polarised wave ({self.branch.replace('_', ' ')}), $b = {self.amplitude:g}\\,B_0$, "
            rf"$k d_i = {self.k_di:g}$, $c = {pictures.number(self.c)}\,v_A$, $m_i/m_e = {self.mass_ratio:g}$, "
            f"{self.n} cells", fontsize=11,
        )  # fmt: skip
        pictures.save(figure, path)

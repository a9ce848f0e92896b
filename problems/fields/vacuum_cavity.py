"""Standing waves of the electromagnetic field in a conducting box."""

from math import hypot, pi

import numpy as np

from multifluid import Boundaries, Check, Grid, InputError, Maxwell, Parameter, Problem
from multifluid.problems import measures


class VacuumCavity(Problem):
    """TM(m,n) mode of a conducting box without plasma: Maxwell's equations and the walls, by themselves.

    With k_x = m pi/lx, k_y = n pi/ly and omega = c sqrt(k_x^2 + k_y^2), the mode is

        E_z =               sin(k_x x) sin(k_y y) cos(omega t)
        B_x = -(k_y/omega)  sin(k_x x) cos(k_y y) sin(omega t)
        B_y =  (k_x/omega)  cos(k_x x) sin(k_y y) sin(omega t)

    on [0, lx] x [0, ly]; the tangential E and the normal B vanish on all four walls. Code units, mu0 = 1; E is in
    units of its first amplitude.

    The published case is TM(8,5) in a box of 80 by 40, c = 1, to t = 150: twelve periods. The default ends an eighth
    of a period later, where E and B are equally strong, so that `converge` sees both.

    `check` projects the last fields on the mode, E and B with amplitudes e and b: the angle of (e, b) tells the
    frequency, its length the amplitude; the electric energy is held against cos^2(omega t) at all times, div B against
    round-off. The limits go with (k dx)^2 (frequency: (k dx)^4 for PPM), as the errors do.
    """

    reference = "Hakim, Loverich & Shumlak 2006, J. Comput. Phys. 219, 418 (TM(8,5) in an 80 by 40 box)"
    converge_fields = ("E", "B")

    nx = Parameter(160, "cells along x", min=8)
    ny = Parameter(0, "cells along y; 0 = cells as near to squares as can be", min=0)
    m = Parameter(8, "half waves along x", min=1)
    n = Parameter(5, "half waves along y", min=1)
    lx = Parameter(80.0, "length of the box along x", above=0.0)
    ly = Parameter(40.0, "length of the box along y", above=0.0)
    c = Parameter(1.0, "speed of light", above=0.0)
    periods = Parameter(12.125, "periods to run", above=0.0)

    def validate(self):
        for axis, waves, cells in (("x", self.m, self.nx), ("y", self.n, self.grid().cells[1])):
            if cells < 4 * waves:
                raise InputError(
                    f"vacuum_cavity: {waves} half waves along {axis} need at least {4 * waves} cells, not {cells}"
                )

    @property
    def wavenumbers(self):
        """(k_x, k_y)."""
        return self.m * pi / self.lx, self.n * pi / self.ly

    @property
    def omega(self):
        """Angular frequency of the mode."""
        return self.c * hypot(*self.wavenumbers)

    @property
    def t_end(self):
        return self.periods * 2 * pi / self.omega

    @property
    def output_interval(self):
        return 2 * pi / self.omega / 8

    def grid(self):
        ny = self.ny or max(4, round(self.nx * self.ly / self.lx))
        return Grid(x=(0.0, self.lx, self.nx), y=(0.0, self.ly, ny))

    def fluids(self):
        return []

    def field(self):
        return Maxwell(self.c)

    def boundaries(self):
        return Boundaries(x="conductor", y="conductor")

    def initial(self, x, y, z):
        return self.exact(0.0, x, y, z)

    def exact(self, t, x, y, z):
        (kx, ky), omega = self.wavenumbers, self.omega
        e, b = np.cos(omega * t), np.sin(omega * t) / omega
        return {
            "E": (0.0, 0.0, e * np.sin(kx * x) * np.sin(ky * y)),
            "B": (-b * ky * np.sin(kx * x) * np.cos(ky * y), b * kx * np.cos(kx * x) * np.sin(ky * y), 0.0),
        }

    def amplitudes(self, run):
        """Amplitudes of the mode in the last state, projected on its shapes.

        Parameters
        ----------
        run : Result

        Returns
        -------
        e, b : float
            cos(omega t) and sin(omega t) for the exact mode.
        """
        (kx, ky), omega = self.wavenumbers, self.omega
        x, y = (part[0] for part in self.grid().mesh()[:2])
        shapes = {
            "Ez": np.sin(kx * x) * np.sin(ky * y),
            "Bx": -np.sin(kx * x) * np.cos(ky * y) * ky / omega,
            "By": np.cos(kx * x) * np.sin(ky * y) * kx / omega,
        }
        part = {name: float(np.sum(run[name] * shape)) for name, shape in shapes.items()}
        size = {name: float(np.sum(shape**2)) for name, shape in shapes.items()}
        return part["Ez"] / size["Ez"], (part["Bx"] + part["By"]) / (size["Bx"] + size["By"])

    def check(self, run):
        e, b = self.amplitudes(run)
        turns = self.omega * run.t / (2 * pi)
        phase = (np.arctan2(b, e) / (2 * pi) - turns + 0.5) % 1.0 - 0.5
        width = hypot(*self.wavenumbers) * max(self.grid().spacing[:2])
        # measured: 0.0224 width^2 (PLM with second-order field operators), 0.0155 width^4 (PPM with fourth-order ones)
        frequency = 0.03 * width**2 if self.reconstruction == "plm" else 0.02 * width**4
        amplitude = 0.08 * width**2
        energy, exact = self._electric_energy(run.series)
        return [
            Check("frequency, relative error", abs(phase) / turns, frequency),
            Check("amplitude, relative error", abs(hypot(e, b) - 1.0), amplitude),
            Check("electric energy over time, error over its first value", float(np.max(np.abs(energy - exact))),
                  2 * pi * turns * frequency + 2 * amplitude),
            Check("div B at the end, max |div B| dx/|B|", measures.last(run.series, "div_b"), 1e-13),
        ]  # fmt: skip

    def _electric_energy(self, series):
        """Electric energy over its first value along the series, and cos^2(omega t)."""
        energy = np.asarray(series["energy_electric"])
        return energy / energy[0], np.cos(self.omega * np.asarray(series["series_time"])) ** 2

    def plot(self, run, path):
        from multifluid.plotting import COLOURS, take_snapshot
        from multifluid.problems import pictures

        snapshot = take_snapshot(run)
        series = {**snapshot.series, "series_time": snapshot.series["t"]}
        energy, exact = self._electric_energy(series)
        turns = self.omega * series["series_time"] / (2 * pi)
        figure, axes = pictures.subplots(2, 1, figsize=(9, 7.6), height_ratios=[2, 1])
        pictures.image(figure, axes[0, 0], snapshot.axes["x"], snapshot.axes["y"], snapshot.profile("Ez"),
                       f"$E_z$ after {turns[-1]:.5g} periods", cmap="RdBu_r", vmin=-1, vmax=1)  # fmt: skip
        axes[0, 0].set(xlabel="$x$", ylabel="$y$")
        ax, fine = axes[1, 0], np.linspace(0, turns[-1], 60 * (2 + int(turns[-1])))
        ax.plot(fine, np.cos(2 * pi * fine) ** 2, color="black", linewidth=0.8, label=r"$\cos^2 \omega t$")
        ax.plot(turns, energy, "o", color=COLOURS[0], markersize=3.2, markeredgewidth=0, zorder=3, label="run")
        ax.set(title="electric energy over its first value", xlabel=r"$\omega t/2\pi$")
        ax.set(xlim=(0, turns[-1]), ylim=(-0.05, 1.3))
        ax.legend(loc="upper right", ncols=2, fontsize=9, frameon=False)
        cells = self.grid().cells
        figure.suptitle(
            f"TM({self.m},{self.n}) mode of a conducting {self.lx:g} by {self.ly:g} box,  "
            rf"${cells[0]} \times {cells[1]}$ cells",
            fontsize=12,
        )
        pictures.save(figure, path)

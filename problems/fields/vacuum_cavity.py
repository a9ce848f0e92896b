"""Standing waves of the electromagnetic field in a conducting box."""

from math import hypot, pi

import numpy as np

from multifluid import Boundaries, Check, Grid, InputError, Maxwell, Parameter, Problem


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

    `check` projects the fields on the mode at every record, E_z + i |B| = a exp(i phase), and holds the phase
    (in units of a full turn) and the amplitude a against 1, the energy of E over time against cos^2(omega t), and
    div B. Its limits are those of a second-order scheme, (k dx)^2 with the measured factors.
    """

    reference = "Hakim, Loverich & Shumlak 2006, J. Comput. Phys. 219, 418, section 4 (TM(8,5) in an 80 by 40 box)"
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
        """Mode amplitudes of E_z and of B at every record, projected on the mode's shapes.

        Parameters
        ----------
        run : Result

        Returns
        -------
        t, e, b : ndarray
            With e = cos(omega t) and b = sin(omega t) for the exact mode.
        """
        (kx, ky), omega = self.wavenumbers, self.omega
        x, y, _ = self.grid().mesh()
        shapes = {
            "Ez": np.sin(kx * x) * np.sin(ky * y),
            "Bx": -np.sin(kx * x) * np.cos(ky * y) * ky / omega,
            "By": np.cos(kx * x) * np.sin(ky * y) * kx / omega,
        }
        t, e, b = [], [], []
        for time, fields in run.records:
            part = {name: float(np.sum(fields[name] * shape)) for name, shape in shapes.items()}
            size = {name: float(np.sum(shape**2)) for name, shape in shapes.items()}
            t.append(time)
            e.append(part["Ez"] / size["Ez"])
            b.append((part["Bx"] + part["By"]) / (size["Bx"] + size["By"]))
        return np.array(t), np.array(e), np.array(b)

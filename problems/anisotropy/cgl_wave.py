"""A nonlinear double adiabatic wave and its two invariants."""

import math

import numpy as np

from multifluid import Check, Cold, Grid, Maxwell, Parameter, Problem, SixMoment, TenMoment
from multifluid.problems import pictures
from multifluid.problems.measures import constraint_checks
from multifluid.problems.sources.records import records
from multifluid.problems.waves.closures import ANISOTROPIC

from .gyrotropy import gyrotropic


class CglWave(Problem):
    """Smooth nonlinear compression of a gyrotropic plasma: p_perp/(rho B) and p_par B^2/rho^3 stay with the flow.

    Where the plasma carries B along (long waves, k d_i << 1), each of its elements keeps the double adiabatic invariants
    of Chew, Goldberger & Low (1956) until a shock forms. Six-moment ions obey them by their equations, ten-moment ions
    because P turns about B far faster than the flow changes. Cold electrons of almost no mass complete the plasma.

    At the start rho = 1 + contrast cos(kx) and u_x = speed sin(kx), in a uniform field in the x, z plane with uniform
    pressures: both invariants differ from place to place. The flow is symmetric about x = 0, through which no mass
    passes, so that the mass between x = 0 and a place names the element that is there. Units: v_A = d_i = 1 at the mean
    density, mu0 = 1, box length 2 pi/k_di.
    """

    reference = "Chew, Goldberger & Low 1956, Proc. R. Soc. A 236, 112"
    resolution = "nx"

    nx = Parameter(128, "number of cells", min=16)
    closure = Parameter("six-moment", "closure of the ions", choices=ANISOTROPIC)
    k_di = Parameter(1e-3, "wavenumber of the box", unit="1/d_i", above=0.0)
    contrast = Parameter(0.3, "relative amplitude of the density", min=0.0, max=0.9)
    speed = Parameter(0.5, "amplitude of the velocity", unit="v_A", min=0.0)
    p_par = Parameter(0.4, "pressure of the ions along B", unit="B0^2/mu0", above=0.0)
    p_perp = Parameter(0.2, "pressure of the ions across B", unit="B0^2/mu0", above=0.0)
    angle = Parameter(60.0, "angle between x and B0", unit="degree", min=0.0, max=90.0)
    c = Parameter(1000.0, "speed of light", unit="v_A", above=1.0)
    mass_ratio = Parameter(1836.0, "ion to electron mass", above=1.0)
    duration = Parameter(0.6, "length of the run", unit="1/(k v_A)", above=0.0)
    tolerance = Parameter(0.01, "relative change of the invariants that check allows", above=0.0)

    def grid(self):
        """One wavelength."""
        return Grid((0.0, 2.0 * math.pi / self.k_di, self.nx))

    def fluids(self):
        """Ions and cold electrons."""
        ion = SixMoment if self.closure == "six-moment" else TenMoment
        return [ion("ion", 1.0, 1.0), Cold("electron", 1.0 / self.mass_ratio, -1.0)]

    def field(self):
        """Maxwell's equations with mu0 = 1."""
        return Maxwell(self.c)

    @property
    def t_end(self):
        """``duration``."""
        return self.duration / self.k_di

    def initial(self, x, y, z):
        """Both fluids move together, and E = -u x B."""
        phase = self.k_di * x
        rho, u = 1.0 + self.contrast * np.cos(phase), self.speed * np.sin(phase)
        angle = math.radians(self.angle)
        B = np.array([0.0 if self.angle == 90.0 else math.cos(angle), 0.0, math.sin(angle)])
        ion = {"rho": rho, "u": (u, 0.0, 0.0)}
        if self.closure == "six-moment":
            ion |= {"ppar": self.p_par, "pperp": self.p_perp}
        else:
            P = self.p_perp * np.eye(3) + (self.p_par - self.p_perp) * np.outer(B, B)
            ion["P"] = tuple(P[np.triu_indices(3)])
        return {"ion": ion, "electron": {"rho": rho / self.mass_ratio, "u": (u, 0.0, 0.0)},
                "E": (0.0, u * B[2], 0.0), "B": tuple(B)}

    # -- measuring ----------------------------------------------------------------------------------------------

    @staticmethod
    def invariants(fields):
        """(p_perp/(rho B), p_par B^2/rho^3) of the ions in a record."""
        par, perp, size = gyrotropic(fields, "ion")
        rho = fields["rho_ion"]
        return perp / (rho * size), par * size**2 / rho**3

    def change(self, first, last):
        """Relative change of both invariants with the flow, (2, nx): of each element in ``last`` since ``first``."""
        from scipy.interpolate import CubicSpline

        masses = []
        for fields in (first, last):
            rho = np.ravel(fields["rho_ion"])
            masses.append((np.cumsum(rho) - 0.5 * rho) / rho.sum())
        found = []
        for before, after in zip(self.invariants(first), self.invariants(last), strict=True):
            before = np.ravel(before)
            # periodic: one element more at the end
            spline = CubicSpline(np.append(masses[0], masses[0][0] + 1.0), np.append(before, before[0]), bc_type="periodic")
            found.append(np.ravel(after) / spline(masses[1]) - 1.0)
        return np.array(found)

    def check(self, run):
        """Both invariants over the whole run; how much the elements were compressed; constraints."""
        found = [fields for _, fields in records(run)]
        worst = np.max([np.abs(self.change(found[0], fields)).max(axis=1) for fields in found[1:]], axis=0)
        par = gyrotropic(found[-1], "ion")[0]
        return [Check("p_perp/(rho B) along the flow, largest relative change", float(worst[0]), self.tolerance),
                Check("p_par B^2/rho^3 along the flow, largest relative change", float(worst[1]), self.tolerance),
                Check("p_par at the end, largest over smallest", float(par.max() / par.min()), 2.0, kind="min"),
                *constraint_checks(run.series)]

    def plot(self, run, path):
        """Profiles at the start and at the end, and the invariants over the mass coordinate."""
        (_, first), (t, last) = records(run)[0], records(run)[-1]
        x = self.grid().centres(0) * self.k_di
        figure, axes = pictures.subplots(2, 2, figsize=(9.0, 6.4))
        for fields, colour, label in ((first, "0.6", "start"), (last, "C0", f"t k $v_A$ = {t * self.k_di:.2g}")):
            par, perp, _ = gyrotropic(fields, "ion")
            axes[0, 0].plot(x, np.ravel(fields["rho_ion"]), color=colour, label=label)
            axes[0, 1].plot(x, np.ravel(par), color=colour, label=r"$p_\parallel$, " + label)
            axes[0, 1].plot(x, np.ravel(perp), "--", color=colour, label=r"$p_\perp$, " + label)
            rho = np.ravel(fields["rho_ion"])
            mass = (np.cumsum(rho) - 0.5 * rho) / rho.sum()
            style = {"color": colour} if fields is first else {"color": colour, "marker": "o", "markersize": 2, "ls": ""}
            for ax, value in zip(axes[1], self.invariants(fields), strict=True):
                ax.plot(mass, np.ravel(value), **style)
        axes[0, 0].set(ylabel=r"$\rho$", xlabel="k x")
        axes[0, 1].set(ylabel="pressure", xlabel="k x")
        for ax, label in zip(axes[1], (r"$p_\perp/\rho B$", r"$p_\parallel B^2/\rho^3$"), strict=True):
            ax.set(ylabel=label, xlabel="mass coordinate")
        for ax in axes[0]:
            ax.legend(fontsize=8)
        pictures.save(figure, path)

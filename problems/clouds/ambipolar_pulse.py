"""Ambipolar diffusion of a straight field through neutrals at rest: a pulse with a front, and current sheets at nulls."""

import math

import numpy as np

from multifluid import Check, Drag, Grid, Ionisation, Isothermal, Maxwell, Parameter, Problem
from multifluid.problems import measures, pictures
from multifluid.problems.sources.records import records
from multifluid.theory import diffusion

MASS_RATIO = 1836.0
IONS = 1e-6  # density of ions at B = 1: their inertia is that of the field times 1e-6
NEUTRALS = 1e8  # so heavy that the field does not set them moving
TEMPERATURE = 1e-3  # pressure of the charged fluids 2e-9 of the field's at B = 1
D_I = 1e-5  # charged fluids are tied to each other over all lengths of the grid
REPLACED = 1e4  # ionisation balance: recombinations of an ion per time


class _Diffusion(Problem):
    """d_t B = D d_x(B^(m-1) d_x B) as what ions, electrons and neutrals do."""

    converge_fields = ("B",)

    nx = Parameter(200, "cells", min=16)
    c = Parameter(1e5, "speed of light, in units of length and time in which D = 1", above=1e3)

    balanced = True
    """bool: whether ionisation balance keeps the ion density (m = 3) or the ions are only advected (m = 2)."""

    def fluids(self):
        """Ions, electrons, neutrals (the mass of an ion and an electron)."""
        charge = 1.0 / (D_I * math.sqrt(IONS))
        return [Isothermal("ion", 1.0, charge, temperature=TEMPERATURE),
                Isothermal("electron", 1.0 / MASS_RATIO, -charge, temperature=TEMPERATURE),
                Isothermal("neutral", 1.0 + 1.0 / MASS_RATIO, temperature=TEMPERATURE)]

    def field(self):
        """Maxwell's equations with mu0 = 1."""
        return Maxwell(self.c)

    def interactions(self):
        """Drag such that D = 1; ions replaced by ionisation carry momentum over, too."""
        if not self.balanced:
            return [Drag("ion", "neutral", 1.0 / (IONS * NEUTRALS))]
        density = NEUTRALS / (1.0 + 1.0 / MASS_RATIO)
        lost = REPLACED * (1.0 + 1.0 / MASS_RATIO)
        return [Drag("ion", "neutral", (1.0 / IONS - lost) / NEUTRALS),
                Ionisation("neutral", "ion", "electron", REPLACED * IONS / density, REPLACED / IONS)]

    def magnetic(self, t, x):
        """B_y of the exact solution."""
        raise NotImplementedError

    def exact(self, t, x, y, z):
        """The field, and the densities that go with it."""
        return self._state(self.magnetic(t, x))

    def _state(self, B):
        ions = IONS if self.balanced else IONS * B
        rest = (0.0, 0.0, 0.0)
        return {"ion": {"rho": ions, "u": rest}, "electron": {"rho": ions / MASS_RATIO, "u": rest},
                "neutral": {"rho": NEUTRALS, "u": rest}, "E": rest, "B": (0.0, B, 0.0)}

    def average(self, t, x):
        """Averages of the exact B_y over cells about x."""
        nodes, weights = np.polynomial.legendre.leggauss(16)
        start, stop, cells = self._axes()[0]
        half = 0.5 * (stop - start) / cells
        return sum(w * self.magnetic(t, x + half * node) for node, w in zip(nodes, weights, strict=True)) / 2.0

    def grid(self):
        """The periodic box."""
        return Grid(*self._axes())

    def _axes(self):
        raise NotImplementedError

    def initial(self, x, y, z):
        """Cell averages of the exact field at t = 0, all at rest: the drift is there after one step."""
        B = self.average(0.0, x)
        return self._state(B)

    def errors(self, fields, t):
        """L1 error of B over mean |B|: dict with "all" and, without the cells next to fronts and nulls, "smooth"."""
        x = self.grid().centres(0)
        exact = self.average(t, x)
        off, smooth = np.abs(np.ravel(fields["By"]) - exact), self._smooth(t, x)
        return {"all": float(off.mean() / np.abs(exact).mean()),
                "smooth": float(off[smooth].mean() / np.abs(exact[smooth]).mean())}

    def _smooth(self, t, x):
        raise NotImplementedError

    def _flux_change(self, run):
        first, last = (np.sum(found["By"]) for _, found in (records(run)[0], records(run)[-1]))
        scale = np.sum(np.abs(records(run)[0][1]["By"]))
        return float(abs(last - first) / scale)

    def plot(self, run, path):
        """B at the start, the middle and the end over the exact solution; the drift velocity of the ions."""
        found = records(run)
        x = self.grid().centres(0)
        fine = np.linspace(x[0], x[-1], 1200)
        figure, axes = pictures.subplots(1, 2, figsize=(10.0, 4.2))
        for n in (0, len(found) // 2, len(found) - 1):
            t, fields = found[n]
            axes[0, 0].plot(fine, self.magnetic(t, fine), color="k", linewidth=0.8)
            axes[0, 0].plot(x, np.ravel(fields["By"]), "o", markersize=2.2, label=f"t = {t:.3g}")
        axes[0, 0].set(xlabel="x", title="$B_y$ (lines: exact)")
        axes[0, 0].legend(fontsize=9)
        axes[0, 1].plot(x, np.ravel(found[-1][1]["ux_ion"] - found[-1][1]["ux_neutral"]), linewidth=1.0)
        axes[0, 1].set(xlabel="x", title="drift of ions through neutrals at the end")
        figure.suptitle(f"Ambipolar diffusion, {self.nx} cells", fontsize=11)
        pictures.save(figure, path)


class AmbipolarPulse(_Diffusion):
    """Self-similar spreading of a field pulse through neutrals, with a front: B^m diffusion as three fluids.

    The field pushes the ions through neutrals that are too heavy to move, eta = B^2/(alpha rho_i rho_n). Ions that are only
    advected stay frozen in, rho_i ~ B and eta = D B (m = 2); where ionisation balance keeps their density eta = D B^2
    (m = 3), which takes `Ionisation`. Either way a pulse has a front beyond which there is no field, |x| = (C/k)^(1/2)
    tau^a, and the shape of Barenblatt (1952). D = 1 and the flux is 1.

    ``floor`` is the field (m = 2: with its ions) that stands outside of the front at m = 2, where there would be vacuum.
    """

    reference = ("Barenblatt 1952, Prikl. Mat. Mekh. 16, 67; Vazquez 2007, The Porous Medium Equation; "
                 "Brandenburg & Zweibel 1994, ApJ 427, L91")

    m = Parameter(3, "exponent: 2 ions only advected, 3 ionisation balance", choices=(2, 3))
    begin = Parameter(0.5, "age of the pulse at the start, with D = 1", above=0.0)
    t_end = Parameter(1.5, "length of the run", above=0.0)
    half_width = Parameter(4.0, "half the box", above=0.0)
    floor = Parameter(1e-4, "field outside of the front, m = 2", above=0.0)
    tolerance = Parameter(0.0, "relative L1 error of B that check allows; 0: 8/nx", min=0.0)

    @property
    def balanced(self):
        """bool: m = 3."""
        return self.m == 3

    def _axes(self):
        return ((-self.half_width, self.half_width, self.nx),)

    def magnetic(self, t, x):
        """Barenblatt's solution; no less than ``floor`` for m = 2."""
        found = diffusion.barenblatt(np.abs(x), self.begin + t, self.m, flux=1.0)
        return found if self.balanced else np.maximum(found, self.floor)

    def front(self, t):
        """float: where the front is."""
        return float(diffusion.barenblatt_front(self.begin + t, self.m, flux=1.0))

    def _smooth(self, t, x):
        return np.abs(x) < 0.8 * self.front(t)

    def check(self, run):
        """Error of B, flux, that the neutrals stood still, Gauss's law."""
        t, last = records(run)[-1]
        error = self.errors(last, t)
        limit = self.tolerance or 8.0 / self.nx
        return [
            Check("B against Barenblatt's solution, relative L1", error["all"], limit),
            Check("B away from the front (|x| < 0.8 of it), relative L1", error["smooth"], 0.25 * limit),
            Check("flux, relative change", self._flux_change(run), 1e-13),
            Check("velocity of neutrals over that of ions", float(np.abs(last["ux_neutral"]).max()
                  / np.abs(last["ux_ion"]).max()), 1e-6),
            *measures.constraint_checks(run.series),
        ]


class CurrentSheet(_Diffusion):
    """Current sheets at the nulls of a field that diffuses by ambipolar drift: B ~ x^(1/3).

    The drift carries field of both signs towards the null, where it has no drift left: with ion density kept by ionisation
    balance eta = D B^2 vanishes there and B steepens until B ~ x^(1/3), a current sheet without width (Brandenburg & Zweibel
    1994). start=sheet takes the solution B = X(x) T(t) that has this shape all the time and compares with it; start=sine has
    it form, from a gradient that is infinite at t = 1/(4 D k^2), and measures the exponent.
    """

    reference = "Brandenburg & Zweibel 1994, ApJ 427, L91"

    start = Parameter("sheet", "separable solution, or a sine that steepens", choices=("sheet", "sine"))
    t_end = Parameter(0.05, "length of the run; nulls are 1 apart and D = 1", above=0.0)
    tolerance = Parameter(0.0, "relative L1 error of B that check allows; 0: 5/nx", min=0.0)

    def _axes(self):
        # two sheets, nulls at x = 0 and 1
        return ((0.0, 2.0, self.nx),)

    def magnetic(self, t, x):
        """The separable solution; of a sine only the start."""
        if self.start == "sine" and t == 0.0:
            return np.sin(np.pi * x)
        return diffusion.separable_sheet(x, t, 3.0)

    def _smooth(self, t, x):
        return np.abs(x - np.round(x)) > 0.1

    def exponents(self, fields, t):
        """d ln B/d ln x from 5 cells to a quarter of the distance off the null at x = 0, and that of the separable
        solution in the same cells: (float, float)."""
        x, By = self.grid().centres(0), np.ravel(fields["By"])
        near = (x > 10.0 / self.nx) & (x < 0.25)
        return tuple(float(np.polyfit(np.log(x[near]), np.log(B[near]), 1)[0])
                     for B in (By, diffusion.separable_sheet(x, t, 3.0)))

    def check(self, run):
        """Error of B or the exponent at the null, flux, Gauss's law."""
        t, last = records(run)[-1]
        limit = self.tolerance or 5.0 / self.nx
        if self.start == "sine":
            found, sheet = self.exponents(last, t)
            checks = [Check("d ln B/d ln x at the null, off that of the sheet", abs(found - sheet), 0.08)]
        else:
            error = self.errors(last, t)
            checks = [Check("B against the separable sheet, relative L1", error["all"], limit),
                      Check("B away from the nulls, relative L1", error["smooth"], 0.5 * limit)]
        return [*checks, Check("flux, change over total |flux|", self._flux_change(run), 1e-13),
                *measures.constraint_checks(run.series)]

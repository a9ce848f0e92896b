"""Ambipolar diffusion of a straight field through neutrals at rest: a pulse with a front, and current sheets at nulls."""

import math

import numpy as np

from multifluid import Boundaries, Check, Drag, Grid, Ionisation, Isothermal, Maxwell, Parameter, Problem
from multifluid.errors import InputError
from multifluid.problems import measures, pictures
from multifluid.problems.sources.records import records
from multifluid.theory import diffusion
from multifluid.theory.diffusion_scheme import diffuse

MASS_RATIO = 1836.0
IONS = 1e-6  # density of ions at B = 1: their inertia is that of the field times 1e-6
NEUTRALS = 1e8  # so heavy that the field does not set them moving
TEMPERATURE = 1e-3  # pressure of the charged fluids 2e-9 of the field's at B = 1
D_I = 1e-9  # so small that ions are tied to the field rather than to the neutrals down to B = 1e-6
REPLACED = 1e4  # ionisation balance: recombinations of an ion per time


class _Diffusion(Problem):
    """d_t B = D d_x(B^(m-1) d_x B) as what ions, electrons and neutrals do."""

    converge_fields = ("B",)
    # eta_A dt/dx^2 up to 1.3 (0.3 in two dimensions); as much longer steps, and as much less dissipation of B
    drag_reach = 8.0
    drag_limits_dissipation = True  # eta_A vanishes at fronts and nulls

    reconstruction = "ppm"
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

    straight = "y"
    """str: direction of B."""

    def magnetic(self, t, x, y=0.0):
        """B of the exact solution."""
        raise NotImplementedError

    def exact(self, t, x, y, z):
        """The field, and the densities that go with it."""
        return self._state(self.magnetic(t, x, y))

    def _state(self, B):
        ions = IONS if self.balanced else IONS * B
        rest = (0.0, 0.0, 0.0)
        return {"ion": {"rho": ions, "u": rest}, "electron": {"rho": ions / MASS_RATIO, "u": rest},
                "neutral": {"rho": NEUTRALS, "u": rest}, "E": rest,
                "B": tuple(B if axis == self.straight else 0.0 for axis in "xyz")}

    def average(self, t, x, y=0.0):
        """Averages of the exact B over the cells about (x, y)."""
        grid, total, volume = self.grid(), 0.0, 0.0
        rules = [np.polynomial.legendre.leggauss(16) if ghosts else ([0.0], [1.0]) for ghosts in grid.ghosts[:2]]
        for p, w in zip(*rules[0], strict=True):
            place = x + 0.5 * grid.spacing[0] * p
            part = w * place if grid.cylindrical else w
            for q, v in zip(*rules[1], strict=True):
                total = total + v * part * self.magnetic(t, place, y + 0.5 * grid.spacing[1] * q)
                volume = volume + v * part
        return total / volume

    def initial(self, x, y, z):
        """Cell averages of the exact field at t = 0, all at rest: the drift is there after one step."""
        return self._state(self.average(0.0, x, y))

    def _field(self, fields):
        return fields[f"B{self.straight}"]

    def errors(self, fields, t):
        """L1 error of B over mean |B|: dict with "all" and, without the cells next to fronts and nulls, "smooth"."""
        x, y, _ = self.grid().mesh()
        exact = self.average(t, x, y)
        weight = np.broadcast_to(self.grid().volume, exact.shape)
        off, size, smooth = np.abs(self._field(fields) - exact) * weight, np.abs(exact) * weight, self._smooth(t, x, y)
        return {"all": float(off.sum() / size.sum()), "smooth": float(off[smooth].sum() / size[smooth].sum())}

    def _smooth(self, t, x, y):
        raise NotImplementedError

    def _flux_change(self, run):
        start, end = (self._field(found) * self.grid().volume for _, found in (records(run)[0], records(run)[-1]))
        return float(abs(end.sum() - start.sum()) / np.abs(start).sum())

    def plot(self, run, path):
        """B at the start, the middle and the end over the exact solution; the drift velocity of the ions."""
        found = records(run)
        x = self.grid().centres(0)
        row = self.grid().cells[1] // 2
        y = self.grid().centres(1)[row] if self.grid().ghosts[1] else 0.0
        fine = np.linspace(x[0], x[-1], 1200)
        figure, axes = pictures.subplots(1, 2, figsize=(10.0, 4.2))
        for n in (0, len(found) // 2, len(found) - 1):
            t, fields = found[n]
            axes[0, 0].plot(fine, self.magnetic(t, fine, y), color="k", linewidth=0.8)
            axes[0, 0].plot(x, self._field(fields)[0, row], "o", markersize=2.2, label=f"t = {t:.3g}")
        axes[0, 0].set(xlabel="x", title="B (lines: exact)")
        axes[0, 0].legend(fontsize=9)
        axes[0, 1].plot(x, (found[-1][1]["ux_ion"] - found[-1][1]["ux_neutral"])[0, row], linewidth=1.0)
        axes[0, 1].set(xlabel="x", title="drift of ions through neutrals at the end")
        figure.suptitle(f"Ambipolar diffusion, {self.nx} cells", fontsize=11)
        pictures.save(figure, path)


class AmbipolarPulse(_Diffusion):
    """Self-similar spreading of a field pulse through neutrals, with a front: B^m diffusion as three fluids.

    The field pushes the ions through neutrals that are too heavy to move, eta = B^2/(alpha rho_i rho_n). Ions that are only
    advected stay frozen in, rho_i ~ B and eta = D B (m = 2); where ionisation balance keeps their density eta = D B^2
    (m = 3), which takes `Ionisation`. Either way a pulse has a front beyond which there is no field, |x| = (C/k)^(1/2)
    tau^a, and the shape of Barenblatt (1952). D = 1 and the flux is 1.

    The field is that of a sheet (geometry=plane) or of a straight cylinder: in rings of r (geometry=cylinder, which takes
    reconstruction=plm) or in a square (geometry=square). ``floor`` is the field (m = 2: with its ions) that stands outside
    of the front at m = 2, where there would be vacuum.

    A front on a grid holds a flux of order dx^(1 + 1/(m-1)) too much, which the inside lacks: for m = 3 the errors inside
    fall with dx^(3/2) once this has spread there, sooner with dx^2. Every scheme has this whose fluxes do not add up to a
    difference of B^m/m (`multifluid.theory.diffusion_scheme`); `check` compares with one.
    """

    reference = ("Barenblatt 1952, Prikl. Mat. Mekh. 16, 67; Vazquez 2007, The Porous Medium Equation; "
                 "Brandenburg & Zweibel 1994, ApJ 427, L91")

    m = Parameter(3, "exponent: 2 ions only advected, 3 ionisation balance", choices=(2, 3))
    begin = Parameter(0.5, "age of the pulse at the start, with D = 1", above=0.0)
    t_end = Parameter(1.5, "length of the run", above=0.0)
    geometry = Parameter("plane", "sheet, rings about an axis, or a square", choices=("plane", "cylinder", "square"))
    width = Parameter(1.25, "half the box", unit="radius of the front at t_end", above=1.0)
    floor = Parameter(1e-4, "field outside of the front, m = 2", above=0.0)
    tolerance = Parameter(0.0, "relative L1 error of B that check allows; 0: by the cells", min=0.0)

    @property
    def balanced(self):
        """bool: m = 3."""
        return self.m == 3

    @property
    def drag_limits_dissipation(self):
        """bool: m = 3. Where B falls to 0 in a straight line (m = 2) errors fall faster without."""
        return self.balanced

    @property
    def straight(self):
        """str: direction of B."""
        return "y" if self.geometry == "plane" else "z"

    def grid(self):
        """nx cells across the box, in rings from the axis to its edge."""
        half = self.width * self.front(self.t_end)
        side = (-half, half, self.nx)
        if self.geometry == "cylinder":
            return Grid((0.0, half, self.nx), geometry="cylindrical")
        return Grid(side) if self.geometry == "plane" else Grid(side, side)

    def boundaries(self):
        """Periodic, or from the axis to a conductor, which keeps the flux."""
        return Boundaries(x=("axis", "conductor")) if self.geometry == "cylinder" else Boundaries()

    @property
    def _pulse(self):
        return {"m": self.m, "dimension": 1 if self.geometry == "plane" else 2, "flux": 1.0}

    def magnetic(self, t, x, y=0.0):
        """Barenblatt's solution; no less than ``floor`` for m = 2."""
        found = diffusion.barenblatt(self._radius(x, y), self.begin + t, **self._pulse)
        return found if self.balanced else np.maximum(found, self.floor)

    def _radius(self, x, y):
        return np.hypot(x, y) if self.geometry == "square" else np.abs(x)

    def front(self, t):
        """float: where the front is."""
        return float(diffusion.barenblatt_front(self.begin + t, **self._pulse))

    def _smooth(self, t, x, y):
        return self._radius(x, y) < 0.8 * self.front(t)

    def compact_errors(self, flux="resistivity"):
        """`errors` at t_end of a compact scheme for the diffusion equation alone, on the same grid from the same start.

        Parameters
        ----------
        flux : {"resistivity", "gradient"}
            As in `multifluid.theory.diffusion_scheme.diffuse`.

        Returns
        -------
        dict
        """
        if self.geometry == "square":
            raise InputError("geometry = square has no compact scheme to compare with: take plane or cylinder")
        x, y, _ = self.grid().mesh()
        start = self.average(0.0, x, y)
        end = diffuse(start.ravel(), self.grid().faces(0), self.t_end, self.m, self._pulse["dimension"], flux)
        return self.errors({f"B{self.straight}": end.reshape(start.shape)}, self.t_end)

    def check(self, run):
        """Error of B, flux, that the neutrals stood still, Gauss's law."""
        t, last = records(run)[-1]
        error = self.errors(last, t)
        cells, two = self.front(t) / self.grid().spacing[0], 1.0 if self.geometry == "plane" else 2.0
        return [
            *self._against_compact(error),
            Check("B against Barenblatt's solution, relative L1", error["all"], self.tolerance or two * 0.25 / cells),
            Check("B inside of 0.8 of the front, relative L1", error["smooth"],
                  self.tolerance or two * 0.5 / cells**1.5),
            Check("flux, relative change", self._flux_change(run), 1e-13),
            Check("velocity of neutrals over that of ions", float(np.abs(last["ux_neutral"]).max()
                  / np.abs(last["ux_ion"]).max()), 1e-6),
            *measures.constraint_checks(run.series),
        ]

    def _against_compact(self, error):
        # m = 2: the compact scheme has no error of the front at all, and the floor is left to compare
        if not self.balanced or self.geometry == "square":
            return []
        compact = self.compact_errors()
        # a stencil twice as wide: up to four times the error where it is of second order
        return [Check("error of B over that of a compact scheme", error["all"] / compact["all"], 3.0),
                Check("the same inside of 0.8 of the front", error["smooth"] / compact["smooth"], 6.0)]


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
    tolerance = Parameter(0.0, "relative L1 error of B that check allows; 0: 2/nx", min=0.0)

    def grid(self):
        """Two sheets, with nulls at x = 0 and 1."""
        return Grid((0.0, 2.0, self.nx))

    def magnetic(self, t, x, y=0.0):
        """The separable solution; of a sine only the start."""
        if self.start == "sine" and t == 0.0:
            return np.sin(np.pi * x)
        return diffusion.separable_sheet(x, t, 3.0)

    def _smooth(self, t, x, y):
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
        limit = self.tolerance or 2.0 / self.nx
        if self.start == "sine":
            found, sheet = self.exponents(last, t)
            checks = [Check("d ln B/d ln x at the null, off that of the sheet", abs(found - sheet), 0.05)]
        else:
            error = self.errors(last, t)
            checks = [Check("B against the separable sheet, relative L1", error["all"], limit),
                      Check("B away from the nulls, relative L1", error["smooth"], 0.5 * limit)]
        return [*checks, Check("flux, change over total |flux|", self._flux_change(run), 1e-13),
                *measures.constraint_checks(run.series)]

"""E x B and diamagnetic drift in a density gradient."""

from functools import cached_property

import numpy as np
from scipy.signal.windows import blackmanharris

from multifluid import Check, Cold, FiveMoment, Grid, InputError, Isothermal, Maxwell, Parameter, Problem
from multifluid.problems import ion_electron, measures, pictures
from multifluid.problems.sources.records import records

NAMES = ("ion", "electron")


class Diamagnetic(Problem):
    """E x B and diamagnetic drift of ions and electrons in a density gradient across B, cell by cell.

    A slab, periodic along x, B = B(x) along z, n_i = n (1 + gradient cos k x), k = 2 pi, temperatures uniform. A field
    E_x(x) = E_1 (1 + 0.5 sin k x) is there from the start. With

        u_s = E x B/B^2 - grad p_s x B/(q_s n_s B^2)                                                      (5.56)
        eps0 d_x E_x = e (n_i - n_e),      p_i + p_e + B^2/2 mu0 - eps0 E^2/2 = const

    this is an exact steady state of the full equations, for any closure: velocities along y do not change along y.
    start=equilibrium: it must stay. start=rest: the same n, p, B and E, but matter at rest, so that neither force is
    balanced. Momentum of matter and field along y is kept in every cell, and the drifts of (5.56) come about with another E:

        E_x (sum_s rho_s + eps0 B^2) = sum_s (m_s/q_s) d_x p_s + eps0 B^2 E_x(0)

    so that a plasma much heavier than its field makes itself an E that holds its ions. Steps that resolve plasma
    oscillations and gyration have these about the drifts, and the mean over the records has to keep (5.56); others damp
    them. (The mean needs some twenty periods of the slower one: t_end=4 at d_i = 0.1, c = 10.)
    ``exb`` is the E x B speed where E = E_1, over the largest diamagnetic drift of the ions (of the electrons for cold
    ions). Units: rho = 1, B = 1 in vacuum, mu0 = 1; lengths in wavelengths, times in wavelengths/v_A.
    """

    reference = ("Chen 2016, Introduction to Plasma Physics and Controlled Fusion, vol. 1, section 3.4: fluid drifts "
                 "perpendicular to B")
    converge_fields = ("rho", "u", "p", "B")

    reconstruction = "ppm"
    nx = Parameter(32, "cells per wavelength", min=8)
    start = Parameter("equilibrium", "drifts there from the start, or matter at rest", choices=("equilibrium", "rest"))
    gradient = Parameter(0.3, "amplitude of the density, relative", above=0.0, max=0.9)
    beta_ion = Parameter(0.2, "mean pressure of ions over B^2/2 mu0; 0: cold", min=0.0)
    beta_electron = Parameter(0.1, "mean pressure of electrons over B^2/2 mu0; 0: cold", min=0.0)
    exb = Parameter(1.0, "E x B speed over diamagnetic drift")
    d_i = Parameter(0.01, "ion inertial length", unit="wavelength", above=0.0)
    c = Parameter(100.0, "speed of light", unit="v_A", above=1.0)
    mass_ratio = Parameter(1836.0, "ion to electron mass", above=1.0)
    closure = Parameter("isothermal", "closure of fluids that are not cold", choices=("isothermal", "five-moment"))
    t_end = Parameter(1.0, "length of the run", unit="wavelength/v_A", above=0.0)
    tolerance = Parameter(0.0, "error of the drifts over the largest one that check allows; 0: 1/nx^2 with ppm, "
                          "2/nx with plm; that of E_x may be 2.5 times as large", min=0.0)

    def validate(self):
        """Some fluid must be hot, and the field must hold both."""
        if self.beta_ion + self.beta_electron == 0.0:
            raise InputError("parameter beta_ion, beta_electron: there is no diamagnetic drift if both are 0")
        if (self.beta_ion + self.beta_electron) * (1.0 + self.gradient) >= 1.0:
            raise InputError("parameter beta_ion, beta_electron: the field cannot hold a pressure of "
                             "(beta_ion + beta_electron)(1 + gradient) B^2/2 >= B^2/2; lower them")

    # -- set-up -------------------------------------------------------------------------------------------------

    @cached_property
    def _plain(self):
        return ion_electron.fluids(self.d_i, self.mass_ratio, 5.0 / 3.0)

    @cached_property
    def _temperatures(self):
        n = ion_electron.mass_shares(self.mass_ratio)[0]
        return np.array([self.beta_ion, self.beta_electron]) / (2.0 * n)

    def fluids(self):
        """Ions and electrons."""
        return [self._fluid(f, T) for f, T in zip(self._plain, self._temperatures, strict=True)]

    def _fluid(self, fluid, temperature):
        if temperature == 0.0:
            return Cold(fluid.name, fluid.mass, fluid.charge)
        if self.closure == "five-moment":
            return FiveMoment(fluid.name, fluid.mass, fluid.charge)
        return Isothermal(fluid.name, fluid.mass, fluid.charge, temperature=temperature)

    def field(self):
        """Maxwell's equations with mu0 = 1."""
        return Maxwell(self.c)

    def grid(self):
        """One wavelength along x."""
        return Grid((0.0, 1.0, self.nx))

    @property
    def output_interval(self):
        """Often enough for means over the records."""
        return self.t_end / (400 if self.start == "rest" else 40)

    # -- equilibrium --------------------------------------------------------------------------------------------

    @cached_property
    def _field_size(self):
        """E_1: of an E x B drift -E/B along y."""
        hot = 0 if self._temperatures[0] > 0.0 else 1
        x = np.linspace(0.0, 1.0, 400)
        slope = self._temperatures[hot] * self._ions(x, 1)
        return self.exb * float(np.abs(slope / (self._plain[hot].charge * self._ions(x))).max())

    def _ions(self, x, order=0):
        """n_i, or its derivative."""
        n, k = ion_electron.mass_shares(self.mass_ratio)[0], 2.0 * np.pi
        return n * (1.0 + self.gradient * np.cos(k * x)) if order == 0 else -n * self.gradient * k * np.sin(k * x)

    def _electric(self, x):
        return self._field_size * (1.0 + 0.5 * np.sin(2.0 * np.pi * x))

    @property
    def _weights(self):
        return (0.5, 0.0) if self.reconstruction == "plm" else (2.0 / 3.0, -1.0 / 12.0)

    def _slope(self, line):
        """d_x of a periodic line by the derivative of the grid."""
        near, far = self._weights
        return self.nx * (near * (np.roll(line, -1) - np.roll(line, 1)) + far * (np.roll(line, -2) - np.roll(line, 2)))

    def _net(self, x, order):
        """n_i - n_e = eps0 E'/e by the derivative of the grid, or its own derivative."""
        near, far = self._weights
        h, k = 1.0 / self.nx, 2.0 * np.pi
        wavenumber = 2.0 * (near * np.sin(k * h) + far * np.sin(2.0 * k * h)) / h
        size = 0.5 * self.field().eps0 * self._field_size * wavenumber / self._plain[0].charge
        return size * np.cos(k * x) if order == 0 else -k * size * np.sin(k * x)

    def exact(self, t, x, y, z):
        """The equilibrium; None for a start from rest."""
        return self.equilibrium(x, y, z) if self.start == "equilibrium" else None

    def equilibrium(self, x, y, z):
        """The state in which nothing changes, keyed as `initial`."""
        x = x + 0.0 * (y + z)
        E, eps0 = self._electric(x), self.field().eps0
        n = [self._ions(x), self._ions(x) - self._net(x, 0)]
        slopes = [self._ions(x, 1), self._ions(x, 1) - self._net(x, 1)]
        pressure = sum(T * density for T, density in zip(self._temperatures, n, strict=True))
        B = np.sqrt(1.0 - 2.0 * pressure + eps0 * (E**2 - self._field_size**2))
        state = {"E": (E, 0.0, 0.0), "B": (0.0, 0.0, B)}
        for fluid, T, density, slope in zip(self._plain, self._temperatures, n, slopes, strict=True):
            state[fluid.name] = {"rho": fluid.mass * density,
                                 "u": (0.0, -E / B + T * slope / (fluid.charge * density * B), 0.0)}
            if T > 0.0 and self.closure == "five-moment":
                state[fluid.name]["p"] = T * density
        return state

    def initial(self, x, y, z):
        """The equilibrium, or the same with matter at rest."""
        state = self.equilibrium(x, y, z)
        if self.start == "rest":
            for name in NAMES:
                state[name]["u"] = (0.0, 0.0, 0.0)
        return state

    # -- measuring ----------------------------------------------------------------------------------------------

    def drifts(self, fields):
        """(found, formula): u_y of ions and electrons (2, nx) in a record, and (5.56) with the record's own E, B, n, p."""
        line = {name: np.ravel(data) for name, data in fields.items()}
        found, formula = [], []
        for fluid, slope in zip(self._plain, self._slopes(line), strict=True):
            charge = fluid.charge / fluid.mass * line[f"rho_{fluid.name}"]
            found.append(line[f"uy_{fluid.name}"])
            formula.append((slope / charge - line["Ex"]) / line["Bz"])
        return np.array(found), np.array(formula)

    def _slopes(self, line):
        """d_x p of ions and electrons in a record."""
        return [self._slope(line[f"p_{name}"]) for name in NAMES]

    def field_of(self, fields):
        """(found, formula): E_x (nx,) of a record, and what momentum along y makes of it."""
        line, x = {name: np.ravel(data) for name, data in fields.items()}, self.grid().centres(0)
        if self.start == "equilibrium":
            return line["Ex"], self._electric(x)
        inertia = self.field().eps0 * line["Bz"] ** 2
        push = inertia * self._electric(x)
        for fluid, slope in zip(self._plain, self._slopes(line), strict=True):
            push = push + slope * fluid.mass / fluid.charge
            inertia = inertia + line[f"rho_{fluid.name}"]
        return line["Ex"], push / inertia

    def mean(self, measure, run):
        """Mean of `drifts` or `field_of` over the records of a run but for the first quarter, with a window that
        oscillations do not pass: (found, formula)."""
        found = records(run)
        late = [measure(fields) for _, fields in found[len(found) // 4:]]
        window = blackmanharris(len(late), sym=True)
        return tuple(np.tensordot(window / window.sum(), [pair[i] for pair in late], 1) for i in (0, 1))

    def errors(self, run):
        """Largest error in any cell of the drift of ions, of electrons (over the largest drift) and of E_x (over the field
        of an E x B drift as large): dict of float."""
        (found, formula), (E, exact) = self.mean(self.drifts, run), self.mean(self.field_of, run)
        size = np.abs(formula).max()
        wrong = np.abs(found - formula).max(axis=1) / size
        return {"ion": float(wrong[0]), "electron": float(wrong[1]), "E": float(np.abs(E - exact).max() / size)}

    def check(self, run):
        """Drifts against (5.56), E, density; Gauss's law, div B, masses."""
        limit = self.tolerance or (1.0 / self.nx**2 if self.reconstruction == "ppm" else 2.0 / self.nx)
        errors = self.errors(run)
        checks = [Check(f"drift of {name}s against E x B + diamagnetic drift, largest error/largest drift", errors[name],
                        limit) for name in NAMES]
        checks.append(Check("E_x, largest error/(largest drift B)", errors["E"], 2.5 * limit))
        return [*checks, *measures.constraint_checks(run.series), *measures.mass_checks(run.series)]

    def plot(self, run, path):
        """Drift of both fluids on (5.56), with its two parts."""
        found, formula = self.mean(self.drifts, run)
        last = {name: np.ravel(data) for name, data in records(run)[-1][1].items()}
        x, exb = self.grid().centres(0), -last["Ex"] / last["Bz"]
        figure, axes = pictures.subplots(1, 3, figsize=(12.5, 3.8))
        for name in ("rho_ion", "Bz", "Ex"):
            data = last[name]
            axes[0, 0].plot(x, data / np.abs(data).max(), label={"rho_ion": r"$\rho_i$", "Bz": "$B_z$", "Ex": "$E_x$"}[name])
        axes[0, 0].set(title="over the largest", xlabel="x")
        for ax, s, name in zip(axes[0, 1:], (0, 1), NAMES, strict=True):
            ax.plot(x, formula[s], "C3", linewidth=1.2, label=r"$E\times B$ + diamagnetic")
            ax.plot(x, exb, "C0--", linewidth=0.8, label=r"$E\times B$")
            ax.plot(x, formula[s] - exb, "C2:", linewidth=1.0, label="diamagnetic")
            ax.plot(x, found[s], "ko", markersize=3, fillstyle="none", label="run")
            ax.set(title=f"$u_y$ of {name}s  $/v_A$", xlabel="x")
        for ax in axes[0]:
            ax.legend(fontsize=7)
        pictures.save(figure, path)

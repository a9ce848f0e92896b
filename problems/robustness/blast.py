"""A blast into a near-vacuum ruled by its magnetic field."""

from math import sqrt

import numpy as np

from multifluid import Check, Grid, Maxwell, Parameter, Problem
from multifluid.problems import ion_electron, measures

RADIUS = 0.1


class Blast(Problem):
    """Strong-field blast of two fluids: a dense hot cylinder bursts into a magnetised near-vacuum.

    At rest on the periodic square [-1/2, 1/2]^2, B = 1 along x:

        r < 0.1     rho = 1,                  p = pressure_ratio p_ambient
        elsewhere   rho = 1/density_ratio,    p_ambient = beta B^2/2

    The gas pushes the field aside and streams out along it. In the ambient the energy of the field is 1/beta times
    that of the gas, so a relative error of beta in the field's work makes the pressure negative, and the density falls
    by density_ratio across one cell. Codes often survive this by floors; here they are off unless asked for.

    Code units, mu0 = 1: lengths in box sizes, the Alfven speed of the cylinder is 1, that of the ambient
    sqrt(density_ratio). d_i = (m_i/q_i)/sqrt(rho) at the total density rho = 1; in the ambient it is
    sqrt(density_ratio) longer.

    `check`: the state is finite and positive; both masses, div B and Gauss's law; how often a step was redone or
    halved or took cells to first order, and floors (none); and the two symmetries that the equations keep with B along
    x, whatever the Hall effect does: the mirror x -> -x, and the rotation by 180 degrees about the x axis. Total
    energy: see `orszag_tang`; the loss falls with the cell size.

    Gauss's law cannot be kept where electrons are nearly absent: the charge flux is then limited to keep their density
    positive. This happens once the ambient's ion inertial length approaches the box, d_i = 1e-2 at the default ratio.
    """

    reference = (
        "Balsara & Spicer 1999, J. Comput. Phys. 149, 270 (strong-field blast in MHD); "
        "Gardiner & Stone 2005, J. Comput. Phys. 205, 509"
    )

    nx = Parameter(128, "cells along each axis", min=16)
    beta = Parameter(1e-4, "gas pressure over magnetic pressure in the ambient", above=0.0)
    density_ratio = Parameter(1e4, "density of the cylinder over that of the ambient", above=0.0)
    pressure_ratio = Parameter(1e6, "pressure of the cylinder over that of the ambient", above=0.0)
    c = Parameter(1000.0, "speed of light", unit="Alfven speed of the cylinder", above=0.0)
    d_i = Parameter(1e-6, "ion inertial length at unit total density", unit="box size", above=0.0)
    mass_ratio = Parameter(1836.0, "ion mass over electron mass", min=1.0)
    gamma = Parameter(5.0 / 3.0, "adiabatic index of both fluids", above=1.0)
    t_end = Parameter(0.012, "end of the run", above=0.0)

    def grid(self):
        return Grid(x=(-0.5, 0.5, self.nx), y=(-0.5, 0.5, self.nx))

    def fluids(self):
        return ion_electron.fluids(self.d_i, self.mass_ratio, self.gamma)

    def field(self):
        return Maxwell(self.c)

    def initial(self, x, y, z):
        inside = x**2 + y**2 < RADIUS**2
        rho = np.where(inside, 1.0, 1.0 / self.density_ratio)
        p = 0.5 * self.beta * np.where(inside, self.pressure_ratio, 1.0)
        ion, electron = ion_electron.mass_shares(self.mass_ratio)
        return {
            "ion": {"rho": ion * rho, "u": (0.0, 0.0, 0.0), "p": p / 2},
            "electron": {"rho": electron * rho, "u": (0.0, 0.0, 0.0), "p": p / 2},
            "E": (0.0, 0.0, 0.0),
            "B": (1.0, 0.0, 0.0),
        }

    def check(self, run):
        series, steps = run.series, run.simulation.step_count
        updates = self.nx**2 * steps
        mirror = measures.asymmetry(run, flips=(1,), odd="x", magnetic="yz")
        rotation = measures.asymmetry(run, flips=(0,), odd="yz", magnetic="yz")
        energy_limit = 0.5 / self.nx + 0.5 * self.d_i * sqrt(self.density_ratio)
        return [
            *(Check(f"lowest {what} of {s}s over its ambient value", self._lowest(run, what, s), 1e-3, kind="min")
              for s in ("ion", "electron") for what in ("rho", "p")),
            *measures.constraint_checks(series),
            *measures.mass_checks(series),
            Check("total energy, relative change", measures.relative_change(series, "energy_total"), energy_limit),
            Check("asymmetry under x -> -x", mirror, 1e-9),
            Check("asymmetry under rotation by 180 degrees about x", rotation, 1e-9),
            Check("steps redone, share of all", measures.last(series, "retries") / steps, 0.05),
            Check("steps redone with half the size, share of all", measures.last(series, "halved") / steps, 0.05),
            Check("cells taken to first order, share of all", measures.last(series, "fallbacks") / updates, 0.01),
            Check("floors used", measures.last(series, "floors"), 0),
        ]  # fmt: skip

    def _lowest(self, run, what, species):
        """Lowest density or pressure of a fluid now, over what the ambient has."""
        shares = dict(zip(("ion", "electron"), ion_electron.mass_shares(self.mass_ratio), strict=True))
        ambient = {"rho": shares[species] / self.density_ratio, "p": 0.25 * self.beta}
        return float(np.min(run[f"{what}_{species}"])) / ambient[what]

    def plot(self, run, path):
        from multifluid.plotting import pyplot, take_snapshot
        from multifluid.problems import pictures

        snapshot = take_snapshot(run)
        fields = {name: snapshot.profile(name) for name in snapshot.fields}
        x, y, log = snapshot.axes["x"], snapshot.axes["y"], pyplot().matplotlib.colors.LogNorm
        strength = np.sqrt(fields["Bx"] ** 2 + fields["By"] ** 2 + fields["Bz"] ** 2)
        along = ion_electron.bulk_velocity(fields, "x")
        limit = float(np.max(np.abs(along))) or 1.0
        figure, axes = pictures.subplots(2, 2, figsize=(10, 9.2), sharex=True, sharey=True)
        pictures.image(figure, axes[0, 0], x, y, ion_electron.total_density(fields), r"density  $\rho_i + \rho_e$",
                       norm=log())  # fmt: skip
        pictures.image(figure, axes[0, 1], x, y, ion_electron.total_pressure(fields), r"pressure  $p_i + p_e$",
                       norm=log(), cmap="inferno")  # fmt: skip
        pictures.image(figure, axes[1, 0], x, y, strength, r"magnetic field  $|B|$", cmap="cividis")
        pictures.field_lines(axes[1, 0], x, y, fields["Bx"], fields["By"])
        pictures.image(figure, axes[1, 1], x, y, along, r"velocity  $u_x$", cmap="RdBu_r", vmin=-limit, vmax=limit)
        for ax in axes[1]:
            ax.set_xlabel("$x$")
        for ax in axes[:, 0]:
            ax.set_ylabel("$y$")
        redone, floors = (round(measures.last(snapshot.series, name)) for name in ("retries", "floors"))
        figure.suptitle(
            f"Two-fluid blast into a near-vacuum, $t = {snapshot.t:g}$:  steps redone {redone}, floors {floors}\n"
            rf"$\beta = {pictures.number(self.beta)}$,  density ratio ${pictures.number(self.density_ratio)}$,  "
            rf"pressure ratio ${pictures.number(self.pressure_ratio)}$,  "
            rf"$c = {pictures.number(self.c)}$,  $d_i = {pictures.number(self.d_i)}$",
            fontsize=12,
        )
        pictures.save(figure, path)

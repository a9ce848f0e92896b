"""Brio and Wu's shock tube with ions, electrons and the full Maxwell equations."""

from importlib.resources import files

import numpy as np

from multifluid import Boundaries, Check, Grid, InputError, Maxwell, Parameter, Problem, TenMoment
from multifluid.problems import ion_electron, measures

MHD_GAMMA, MHD_TIME = 2.0, 0.1  # of the packaged profile
MHD_D_I = 1e-5  # ions tied to the field at every scale of the grid
BX = 0.75


class BrioWu(Problem):
    """Brio-Wu shock tube of two fluids: ideal MHD as d_i -> 0, two-fluid waves where d_i is resolved.

    A diaphragm at x = 1/2 parts two gases at rest, the field across it turning over:

        left  rho = 1,     p = 1,   B_y = 1
        right rho = 0.125, p = 0.1, B_y = -1,     B_x = 0.75, gamma = 2

    rho = rho_i + rho_e and p = p_i + p_e, shared so that n_i = n_e and T_i = T_e. Ideal MHD makes of it, from the left,
    a fast rarefaction, a compound wave, a contact, a slow shock and a fast rarefaction. With a d_i that the grid
    resolves, whistlers run ahead of the shocks.

    Code units, mu0 = 1: velocities are in units of sqrt(p/rho) of the left state. d_i = (m_i/q_i)/sqrt(rho) at the
    total density rho = 1; the electron skin depth there is d_i/sqrt(mass_ratio + 1), the Alfven speed of B = 1 is 1.

    With model=ten both fluids keep their whole pressure tensor, which relaxes to isotropy at the rate `isotropisation`;
    where that is much faster than the flow the tube is the one of gamma = 5/3.

    `check` holds rho and B_y against ideal MHD (3200 cells, packaged) where the plasma is in that limit
    (d_i <= 1e-5 at nx = 400, gamma = 2, t_end = 0.1), and both masses, as nothing has reached the open ends by then.
    Otherwise there is no closed answer, and light and whistlers do leave the tube: it then holds Gauss's law and B_x,
    and that the run needed no help. The field's jump starts without its current; with a d_i near the length of the tube
    the light that this sends out is as strong as the field.
    """

    reference = (
        "Brio & Wu 1988, J. Comput. Phys. 75, 400 (the problem); "
        "Shumlak & Loverich 2003, J. Comput. Phys. 187, 620 (with two fluids)"
    )

    nx = Parameter(400, "cells", min=16)
    c = Parameter(1000.0, "speed of light", unit="sqrt(p/rho) left", above=0.0)
    d_i = Parameter(1e-6, "ion inertial length at unit total density", unit="length of the tube", above=0.0)
    mass_ratio = Parameter(1836.0, "ion mass over electron mass", min=1.0)
    gamma = Parameter(2.0, "adiabatic index of both fluids", above=1.0)
    model = Parameter("five", "moments of ions and of electrons", choices=("five", "ten"))
    isotropisation = Parameter(0.0, "ten moments: rate at which pressures become isotropic", min=0.0)
    t_end = Parameter(0.1, "end of the run", above=0.0)

    def validate(self):
        if self.model == "ten" and abs(self.gamma - 5.0 / 3.0) > 1e-4:
            raise InputError(f"brio_wu: ten moments have gamma = 5/3, not {self.gamma:g}; give gamma=1.66667 with model=ten")
        if self.model == "five" and self.isotropisation:
            raise InputError("brio_wu: isotropisation is of ten moments; leave it out or choose model=ten")

    def grid(self):
        return Grid(x=(0.0, 1.0, self.nx))

    def fluids(self):
        fluids = ion_electron.fluids(self.d_i, self.mass_ratio, self.gamma)
        if self.model == "ten":
            return [TenMoment(f.name, f.mass, f.charge, isotropisation=self.isotropisation) for f in fluids]
        return fluids

    def field(self):
        return Maxwell(self.c)

    def boundaries(self):
        return Boundaries(x="open")

    def initial(self, x, y, z):
        left = x < 0.5
        rho, p = np.where(left, 1.0, 0.125), np.where(left, 1.0, 0.1)
        ion, electron = ion_electron.mass_shares(self.mass_ratio)
        return {
            "ion": {"rho": ion * rho, "u": (0.0, 0.0, 0.0), "p": p / 2},
            "electron": {"rho": electron * rho, "u": (0.0, 0.0, 0.0), "p": p / 2},
            "E": (0.0, 0.0, 0.0),
            "B": (BX, np.where(left, 1.0, -1.0), 0.0),
        }

    def mhd_profile(self):
        """Ideal MHD at t = 0.1 for gamma = 2.

        Returns
        -------
        dict of str to ndarray
            x, rho, ux, uy, p, By in 3200 cells.
        """
        with files("multifluid").joinpath("data/brio_wu_mhd.npz").open("rb") as file, np.load(file) as data:
            return dict(data)

    def mhd_errors(self, run):
        """L1 distance of a run at t = 0.1 from ideal MHD, mean |run - cell average|, of "rho" and "By".

        Parameters
        ----------
        run : Result

        Returns
        -------
        dict of str to float
        """
        profile, found = self.mhd_profile(), {"rho": ion_electron.total_density(run), "By": run["By"]}
        averages = {name: cell_averages(profile[name], self.nx) for name in found}
        return {name: float(np.mean(np.abs(found[name] - averages[name]))) for name in found}

    def check(self, run):
        checks = [
            *measures.constraint_checks(run.series),
            Check("B_x, max change", float(np.max(np.abs(run["Bx"] - BX))), 1e-14),
            Check("floors used", measures.last(run.series, "floors"), 0),
            Check("steps redone, share of all", measures.last(run.series, "retries") / run.simulation.step_count, 0.01),
        ]
        if self.in_mhd_limit:
            errors = self.mhd_errors(run)
            checks += [
                *measures.mass_checks(run.series),
                Check("rho against ideal MHD, L1", errors["rho"], 0.0048),
                Check("B_y against ideal MHD, L1", errors["By"], 0.0068),
            ]
            if self.light == "screen" and self.cfl >= 0.4:
                checks.append(Check("steps", run.simulation.step_count, 620))
        return checks

    @property
    def in_mhd_limit(self):
        """Whether `check` may hold the run against ideal MHD."""
        return self.d_i <= MHD_D_I and (self.nx, self.gamma, self.t_end) == (400, MHD_GAMMA, MHD_TIME)

    def plot(self, run, path):
        from multifluid.plotting import COLOURS, take_snapshot
        from multifluid.problems import pictures

        snapshot = take_snapshot(run)
        fields, x = {name: snapshot.profile(name) for name in snapshot.fields}, snapshot.axes["x"]
        lines = {
            "rho": (r"density  $\rho_i + \rho_e$", ion_electron.total_density(fields)),
            "ux": (r"velocity  $u_x$", ion_electron.bulk_velocity(fields, "x")),
            "By": (r"magnetic field  $B_y$", fields["By"]),
            "p": (r"pressure  $p_i + p_e$", ion_electron.total_pressure(fields)),
        }
        mhd = self.mhd_profile() if self.gamma == MHD_GAMMA and abs(snapshot.t - MHD_TIME) < 1e-9 else None
        figure, axes = pictures.subplots(2, 2, figsize=(10.4, 6.6), sharex=True)
        for ax, colour, (name, (title, line)) in zip(axes.flat, COLOURS, lines.items(), strict=False):
            ax.plot(x, line, "o" if mhd is not None else "-", color=colour, markersize=3.6, markeredgewidth=0,
                    linewidth=1.3, label=f"ions + electrons, {self.nx} cells")  # fmt: skip
            if mhd is not None:
                ax.plot(mhd["x"], mhd[name], color="black", linewidth=0.8, zorder=3, label="ideal MHD, 3200 cells")
            ax.spines[["top", "right"]].set_visible(False)
            ax.grid(color="0.92", linewidth=0.6)
            ax.set_axisbelow(True)
            ax.set_title(title, fontsize=11)
            ax.set_xlim(0, 1)
        axes[0, 0].legend(frameon=False, fontsize=9, markerscale=2)
        for ax in axes[1]:
            ax.set_xlabel("$x$")
        steps = len(snapshot.series["t"]) - 1
        stride = self.c * np.median(snapshot.series["dt"]) * self.nx
        figure.suptitle(
            f"Brio-Wu shock tube, two fluids and Maxwell, $t = {snapshot.t:g}$\n"
            f"$c = {pictures.number(self.c)}$,  $d_i = {pictures.number(self.d_i)}$,  "
            rf"$m_i/m_e = {self.mass_ratio:g}$:  {steps} steps,  $c\,\Delta t/\Delta x = {stride:.3g}$",
            fontsize=12,
        )
        pictures.save(figure, path)


def cell_averages(profile, cells):
    """Averages of a piecewise constant profile on [0, 1] over equal cells of another number."""
    total = np.concatenate([[0.0], np.cumsum(profile)]) / len(profile)
    at_faces = np.interp(np.linspace(0, 1, cells + 1), np.linspace(0, 1, len(profile) + 1), total)
    return np.diff(at_faces) * cells

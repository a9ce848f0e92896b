"""The ideal limit: shock tube, vortex and rotor as d_i -> 0, against an ideal-MHD code of the same order on the same grid.

Both are held against a finer ideal-MHD answer (`multifluid.problems.ideal_mhd`). What two fluids and Maxwell's equations
cost beyond MHD is the ratio of the two errors.
"""

from functools import partial

import numpy as np

from multifluid import Simulation
from multifluid.benchmark.ideal_reference import PROBLEMS, ideal_run
from multifluid.benchmark.study import Column, Study
from multifluid.plotting import COLOURS
from multifluid.problem import Check
from multifluid.problems import ion_electron
from multifluid.problems.ideal_mhd import answer, distances
from multifluid.problems.shocks.brio_wu import BrioWu
from multifluid.theory.mhd_1d import brio_wu

__all__ = ["STUDIES"]

IDEAL = 1e-2  # largest d_i/dx that the gates hold for
MOST, FLAT = 1.3, 0.05  # gates: error over the ideal code's; spread over the sweep
# cells along each axis, d_i/dx
RUNS = {
    "brio_wu": {
        "smoke": (100, (1e-10, 1e-2)),
        "quick": (400, (1e-10, 1e-7, 1e-4, 1e-2, 1e-1, 1.0)),
        "full": (800, (*np.logspace(-10, -2, 9), 1e-1, 1.0)),
    },
    "orszag_tang": {
        "smoke": (32, (1e-10, 1e-2)),
        "quick": (64, (1e-10, 1e-6, 1e-2, 1e-1)),
        "full": (128, (*np.logspace(-10, -2, 9), 1e-1)),
    },
    "rotor": {
        "smoke": (32, (1e-10, 1e-2)),
        "quick": (64, (1e-10, 1e-6, 1e-2, 1e-1)),
        "full": (128, (*np.logspace(-10, -2, 9), 1e-1)),
    },
}
COLUMNS = (
    Column("d_i_dx", "ion inertial length at unit or initial density over the cell width"),
    Column("cells", "along each axis", format="d"),
    Column("steps", "of the run", format="d"),
    Column("rho", "L1 error of rho_i + rho_e against the finer ideal-MHD answer, mean over cells", format=".4g"),
    Column("B", "likewise of B", format=".4g"),
    Column("rho_mhd", "L1 error of rho of the ideal-MHD code on the same grid", format=".4g"),
    Column("B_mhd", "likewise of B", format=".4g"),
    Column("rho_ratio", "rho over rho_mhd", format=".3f"),
    Column("B_ratio", "B over B_mhd", format=".3f"),
)


def _tube(cells):
    """Brio-Wu by the ideal-MHD code in one dimension."""
    _, w = brio_wu(cells)
    return {"rho": w[0], "By": w[4]}


def measure(name, size):
    """One run of a problem for each d_i."""
    cells, ratios = RUNS[name][size]
    problem = BrioWu if name == "brio_wu" else PROBLEMS[name]
    reference = answer(name, cells)
    code = distances(_tube(cells) if name == "brio_wu" else ideal_run(problem(nx=cells)), reference)
    for ratio in ratios:
        run = Simulation(problem(nx=cells, d_i=float(ratio) / cells), threads=1).run()
        error = distances({"rho": ion_electron.total_density(run), "Bx": run["Bx"], "By": run["By"]}, reference)
        yield {"d_i_dx": float(ratio), "cells": cells, "steps": run.steps, "rho": error["rho"], "B": error["B"],
               "rho_mhd": code["rho"], "B_mhd": code["B"], "rho_ratio": error["rho"] / code["rho"],
               "B_ratio": error["B"] / code["B"]}  # fmt: skip


def checks(rows):
    """Near the ideal code's error, and the same at every d_i below a hundredth of a cell."""
    ideal = [row for row in rows if row["d_i_dx"] <= IDEAL * (1.0 + 1e-9)]
    out = []
    for what in ("rho", "B"):
        ratios = [row[f"{what}_ratio"] for row in ideal]
        out += [
            Check(f"L1({what}) over the ideal-MHD code's, d_i/dx <= {IDEAL:g}, largest", max(ratios), MOST),
            Check(f"L1({what}) over the sweep, largest over smallest less 1", max(ratios) / min(ratios) - 1.0, FLAT),
        ]
    return out


def draw(rows, figure):
    """L1 over d_i/dx, the ideal code's below it, and the band that the gate allows."""
    axes = figure.subplots(1, 2, sharex=True)
    for ax, what, title, colour in zip(axes, ("rho", "B"), (r"L1$(\rho)$", "L1$(B)$"), COLOURS, strict=False):
        x, code = [row["d_i_dx"] for row in rows], rows[0][f"{what}_mhd"]
        ax.axhspan(code, MOST * code, color="0.93", label="the gate: up to 30 % more")
        ax.axhline(code, color="black", linewidth=1.0, label="ideal MHD, HLL, same grid")
        ax.plot(x, [row[what] for row in rows], "o-", color=colour, linewidth=0.8, label="ions, electrons and Maxwell")
        ax.axvline(IDEAL, color="0.6", linewidth=0.8, linestyle=":")
        ax.set(xscale="log", xlabel=r"$d_i/\Delta x$", title=title)
        ax.set_ylim(0.0, max(1.5 * code, 1.1 * max(row[what] for row in rows)))
        ax.spines[["top", "right"]].set_visible(False)
    axes[0].legend(frameon=False, fontsize=9, loc="lower left")


def _study(name, title, text):
    return Study(f"ideal_{name}", title, text, COLUMNS, partial(measure, name), checks, draw)


STUDIES = (
    _study("brio_wu", "Brio-Wu shock tube as d_i goes to zero", """
Two fluids and Maxwell's equations with the true electron mass and c = 1000, d_i over eight decades below a hundredth of a
cell. As d_i/dx -> 0 the equations become those of ideal MHD whatever the cell resolves, and so the error must become that of
an ideal-MHD code: here one with the same reconstruction of the gas (linear, MC limiter) and HLL flux, on the same cells.
Both are measured as the mean of |q - q_ref| against 3200 cells of that code at t = 0.1.

The line is flat: no length or time of the electrons or of light is resolved, and none matters. Above d_i/dx of a tenth the
Hall effect begins to be seen, and the distance to ideal MHD is physics."""),
    _study("orszag_tang", "Orszag-Tang vortex as d_i goes to zero", """
As for the shock tube, in two dimensions at t = 0.5: the reference is the ideal-MHD code of the same order on 384 x 384
cells, averaged over the cells of the run, c = 100. L1(B) is the mean of |B - B_ref|."""),
    _study("rotor", "MHD rotor as d_i goes to zero", """
As for the vortex, at t = 0.15: a disc ten times as dense as what is around it, its rim faster than any wave there."""),
)

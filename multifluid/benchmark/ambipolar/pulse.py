"""Nonlinear ambipolar diffusion of a field pulse, against Barenblatt's self-similar solution."""

import math

import numpy as np

from multifluid import Simulation
from multifluid.benchmark.axes import POINT, colour, column, tidy
from multifluid.benchmark.study import Column, Study
from multifluid.problem import Check
from multifluid.problems.clouds.ambipolar_pulse import AmbipolarPulse
from multifluid.problems.sources.records import records
from multifluid.theory.formulary import drift_velocity

__all__ = ["PULSE"]

# geometry, exponent m and cells over the width, or rings
RUNS = {
    "smoke": [("plane", 2, (16, 32))],
    "quick": [(geometry, m, (16, 32, 64)) for geometry in ("plane", "cylinder") for m in (2, 3)],
    "full": [(geometry, m, (32, 64, 128, 256)) for geometry in ("plane", "cylinder") for m in (2, 3)],
}
LAWS = {2: "ions only advected", 3: "ionisation balance"}


def measure(size):
    """Both exponents and geometries at each resolution."""
    for geometry, m, cells in RUNS[size]:
        scheme = "plm" if geometry == "cylinder" else "ppm"
        for n in cells:
            # as many cells to the front, whether there is one or two halves
            nx = n if geometry == "cylinder" else 2 * n
            yield _row(AmbipolarPulse(m=m, nx=nx, geometry=geometry, reconstruction=scheme))


def _row(problem):
    run = Simulation(problem, threads=1).run()
    t, last = records(run)[-1]
    error, dx = problem.errors(last, t), problem.grid().spacing[0]
    # the largest eta = B^(m-1) is that at the start
    eta = float(problem.magnetic(0.0, 0.0)) ** (problem.m - 1)
    return {"geometry": problem.geometry, "m": problem.m, "nx": problem.nx, "cells": problem.front(t) / dx,
            "error": error["all"], "smooth": error["smooth"], "drift": _drift_error(problem, last, t), "steps": run.steps,
            "explicit_steps": math.ceil(problem.t_end * 2.0 * eta / dx**2)}  # fmt: skip


def _drift_error(problem, fields, t):
    """L1 of u_i - u_n inside 0.8 of the front, over its mean, against the ambipolar drift velocity of the exact field."""
    x = problem.grid().centres(0)
    h = 1e-5 * problem.front(t)
    slope = (problem.magnetic(t, x + h) - problem.magnetic(t, x - h)) / (2.0 * h)
    B, zero = problem.magnetic(t, x), np.zeros_like(x)
    # D = B^2/(mu0 alpha rho_i rho_n) = 1 at B = 1; that ions are replaced counts as drag
    exact = drift_velocity((zero, zero, slope), (zero, B, zero), 1.0, B if problem.m == 2 else 1.0, 1.0)[0]
    inside = (x > 0.0) & (x < 0.8 * problem.front(t))
    found = (fields["ux_ion"] - fields["ux_neutral"]).ravel()
    return float(np.abs(found - exact)[inside].mean() / np.abs(exact[inside]).mean())


def _families(rows):
    """The rows of each geometry and exponent: dict."""
    keys = dict.fromkeys((row["geometry"], row["m"]) for row in rows)
    return {key: [row for row in rows if (row["geometry"], row["m"]) == key] for key in keys}


def _order(rows, name):
    return -float(np.polyfit(np.log(column(rows, "cells")), np.log(column(rows, name)), 1)[0])


def checks(rows):
    """Errors by the cells, and orders."""
    families, cells = _families(rows).values(), column(rows, "cells")
    plane = [own for own in families if own[0]["geometry"] == "plane"]
    return [
        Check("B against Barenblatt's solution, L1 times cells to the front",
              float((column(rows, "error") * cells).max()), 0.5),
        Check("B inside 0.8 of the front, L1 times cells^1.5", float((column(rows, "smooth") * cells**1.5).max()), 1.0),
        Check("order of all of B, least", min(_order(own, "error") for own in families), 1.0, kind="min"),
        Check("order inside 0.8 of the front, plane with ppm, least", min(_order(own, "smooth") for own in plane), 1.45,
              kind="min"),
        Check("the same, rings with plm too", min(_order(own, "smooth") for own in families), 1.25, kind="min"),
        Check("drift velocity, L1 times cells^1.5", float((column(rows, "drift") * cells**1.5).max()), 2.0),
    ]


def draw(rows, figure):
    """Errors over cells to the front; orders as lines."""
    families = _families(rows)
    axes = figure.subplots(1, len(families), sharey=True, squeeze=False)[0]
    names = (("error", "o", "$B$, front included"), ("smooth", "s", "$B$ inside the front"),
             ("drift", "D", "drift velocity inside"))  # fmt: skip
    for ax, ((geometry, m), own) in zip(axes, families.items(), strict=True):
        cells = column(own, "cells")
        for number, (name, marker, label) in enumerate(names):
            ax.loglog(cells, column(own, name), marker, **POINT, color=colour(number), label=label)
        for order, style, name in ((1.0, "-", "error"), (1.5, "--", "smooth"), (2.0, ":", "smooth")):
            line = own[0][name] * (cells / cells[0]) ** -order
            ax.loglog(cells, line, style, color="0.5", linewidth=0.9, zorder=1, label=f"order {order:g}")
        ax.set(xlabel="cells to the front", title=rf"{geometry}, $\eta_A \propto B{'' if m == 2 else '^2'}$")
        ax.set_xticks(cells, [f"{n:.0f}" for n in cells])
        ax.minorticks_off()
        tidy(ax)
        ax.get_legend().remove()
    axes[0].set_ylabel("relative L1 error")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=6, fontsize=9, frameon=False)


TEXT = """
A pulse of magnetic field pushes ions through neutrals that are too heavy to move (problem `ambipolar_pulse`): nonlinear
diffusion d_t B = div(B^(m-1) grad B) with a front beyond which there is no field, whose exact answer is Barenblatt's. m =
2 is what ions do that are only advected, m = 3 takes ionisation balance; in a plane and in rings about an axis. Errors
are L1 over the mean field, everywhere (with the front, where the slope is infinite for m = 3) and inside 0.8 of the
front; the drift velocity of the ions is held against (curl B) x B/(mu0 alpha rho_i rho_n) of the exact field. For
comparison: the steps that explicit diffusion would take, dt = dx^2/(2 eta).
"""

PULSE = Study(
    "ambipolar_barenblatt", "Ambipolar diffusion of a pulse against Barenblatt's solution", TEXT,
    (Column("geometry", "plane or rings about an axis"), Column("m", "eta = D B^(m-1)", format="d"),
     Column("nx", "cells", format="d"), Column("cells", "cells from the centre to the front at the end", format=".1f"),
     Column("error", "of B, L1 over mean B", format=".2e"),
     Column("smooth", "the same inside 0.8 of the front", format=".2e"),
     Column("drift", "of u_i - u_n there, L1 over its mean", format=".2e"),
     Column("steps", "steps taken", format="d"), Column("explicit_steps", "steps of explicit diffusion", format="d")),
    measure, checks, draw,
)  # fmt: skip

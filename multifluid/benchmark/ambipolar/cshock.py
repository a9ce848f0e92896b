"""C-shocks at ion fractions of 1e-3 to 1e-7 with true electrons and true c, against their steady profile."""

import math

import numpy as np

from multifluid import Simulation
from multifluid.benchmark.axes import POINT, THEORY, colour, column, tidy
from multifluid.benchmark.study import Column, Study
from multifluid.problem import Check
from multifluid.problems.clouds.cshock import CShock
from multifluid.problems.sources.records import records

__all__ = ["CSHOCK"]

# problem's parameters, (ion fraction, c/v_A)
RUNS = {
    "smoke": ({"nx": 32, "before": 6.0, "after": 2.0, "flow_times": 1.0, "start": "profile"}, ((1e-3, 1e3),)),
    "quick": ({"nx": 64, "before": 6.0, "after": 2.0, "flow_times": 5.0}, ((1e-3, 1e3), (1e-5, 3e5), (1e-7, 3e5))),
    "full": ({}, ((1e-3, 1e3), (1e-5, 3e5), (1e-7, 3e5))),
}
SAMPLES = (-2.5, -1.5, -1.0, -0.75, -0.5, -0.25, 0.0, 0.25, 0.5, 1.0)  # drag lengths from where B_y is half-way
CELL = 25.0 / 200.0  # of the full run, in drag lengths; errors of gates are scaled to it


def measure(size):
    """One shock for each ion fraction, sampled."""
    parameters, cases = RUNS[size]
    for fraction, c in cases:
        yield from _rows(CShock(ion_fraction=fraction, c=c, **parameters))


def _rows(problem):
    run = Simulation(problem, threads=1).run()
    last = records(run)[-1][1]
    shift = problem.place(last)
    errors, exact = problem.errors(last, shift), problem.cell_averages(shift)
    x = (problem.grid().centres(0) - shift) / problem.length
    dx = (problem.before + problem.after) / problem.nx
    case = {"ion_fraction": problem.ion_fraction, "c": problem.c, "nx": problem.nx, "dx": dx,
            "mean_error": problem.mean_error(last), "By_error": errors["By"], "un_error": errors["ux_neutral"],
            "rhon_error": errors["rho_neutral"], "steps": run.steps,
            "light_steps": math.ceil(problem.t_end * problem.c / (problem.cfl * dx * problem.length)),
            "floors": float(run.series["floors"][-1])}  # fmt: skip
    for place in sorted({int(np.argmin(abs(x - sample))) for sample in SAMPLES}):
        row = case | {"x": float(x[place])}
        # what is of the whole shock stands in the row of its first sample
        case |= {name: None for name in case if name not in ("ion_fraction", "c")}
        for name, key in (("ux_neutral", "un"), ("ux_ion", "ui"), ("By", "By")):
            row |= {key: float(np.ravel(last[name])[place]), f"{key}_exact": float(exact[name][place])}
        yield row


def checks(rows):
    """Errors of all shocks, and that steps hardly depend on the ion fraction and on c."""
    rows = [row for row in rows if row["steps"] is not None]
    coarse = max(1.0, (rows[0]["dx"] / CELL) ** 2)
    found = [
        Check("mean error of all components over their largest values", float(column(rows, "mean_error").max()),
              8e-4 * coarse),
        Check("u_n against the steady profile, L1 over v_s", float(column(rows, "un_error").max()), 6e-4 * coarse),
        Check("steps that follow light over steps taken, least",
              float((column(rows, "light_steps") / column(rows, "steps")).min()), 10.0, kind="min"),
        Check("floors used", float(column(rows, "floors").max()), 0),
    ]
    if len(rows) > 1:
        found.append(Check("steps, most over least", max(r["steps"] for r in rows) / min(r["steps"] for r in rows), 1.1))
    return found


def draw(rows, figure):
    """Profiles with samples of the runs; steps."""
    grid = figure.add_gridspec(1, 2, width_ratios=(2.0, 1.0))
    profile, steps = figure.add_subplot(grid[0]), figure.add_subplot(grid[1])
    cases = list(dict.fromkeys((row["ion_fraction"], row["c"]) for row in rows))
    fine = np.linspace(-3.0, 1.3, 400)
    problem = CShock(ion_fraction=cases[0][0], c=cases[0][1])
    exact = problem.steady(fine * problem.length)
    labels = (("ux_neutral", "$u_n$", -0.2, 14), ("ux_ion", "$u_i$", -0.8, -16), ("By", "$B_y$", 0.25, -18))
    for name, text, place, side in labels:
        profile.plot(fine, exact[name], **THEORY, label="steady profile" if name == "By" else None)
        at = int(np.argmin(abs(fine - place)))
        profile.annotate(text, (fine[at], exact[name][at]), (side, 0), textcoords="offset points", ha="center", va="center",
                         fontsize=12)
    for number, (case, marker) in enumerate(zip(cases, "osD", strict=False)):
        own = [row for row in rows if (row["ion_fraction"], row["c"]) == case]
        text = rf"ions $10^{{{math.log10(case[0]):.0f}}}$, $c = {_power(case[1])}\,v_A$"
        style = POINT | {"color": colour(number), "markersize": 9.0 - 2.0 * number}
        for key in ("un", "ui", "By"):
            profile.plot(column(own, "x"), column(own, key), marker, **style, label=text if key == "un" else None)
        steps.loglog(case[0], own[0]["steps"], marker, **style)
        steps.loglog(case[0], own[0]["light_steps"], marker, **style | {"markerfacecolor": "none", "markeredgewidth": 1.4,
                                                                       "markeredgecolor": colour(number)})  # fmt: skip
    steps.plot([], [], "o", color="0.4", label="taken")
    steps.plot([], [], "o", markerfacecolor="none", markeredgecolor="0.4", label="of a code that follows light")
    profile.set(xlabel=r"distance from the shock, in drag lengths", xlim=(-3.25, 1.35),
                title="velocities and $B_y$, in $v_A$ and $B_0$")
    steps.set(xlabel="ion fraction", title="steps", xlim=(2e-8, 5e-3), ylim=(3e2, 1e8))
    tidy(profile, loc="center left")
    tidy(steps, loc="upper right")


def _power(value):
    mantissa, _, exponent = f"{value:.0e}".partition("e")
    return (f"{mantissa} \\times " if mantissa != "1" else "") + f"10^{{{int(exponent)}}}"


TEXT = """
The perpendicular C-shock of `cshock` (v_s = 5 v_A, c_s = 0.1 v_A, true electrons) from a front until it is steady, at ion
fractions of a thousandth to a ten millionth. Points: samples of the runs; lines: the steady profile of ions and neutrals,
an ODE. Right: steps taken, and steps t c/(C dx) of a code that follows light. Ions are up to ten million times lighter
per volume than neutrals, light is 3e5 times faster than Alfven waves, and neither shows in error or cost.
"""

CSHOCK = Study(
    "ambipolar_cshock", "C-shocks at ion fractions down to 1e-7, true c and electrons", TEXT,
    (Column("ion_fraction", "mass of ions and electrons over that of neutrals", format=".0e"),
     Column("c", "speed of light", "v_A"), Column("nx", "cells", format="d"), Column("dx", "cell", "drag lengths"),
     Column("mean_error", "all components, L1 over their largest values", format=".1e"),
     Column("By_error", "L1 of B_y", "B_0", ".1e"), Column("un_error", "L1 of u_n", "v_s", ".1e"),
     Column("rhon_error", "L1 of rho_n over upstream", format=".1e"), Column("steps", "steps taken", format="d"),
     Column("light_steps", "steps of a code that follows light", format="d"), Column("floors", "floors used", format=".0f"),
     Column("x", "place of the sample", "drag lengths"), Column("un", "u_n of the run", "v_A", ".4g"),
     Column("un_exact", "u_n of the profile", "v_A", ".4g"), Column("ui", "u_i of the run", "v_A", ".4g"),
     Column("ui_exact", "u_i of the profile", "v_A", ".4g"), Column("By", "B_y of the run", "B_0", ".4g"),
     Column("By_exact", "B_y of the profile", "B_0", ".4g")),
    measure, checks, draw,
)  # fmt: skip

"""The residual of Ohm's law: what the grid adds to the equations, and how fast it falls."""

import numpy as np

from multifluid import Simulation, ohm
from multifluid.benchmark.axes import POINT, colour, column, tidy
from multifluid.benchmark.study import Column, Study
from multifluid.problem import Check
from multifluid.problems.clouds.hall_shock import HallShock
from multifluid.problems.reconnection.gem import Gem

__all__ = ["STUDY"]

GEM, SHOCK = "gem", "hall_shock B"
# cells along the sheet, cells of the shock; at times at which both are smooth
SWEEPS = {"smoke": ((64, 128), (32, 64)), "quick": ((64, 128), (64, 128)), "full": ((64, 128, 256), (64, 128, 256))}
TIMES = {GEM: 0.01, SHOCK: 1e-4}


def _problems(size):
    cells, shock_cells = SWEEPS[size]
    for n in cells:
        yield GEM, n, Gem(nx=n, reconstruction="ppm")
    first = None
    for n in shock_cells:
        problem = HallShock(nx=n, case="B")
        if first is None:
            first = problem
        else:
            problem.__dict__["shock"] = first.shock  # a cached property: the same profile need not be integrated again
        yield SHOCK, n, problem


def _measure(size):
    before = {}
    for case, cells, problem in _problems(size):
        simulation = Simulation(problem, threads=1)
        simulation.run(until=TIMES[case])
        law = ohm.of(simulation)
        residual, field = law.size("residual", "mean"), law.size("nonideal", "mean")
        order = float(np.log(before[case][1] / residual) / np.log(cells / before[case][0])) if case in before else None
        before[case] = cells, residual
        yield {"case": case, "form": law.form, "cells": cells, "residual": residual, "nonideal": field,
               "hall": law.size("hall", "mean"), "order": order}


def _checks(rows):
    found = []
    for case, limit in ((GEM, 0.05), (SHOCK, 1e-6)):
        own = [row for row in rows if row["case"] == case]
        found += [Check(f"{case}: order of the residual, last pair", own[-1]["order"], 1.9, kind="min"),
                  Check(f"{case}: residual over E + u x B, finest", own[-1]["residual"] / own[-1]["nonideal"], limit)]
    return found


def _draw(rows, figure):
    ax = figure.subplots()
    for number, (case, marker) in enumerate(((GEM, "o"), (SHOCK, "s"))):
        own = [row for row in rows if row["case"] == case]
        cells, share = column(own, "cells"), column(own, "residual") / column(own, "nonideal")
        ax.loglog(cells, share, marker, **POINT, color=colour(number), label=f"{case} ({own[0]['form']})")
        ax.loglog(cells, share[0] * (cells / cells[0]) ** -2.0, color="0.5", linewidth=0.9, zorder=1,
                  label="second order" if number == 0 else None)
    ax.set_xticks(sorted({row["cells"] for row in rows}), [str(n) for n in sorted({row["cells"] for row in rows})])
    ax.minorticks_off()
    ax.set(xlabel="cells", ylabel=r"mean residual over mean $|E + u \times B|$")
    tidy(ax)


STUDY = Study(
    "hall_ohm", "Residual of the generalised Ohm's law", f"""
All terms of (5.27), none left out, less E (`multifluid.ohm`; the three-fluid form where neutrals are there), shortly after
the start (t = {TIMES[GEM]:g} and {TIMES[SHOCK]:g}) while both problems are smooth: the sheet of `gem`, 1.25 cells wide on
64, and the Hall-dominated shock. The sum is an identity of the equations, so that what remains is the truncation of the
scheme. It falls at second order or, with the parabolic reconstruction of the sheet, faster.
""",
    (Column("case", "problem"), Column("form", "form of Ohm's law"), Column("cells", "cells", format="d"),
     Column("residual", "mean length of the residual", format=".2e"),
     Column("nonideal", "mean length of E + u x B", format=".2e"),
     Column("hall", "mean length of the Hall term", format=".2e"),
     Column("order", "order against the row before", format=".2f")),
    _measure, _checks, _draw,
)  # fmt: skip

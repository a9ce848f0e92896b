"""Reconnection: the flux of the GEM challenge, and how little c and the electrons' mass have to do with it."""

import numpy as np

from multifluid import Simulation
from multifluid.benchmark.study import Column, Study
from multifluid.plotting import COLOURS
from multifluid.problem import Check
from multifluid.problems.reconnection.gem import RATE, Gem

__all__ = ["STUDY"]

REFERENCE = "c = 20, m_i/m_e = 25"
CASES = {
    REFERENCE: {},
    "c = 10": {"c": 10.0},
    "m_i/m_e = 1836": {"mass_ratio": 1836.0},
    "ten moments": {"model": "ten"},
}
# cells along the sheet, end, cases; from 256 cells on the run is compared with published ones
SWEEPS = {
    "smoke": (48, 1.0, (REFERENCE, "c = 10")),
    "quick": (64, 10.0, (REFERENCE, "c = 10", "m_i/m_e = 1836")),
    "full": (256, 30.0, tuple(CASES)),
}
TIMES = 21
PUBLISHED_CELLS = 256
# Largest difference of the flux from that of the reference, over its largest flux; on fine grids a small difference in
# when reconnection sets in makes a larger one.
LIMITS = {"c = 10": 0.1, "m_i/m_e = 1836": 0.15}
FINE_LIMIT = 0.3


def measure(size):
    """Flux and rate over time of every case."""
    cells, end, cases = SWEEPS[size]
    for case in cases:
        problem = Gem(nx=cells, t_end=end, **CASES[case])
        run = Simulation(problem, threads=1).run()
        series = run.series
        t = np.linspace(0.0, end, TIMES)
        flux = np.interp(t, series["series_time"], series["island_flux"])
        rates = problem.rates(series)
        for time, value in zip(t, flux, strict=True):
            inside = len(rates[0]) > 0 and rates[0][0] <= time <= rates[0][-1]
            yield {"case": case, "cells": cells, "c": problem.c, "mass_ratio": problem.mass_ratio, "model": problem.model,
                   "t": float(time), "flux": float(value), "rate": float(np.interp(time, *rates)) if inside else None,
                   "steps": run.steps}  # fmt: skip


def _cases(rows):
    found = {}
    for row in rows:
        found.setdefault(row["case"], []).append(row)
    return found


def checks(rows):
    """Neither c nor the electrons' mass decides the flux; at full size the rate is a published one."""
    cases, out = _cases(rows), []
    base = np.array([row["flux"] for row in cases[REFERENCE]])
    for case, own in cases.items():
        if case in LIMITS:
            limit = LIMITS[case] if own[0]["cells"] < PUBLISHED_CELLS else FINE_LIMIT
            gap = np.max(np.abs(np.array([row["flux"] for row in own]) - base)) / np.max(base)
            out.append(Check(f"flux with {case} against {REFERENCE}, largest difference over largest flux", float(gap),
                             limit))  # fmt: skip
    last = cases[REFERENCE][-1]
    if last["cells"] >= PUBLISHED_CELLS:
        rate = max(row["rate"] for row in cases[REFERENCE] if row["rate"] is not None)
        out += [Check("largest rate, lowest published", rate, RATE[0], kind="min"),
                Check("largest rate, highest published", rate, RATE[1])]  # fmt: skip
    return out


def _label(row):
    return f"$c = {row['c']:g}\\,v_A$, $m_i/m_e = {row['mass_ratio']:g}$, {row['model']} moments: {row['steps']} steps"


def draw(rows, figure):
    """Flux over time, and its rate."""
    left, right = figure.subplots(1, 2, width_ratios=[3, 2])
    for colour, style, own in zip(COLOURS, ("-", "--", "-.", ":"), _cases(rows).values(), strict=False):
        t = [row["t"] for row in own]
        left.plot(t, [row["flux"] for row in own], style, color=colour, linewidth=1.8,
                  label=_label(own[0]))  # fmt: skip
        known = [(row["t"], row["rate"]) for row in own if row["rate"] is not None]
        if known:
            right.plot(*zip(*known, strict=True), style, color=colour, linewidth=1.8)
    end = rows[-1]["t"]
    if rows[0]["cells"] >= PUBLISHED_CELLS:
        right.axhspan(*RATE, color="0.92", zorder=0, label="largest rates of published runs")
        right.legend(frameon=False, fontsize=9)
    left.set(xlabel=r"$t\,\Omega_i$", ylabel=r"reconnected flux  $\psi/(B_0 d_i)$", xlim=(0, end * 1.02), ylim=(0, None))
    right.set(xlabel=r"$t\,\Omega_i$", ylabel=r"$d\psi/dt$ over $B_0 v_A$", xlim=(0, end))
    left.legend(frameon=False, fontsize=9, loc="best")
    for ax in (left, right):
        ax.spines[["top", "right"]].set_visible(False)
        ax.grid(color="0.93", linewidth=0.6)
        ax.set_axisbelow(True)
    left.set_title(rf"${rows[0]['cells']} \times {rows[0]['cells'] // 2}$ cells", fontsize=10)


TEXT = f"""
The packaged problem `gem` with half the speed of light, and with true electrons, beside the challenge's own c = 20 v_A and
m_i/m_e = 25: reconnection in the Hall regime is not decided by either, and the flux over time must say so. The difference of
a curve from the first is what v_A^2/c^2 and the electrons' inertia are worth on this grid. True electrons take as many steps
as heavy ones. The quick form has 64 x 32 cells, wider than the electrons' skin depth and nearly as wide as the sheet, and
ends while reconnection sets in: its flux is not the published one, only its dependence on c and m_e is meant. The full
form has 256 x 128 cells and runs to t = 30, where the sheet has torn and the rate of the first curve must lie between
{RATE[0]:g} and {RATE[1]:g} B0 v_A, about the 0.24 of particles (Pritchett 2001); it adds ten moments.
"""

STUDY = Study(
    "hall_gem", "Reconnected flux of the GEM challenge over c and the electrons' mass", TEXT,
    (Column("case", "what differs"), Column("cells", "cells along the sheet", format="d"),
     Column("c", "speed of light", "v_A", "g"), Column("mass_ratio", "ion mass over electron mass", format="g"),
     Column("model", "moments of both fluids"), Column("t", "time", "1/Omega_i"),
     Column("flux", "flux of the large island", "B0 d_i", ".4f"),
     Column("rate", "its time derivative, averaged over 1/Omega_i", "B0 v_A", ".4f"),
     Column("steps", "steps of the run", format="d")),
    measure, checks, draw,
)  # fmt: skip

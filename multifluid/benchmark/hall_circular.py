"""Circularly polarised waves of finite amplitude, carried for ten periods."""

import math

import numpy as np

from multifluid import Simulation
from multifluid.benchmark.study import Column, Study
from multifluid.plotting import COLOURS
from multifluid.problem import Check
from multifluid.problems.pictures import number
from multifluid.problems.waves.circular import LOSS, PHASE, CircularWave

__all__ = ["STUDY"]

ORDER = 1.9
MHD, HALL = {"k_di": 0.01, "c": 1e4}, {"k_di": 0.2, "c": 1e3}
ION, WHISTLER = {"branch": "ion_cyclotron"}, {"branch": "whistler"}
LIGHT = {"k_di": 0.01, "c": 20.0}
# parameters, and the resolutions of each
STRAIGHT, COARSE = (32, 64), (16, 32)
SWEEPS = {
    "smoke": [({**MHD, **ION, "amplitude": 0.5, "periods": 2.0}, (16, 32))],
    "quick": [
        *(({**MHD, **ION, "amplitude": amplitude}, STRAIGHT) for amplitude in (0.1, 0.5, 1.0)),
        ({**LIGHT, **ION, "amplitude": 0.5}, STRAIGHT),
        ({**HALL, **ION, "amplitude": 0.5}, STRAIGHT),
        ({**HALL, **WHISTLER, "amplitude": 0.5}, STRAIGHT),
        ({**MHD, **ION, "amplitude": 0.5, "dim": 2}, COARSE),
    ],
    "full": [
        *(({**regime, **branch, "amplitude": amplitude}, (*STRAIGHT, 128))
          for regime in (MHD, LIGHT, HALL, {**HALL, "c": 20.0}) for branch in (ION, WHISTLER)
          for amplitude in (0.1, 0.5, 1.0)),
        *(({"k_di": 1.0, "c": c, **branch, "amplitude": 0.5}, STRAIGHT) for c in (20.0, 1e4) for branch in (ION, WHISTLER)),
        *(({**MHD, **ION, "amplitude": amplitude, "dim": 2}, STRAIGHT) for amplitude in (0.1, 0.5, 1.0)),
        *(({**HALL, **branch, "amplitude": 0.5, "dim": 2}, STRAIGHT) for branch in (ION, WHISTLER)),
    ],
}  # fmt: skip


def measure(size):
    """Each wave at each of its resolutions, coarse to fine."""
    for wave, (parameters, resolutions) in enumerate(SWEEPS[size], 1):
        before = None
        for n in resolutions:
            row = _row(wave, CircularWave(n=n, **parameters))
            if before:
                row["order"] = math.log(before["error"] / row["error"]) / math.log(n / before["n"])
            yield row
            before = row


def _row(wave, problem):
    run = Simulation(problem, threads=1).run()
    _, phase, amplitude = problem.drift(run)
    return {"wave": wave, "branch": problem.branch, "dim": problem.dim, "k_di": problem.k_di, "c": problem.c,
            "amplitude": problem.amplitude, "n": problem.n, "periods": problem.periods, "steps": run.steps,
            "phase": float(phase[-1]), "loss": 1.0 - float(amplitude[-1]), "error": problem.error(run),
            "order": None}  # fmt: skip


def checks(rows):
    """Phase and amplitude at 64 cells (scaled where no wave has so many), and the order of every wave."""
    finest = [row for row in rows if row["n"] == 64] or [row for row in rows if row["order"] is not None]
    scale = finest[0]["periods"] / 10.0 * (64.0 / finest[0]["n"]) ** 2
    n = finest[0]["n"]
    return [
        Check(f"{n} cells: phase, largest error at the end in turns of 2 pi", max(abs(row["phase"]) for row in finest),
              PHASE * scale),
        Check(f"{n} cells: largest loss of amplitude", max(abs(row["loss"]) for row in finest), LOSS * scale),
        Check("order of the transverse field's L2 error, lowest",
              min(row["order"] for row in rows if row["order"] is not None), ORDER, kind="min"),
    ]  # fmt: skip


def _label(row):
    space = ", 2-D" if row["dim"] == 2 else ""
    return f"{row['branch'].replace('_', ' ')}, $k d_i = {row['k_di']:g}$, $c = {number(row['c'])}\\,v_A$" + space


def expected_phase(n, periods):
    """Radians that a wave of ``n`` cells falls behind by in so many periods: (2 pi/n)^2/24 of each, the error of a
    second-order derivative on faces."""
    return 2.0 * math.pi * periods * (2.0 * math.pi / n) ** 2 / 24.0


def draw(rows, figure):
    """Error over resolution, and phase and amplitude at the end for the finest grid of each wave."""
    left, right = figure.subplots(1, 2, width_ratios=[3, 2])
    waves, styles = {}, {}
    for row in rows:
        waves.setdefault(row["wave"], []).append(row)
        count = len(styles)
        styles.setdefault(_label(row), (COLOURS[count % len(COLOURS)], "osD^vP*X"[count % 8]))
    ns = sorted({row["n"] for row in rows})
    fine = np.geomspace(ns[0], ns[-1], 50)
    left.loglog(fine, 2.0 * np.sin(expected_phase(fine, rows[0]["periods"]) / 2.0), color="0.3", linewidth=1.0,
                label="phase error of second-order differences")  # fmt: skip
    spread = np.linspace(-0.3, 0.3, len(waves)) if len(waves) > 1 else [0.0]
    shown = set()
    for offset, own in zip(spread, waves.values(), strict=True):
        label, last = _label(own[0]), own[-1]
        colour, marker = styles[label]
        left.loglog([row["n"] for row in own], [row["error"] for row in own], marker, color=colour, markersize=5.5,
                    markerfacecolor="none", label=None if label in shown else label)  # fmt: skip
        shown.add(label)
        scale = last["periods"] / 10.0 * (64.0 / last["n"]) ** 2
        for place, (value, limit) in enumerate(((abs(last["phase"]), PHASE), (abs(last["loss"]), LOSS))):
            right.plot(place + offset, value / (limit * scale), marker, color=colour,
                       markersize=3.5 + 4.0 * last["amplitude"])  # fmt: skip
    right.plot([-0.35, 0.35], [expected_phase(64, 10.0) / (2.0 * math.pi * PHASE)] * 2, color="0.3", linewidth=1.0)
    right.axhline(1.0, color="0.4", linewidth=0.9, linestyle="--")
    left.set_xticks(ns, [str(n) for n in ns])
    left.minorticks_off()
    low, high = left.get_ylim()
    ticks = [tick for tick in (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5) if low <= tick <= high]
    left.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    left.set(xlabel="cells per wavelength", ylabel="$L_2$ error of the transverse field over $b$")
    right.set_xticks([0, 1], [f"phase\n(gate: {PHASE:g} turns)", f"loss of amplitude\n(gate: {LOSS:.0%})"])
    right.set(xlim=(-0.5, 1.5), ylim=(0.0, 1.1), title="at the end, finest grid, over the gate")
    right.title.set_size(10)
    figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=2, fontsize=9, frameon=False)
    for ax in (left, right):
        ax.spines[["top", "right"]].set_visible(False)
        ax.grid(color="0.93", linewidth=0.6)
        ax.set_axisbelow(True)


TEXT = f"""
The packaged problem `circular_wave`: ions and electrons (m_i/m_e = 1836) with the full Maxwell equations, transverse vectors
that turn as exp(i (k x - omega t)) about B0. It is exact at any amplitude, b = B0 included, and omega does not depend on
b: it must come back to itself after every period while density and pressure stay uniform. Ten periods; k d_i = 0.01, where
it is the Alfven wave of ideal MHD, and above, where the branches part as in Hall MHD; in one dimension, and in two with k
oblique to the grid. Left: error of the field against the exact one at the end. Right: its two parts, phase and amplitude
(larger marks: larger waves), in units of the gates: {PHASE:g} turns of 2 pi after ten periods (a relative error of omega of
{PHASE / 10:g}: stricter than one per cent of omega) and {LOSS:.0%} of the amplitude at 64 cells per wavelength; for waves
with fewer cells the gates grow with 1/n^2. Lines, nothing fitted: second-order differences let a wave along an axis fall
behind by (2 pi/n)^2/24 of every period (less if oblique: each axis sees a longer wave). Almost all of the error is this; it
depends neither on the amplitude nor on c.
"""

STUDY = Study(
    "hall_circular", "Circularly polarised waves of finite amplitude after ten periods", TEXT,
    (Column("wave", "number of the wave", format="d"), Column("branch", "sense of rotation"),
     Column("dim", "dimensions of the grid", format="d"), Column("k_di", "wavenumber", "1/d_i"),
     Column("c", "speed of light", "v_A", "g"), Column("amplitude", "transverse field", "B0"),
     Column("n", "cells per wavelength", format="d"), Column("periods", "periods run", format="g"),
     Column("steps", "steps taken", format="d"), Column("phase", "phase ahead of the exact wave at the end", "2 pi", ".2e"),
     Column("loss", "1 - b/b(0) at the end", format=".2e"),
     Column("error", "L2 error of the transverse field at the end, over b", format=".2e"),
     Column("order", "order of that error from the grid before", format=".2f")),
    measure, checks, draw,
)  # fmt: skip

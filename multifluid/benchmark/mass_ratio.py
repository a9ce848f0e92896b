"""What electrons heavier than they are cost in error, and save in steps: waves and a shock tube."""

import itertools

import numpy as np

from multifluid import Simulation
from multifluid.benchmark import mass_ratio_shock
from multifluid.benchmark.study import Column, Study
from multifluid.benchmark.wave_runs import measure_wave
from multifluid.plotting import COLOURS
from multifluid.problem import Check
from multifluid.problems.ion_electron import total_density
from multifluid.problems.shocks.brio_wu import BrioWu
from multifluid.problems.waves.wave import Wave
from multifluid.theory.circular import two_fluid_frequencies

__all__ = ["STUDIES", "heavier"]

TRUE = 1836.0
SLOWEST = 1e-4  # distances below are drawn on the axis


# -- waves ----------------------------------------------------------------------------------------------------------

WAVE_C, CELLS = 100.0, 64
CODE = 3e-3
# mass ratios, wavenumbers in 1/d_i, steps spent on each wave
WAVES = {
    "smoke": ((25.0, TRUE), (0.1,), 160),
    "quick": ((25.0, 50.0, 100.0, 400.0, TRUE), (0.1, 1.0, 5.0), 160),
    "full": ((16.0, 25.0, 50.0, 100.0, 200.0, 400.0, 900.0, TRUE), (0.01, 0.1, 0.3, 1.0, 3.0, 5.0, 10.0), 2000),
}
PLACE = {"whistler": 1, "ion_cyclotron": 2}  # among the four frequencies along B, ascending


def heavier(branch, k_di, mass_ratio, c=WAVE_C):
    """Relative change of a frequency along B if electrons are heavier than a 1836th of the ions.

    Parameters
    ----------
    branch : {"whistler", "ion_cyclotron"}
    k_di : float
    mass_ratio : float
        m_i/m_e.
    c : float
        Speed of light over B0/sqrt(mu0 n m_i).

    Returns
    -------
    float
        |omega(mass_ratio)/omega(1836) - 1|.
    """
    found, true = (two_fluid_frequencies(k_di, 1.0, 1.0, 1.0, (1.0, 1.0 / ratio), c)[PLACE[branch]]
                   for ratio in (mass_ratio, TRUE))  # fmt: skip
    return float(abs(found / true - 1.0))


def measure_waves(size):
    """A short run for each branch, wavenumber and mass ratio; all held against the root of the true mass ratio."""
    ratios, wavenumbers, steps = WAVES[size]
    for branch, k, ratio in itertools.product(PLACE, wavenumbers, ratios):
        found = measure_wave(Wave(n=CELLS, branch=branch, k_di=k, c=WAVE_C, mass_ratio=ratio, angle=0.0), steps)
        true = abs(float(two_fluid_frequencies(k, 1.0, 1.0, 1.0, (1.0, 1.0 / TRUE), WAVE_C)[PLACE[branch]]))
        yield {"branch": branch, "k_di": k, "mass_ratio": ratio, "omega_exact": found.exact.real, "omega_true": true,
               "omega_code": found.omega.real, "heavier": heavier(branch, k, ratio), "code": found.error,
               "total": abs(found.omega / true - 1.0), "steps_per_period": found.steps_per_period}  # fmt: skip


def check_waves(rows):
    """The code is right for the electrons it was given; at the true mass nothing but its own error is left, at no cost."""
    ratios = [row["mass_ratio"] for row in rows]
    steps = {ratio: [row["steps_per_period"] for row in rows if row["mass_ratio"] == ratio] for ratio in (min(ratios), TRUE)}
    return [
        Check("code against the root of the mass ratio it runs, largest error", max(row["code"] for row in rows), CODE),
        Check("true electrons: largest error in all", max(row["total"] for row in rows if row["mass_ratio"] == TRUE), CODE),
        Check("roots of the linearised equations against the closed relation, largest difference of the shift",
              max(abs(abs(row["omega_exact"] / row["omega_true"] - 1.0) - row["heavier"]) for row in rows), 1e-10),
        Check("steps of true electrons over those of the heaviest, largest",
              max(true / heavy for heavy, true in zip(*steps.values(), strict=True)), 1.1),
    ]


def draw_waves(rows, figure):
    """Error over mass ratio beside what heavier electrons do in theory; steps."""
    axes = figure.subplots(1, 3, width_ratios=[1, 1, 0.9])
    ratios = sorted({row["mass_ratio"] for row in rows})
    fine = np.geomspace(ratios[0], TRUE * (1.0 - 1e-4), 200)
    titles = {"whistler": "whistler", "ion_cyclotron": "ion cyclotron"}
    for ax, (branch, title) in zip(axes, titles.items(), strict=False):
        for colour, k in zip(COLOURS, sorted({row["k_di"] for row in rows}), strict=False):
            own = [row for row in rows if (row["branch"], row["k_di"]) == (branch, k)]
            ax.loglog(fine, [heavier(branch, k, ratio) for ratio in fine], color=colour, linewidth=1.4,
                      label=rf"heavier electrons, $k d_i = {k:g}$")  # fmt: skip
            ax.loglog([row["mass_ratio"] for row in own], [row["total"] for row in own], "o", color=colour, markersize=5.5,
                      markerfacecolor="none")  # fmt: skip
            ax.loglog([row["mass_ratio"] for row in own], [row["code"] for row in own], "x", color=colour, markersize=5)
            axes[2].loglog([row["mass_ratio"] for row in own], [row["steps_per_period"] for row in own],
                           "o-" if branch == "whistler" else "s--", color=colour, markersize=4, linewidth=1.0)  # fmt: skip
        ax.set(title=title, xlabel=r"$m_i/m_e$", ylim=(SLOWEST, 3.0), xlim=(ratios[0] * 0.8, TRUE * 1.3))
        ax.axhline(CODE, color="0.4", linewidth=0.9, linestyle="--")
    axes[0].set_ylabel(r"$|\omega/\omega_{1836} - 1|$")
    axes[0].plot([], [], "o", color="0.3", markerfacecolor="none", label="run against the true electrons' root")
    axes[0].plot([], [], "x", color="0.3", label="run against the root of its own mass ratio")
    axes[0].plot([], [], "--", color="0.4", linewidth=0.9, label="gate of the code")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2, fontsize=9, frameon=False)
    axes[2].plot([], [], "o-", color="0.3", markersize=4, label="whistler")
    axes[2].plot([], [], "s--", color="0.3", markersize=4, label="ion cyclotron")
    axes[2].legend(fontsize=8, frameon=False, loc="lower left", bbox_to_anchor=(0.0, 0.17))
    axes[2].set(title="cost", xlabel=r"$m_i/m_e$", ylabel="steps per period")
    _tidy(axes)


def _tidy(axes):
    for ax in axes:
        ax.spines[["top", "right"]].set_visible(False)
        ax.grid(color="0.93", linewidth=0.6)
        ax.set_axisbelow(True)


# -- shock tube -----------------------------------------------------------------------------------------------------

MHD, HALL = "ideal MHD", "the run with true electrons"
# d_i and c of the tube, what it is held against
REGIMES = {"d_i = 1e-6, c = 1e3": ((1e-6, 1e3), MHD), "d_i = 0.01, c = 20": ((1e-2, 20.0), HALL),
           "d_i = 0.1, c = 20": ((0.1, 20.0), HALL)}  # fmt: skip
# cells, mass ratios, regimes
TUBES = {
    "smoke": (64, (25.0, TRUE), tuple(REGIMES)[:1]),
    "quick": (200, (25.0, 100.0, 400.0, TRUE), tuple(REGIMES)),
    "full": (800, (16.0, 25.0, 50.0, 100.0, 200.0, 400.0, 900.0, TRUE), tuple(REGIMES)),
}


def measure_tubes(size):
    """Brio and Wu's tube for each regime and mass ratio, the true one first."""
    cells, ratios, regimes = TUBES[size]
    for regime in regimes:
        (d_i, c), reference = REGIMES[regime]
        true = None
        for ratio in sorted(ratios, reverse=True):
            problem = BrioWu(nx=cells, d_i=d_i, c=c, mass_ratio=ratio)
            run = Simulation(problem, threads=1).run()
            found = {"rho": total_density(run), "By": run["By"]}
            true = true or found
            errors = problem.mhd_errors(run) if reference == MHD else \
                {name: float(np.mean(np.abs(found[name] - true[name]))) for name in found}
            same = reference == HALL and ratio == TRUE  # the reference itself
            yield {"regime": regime, "reference": reference, "cells": cells, "mass_ratio": ratio,
                   "dx_de": (ratio + 1.0) ** 0.5 / (d_i * cells), "steps": run.steps,
                   "rho": None if same else errors["rho"], "By": None if same else errors["By"]}  # fmt: skip


def check_tubes(rows):
    """Where d_i is below the grid electrons do not matter."""
    mhd = [row for row in rows if row["reference"] == MHD]
    true = next(row for row in mhd if row["mass_ratio"] == TRUE)
    spread = [max(row[name] for row in mhd) / min(row[name] for row in mhd) - 1.0 for name in ("rho", "By")]
    steps = [row["steps"] for row in mhd]
    out = [
        Check("d_i = 1e-6: L1 of rho and B_y to ideal MHD over all mass ratios, spread", max(spread), 0.05),
        Check("d_i = 1e-6: true electrons, L1 of rho to ideal MHD times the cells", true["rho"] * true["cells"], 2.4),
        Check("d_i = 1e-6: steps of true electrons over those of the heaviest", true["steps"] / min(steps), 1.5),
    ]
    for regime in dict.fromkeys(row["regime"] for row in rows if row["reference"] == HALL):
        gaps = sorted((row["mass_ratio"], row["rho"]) for row in rows if row["regime"] == regime and row["rho"] is not None)
        out.append(Check(f"{regime}: L1 of rho to true electrons, heaviest electrons over the lightest",
                         gaps[0][1] / gaps[-1][1], 1.5, kind="min"))  # fmt: skip
    return out


def draw_tubes(rows, figure):
    """L1 distances and steps over mass ratio."""
    axes = figure.subplots(1, 3)
    regimes = {}
    for row in rows:
        regimes.setdefault(row["regime"], []).append(row)
    for colour, marker, (regime, own) in zip(COLOURS, "osD", regimes.items(), strict=False):
        for ax, name in zip(axes, ("rho", "By"), strict=False):
            known = [(row["mass_ratio"], row[name]) for row in own if row[name] is not None]
            ax.loglog(*zip(*known, strict=True), marker + "-", color=colour, markersize=5.5, linewidth=1.2,
                      label=f"${regime.replace('1e-6', '10^{-6}').replace('1e3', '10^3')}$: to {own[0]['reference']}")
        axes[2].loglog([row["mass_ratio"] for row in own], [row["steps"] for row in own], marker + "-", color=colour,
                       markersize=5.5, linewidth=1.2)  # fmt: skip
    for ax, title in zip(axes, (r"$L_1(\rho)$", "$L_1(B_y)$", "steps"), strict=True):
        low, high = (np.log10(end) for end in ax.get_ylim())
        ax.set(title=title, xlabel=r"$m_i/m_e$", ylim=(10.0 ** np.floor(low), 10.0 ** np.ceil(high)))
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2, fontsize=9, frameon=False)
    _tidy(axes)


WAVES_TEXT = f"""
Many codes run electrons of a 25th or a 100th of the ions' mass. Lines: what that does to the frequency of a wave along B,
|omega(m_i/m_e)/omega(1836) - 1| of the exact roots at c = {WAVE_C:g} v_A. Circles: the runs, against the root of the
true electrons: they lie on the lines, down to the error of the code itself (crosses: against the root of the mass ratio
that is run, {CELLS} cells per wavelength). Long waves are off by (m_e/m_i)/2, 2 % at 25, because the electrons' mass loads
the ions; whistlers by half their frequency where k d_e = 1, k d_i = 5 at 25; only the ion cyclotron wave near its resonance
does not care. With true electrons nothing is left but the error of the code.

Right: what it saves. Nothing: the steps of this code do not follow electrons that the grid does not resolve. A heavier
electron makes d_e larger than the cells (k d_i = 1: dx = d_i/10), the grid then resolves it, and the step must follow light
through it: four times as many steps at 25 as at 1836.
"""
TUBES_TEXT = """
L1 distance, mean |a - b| over the tube at t = 0.1, of rho_i + rho_e and of B_y. With d_i = 1e-6 the tube is one of ideal
MHD (circles, against the packaged ideal-MHD profile of 3200 cells): the error is the same for every mass ratio and the
steps are within a quarter of each other, so that there is no reason to run any but the true one. With d_i = 0.01 (squares)
and 0.1 (diamonds), which the grid sees, whistlers run ahead of the shocks, and the answer depends on the electrons: the
distance is to the run with true electrons on the same grid, which is itself not converged at the electrons' scale. There
the heavier electron changes B_y by up to a tenth of the field. It saves steps only where the electrons' own speeds, their
sound at sqrt(gamma p_e/rho_e) = 43 for 1836 and their drift, exceed c = 20 on cells that nearly resolve d_e.
"""

STUDIES = (
    Study(
        "mass_ratio_waves", "Waves along B: what heavier electrons do to the frequency", WAVES_TEXT,
        (Column("branch", "wave"), Column("k_di", "wavenumber", "1/d_i"),
         Column("mass_ratio", "ion mass over electron mass", format="g"),
         Column("omega_exact", "exact root at this mass ratio", "Omega_i", ".5g"),
         Column("omega_true", "exact root at 1836", "Omega_i", ".5g"),
         Column("omega_code", "measured in the code", "Omega_i", ".5g"),
         Column("heavier", "|omega_exact/omega_true - 1|: error made by heavier electrons", format=".1e"),
         Column("code", "|omega_code/omega_exact - 1|: error of the code", format=".1e"),
         Column("total", "|omega_code/omega_true - 1|", format=".1e"),
         Column("steps_per_period", "steps that a period takes", format=".0f")),
        measure_waves, check_waves, draw_waves,
    ),
    Study(
        "mass_ratio_brio_wu", "Brio-Wu shock tube: what heavier electrons do to it", TUBES_TEXT,
        (Column("regime", "ion inertial length and speed of light"), Column("reference", "what it is held against"),
         Column("cells", "cells", format="d"), Column("mass_ratio", "ion mass over electron mass", format="g"),
         Column("dx_de", "cell over electron skin depth"), Column("steps", "steps taken", format="d"),
         Column("rho", "L1 distance of rho_i + rho_e", format=".2e"), Column("By", "L1 distance of B_y", format=".2e")),
        measure_tubes, check_tubes, draw_tubes,
    ),
    mass_ratio_shock.STUDY,
)  # fmt: skip

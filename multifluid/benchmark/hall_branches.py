"""Whistlers and ion cyclotron waves: exact multifluid roots against Hall MHD, and the code against the exact roots."""

import itertools
from functools import lru_cache

import numpy as np

from multifluid.benchmark.study import Column, Study
from multifluid.benchmark.wave_runs import measure_wave
from multifluid.plotting import COLOURS
from multifluid.problem import Check
from multifluid.problems.pictures import number
from multifluid.problems.waves.wave import Wave
from multifluid.theory.mhd_waves import hall_parallel, mhd_branches

__all__ = ["STUDY", "hall_frequency"]

BETA, GAMMA, CELLS = 0.5, 5.0 / 3.0, 64
# angle between k and B, branch of Wave, branch of `mhd_branches`
BRANCHES = ((0.0, "whistler", None), (0.0, "ion_cyclotron", None), (45.0, "fast", "fast"), (45.0, "alfven", "alfven"))
GATE = 3e-3
# wavenumbers in 1/d_i, c in v_A, mass ratios, steps spent on each wave: 160 take light once over a wavelength
SWEEPS = {
    "smoke": ((1.0,), (10.0,), (1836.0,), 160),
    "quick": ((1e-3, 0.03, 0.3, 1.0, 3.0, 10.0), (10.0, 1e4), (25.0, 1836.0), 160),
    "full": (tuple(10.0 ** (0.5 * n) for n in range(-6, 3)), (10.0, 100.0, 1e3, 1e4), (25.0, 200.0, 1836.0), 2000),
}


@lru_cache(maxsize=256)
def hall_frequency(angle, branch, k_di, beta=BETA):
    """Frequency of a wave of Hall MHD with rho = n m_i, in Omega_i, for v_A = d_i = 1.

    Parameters
    ----------
    angle : float
        Between k and B, in degrees. At 0: "whistler" and "ion_cyclotron", incompressible.
    branch : str
        "whistler" or "ion_cyclotron" (angle 0), "fast", "alfven" or "slow" (other angles).
    k_di : float
    beta : float
        p_i + p_e over B0^2/(2 mu0).

    Returns
    -------
    float
    """
    if angle == 0.0:
        return float(hall_parallel(k_di, 1.0, 1.0)[1 if branch == "whistler" else 0])
    direction = np.array([np.cos(np.radians(angle)), 0.0, np.sin(np.radians(angle))])
    return mhd_branches(1.0, 0.5 * beta, direction, (k_di, 0.0, 0.0), GAMMA, hall=1.0)[branch].omega.real


def measure(size):
    """One short run for each branch, wavenumber, c and mass ratio."""
    wavenumbers, speeds, ratios, steps = SWEEPS[size]
    for (angle, branch, known), ratio, c, k in itertools.product(BRANCHES, ratios, speeds, wavenumbers):
        found = measure_wave(Wave(n=CELLS, branch=branch, k_di=float(k), c=c, mass_ratio=ratio, angle=angle, beta=BETA,
                                  gamma=GAMMA), steps)  # fmt: skip
        hall = hall_frequency(angle, known or branch, float(k))
        yield {"branch": branch, "angle": angle, "mass_ratio": ratio, "c": c, "k_di": float(k), "omega_hall": hall,
               "omega_exact": found.exact.real, "omega_code": found.omega.real, "physics": abs(found.exact / hall - 1.0),
               "code_to_hall": abs(found.omega / hall - 1.0), "error": found.error,
               "steps_per_period": found.steps_per_period, "share": found.share}  # fmt: skip


def checks(rows):
    """The code at the exact roots everywhere; these at Hall MHD but for terms of the size that theory gives."""
    out = []
    for _, branch, _ in BRANCHES:
        worst = max(row["error"] for row in rows if row["branch"] == branch)
        out.append(Check(f"{branch}: code against the exact root, largest error", worst, GATE))
    # at k d_i = 1 the whistler along B has 1.9 (`two_fluid_shift`), every other wave less
    size = [row["physics"] / (1.0 / row["mass_ratio"] + row["c"] ** -2) for row in rows if row["k_di"] <= 1.0]
    return [*out, Check("k d_i <= 1: exact root to Hall MHD, over m_e/m_i + v_A^2/c^2", max(size), 2.0)]


def draw(rows, figure):
    """Four branches: distances to Hall MHD and to the exact root over k d_i."""
    axes = figure.subplots(2, 2, sharex=True, sharey=True)
    ends = [(ratio, c) for ratio in _ends(rows, "mass_ratio") for c in _ends(rows, "c")]
    titles = {"whistler": "whistler, along B", "ion_cyclotron": "ion cyclotron, along B", "fast": "whistler (fast), 45 deg",
              "alfven": "ion cyclotron (Alfven), 45 deg"}  # fmt: skip
    for ax, (branch, title) in zip(axes.T.flat, titles.items(), strict=True):
        for colour, (ratio, c) in zip(COLOURS, ends, strict=False):
            own = sorted((row for row in rows if (row["branch"], row["mass_ratio"], row["c"]) == (branch, ratio, c)),
                         key=lambda row: row["k_di"])  # fmt: skip
            k = [row["k_di"] for row in own]
            ax.loglog(k, [row["physics"] for row in own], color=colour, linewidth=1.4, label=_label(ratio, c))
            ax.loglog(k, [row["code_to_hall"] for row in own], "o", color=colour, markersize=5, markerfacecolor="none")
            ax.loglog(k, [row["error"] for row in own], "x", color=colour, markersize=5)
        ax.axhline(GATE, color="0.4", linewidth=0.9, linestyle="--")
        ax.set_title(title, fontsize=10)
        ax.spines[["top", "right"]].set_visible(False)
        ax.grid(color="0.93", linewidth=0.6)
        ax.set_axisbelow(True)
    axes[0, 0].set_ylim(2e-5, 3.0)
    for style, label in (("-", "exact root to Hall MHD"), ("o", "code to Hall MHD"), ("x", "code to the exact root"),
                         ("--", "gate of the code")):  # fmt: skip
        axes[0, 0].plot([], [], style, color="0.3", markerfacecolor="none", markersize=5, label=label)
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=4, fontsize=9, frameon=False)
    for ax in axes[1]:
        ax.set_xlabel(r"$k d_i$")
    for ax in axes[:, 0]:
        ax.set_ylabel(r"$|\omega/\omega_{\rm theory} - 1|$")


def _ends(rows, name):
    values = [row[name] for row in rows]
    return dict.fromkeys((max(values), min(values)))


def _label(ratio, c):
    return rf"$m_i/m_e = {ratio:g}$, $c = {number(c)}\,v_A$"


TEXT = f"""
One eigenmode on {CELLS} cells per wavelength, beta = {BETA:g}, for each wavenumber, speed of light and mass ratio, along B
and at 45 degrees. Two distances are in the picture, and only one of them is an error. **Lines**: the exact root of the
ion-electron-Maxwell dispersion relation against Hall MHD with rho = n m_i. This is physics: electron inertia, (k d_e)^2 and
m_e/m_i, and the displacement current, v_A^2/c^2. At c = 10 v_A, or with electrons of a 25th of the ions' mass, a Hall-MHD
code and a multifluid one must differ by 1e-2 at any wavelength, and by a factor for k d_e > 1 (k d_i > 5 at 25, > 43 at
1836). **Crosses**: the frequency measured in the code against the exact root, complex, so that damping counts: this is the
code's error, and it must lie under the gate everywhere, also where it is far smaller than the distance to Hall MHD.
**Circles**: the code against Hall MHD: they follow the lines down to where the code's own error begins.

Where a period would take too many steps (1e7 where light must be followed at c = 1e4 v_A) a run takes only the first ones,
at least as many as light needs over a wavelength (column `share`). That is enough: an exact eigenmode has its frequency
from the start, and ten or a hundred times the steps change the error by less than a tenth.
"""

STUDY = Study(
    "hall_branches", "Whistlers and ion cyclotron waves: distance to Hall MHD and error of the code", TEXT,
    (Column("branch", "wave"), Column("angle", "angle between k and B", "degree", "g"),
     Column("mass_ratio", "ion mass over electron mass", format="g"), Column("c", "speed of light", "v_A", "g"),
     Column("k_di", "wavenumber", "1/d_i"), Column("omega_hall", "root of Hall MHD", "Omega_i", ".5g"),
     Column("omega_exact", "exact two-fluid root", "Omega_i", ".5g"),
     Column("omega_code", "measured in the code", "Omega_i", ".5g"),
     Column("physics", "|omega_exact/omega_hall - 1|", format=".1e"),
     Column("code_to_hall", "|omega_code/omega_hall - 1|, complex", format=".1e"),
     Column("error", "|omega_code/omega_exact - 1|, complex", format=".1e"),
     Column("steps_per_period", "steps that a period takes", format=".0f"),
     Column("share", "share of a period that was run", format=".2g")),
    measure, checks, draw,
)  # fmt: skip

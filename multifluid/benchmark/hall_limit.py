"""How exact two-fluid roots tend to those of Hall MHD as electrons lose their mass and light its slowness."""

import itertools
import math

import numpy as np

from multifluid.benchmark.hall_branches import BETA, BRANCHES, GAMMA, hall_frequency
from multifluid.benchmark.study import Column, Study
from multifluid.plotting import COLOURS
from multifluid.problem import Check
from multifluid.theory import Background, named_branches
from multifluid.theory.circular import two_fluid_shift

__all__ = ["STUDY", "exact_frequencies"]

INERTIA, LIGHT = "m_e/m_i", "v_A^2/c^2"
# What the other quantity is while one goes to zero.
NEGLIGIBLE = 1e-16
# wavenumbers in 1/d_i; values of the small quantity
SWEEPS = {
    "smoke": ((1.0,), (1e-4, 1e-6, 1e-8)),
    "quick": ((0.01, 0.3, 3.0), tuple(10.0 ** -n for n in range(2, 9, 2))),
    "full": ((1e-3, 0.01, 0.1, 0.3, 1.0, 3.0, 10.0), tuple(10.0 ** -n for n in range(2, 11))),
}
# What is left is of second order: its share of the distance is of the order of (omega/Omega_i)^2 times the small quantity.
ASYMPTOTIC = 1e-3
ROUND_OFF = 1e-11  # smaller distances are known to less than five digits


def exact_frequencies(branches, angle, k_di, inertia, light, beta=BETA):
    """Frequencies of the two-fluid-Maxwell system, in extended precision, units as in `hall_frequency`.

    Parameters
    ----------
    branches : sequence of str
    angle, k_di : float
    inertia, light : float
        m_e/m_i and v_A^2/c^2.
    beta : float

    Returns
    -------
    dict of str to float
    """
    fluids = [Background("ion", 1.0, 1.0, 1.0, 0.25 * beta, GAMMA),
              Background("electron", inertia, -1.0, inertia, 0.25 * beta, GAMMA)]  # fmt: skip
    # cos(90 degrees) and sin(0) exact
    turn = math.radians(angle)
    B = (math.cos(turn), 0.0, math.sin(turn))
    modes = named_branches(branches, fluids, B, (k_di, 0.0, 0.0), light**-0.5)
    return {name: mode.omega.real for name, mode in modes.items()}


def measure(size):
    """Distance of every root, one small quantity at a time."""
    wavenumbers, values = SWEEPS[size]
    for angle, limit, k, small in itertools.product((0.0, 45.0), (INERTIA, LIGHT), wavenumbers, values):
        names = [branch for at, branch, _ in BRANCHES if at == angle]
        pair = (small, NEGLIGIBLE) if limit == INERTIA else (NEGLIGIBLE, small)
        for branch, omega in exact_frequencies(names, angle, k, *pair).items():
            hall = hall_frequency(angle, branch, k)
            yield {"branch": branch, "angle": angle, "limit": limit, "k_di": k, "small": small, "omega_hall": hall,
                   "omega_exact": omega, "distance": abs(omega / hall - 1.0),
                   "theory": _theory(branch, hall, small) if angle == 0.0 else None}  # fmt: skip


def _theory(branch, hall, small):
    """Relative shift of first order of a wave along B."""
    signed = -hall if branch == "whistler" else hall
    return abs(two_fluid_shift(signed, 1.0, small, 0.0) / signed)


def _families(rows):
    """Rows of the asymptotic range, by limit and by (branch, k)."""
    found = {}
    for row in rows:
        if row["small"] * max(1.0, row["omega_hall"] ** 2) <= ASYMPTOTIC and row["distance"] > ROUND_OFF:
            found.setdefault((row["limit"], row["branch"], row["k_di"]), []).append(row)
    return found


def checks(rows):
    """First order in both, with the coefficient known along B."""
    out = []
    for limit in (INERTIA, LIGHT):
        orders = [np.polyfit(np.log([row["small"] for row in own]), np.log([row["distance"] for row in own]), 1)[0]
                  for (at, _, _), own in _families(rows).items() if at == limit and len(own) > 1]  # fmt: skip
        out.append(Check(f"order in {limit}, distance from 1 of the worst of {len(orders)}",
                         float(np.max(np.abs(np.array(orders) - 1.0))), 0.02))  # fmt: skip
        last = [min((row for row in own), key=lambda row: row["small"]) for (at, _, _), own in _families(rows).items()
                if at == limit and own[0]["theory"]]  # fmt: skip
        out.append(Check(f"coefficient of {limit} along B, distance from theory",
                         max(abs(row["distance"] / row["theory"] - 1.0) for row in last), 1e-4))  # fmt: skip
    return out


def draw(rows, figure):
    """Distance over each small quantity; lines: first-order theory along B, slope 1 at 45 degrees."""
    axes = figure.subplots(2, 2, sharex=True, sharey=True)
    names = {0.0: "along B", 45.0: "45 degrees to B"}
    wavenumbers = sorted({row["k_di"] for row in rows})
    for column, (angle, title) in zip(axes.T, names.items(), strict=True):
        for ax, limit in zip(column, (INERTIA, LIGHT), strict=True):
            symbol = r"$m_e/m_i$, $c \to \infty$" if limit == INERTIA else r"$v_A^2/c^2$, $m_e \to 0$"
            ax.set(xlabel=symbol)
            ax.set_title(title, fontsize=10)
            for number, (colour, k) in enumerate(zip(COLOURS, wavenumbers, strict=False)):
                size = max(8.5 - 2.0 * number, 3.0)  # points of different k may coincide
                for marker, branch in zip("os", [name for at, name, _ in BRANCHES if at == angle], strict=True):
                    own = [row for row in rows if (row["limit"], row["branch"], row["k_di"]) == (limit, branch, k)]
                    small, distance = ([row[key] for row in own] for key in ("small", "distance"))
                    theory = [row["theory"] or row["small"] / small[-1] * distance[-1] for row in own]
                    ax.loglog(small, theory, color=colour, linewidth=0.9, zorder=1)
                    ax.loglog(small, distance, marker, color=colour, markersize=size, zorder=2,
                              markerfacecolor=colour if marker == "o" else "white")  # fmt: skip
            ax.spines[["top", "right"]].set_visible(False)
            ax.grid(color="0.93", linewidth=0.6)
    for ax in axes[:, 0]:
        ax.set_ylabel(r"$|\omega/\omega_{\rm Hall} - 1|$")
    for colour, k in zip(COLOURS, wavenumbers, strict=False):
        axes[0, 0].plot([], [], color=colour, label=rf"$k d_i = {k:g}$")
    axes[0, 0].plot([], [], "o", color="0.3", label="whistler, fast")
    axes[0, 0].plot([], [], "s", color="0.3", markerfacecolor="white", label="ion cyclotron, Alfven")
    axes[0, 0].legend(fontsize=8, frameon=False, loc="upper left")


TEXT = """
Theory alone, in extended precision: the exact root of the two-fluid-Maxwell dispersion relation against that of Hall MHD
(rho = n m_i), as electrons lose their mass while c is out of the way, and as c grows while electrons have no mass. Both
distances must fall in proportion, to m_e/m_i and to v_A^2/c^2. Points: roots. Lines along B: first-order theory,
delta omega/omega = -(m_e/m_i + v_A^2/c^2) (omega - Omega_i)^2/[Omega_i (2 Omega_i - omega)] with omega < 0 for whistlers,
nothing fitted; at 45 degrees: slope 1 through the last point. What this shows: Hall MHD is the limit of the equations that
the code solves, term by term; no constant of the model has been adjusted to make it so.
"""

STUDY = Study(
    "hall_limit", "Exact two-fluid roots tend to Hall MHD at first order in m_e/m_i and in v_A^2/c^2", TEXT,
    (Column("branch", "wave"), Column("angle", "angle between k and B", "degree", "g"),
     Column("limit", "what goes to zero; the other is 1e-16"), Column("k_di", "wavenumber", "1/d_i"),
     Column("small", "its value", format="g"), Column("omega_hall", "root of Hall MHD", "Omega_i", ".10g"),
     Column("omega_exact", "exact two-fluid root", "Omega_i", ".10g"),
     Column("distance", "|omega_exact/omega_hall - 1|", format=".4e"),
     Column("theory", "the same to first order, along B", format=".4e")),
    measure, checks, draw,
)  # fmt: skip

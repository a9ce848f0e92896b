"""Drift of ions, electrons and grains through neutrals over ten decades of drag: mobilities and the ambipolar law."""

import math

import numpy as np

from multifluid import Simulation
from multifluid.benchmark.axes import POINT, THEORY, colour, column, tidy
from multifluid.benchmark.study import Column, Study
from multifluid.problem import Check
from multifluid.problems.sources.drift import Drift
from multifluid.problems.sources.records import records
from multifluid.theory.formulary import drift_with_pressure

__all__ = ["DRIFT", "ambipolar_law"]

# Hall parameters of ions, electrons and grains where the ions' is 1
HALLS = {"hall_ion": 1.0, "hall_electron": 100.0, "hall_grain": 0.03}
GRAINS = 0.3  # share of the negative charge
MIXTURES = {"ions, electrons": 0.0, "with grains": GRAINS}
# Charge relaxes at the rate sigma/eps0 ~ c^2: the lower the conductivity, the larger c must be for a steady state.
C = 1e5
POINTS = {"smoke": 3, "quick": 21, "full": 61}


def _problem(hall, grain_share):
    parameters = {name: value * hall for name, value in HALLS.items()}
    return Drift(**parameters, grain_share=grain_share, angle=90.0, c=C)


def ambipolar_law(problem):
    """u_c - u_n = (rho_n/rho) F/(alpha rho_c rho_n), the force F on the ions in the place of J x B, the drag that of all."""
    push = problem.acceleration_of  # rho_i = 1
    charged = sum(density for _, _, _, density, _ in problem._charged)
    drag = sum(density * nu for _, _, _, density, nu in problem._charged)
    # a field whose (curl B) x B is the force along x: B = (0, 0, 1), curl B = (0, push, 0)
    curl, B, zero = np.array([0.0, push, 0.0]), np.array([0.0, 0.0, 1.0]), np.zeros(3)
    coupling = drag / (charged * problem.neutral_ratio)
    return float(drift_with_pressure(curl, B, zero, zero, coupling, charged, problem.neutral_ratio)[0])


def measure(size):
    """One gas for each drag coefficient and mixture."""
    for mixture, share in MIXTURES.items():
        for hall in np.logspace(-5.0, 5.0, POINTS[size]):
            yield from _rows(mixture, _problem(float(hall), share))


def _rows(mixture, problem):
    run = Simulation(problem, threads=1).run()
    drift, _ = problem.drift_of(records(run)[-1][1])
    exact, law = problem.terminal[0], ambipolar_law(problem)
    for (name, _, _, _, nu), found, theory in zip(problem._charged, drift, exact, strict=True):
        yield {"mixture": mixture, "fluid": name, "hall_ion": problem.hall_ion, "alpha": problem.interactions()[0].alpha,
               "along": found[0] / law, "across": found[1] / law, "along_exact": theory[0] / law,
               "across_exact": theory[1] / law, "error": float(np.linalg.norm(found - theory) / np.linalg.norm(theory)),
               "law": law, "nu_dt": nu * problem._dt}  # fmt: skip


def checks(rows):
    """Every drift against the mobilities; ions tied to B against the ambipolar law."""
    tied = [row for row in rows if row["hall_ion"] >= 9e3]
    two = [row for row in rows if row["mixture"] == "ions, electrons"]
    off, tied_off = ([math.hypot(row["along"] - 1.0, row["across"]) for row in some] for some in (two, tied))
    return [
        Check("drift against the mobilities, largest relative error", float(column(rows, "error").max()), 1e-10),
        Check("ions and electrons against F/(alpha rho_c rho_n), at any coupling", max(off), 1e-6),
        Check("the same with grains where all are tied to B (Hall parameter of grains > 270)", max(tied_off), 1e-2),
        Check("decades of alpha", float(np.ptp(np.log10(column(rows, "alpha")))), 9.9, kind="min"),
    ]


def draw(rows, figure):
    """Drift along and across the force over alpha, over that of the ambipolar law."""
    axes = figure.subplots(2, 1, sharex=True)
    share = MIXTURES["with grains"]
    halls = np.logspace(-5.3, 5.3, 300)
    problems = [_problem(float(hall), share) for hall in halls]
    lines = np.array([problem.terminal[0] / ambipolar_law(problem) for problem in problems])
    alphas = np.array([problem.interactions()[0].alpha for problem in problems])
    for number, (name, marker) in enumerate((("ion", "o"), ("electron", "s"), ("grain", "D"))):
        own = [row for row in rows if row["fluid"] == name and row["mixture"] == "with grains"]
        for ax, key, d in zip(axes, ("along", "across"), (0, 1), strict=True):
            ax.semilogx(alphas, lines[:, number, d], **THEORY, label="mobilities" if number == 0 else None)
            ax.semilogx(column(own, "alpha"), column(own, key), marker, **POINT, color=colour(number),
                        label=f"{name}s (with grains)")
    two = [row for row in rows if row["fluid"] == "ion" and row["mixture"] == "ions, electrons"]
    for ax, key in zip(axes, ("along", "across"), strict=True):
        ax.semilogx(column(two, "alpha"), column(two, key), "x", color=colour(3), markersize=6, label="ions (no grains)")
        for place, text in ((alphas[-1] * 6e2, "ambipolar: all tied to B"), (3e-5, "Hall"), (2e-2, "ohmic: drag wins")):
            if ax is axes[0]:
                ax.text(place, 1.02, text, transform=ax.get_xaxis_transform(), fontsize=9, color="0.4", ha="center")
    axes[0].set(ylabel="drift along the force\nover $F/(\\alpha\\rho_c\\rho_n)$")
    axes[1].set(ylabel="drift across force and B\nover $F/(\\alpha\\rho_c\\rho_n)$",
                xlabel=r"drag coefficient $\alpha$ of ions on neutrals, in $\Omega_i/\rho_i$")
    tidy(axes[1])
    tidy(axes[0], loc="center left")


TEXT = """
A force across B pushes the ions of a uniform gas (problem `drift`) while drag holds ions, electrons and, in the second
mixture, grains with 30 % of the negative charge; E adjusts until no current flows. The drag coefficient goes over ten
decades, from everything tied to B (ambipolar) over grains, then ions let go (Hall) to drag winning for all (ohmic). Steps
are 30 to 1,700 collision times: nothing is resolved, the implicit stages must find the balance. Points: runs; lines:
Pedersen and Hall mobilities (Wardle & Ng 1999). Drifts are given over (rho_n/rho) F/(alpha rho_c rho_n), summed over all
drags: the ambipolar drift velocity with F for J x B. Ions and electrons alone drift at that speed at any coupling; grains
share in it only where tied to B.
"""

DRIFT = Study(
    "ambipolar_drift", "Ion-neutral drift over ten decades of drag", TEXT,
    (Column("mixture", "charged fluids"), Column("fluid", "which drifts"), Column("hall_ion", "Omega_i/nu_in"),
     Column("alpha", "drag coefficient of ions", "Omega_i/rho_i"),
     Column("along", "drift along the force, over law", format=".6g"),
     Column("across", "drift across force and B, over law", format=".6g"),
     Column("along_exact", "the same from mobilities", format=".6g"),
     Column("across_exact", "the same from mobilities", format=".6g"),
     Column("error", "of the drift vector, relative", format=".1e"),
     Column("law", "(rho_n/rho) F/(alpha rho_c rho_n)", "v_A"),
     Column("nu_dt", "collision rate times the step", format=".1e")),
    measure, checks, draw,
)  # fmt: skip

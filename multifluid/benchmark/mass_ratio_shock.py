"""A C-shock with heavier electrons."""

import numpy as np

from multifluid import Simulation
from multifluid.benchmark.axes import POINT, THEORY, colour, column, tidy
from multifluid.benchmark.shock_runs import SHOCK_GRIDS
from multifluid.benchmark.study import Column, Study
from multifluid.problem import Check
from multifluid.problems.clouds.cshock import CShock
from multifluid.problems.sources.records import records

__all__ = ["STUDY"]

TRUE = 1836.0
RATIOS = {
    "smoke": (25.0, TRUE),
    "quick": (25.0, 100.0, 400.0, TRUE),
    "full": (25.0, 50.0, 100.0, 200.0, 400.0, 900.0, TRUE),
}


def measure(size):
    """The shock at each mass ratio, the true one first."""
    true = None
    for ratio in sorted(RATIOS[size], reverse=True):
        problem = CShock(mass_ratio=ratio, **SHOCK_GRIDS[size])
        run = Simulation(problem, threads=1).run()
        last = {name: np.ravel(data) for name, data in records(run)[-1][1].items()}
        true = true or last
        yield {"mass_ratio": ratio, "steady": problem.mean_error(records(run)[-1][1]),
               "By_true": float(np.mean(np.abs(last["By"] - true["By"]))),
               "u_true": float(np.mean(np.abs(last["ux_ion"] - true["ux_ion"]))), "steps": run.steps}  # fmt: skip


def checks(rows):
    """Heavier electrons bring their own friction, in proportion to their mass, and save nothing."""
    true, heaviest = rows[0], rows[-1]
    share = heaviest["By_true"] / (1.0 / heaviest["mass_ratio"] - 1.0 / TRUE)
    shares = [row["By_true"] / (1.0 / row["mass_ratio"] - 1.0 / TRUE) for row in rows[1:]]
    return [
        # friction shortens the shock by up to 1.4 in cells: twice the error at second order
        Check("steady profile at any mass ratio, mean error over that with true electrons",
              max(row["steady"] for row in rows) / true["steady"], 2.0),
        Check(f"B_y to true electrons, L1 over B_0, at m_i/m_e = {heaviest['mass_ratio']:g}", heaviest["By_true"], 1e-2,
              kind="min"),
        Check("the same over m_e/m_i, largest over that of the heaviest", max(shares) / share, 1.6),
        Check("steps with true electrons over the fewest", true["steps"] / min(row["steps"] for row in rows), 1.1),
    ]


def draw(rows, figure):
    """Errors and steps over the mass ratio."""
    error, steps = figure.subplots(1, 2)
    ratio = column(rows, "mass_ratio")
    error.loglog(ratio, rows[-1]["By_true"] * ratio[-1] / ratio, **THEORY, label=r"$m_e/m_i$")
    for number, (name, marker, text) in enumerate((("steady", "o", "steady profile, mean error"),
                                                   ("By_true", "s", "$B_y$ to true electrons"),
                                                   ("u_true", "D", "$u_i$ to true electrons"))):
        known = column(rows, name) > 0.0
        error.loglog(ratio[known], column(rows, name)[known], marker, **POINT, color=colour(number), label=text)
    steps.semilogx(ratio, column(rows, "steps"), "o", **POINT, color=colour(0), label="steps")
    steps.set_ylim(0.0, None)
    for ax in (error, steps):
        ax.set_xlabel(r"$m_i/m_e$")
    tidy(error, steps)


STUDY = Study(
    "mass_ratio_cshock", "C-shock: what heavier electrons do to it", """
The perpendicular C-shock of `cshock` (ion fraction 1e-3, v_s = 5 v_A) from a front, with electrons of 1/25 to 1/1836 of an
ion. Each shock is as near to its own steady profile as any other (circles), but it is another shock: electrons here rub on
neutrals ten times as much per mass as ions do (`electron_drag`), so that at m_i/m_e = 25 they add 40 % to the friction.
B_y and u_i at the end of the run differ from those with true electrons in proportion to m_e/m_i (line), by 8 % at 25, and
no steps are saved: neutrals hold the ions, ions the electrons, and the grid resolves neither.
""",
    (Column("mass_ratio", "ion mass over electron mass", format="g"),
     Column("steady", "mean error against the steady profile", format=".2e"),
     Column("By_true", "B_y to the run with true electrons, L1", "B_0", ".2e"),
     Column("u_true", "u_x of ions to the run with true electrons, L1", "v_A", ".2e"),
     Column("steps", "steps taken", format="d")),
    measure, checks, draw,
)  # fmt: skip

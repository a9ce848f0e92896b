"""What a reduced speed of light costs in error and saves in steps: waves, a shock tube, a C-shock."""

import math

import numpy as np

from multifluid import Simulation
from multifluid.benchmark.axes import POINT, THEORY, colour, column, tidy
from multifluid.benchmark.shock_runs import SHOCK_GRIDS
from multifluid.benchmark.study import Column, Study
from multifluid.problem import Check
from multifluid.problems.clouds.cshock import CShock
from multifluid.problems.shocks.brio_wu import BrioWu
from multifluid.problems.sources.records import records
from multifluid.problems.waves.wave import Wave

__all__ = ["STUDIES"]

TRUE_C = 3e5
STEPS = (Column("steps", "steps taken", format="d"),
         Column("light_steps", "steps t c/(C dx) of a code that follows light", format="d"))  # fmt: skip


def _light_steps(problem, dx):
    return math.ceil(problem.t_end * problem.c / (problem.cfl * dx))


def _draw_steps(ax, rows, number=0, marker="o", label=""):
    """Steps over c: taken (filled), of a code that follows light (line)."""
    c = column(rows, "c")
    ax.loglog(c, column(rows, "light_steps"), **THEORY, label=None if number else "code that follows light")
    ax.loglog(c, column(rows, "steps"), marker, **POINT, color=colour(number), label=f"this code{label}")


# -- waves --------------------------------------------------------------------------------------------------------------

# parameters of `Wave`, and c from which on and up to which it is run: where cells resolve the skin depth electrons must be
# slower than light, and the step is that of light
WAVES = {
    "alfven": ({"branch": "alfven", "k_di": 1e-3}, (1.0, math.inf)),
    "fast": ({"branch": "fast", "k_di": 1e-3}, (1.0, math.inf)),
    "whistler": ({"branch": "whistler", "k_di": 8.0, "angle": 0.0}, (25.0, 100.0)),
}
WAVE_RUNS = {"smoke": (0.1, (3.0, 30.0, TRUE_C)), "quick": (0.5, (2.0, 5.0, 10.0, 30.0, 100.0, 1e3, TRUE_C)),
             "full": (1.0, (2.0, 3.0, 5.0, 10.0, 20.0, 30.0, 100.0, 1e3, 1e4, TRUE_C))}  # fmt: skip


def measure_waves(size):
    """Each wave at each c."""
    periods, speeds = WAVE_RUNS[size]
    for name, (parameters, (least, most)) in WAVES.items():
        exact = Wave(c=TRUE_C, **parameters).mode.omega.real
        for c in (speed for speed in speeds if speed > least):
            wave = Wave(c=c, periods=periods, **parameters)
            omega, dx = wave.mode.omega, wave.grid().spacing[0]
            row = {"wave": name, "c": c, "dx_de": dx * math.sqrt(wave.mass_ratio), "physics": abs(omega - exact) / exact,
                   "own": None, "total": None, "steps": None, "light_steps": _light_steps(wave, dx)}  # fmt: skip
            if c <= most:
                run = Simulation(wave, threads=1).run()
                found = wave.measured_frequency(run)
                row |= {"own": abs(found / omega - 1.0), "total": abs(found - exact) / exact, "steps": run.steps}
            yield row


def _of(rows, key, value):
    return [row for row in rows if row[key] == value]


def check_waves(rows):
    """Physics as (v_A/c)^2, the code's own error and steps not depending on c where light is not resolved."""
    found = []
    for name in ("alfven", "fast"):
        own = _of(rows, "wave", name)
        c, physics = column(own, "c"), column(own, "physics")
        seen = c < 1e4
        order = -np.polyfit(np.log(c[seen]), np.log(physics[seen]), 1)[0]
        steps = column(own, "steps")
        found += [
            Check(f"{name}: order in 1/c of the exact root's distance to that at true c, off 2",
                  abs(float(order) - 2.0), 0.2),
            Check(f"{name}: error of the code at its own c, largest", float(column(own, "own").max()), 4e-3),
            Check(f"{name}: steps at true c over those at c = {c.min():g} v_A", float(steps[-1] / steps[0]), 1.5),
        ]
    electron = _of(rows, "wave", "whistler")
    ran = [row for row in electron if row["steps"] is not None]
    return [*found,
            Check("whistler on cells of half a skin depth: error at its own c, largest",
                  float(column(ran, "own").max()), 4e-3),
            Check("the same: steps over those of light, least", min(r["steps"] / r["light_steps"] for r in ran), 0.5,
                  kind="min")]  # fmt: skip


def draw_waves(rows, figure):
    """Errors over c; steps over c."""
    error, steps = figure.subplots(1, 2)
    for number, (name, marker) in enumerate(zip(WAVES, "osD", strict=True)):
        own = _of(rows, "wave", name)
        c, style = column(own, "c"), POINT | {"color": colour(number)}
        near = column(own, "c") < 0.1 * TRUE_C
        error.loglog(c[near], column(own, "physics")[near], color=colour(number), linewidth=1.1, zorder=1)
        error.loglog(c, column(own, "total"), marker, **style, label=name)
        error.loglog(c, column(own, "own"), marker, **style | {"markersize": 3.5, "alpha": 0.55})
        label = ", $\\Delta x = d_e/2$" if name == "whistler" else r", $\Delta x \gg d_i$"
        steps.loglog(c, column(own, "light_steps"), color=colour(number), linewidth=0.9, zorder=1)
        steps.loglog(c, column(own, "steps"), marker, **style, label=name + label)
    error.plot([], [], color="0.4", linewidth=1.1, label="exact root, to that at true c")
    error.plot([], [], ".", color="0.4", markersize=4, label="code, to the root at its own c")
    steps.plot([], [], color="0.4", linewidth=0.9, label="code that follows light")
    error.set(xlabel=r"$c/v_A$", title="error against the root at true c", ylim=(1e-7, 2.0))
    steps.set(xlabel=r"$c/v_A$", title="steps for the same time")
    tidy(error, loc="upper right")
    tidy(steps, loc="upper left")


# -- Brio-Wu ------------------------------------------------------------------------------------------------------------

TUBES = {"smoke": (100, (5.0, 10.0, 30.0, TRUE_C)), "quick": (200, (3.0, 5.0, 10.0, 20.0, 50.0, 1e3, TRUE_C)),
         "full": (400, (3.0, 5.0, 7.0, 10.0, 20.0, 50.0, 100.0, 1e3, 1e4, TRUE_C))}  # fmt: skip


def measure_tube(size):
    """The tube at each c, the true one first."""
    cells, speeds = TUBES[size]
    true = None
    for c in sorted(speeds, reverse=True):
        problem = BrioWu(nx=cells, c=c)
        run = Simulation(problem, threads=1).run()
        state = {"rho": run["rho_ion"] + run["rho_electron"], "By": run["By"].copy()}
        true = true or state
        errors = problem.mhd_errors(run)
        yield {"c": c, "rho": errors["rho"], "By": errors["By"], "rho_true": float(np.mean(abs(state["rho"] - true["rho"]))),
               "By_true": float(np.mean(abs(state["By"] - true["By"]))), "steps": run.steps,
               "light_steps": _light_steps(problem, 1.0 / cells)}  # fmt: skip


def _order_in_c(rows, name, least=8.0, most=60.0):
    own = [row for row in rows if least < row["c"] < most]
    return -float(np.polyfit(np.log(column(own, "c")), np.log(column(own, name)), 1)[0])


def check_tube(rows):
    """Physics falls as c^-2; cost does not depend on c."""
    true, least = rows[0], rows[-1]
    return [
        Check("order in 1/c of the distance of B_y to the run at true c, off 2",
              abs(_order_in_c(rows, "By_true") - 2.0), 0.3),
        Check(f"B_y against ideal MHD at c = {least['c']:g} over that at true c", least["By"] / true["By"], 1.05,
              kind="min"),
        Check(f"steps at true c over those at c = {least['c']:g}", true["steps"] / least["steps"], 1.3),
        Check("steps that follow true light over steps taken", true["light_steps"] / true["steps"], 1e4, kind="min"),
    ]


def draw_tube(rows, figure):
    """Errors over c; steps over c."""
    error, steps = figure.subplots(1, 2)
    c = column(rows, "c")
    for number, (name, text, marker) in enumerate((("rho", r"$\rho$", "o"), ("By", "$B_y$", "s"))):
        error.loglog(c, column(rows, name), marker, **POINT, color=colour(number), label=f"{text} to ideal MHD")
        hollow = POINT | {"markeredgecolor": colour(number), "markeredgewidth": 1.3, "fillstyle": "none"}
        error.loglog(c[1:], column(rows, f"{name}_true")[1:], marker, **hollow, label=f"{text} to the run at true c")
        error.axhline(rows[0][name], color=colour(number), linewidth=0.8, linestyle="--", zorder=0)
        fit = next(row for row in rows if row["c"] <= 50.0)
        near = c < 2e3
        error.loglog(c[near], fit[f"{name}_true"] * (c[near] / fit["c"]) ** -2.0, **THEORY,
                     label="$c^{-2}$" if number else None)
    _draw_steps(steps, rows)
    error.set(xlabel=r"$c$, in $\sqrt{p/\rho}$ of the left state", title="L1 error", ylim=(1e-7, 0.1))
    steps.set(xlabel=r"$c$", title="steps")
    tidy(error, loc="center right")
    tidy(steps, loc="upper left")


# -- C-shock ------------------------------------------------------------------------------------------------------------

SHOCK_SPEEDS = {
    "smoke": (5.0, 15.0, 45.0, TRUE_C),
    "quick": (5.0, 10.0, 20.0, 40.0, 160.0, TRUE_C),
    "full": (5.0, 10.0, 20.0, 40.0, 100.0, 1e3, TRUE_C),
}


def measure_shock(size):
    """The shock at each c, the true one first."""
    true = None
    for c in sorted(SHOCK_SPEEDS[size], reverse=True):
        problem = CShock(c=c, **SHOCK_GRIDS[size])
        run = Simulation(problem, threads=1).run()
        found = records(run)
        By = [np.ravel(fields["By"]) for _, fields in found]
        true = true or (By, problem.place(found[-1][1]))
        place = problem.place(found[-1][1])
        growth = [float(np.mean(abs(own - other))) for own, other in zip(By, true[0], strict=True)]
        yield {"c": c, "steady": problem.mean_error(found[-1][1]), "By_true": growth[-1], "By_early": max(growth),
               "place": (place - true[1]) / problem.length, "steps": run.steps,
               "light_steps": _light_steps(problem, problem.grid().spacing[0])}  # fmt: skip


def check_shock(rows):
    """The steady profile does not depend on c, the way there does."""
    true, least = rows[0], rows[-1]
    order = _order_in_c(rows, "By_early", least=9.0)
    return [
        Check("steady profile at any c, mean error over that at true c",
              max(row["steady"] for row in rows) / true["steady"], 1.5),
        Check(f"B_y on the way, distance to the run at true c, at c = {least['c']:g}", least["By_early"], 1e-2, kind="min"),
        Check("the same: order in 1/c", order, 1.1, kind="min"),
        Check(f"steps at true c over those at c = {least['c']:g}", true["steps"] / least["steps"], 1.5),
        Check("steps that follow true light over steps taken", true["light_steps"] / true["steps"], 1e3, kind="min"),
    ]


def draw_shock(rows, figure):
    """Errors over c; steps over c."""
    error, steps = figure.subplots(1, 2)
    c = column(rows, "c")
    error.loglog(c, column(rows, "steady"), "o", **POINT, color=colour(0), label="steady profile, mean error")
    error.axhline(rows[0]["steady"], color=colour(0), linewidth=0.8, linestyle="--", zorder=0)
    kinds = (("By_early", "s", "largest on the way"), ("By_true", "D", "at the end"))
    for number, (name, marker, text) in enumerate(kinds, 1):
        error.loglog(c[1:], column(rows, name)[1:], marker, **POINT, color=colour(number),
                     label=f"$B_y$ to the run at true c, {text}")
    near, fit = c < 0.1 * TRUE_C, rows[1]
    error.loglog(c[near], fit["By_early"] * (c[near] / fit["c"]) ** -2.0, **THEORY, label="$c^{-2}$")
    _draw_steps(steps, rows)
    error.set(xlabel=r"$c/v_A$", title="errors, over $B_0$ or largest value", ylim=(1e-6, 1.0))
    steps.set(xlabel=r"$c/v_A$", title="steps")
    tidy(error, loc="upper right")
    tidy(steps, loc="upper left")


WAVES_TEXT = """
Alfven and fast waves of long wavelength (dx is 100 d_i) at 45 degrees, and a whistler along B whose cells are half a skin
depth; 64 cells per wavelength, m_i/m_e = 1836. Lines on the left: how far the exact root at this c is from that at the
true one, (v_A/c)^2/2 for the Alfven wave: the price of reducing c. Large points: what the run is off from the answer at
true c. Small ones: what it is off from the root at its own c, the code's own error. Right: steps. Where cells are large,
c costs nothing, and a reduced one saves nothing. Where they resolve the skin depth this code follows light as others do,
and a smaller c is the only way to fewer steps; it must then stay well above the Alfven speed of electrons, 43 v_A, for
the whistler to be right to a per cent.
"""

TUBE_TEXT = """
Brio and Wu's tube with two fluids in the ideal-MHD limit (d_i = 1e-6). Filled points: L1 distance to ideal MHD, dashed
its value at true c; open ones: to the same run at c = 3e5, which is the physics lost, and falls as c^-2 (line). The
fastest signal of the tube goes at 3.8. Right: steps of this code hardly depend on c; those of a code that follows light
grow with it.
"""

SHOCK_TEXT = """
The perpendicular C-shock of `cshock` (ion fraction 1e-3, v_s = 5 v_A) from a front. In the frame of a steady shock E does
not change, so that its profile holds at any c, even at v_s: the error against it does not depend on c. The way there
does: the precursor forms as fast as signals in the ions go, at their own Alfven speed of 31 v_A or at c if that is less,
and B_y at equal times differs from the run at true c, by 1/c to 1/c^2. Ions held by drag do not set the step, so that a
reduced c saves next to none; a shock that moves over the grid or changes in time pays for it.
"""

STUDIES = (
    Study("reduced_c_waves", "Reduced speed of light: waves", WAVES_TEXT,
          (Column("wave", "branch"), Column("c", "speed of light", "v_A"), Column("dx_de", "cell over electron skin depth"),
           Column("physics", "exact root at this c to that at true c, relative", format=".2e"),
           Column("own", "run to the exact root at its own c, relative", format=".2e"),
           Column("total", "run to the exact root at true c, relative", format=".2e"), *STEPS),
          measure_waves, check_waves, draw_waves),
    Study("reduced_c_brio_wu", "Reduced speed of light: Brio-Wu", TUBE_TEXT,
          (Column("c", "speed of light", "sqrt(p/rho) left"), Column("rho", "density to ideal MHD, L1", format=".3e"),
           Column("By", "B_y to ideal MHD, L1", format=".3e"),
           Column("rho_true", "density to the run at true c, L1", format=".2e"),
           Column("By_true", "B_y to the run at true c, L1", format=".2e"), *STEPS),
          measure_tube, check_tube, draw_tube),
    Study("reduced_c_cshock", "Reduced speed of light: C-shock", SHOCK_TEXT,
          (Column("c", "speed of light", "v_A"), Column("steady", "mean error against the steady profile", format=".2e"),
           Column("By_true", "B_y to the run at true c at the end, L1", "B_0", ".2e"),
           Column("By_early", "the same, largest of all records", "B_0", ".2e"),
           Column("place", "where the shock stands, from where it does at true c", "drag lengths", ".2e"), *STEPS),
          measure_shock, check_shock, draw_shock),
)  # fmt: skip

"""The formulas of the textbooks, each against a run of the problem made for it."""

import numpy as np

from multifluid import Simulation
from multifluid.benchmark.axes import POINT, THEORY, colour, column, tidy
from multifluid.benchmark.study import Column, Study
from multifluid.benchmark.textbook_ohm import OHM
from multifluid.problem import Check
from multifluid.problems.textbook.boltzmann import Boltzmann
from multifluid.problems.textbook.diamagnetic import Diamagnetic
from multifluid.problems.textbook.dielectric import Dielectric
from multifluid.problems.textbook.flux_loop import FluxLoop

__all__ = ["STUDIES"]

# Ions and electrons that no grid resolves, at the true speed of light for v_A = 1 km/s.
MHD = {"d_i": 1e-6, "c": 3e5}
UNRESOLVED = {"debye": 1e-6, "c": 100.0}
# Each size runs these and those of the sizes before it.
DRIFTS = {
    "smoke": ({"nx": 16}, {"nx": 16, "start": "rest", **MHD}),
    "quick": ({}, MHD, {"start": "rest"}, {"start": "rest", **MHD}, {"exb": 0.0}, {"beta_ion": 0.0},
              {"closure": "five-moment"}),
    "full": ({"nx": 64}, {"nx": 64, "start": "rest", **MHD},
             {"start": "rest", "d_i": 0.1, "mass_ratio": 25.0, "c": 10.0, "t_end": 4.0}),
}
RELATION = {
    "smoke": (UNRESOLVED, {"nx": 40, "t_end": 1.5}),
    "quick": ({}, {"mass_ratio": 1836.0, "steps": 200, **UNRESOLVED}),
    "full": ({"nx": 96}, {"nx": 192, **UNRESOLVED}),
}
POLARISED = {
    "smoke": ({}, {"drive": "force", "steps": 32}),
    "quick": (*({"ratio": float(r)} for r in np.geomspace(1e-2, 1e6, 9)),
              *({"drive": "force", "steps": 64, "ratio": r} for r in (1e-2, 1.0, 189.0, 1e4, 1e6))),
    "full": ({"ratio": 1.0, "mass_ratio": 25.0, "step": 0.01, "steps": 2600},),
}
LOOPS = {
    "smoke": ({"nx": 24, "t_end": 0.1, "frames": 8}, {"nx": 24, "t_end": 0.1, "frames": 8, "electrons": "current", **MHD}),
    "quick": ({"nx": 24}, {"electrons": "current", **MHD}),
    "full": ({"nx": 48}, {"nx": 64, "electrons": "current", **MHD}, {"d_i": 0.2, "c": 10.0, "mass_ratio": 25.0}),
}


def _runs(problem_class, cases, size):
    """(label, problem, run) of every case up to a size."""
    for some in list(cases)[:list(cases).index(size) + 1]:
        for parameters in cases[some]:
            problem = problem_class(**parameters)
            label = ", ".join(f"{name}={value:g}" if isinstance(value, float) else f"{name}={value}"
                              for name, value in parameters.items()) or "default"
            yield label, problem, Simulation(problem, threads=1).run()


def _share(problem, run):
    """Largest measured value over its limit among the problem's own checks."""
    return max(check.value / check.limit for check in problem.check(run) if check.limit > 0)


def _own_checks(rows):
    return Check("largest measured value over its limit, all checks of the problem", max(row["share"] for row in rows), 1.0)


_CASE = Column("case", "parameters of the problem that differ from its defaults")
_SHARE = Column("share", "largest value over its limit among the problem's own checks", format=".2f")


# -- drifts (5.56) --------------------------------------------------------------------------------------------------


def _measure_drifts(size):
    for label, problem, run in _runs(Diamagnetic, DRIFTS, size):
        found, formula = problem.mean(problem.drifts, run)
        at, errors = np.abs(formula).argmax(axis=1), problem.errors(run)
        row = {"case": label, "d_i": problem.d_i, "share": _share(problem, run)}
        for s, name in enumerate(("ion", "electron")):
            row |= {f"{name}_formula": float(formula[s, at[s]]), f"{name}_run": float(found[s, at[s]]),
                    f"{name}_error": errors[name]}
        yield row


def _check_drifts(rows):
    return [_own_checks(rows), Check("error of a drift over the largest drift, any cell",
                                     max(row[f"{name}_error"] for row in rows for name in ("ion", "electron")), 5e-3)]


def _draw_drifts(rows, figure):
    ax = figure.subplots()
    sizes = np.abs(column(rows, "electron_formula"))
    line = np.array([sizes.min() / 2, sizes.max() * 2])
    ax.loglog(line, line, **THEORY, label="(5.56): run = formula")
    for number, (name, marker) in enumerate((("ion", "o"), ("electron", "s"))):
        # ions at rest in an E that turns with them drift a thousandth of the electrons: what is left is not shown
        own = [row for row in rows if abs(row[f"{name}_formula"]) > 0.01 * abs(row["electron_formula"])]
        ax.loglog(np.abs(column(own, f"{name}_formula")), np.abs(column(own, f"{name}_run")), marker, **POINT,
                  color=colour(number), label=f"{name}s")
    ax.set(xlabel=r"largest $E \times B$ + diamagnetic drift by formula $/v_A$", ylabel=r"drift in the run $/v_A$")
    tidy(ax)


DRIFT = Study(
    "textbook_drifts", "Drifts of each fluid in a density gradient", """
A slab whose density varies across B, in equilibrium or started at rest (problem `diamagnetic`): every fluid drifts at
u_s = E x B/B^2 - grad p_s x B/(q_s n_s B^2), (5.56). Shown is the largest drift of each fluid; the error is that of the
worst cell. Drifts go from 1 v_A down to 1e-7 v_A, where ions and electrons are locked to the field on every scale of the
grid and of the step.
""",
    (_CASE, Column("d_i", "ion inertial length over the wavelength"),
     *(Column(f"{name}_{what}", f"{name}s: {text}", unit, form) for name in ("ion", "electron")
       for what, text, unit, form in (("formula", "largest drift by (5.56)", "v_A", ".4g"),
                                      ("run", "the same cell's in the run", "v_A", ".4g"),
                                      ("error", "largest error of any cell over the largest drift", "1", ".1e"))), _SHARE),
    _measure_drifts, _check_drifts, _draw_drifts,
)  # fmt: skip


# -- Boltzmann (5.61) -----------------------------------------------------------------------------------------------


def _measure_relation(size):
    for label, problem, run in _runs(Boltzmann, RELATION, size):
        fields = run.records[-1][1]
        log, potential = np.log(np.ravel(fields["rho_electron"])), problem.potential(fields)
        slope = float(np.polynomial.polynomial.polyfit(potential, log, 1)[1])
        yield {"case": label, "debye": problem.debye, "cells": problem.nx, "slope": slope, **problem.errors(fields),
               "share": _share(problem, run)}


def _check_relation(rows):
    return [_own_checks(rows), Check("slope of ln n_e over e phi/T_e, distance from 1",
                                     max(abs(row["slope"] - 1.0) for row in rows), 2e-3)]


def _draw_relation(rows, figure):
    ax = figure.subplots()
    place = np.arange(len(rows))
    for number, (name, marker, label) in enumerate((("relation", "o", r"$\ln n_e$ against $e\phi/T_e$"),
                                                    ("density", "s", r"$n_e$ against Poisson and Boltzmann"),
                                                    ("charge", "D", r"$n_e/n_i - 1$: physics, no error"))):
        ax.semilogy(place, column(rows, name), marker, **POINT, color=colour(number), label=label)
    ax.set_xticks(place, [row["case"].replace(", ", "\n") for row in rows], fontsize=8)
    ax.set(ylabel="largest relative deviation", xlim=(-0.5, len(rows) - 0.5))
    tidy(ax)


BOLTZMANN = Study(
    "textbook_boltzmann", "Electrons along B settle to the Boltzmann relation", """
Isothermal electrons fill a clump of ions along B (problem `boltzmann`): their pressure balances E, so that n_e = n_0
exp(e phi/T_e), (5.61), with phi from the run's own E. Debye lengths from half the clump's width to 1e-6 of the box: with
the first the electrons overflow the clump as Poisson's equation has it, with the second they follow it to 1e-10 and E is
what remains of the difference.
""",
    (_CASE, Column("debye", "Debye length over the box"), Column("cells", "cells", format="d"),
     Column("slope", "slope of ln n_e over e phi/T_e: 1 by (5.61)", format=".6f"),
     Column("relation", "largest deviation of ln n_e from e phi/T_e over its range", format=".1e"),
     Column("density", "largest relative deviation of n_e from Poisson's equation with (5.61)", format=".1e"),
     Column("charge", "largest |n_e/n_i - 1|", format=".1e"), _SHARE),
    _measure_relation, _check_relation, _draw_relation,
)  # fmt: skip


# -- dielectric constant (5.4) --------------------------------------------------------------------------------------


def _measure_dielectric(size):
    for label, problem, run in _runs(Dielectric, POLARISED, size):
        found = problem.measured(run)
        yield {"case": label, "drive": problem.drive, "ratio": problem.ratio, "formula": problem.formula,
               "two_fluid": problem.two_fluid, "run": found, "error": abs(found / problem.two_fluid - 1.0),
               "share": _share(problem, run)}


def _check_dielectric(rows):
    return [_own_checks(rows), Check("against the two-fluid equations, relative", max(row["error"] for row in rows), 1e-3)]


def _draw_dielectric(rows, figure):
    ax = figure.subplots()
    ratios = np.geomspace(min(column(rows, "ratio")) / 3, max(column(rows, "ratio")) * 3, 200)
    ax.loglog(ratios, 1.0 + ratios, **THEORY, label=r"(5.4): $1 + \rho/(\epsilon_0 B^2)$")
    for number, (drive, marker) in enumerate((("kick", "o"), ("force", "s"))):
        own = [row for row in rows if row["drive"] == drive]
        ax.loglog(column(own, "ratio"), column(own, "run"), marker, **POINT, color=colour(number), label=f"run, {drive}")
    ax.set(xlabel=r"$\rho/(\epsilon_0 B^2) = c^2/v_A^2$", ylabel=r"$\epsilon_r$ across $B$")
    tidy(ax)


DIELECTRIC = Study(
    "textbook_dielectric", "Low-frequency dielectric constant across B", """
A uniform plasma answers a field across B by polarisation, eps_r = 1 + rho/(eps0 B^2), (5.4) (problem `dielectric`): a field
that is there at t = 0 (`kick`) falls to E_0/eps_r when its oscillations have died, in steps much longer than they; an
oscillating force (`force`) is followed in time, where frequency adds omega^2 corrections, in `two_fluid`.
""",
    (_CASE, Column("drive", "kick or force"), Column("ratio", "rho/(eps0 B^2)"), Column("formula", "(5.4)", format=".6g"),
     Column("two_fluid", "the two-fluid equations at the frequency of the drive", format=".6g"),
     Column("run", "measured", format=".6g"), Column("error", "|run/two_fluid - 1|", format=".1e"), _SHARE),
    _measure_dielectric, _check_dielectric, _draw_dielectric,
)  # fmt: skip


# -- frozen-in flux -------------------------------------------------------------------------------------------------


def _measure_loops(size):
    for label, problem, run in _runs(FluxLoop, LOOPS, size):
        found = problem.changes(problem.fluxes(run))
        yield {"case": label, "d_i": problem.d_i, "cells": problem.nx, **found, "share": _share(problem, run)}


def _check_loops(rows):
    return [_own_checks(rows), Check("canonical flux through a moving loop, relative change",
                                     max(row[f"Q_{name}"] for row in rows for name in ("ion", "electron")), 2e-3)]


def _draw_loops(rows, figure):
    ax = figure.subplots()
    place = np.arange(len(rows))
    for number, (name, marker, label) in enumerate((
            ("B_electron", "o", r"$B$, loop of electrons"), ("Q_electron", "s", r"$B - (m_e/e)\nabla\times u_e$"),
            ("B_ion", "D", r"$B$, loop of ions: moved by the Hall term"), ("Q_ion", "^", r"$B + (m_i/e)\nabla\times u_i$"))):
        ax.semilogy(place, column(rows, name), marker, **POINT, color=colour(number), label=label)
    ax.set_xticks(place, [row["case"].replace(", ", "\n") for row in rows], fontsize=8)
    ax.set(ylabel="relative change of the flux through the loop", xlim=(-0.5, len(rows) - 0.5))
    tidy(ax)


LOOP = Study(
    "textbook_flux", "Frozen-in flux through a moving loop", """
Two loops in a compressible vortex, one carried by the electrons and one by the ions (problem `flux_loop`). Each fluid keeps
the flux of B + (m_s/q_s) curl u_s through its own; B alone is frozen to the electrons up to their inertia, and the flux of
B through the ions' loop changes as the Hall term says: by (m_i/e) times the change of circulation. At d_i = 1e-6 all four
are one. `Hall`: what of the ions' change theory leaves unexplained.
""",
    (_CASE, Column("d_i", "ion inertial length over the box"), Column("cells", "cells per side", format="d"),
     *(Column(f"{q}_{name}", f"{what}, loop of {name}s, largest change over the flux of B", format=".1e")
       for name in ("electron", "ion") for q, what in (("B", "flux of B"), ("Q", "flux of B + (m/q) curl u"))),
     Column("Hall", "|change of B - theory|/|change of B|, loop of ions", format=".1e"), _SHARE),
    _measure_loops, _check_loops, _draw_loops,
)  # fmt: skip

STUDIES = (DRIFT, BOLTZMANN, DIELECTRIC, LOOP, OHM)

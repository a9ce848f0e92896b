"""Strang splitting beside the unsplit step over omega_p dt: what happens to an Alfven wave when steps stop resolving plasma
oscillations.

Split schemes solve the sources exactly (or time-centred) and still go wrong: a source step alone relaxes to J = 0, not to
J = curl B/mu0. How wrong is known without a run: of the linearised equations d_t x = (S + i k T) x with sources S and
transport T, one step of Strang splitting is

    P = R(S dt/2) H(k T dt) R(S dt/2),   H(z) = 1 + z + z^2/2,   R(z) = exp(z) or (1 - z/2)^-1 (1 + z/2)

and P^n on the eigenmode is what a run with exact derivatives would measure.
"""

import cmath
import math
from functools import lru_cache

import numpy as np
from scipy.linalg import expm

from multifluid import Simulation
from multifluid.benchmark.axes import POINT, column, gate, tidy
from multifluid.benchmark.study import Column, Study
from multifluid.plotting import COLOURS
from multifluid.problem import Check
from multifluid.problems.waves.wave import Wave
from multifluid.theory import Background
from multifluid.theory.dispersion import solve

__all__ = ["STUDIES", "split_frequency"]

C, MASS_RATIO, BETA, ANGLE = 20.0, 1836.0, 0.5, 45.0
# A quarter of a period: errors of the frequency up to twice the frequency itself are told from their aliases.
PERIODS = 0.25
UNSPLIT, LIGHT, CENTRED, EXACT = "unsplit", "unsplit, light's step", "Strang, time-centred", "Strang, exact"
CASES = {
    UNSPLIT: {},
    LIGHT: {"light": "resolve"},
    CENTRED: {"stepper": "strang", "light": "resolve", "source": "time-centred"},
    EXACT: {"stepper": "strang", "light": "resolve", "source": "exact"},
}
# cells per wavelength, wavenumbers in units of 1/d_i, cases
RUNS = {
    "smoke": (32, (0.01,), (UNSPLIT, CENTRED, EXACT)),
    "quick": (32, tuple(np.geomspace(1.0, 1e-3, 7)), tuple(CASES)),
    "full": (64, tuple(np.geomspace(3.0, 1e-3, 15)), tuple(CASES)),
}
GATE = 4e-3  # of the unsplit step
BINS = 25  # of the theory in the picture
LONG = 100.0  # omega_p dt from which on Strang splitting must fail


@lru_cache(maxsize=1)
def _operators():
    """S and T of the background of `Wave`, in energy-scaled unknowns: A = S + k T."""
    fluids = [Background("ion", 1.0, 1.0, 1.0, BETA / 4.0), Background("electron", 1.0 / MASS_RATIO, -1.0,
                                                                      1.0 / MASS_RATIO, BETA / 4.0)]  # fmt: skip
    angle = math.radians(ANGLE)
    B = (math.cos(angle), 0.0, math.sin(angle))
    one, two = (solve(fluids, B, (k, 0.0, 0.0), C).system.matrix.to_floats() for k in (1.0, 2.0))
    return 2.0 * one - two, two - one


def split_frequency(source, k, dt, t):
    """Frequency of the oblique Alfven wave of this study that Strang splitting with exact derivatives has.

    Parameters
    ----------
    source : {"time-centred", "exact"}
        How S is solved.
    k : float
        Wavenumber, in 1/d_i.
    dt : float
        Step, in 1/Omega_i.
    t : float
        Time over which the mode's amplitude is followed; taken as a whole number of steps.

    Returns
    -------
    (complex, float)
        The frequency from the change of amplitude over t, on the sheet nearest to the exact one, and the exact one.
    """
    S, T = _operators()
    one, half = np.eye(len(S)), 0.5 * dt * S
    solved = expm(half) if source == "exact" else np.linalg.solve(one - half / 2.0, one + half / 2.0)
    moved = one + k * dt * T + (k * dt) ** 2 / 2.0 * (T @ T)
    # A is antisymmetric: i A is Hermitian, its eigenvectors are orthogonal; waves by order: slow, Alfven, fast, ...
    omega, x = np.linalg.eigh(1j * (S + k * T))
    forward = np.flatnonzero(omega > 1e-6 * k)
    number = forward[np.argsort(omega[forward])][1]
    omega, x = float(omega[number]), x[:, number]
    steps = max(1, round(t / dt))
    ratio = x.conj() @ np.linalg.matrix_power(solved @ moved @ solved, steps) @ x
    return omega + 1j * cmath.log(ratio * cmath.exp(1j * omega * steps * dt)) / (steps * dt), omega


def measure(size):
    """One Alfven wave for each step and wavenumber."""
    cells, wavenumbers, cases = RUNS[size]
    for k in wavenumbers:
        for case in cases:
            yield _row(case, Wave(branch="alfven", k_di=float(k), c=C, n=cells, periods=PERIODS, mass_ratio=MASS_RATIO,
                                  beta=BETA, angle=ANGLE, **CASES[case]))


def _row(case, wave):
    run = Simulation(wave, threads=1).run()
    omega, found, dt = wave.mode.omega, wave.measured_frequency(run), float(run.series["dt"].max())
    row = {"case": case, "k_di": wave.k_di, "dx_de": wave.grid().spacing[0] * math.sqrt(MASS_RATIO),
           "omega_p_dt": dt * C * math.sqrt(MASS_RATIO), "steps": run.steps, "error": abs(found / omega - 1.0),
           "splitting": None, "difference": None}  # fmt: skip
    if wave.stepper == "strang":
        theory, exact = split_frequency(wave.source, wave.k_di, dt, wave.t_end)
        row |= {"splitting": abs(theory / exact - 1.0), "difference": abs(found - theory) / exact}
    return row


def checks(rows):
    """The unsplit step is right everywhere, Strang splitting wrong in the way its theory says."""
    def of(name, *cases):
        return [row[name] for row in rows if row["case"] in cases]

    late = {case: [row["error"] for row in rows if row["case"] == case and row["omega_p_dt"] > LONG]
            for case in (CENTRED, EXACT)}
    return [
        Check("unsplit, largest error of the frequency", max(of("error", UNSPLIT, LIGHT)), GATE),
        Check("unsplit, largest omega_p dt", max(of("omega_p_dt", UNSPLIT)), 5e3, kind="min"),
        Check(f"Strang, time-centred, smallest error at omega_p dt > {LONG:g}", min(late[CENTRED]), 0.1, kind="min"),
        Check(f"Strang, exact, median error at omega_p dt > {LONG:g}", float(np.median(late[EXACT])), 0.1, kind="min"),
        Check("Strang, frequency against the theory of splitting, median distance",
              float(np.median(of("difference", CENTRED, EXACT))), 1e-2),
    ]


def draw(rows, figure):
    """Errors over omega_p dt; lines: theory of splitting."""
    ax = figure.subplots()
    cells = round(2.0 * math.pi * math.sqrt(MASS_RATIO) / (rows[0]["k_di"] * rows[0]["dx_de"]))
    styles = {UNSPLIT: ("o", COLOURS[0]), LIGHT: ("^", COLOURS[5]), CENTRED: ("s", COLOURS[1]), EXACT: ("D", COLOURS[3])}
    light = [row for row in rows if row["case"] == CENTRED]
    span = [row["omega_p_dt"] for row in light]
    steps = np.geomspace(0.6 * min(span), 1.6 * max(span), 12 * BINS)
    lines = {case: np.array([_theory(source, step, light[0]) for step in steps]).reshape(BINS, -1)
             for case, source in ((EXACT, "exact"), (CENTRED, "time-centred"))}
    centres = np.exp(np.log(steps).reshape(BINS, -1).mean(axis=1))
    # the exact source jumps up and down from step to step: where nine steps of ten are
    ax.fill_between(centres, *np.quantile(lines[EXACT], (0.05, 0.95), axis=1), color=styles[EXACT][1], alpha=0.22, zorder=0,
                    linewidth=0, label="theory of splitting, exact: 9 of 10 steps")
    ax.loglog(centres, np.median(lines[CENTRED], axis=1), color=styles[CENTRED][1], linewidth=1.2, zorder=1,
              label="theory of splitting, time-centred")
    for case, (marker, colour) in styles.items():
        own = [row for row in rows if row["case"] == case]
        if not own:
            continue
        ax.loglog(column(own, "omega_p_dt"), column(own, "error"), marker, **POINT | {"color": colour, "markersize": 7.0},
                  label=case)
    gate(ax, GATE, "gate of the unsplit step")
    ax.set(xlabel=r"$\omega_p\,\Delta t$ of the step taken", ylabel=r"$|\omega/\omega_{\rm exact} - 1|$", ylim=(3e-4, 4.0))
    tidy(ax)
    ax.get_legend().remove()
    figure.legend(loc="outside lower center", ncols=3, fontsize=9, frameon=False)
    ax.set_title(rf"Alfven wave at {ANGLE:g}$^\circ$, {cells} cells per wavelength, $m_i/m_e = {MASS_RATIO:g}$, "
                 rf"$c = {C:g}\,v_A$", fontsize=10)


def _theory(source, step, row):
    """Error that splitting has at omega_p dt = ``step``, on a grid as fine for its wave as that of ``row``."""
    k, dt = row["k_di"] * row["omega_p_dt"] / step, step / (C * math.sqrt(MASS_RATIO))
    # the exact frequency does not depend on the steps
    _, exact = split_frequency(source, k, dt, dt)
    theory, _ = split_frequency(source, k, dt, PERIODS * 2.0 * math.pi / exact)
    return abs(theory / exact - 1.0)


TEXT = f"""
One Alfven wave at {ANGLE:g} degrees to B, c = {C:g} v_A, m_i/m_e = {MASS_RATIO:g}, followed for a quarter of its period;
the wavelength grows from the left to the right, cells with it, and so does omega_p dt. Points: error of the measured
complex frequency against the exact two-fluid root. Line and band: what splitting itself does, P = R(S dt/2) H(k T dt) R(S
dt/2) with exact derivatives applied to the exact eigenmode; the runs lie there, so that no detail of the code is to
blame.

Strang splitting with light's step (`stepper=strang light=resolve`): the time-centred source is right while omega_p dt is
a few and lets the wave stand still beyond a few hundred. The exact source turns plasma oscillations by an angle of which
only the part beyond whole turns counts: it fails as soon as omega_p dt exceeds 2, for some steps more, for some less. The
unsplit step has the error of its space and time derivatives, no more, whether it follows light or takes the step that
screened speeds allow, up to omega_p dt of tens of thousands.
"""

STUDIES = (
    Study(
        "splitting_alfven", "Strang splitting beside the unsplit step over omega_p dt", TEXT,
        (Column("case", "stepper"), Column("k_di", "wavenumber", "1/d_i"), Column("dx_de", "cell over electron skin depth"),
         Column("omega_p_dt", "plasma frequency times the step taken"), Column("steps", "steps taken", format="d"),
         Column("error", "|omega/omega_exact - 1| measured", format=".2e"),
         Column("splitting", "|omega/omega_exact - 1| of Strang splitting with exact derivatives", format=".2e"),
         Column("difference", "|omega measured - omega of splitting|/omega_exact", format=".2e")),
        measure, checks, draw,
    ),
)  # fmt: skip

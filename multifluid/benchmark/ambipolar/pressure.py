"""Where single-fluid ambipolar MHD is off by more than the collision time: pressures that push ions and neutrals apart.

Drag holds what accelerates one fluid more than the other. With all terms, rho = rho_c + rho_n,

    alpha rho_c rho_n (u_c - u_n) = (rho_n/rho) (J x B - grad p_c) + (rho_c/rho) grad p_n

(Braginskii 1965; `formulary.drift_with_pressure`); ambipolar MHD keeps J x B. In a fast wave across B, where field and both
gases are compressed together by delta = k u/omega, the right-hand side is -i k delta (rho_n/rho) rho v_A^2 (1 - X),

    X = rho_c (c_n^2 - c_c^2)/(rho v_A^2),    rho v_A^2 = B^2/mu0,

and the wave is damped by friction at the rate, to lowest order in its frequency over the collision rate,

    gamma = (1 - X)^2 gamma_0,    gamma_0 = k^2 eta_A v_A^2/(2 v_f^2),    v_f^2 = v_A^2 + (p_c + p_n)/rho  (isothermal)

with gamma_0 that of ambipolar MHD.
"""

import numpy as np

from multifluid import Simulation
from multifluid.benchmark.axes import POINT, THEORY, colour, column, tidy
from multifluid.benchmark.study import Column, Study
from multifluid.problem import Check
from multifluid.problems.clouds.ion_neutral_wave import IonNeutralWave
from multifluid.theory.formulary import ambipolar_diffusivity
from multifluid.theory.mhd_waves import mhd_modes

__all__ = ["PRESSURE", "mhd_damping", "pressure_term"]

RHO_C, RHO_N, B0, K = 1.0, 9.0, 1.0, 2.0 * np.pi
BASE = 0.1  # smallest p/rho of either gas
ALPHA = 10.0
RUNS = {"smoke": (32, (-1.0, 2.5)), "quick": (64, (-1.5, -0.75, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5)),
        "full": (128, tuple(np.arange(-2.0, 3.01, 0.25)))}  # fmt: skip


def wave_at(X, cells, alpha=ALPHA):
    """The fast wave across B whose pressures make X."""
    extra = X * B0**2 / RHO_C
    return IonNeutralWave(branch="fast", angle=90.0, n=cells, B0=B0, k=K, rho_c=RHO_C, rho_n=RHO_N, alpha=alpha,
                          p_c=RHO_C * (BASE + max(0.0, -extra)), p_n=RHO_N * (BASE + max(0.0, extra)), d_i=1e-6,
                          reconstruction="ppm", periods=0.5)  # fmt: skip


def pressure_term(wave):
    """X of a wave: the pressures' push on the drift over that of J x B, with the opposite sign."""
    return wave.rho_c * (wave.p_n / wave.rho_n - wave.p_c / wave.rho_c) / wave.B0**2


def mhd_damping(wave):
    """Damping rate of the fast wave in ambipolar MHD with the same densities, total pressure and eta_A."""
    rho = wave.rho_c + wave.rho_n
    eta = (wave.rho_n / rho) ** 2 * ambipolar_diffusivity(wave.B0, wave.alpha, wave.rho_c, wave.rho_n)
    modes = mhd_modes(rho, wave.p_c + wave.p_n, wave.background_field, wave.wavevector, gamma=1.0, ambipolar=float(eta))
    return -modes[-1].omega.imag


def measure(size):
    """One wave for each share of pressure."""
    cells, terms = RUNS[size]
    for X in terms:
        wave = wave_at(float(X), cells)
        run = Simulation(wave, threads=1).run()
        found, omega, mhd = wave.measured_frequency(run), wave.mode.omega, mhd_damping(wave)
        yield {"X": pressure_term(wave), "beta_n": 2.0 * wave.p_n / B0**2, "beta_c": 2.0 * wave.p_c / B0**2,
               "damping": -found.imag, "exact": -omega.imag, "mhd": mhd,
               "with_pressure": mhd * (1.0 - pressure_term(wave)) ** 2,
               "omega": omega.real, "error": abs(found - omega) / abs(omega), "steps": run.steps}  # fmt: skip


def checks(rows):
    """The code and the exact roots on (1 - X)^2; ambipolar MHD elsewhere."""
    mhd, X = column(rows, "mhd"), column(rows, "X")
    exact, predicted, found = (column(rows, name) / mhd for name in ("exact", "with_pressure", "damping"))
    off = np.abs(1.0 - exact)
    return [
        Check("complex frequency against the three-fluid root, largest error", float(column(rows, "error").max()), 1e-3),
        Check("exact damping less ambipolar MHD's, against the pressure term, largest error over the largest",
              float(np.abs((exact - 1.0) - (predicted - 1.0)).max() / off.max()), 2e-2),
        Check("measured damping less ambipolar MHD's, against the pressure term, the same",
              float(np.abs((found - 1.0) - (predicted - 1.0)).max() / off.max()), 5e-2),
        Check("exact damping over ambipolar MHD's, largest", float(exact.max()), 2.0, kind="min"),
        Check("span of X", float(np.ptp(X)), 3.0, kind="min"),
    ]


def draw(rows, figure):
    """Damping over that of ambipolar MHD, over X."""
    ax = figure.subplots()
    X = column(rows, "X")
    fine = np.linspace(X.min() - 0.15, X.max() + 0.15, 300)
    ax.plot(fine, (1.0 - fine) ** 2, **THEORY, label=r"with pressures: $(1 - X)^2$")
    ax.axhline(1.0, color=colour(4), linestyle="--", linewidth=1.4, label="ambipolar MHD")
    mhd = column(rows, "mhd")
    ax.plot(X, column(rows, "exact") / mhd, "+", color="k", markersize=13, markeredgewidth=1.2,
            label="exact three-fluid root")
    ax.plot(X, column(rows, "damping") / mhd, "o", **POINT, color=colour(0), label="run")
    ax.axvline(1.0, color="0.85", linewidth=0.8, zorder=0)
    ax.annotate("both fluids pushed alike:\nno friction", (1.0, 0.05), (1.0, 2.6), ha="center", fontsize=9, color="0.35",
                arrowprops={"arrowstyle": "-", "color": "0.7"})
    ax.set(xlabel=r"pressure term  $X = \rho_c (c_n^2 - c_c^2)/(\rho\,v_A^2)$",
           ylabel="damping rate over that of ambipolar MHD")
    ax.text(0.01, -0.085, "ions and electrons hot", transform=ax.transAxes, fontsize=9, color="0.4")
    ax.text(0.99, -0.085, "neutrals hot (or light)", transform=ax.transAxes, fontsize=9, color="0.4", ha="right")
    tidy(ax, loc="upper center")


TEXT = """
A fast wave across B in gas of which a tenth is ionised, whose slip is lost 10 to 40 times faster than the wave turns.
Ambipolar MHD takes the drift from J x B alone. The gases' own pressures push, too: of ions and electrons against J x B,
of neutrals with it, so that the drift is (1 - X) times as large and the damping (1 - X)^2 times, with X = rho_c (c_n^2 -
c_c^2)/(rho v_A^2). No coupling, however strong, makes ambipolar MHD right here; it is right where X is small, the more
weakly ionised and the less hot the gas. Where X = 1 magnetic force and pressure accelerate both fluids alike and the wave
is not damped at all. Crosses: exact three-fluid roots, with Maxwell's equations; points: runs.
"""

PRESSURE = Study(
    "ambipolar_pressure", "Pressure in the drift: where ambipolar MHD is off", TEXT,
    (Column("X", "rho_c (c_n^2 - c_c^2)/(rho v_A^2)", format=".3g"), Column("beta_n", "p_n over magnetic pressure"),
     Column("beta_c", "p_c over magnetic pressure"), Column("damping", "damping rate of the run", "1/time", ".4g"),
     Column("exact", "damping rate of the three-fluid root", "1/time", ".4g"),
     Column("mhd", "damping rate of ambipolar MHD", "1/time", ".4g"),
     Column("with_pressure", "(1 - X)^2 times that", "1/time", ".4g"), Column("omega", "frequency", "1/time", ".5g"),
     Column("error", "|omega - exact|/|exact| of the run, complex", format=".1e"),
     Column("steps", "steps taken", format="d")),
    measure, checks, draw,
)  # fmt: skip

"""Ion-neutral Alfven waves over ten decades of coupling, against their exact roots and against ambipolar MHD."""

import math

import numpy as np

from multifluid import Simulation
from multifluid.benchmark.axes import POINT, THEORY, colour, column, gate, tidy
from multifluid.benchmark.study import Column, Study
from multifluid.problem import Check
from multifluid.problems.clouds.alfven_cubic import alfven_roots
from multifluid.problems.clouds.ion_neutral_wave import IonNeutralWave
from multifluid.theory.formulary import ambipolar_diffusivity
from multifluid.theory.mhd_waves import ambipolar_parallel

__all__ = ["DAMPING", "single_fluid"]

D_I = 1e-9  # times k: Hall MHD shifts omega by half of this
# scheme to drag coefficients, and the share of a period to run
RUNS = {
    "smoke": ({"plm": (1.0, 100.0)}, 0.1),
    "quick": ({"plm": tuple(10.0 ** np.arange(-5, 6)), "ppm": tuple(10.0 ** np.arange(-3, 3))}, 0.5),
    "full": (dict.fromkeys(("plm", "ppm"), tuple(10.0 ** np.arange(-5.0, 5.5, 0.5))), 1.0),
}
GATE = 3e-3
MARKED = 1e-2  # of |omega|: damping rates above this are held against theory by themselves


def single_fluid(wave, neutral_share=True):
    """Frequency of the Alfven wave along B of all gas as one fluid with ambipolar diffusion.

    omega^2 + i eta k^2 omega - k^2 v_A^2 = 0, v_A of ions and neutrals together, eta = xi^2 B^2/(mu0 alpha rho_c rho_n)
    with xi = rho_n/rho the neutrals' share of the mass (Braginskii 1965, Rev. Plasma Phys. 1, 205, sect. 7); xi = 1 in
    the textbook formula for weakly ionised gas.

    Parameters
    ----------
    wave : IonNeutralWave
    neutral_share : bool
        Whether xi is taken as it is, or as 1.

    Returns
    -------
    complex
    """
    rho = wave.rho_c + wave.rho_n
    share = wave.rho_n / rho if neutral_share else 1.0
    eta = share**2 * ambipolar_diffusivity(wave.B0, wave.alpha, wave.rho_c, wave.rho_n)
    return ambipolar_parallel(wave.k, wave.B0 / math.sqrt(rho), float(eta))[0]


def measure(size):
    """One wave for each scheme and drag coefficient."""
    schemes, periods = RUNS[size]
    for scheme, alphas in schemes.items():
        for alpha in alphas:
            wave = IonNeutralWave(alpha=float(alpha), d_i=D_I, reconstruction=scheme, periods=periods)
            run = Simulation(wave, threads=1).run()
            omega, found = wave.mode.omega, wave.measured_frequency(run)
            size_of = abs(omega)
            yield {"scheme": scheme, "alpha": wave.alpha, "omega": found.real, "damping": -found.imag,
                   "omega_exact": omega.real, "damping_exact": -omega.imag,
                   "error": abs(found - omega) / size_of, "damping_error": abs(found.imag / omega.imag - 1.0),
                   "mhd": abs(omega - single_fluid(wave)) / size_of,
                   "mhd_weak": abs(omega - single_fluid(wave, neutral_share=False)) / size_of,
                   "steps": run.steps}  # fmt: skip


def _order(rows, name):
    """-d log(distance)/d log(alpha) where coupling is strong and the distance is not yet that of finite c and d_i."""
    distance, alpha = column(rows, name), column(rows, "alpha")
    strong = (alpha >= 1.0) & (distance < 0.1) & (distance > 1e-7)
    return -float(np.polyfit(np.log(alpha[strong]), np.log(distance[strong]), 1)[0])


def checks(rows):
    """The code on the exact roots; ambipolar MHD at the distance that theory gives."""
    clear = column(rows, "damping_exact") > MARKED * column(rows, "omega_exact")
    plm = np.array([row["scheme"] == "plm" for row in rows])
    wrong, damping = column(rows, "error"), column(rows, "damping_error")
    found = [
        Check("complex frequency against the three-fluid root, plm, largest error", float(wrong[plm].max()), GATE),
        Check(f"damping rate where above {MARKED:g} |omega|, plm, largest relative error",
              float(damping[plm & clear].max()), 3e-2),
        Check("order in 1/alpha of ambipolar MHD's distance, off 2", abs(_order(rows, "mhd") - 2.0), 0.1),
        Check("the same with eta_A of weakly ionised gas, off 1", abs(_order(rows, "mhd_weak") - 1.0), 0.05),
    ]
    if not plm.all():
        found.append(Check("complex frequency, ppm, largest error", float(wrong[~plm].max()), 3e-4))
    return found


def draw(rows, figure):
    """Frequency and damping over alpha; distances over alpha."""
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(1.25, 1.0))
    wave = IonNeutralWave(alpha=1.0, d_i=D_I)
    alphas = np.geomspace(min(r["alpha"] for r in rows) / 2, 2 * max(r["alpha"] for r in rows), 400)
    speed = wave.k * wave.B0 / math.sqrt(wave.rho_c)

    def least_at(alpha):
        roots = alfven_roots(speed, alpha * wave.rho_c, wave.rho_n / wave.rho_c)
        return roots[np.argmax(roots.real)]

    exact = np.array([least_at(alpha) for alpha in alphas])
    fluid = np.array([single_fluid(_At(wave, a)) for a in alphas])
    weak = np.array([single_fluid(_At(wave, a), neutral_share=False) for a in alphas])
    above.loglog(alphas, exact.real, **THEORY, label="exact")
    above.loglog(alphas, -exact.imag, **THEORY)
    above.loglog(alphas, np.where(fluid.real > 0, fluid.real, np.nan), ":", color=colour(4), linewidth=1.6, zorder=1,
                 label="ambipolar MHD")
    above.loglog(alphas, -fluid.imag, ":", color=colour(4), linewidth=1.6, zorder=1)
    below.loglog(alphas, abs(fluid - exact) / abs(exact), color=colour(4), linewidth=1.2, zorder=1,
                 label=r"ambipolar MHD, $\eta_A \propto (\rho_n/\rho)^2$: falls as $\alpha^{-2}$")
    below.loglog(alphas, abs(weak - exact) / abs(exact), "--", color=colour(2), linewidth=1.2, zorder=1,
                 label=r"ambipolar MHD, $\eta_A$ of weakly ionised gas: falls as $\alpha^{-1}$")
    for scheme, marker, shade in (("plm", "o", 0), ("ppm", "D", 1)):
        own = [row for row in rows if row["scheme"] == scheme]
        if not own:
            continue
        at, style = column(own, "alpha"), POINT | {"color": colour(shade), "markersize": 6.5 if scheme == "plm" else 5.0}
        above.loglog(at, column(own, "omega"), marker, **style, label=f"run, {scheme}")
        above.loglog(at, column(own, "damping"), marker, **style)
        below.loglog(at, column(own, "error"), marker, **style, label=f"run to exact, {scheme}")
    gate(below, GATE, "gate of the runs")
    for omega, factor, text in ((exact[-1].real, 2.0, r"Re $\omega$"), (-least_at(25.0).imag, 0.12, r"$-$Im $\omega$")):
        above.text(25.0, omega * factor, text, fontsize=10, ha="right", va="center")
    above.set(ylabel=r"$\omega$, in $\sqrt{p/\rho}/L$", ylim=(1e-6, 30.0))
    below.set(xlabel=r"drag coefficient $\alpha$", ylabel=r"$|\omega - \omega_{\rm exact}|/|\omega|$", ylim=(1e-8, 3.0))
    tidy(above, loc="lower center")
    tidy(below, loc="lower left")


class _At:
    """A wave's parameters at another drag coefficient."""

    def __init__(self, wave, alpha):
        self.k, self.B0, self.rho_c, self.rho_n, self.alpha = wave.k, wave.B0, wave.rho_c, wave.rho_n, alpha


TEXT = """
An Alfven wave along B in the gas of `ion_neutral_wave` (a third of the mass ionised, beta of order 100), 64 cells per
wavelength, true electrons, c = 1000: from ions that hardly feel the neutrals (drag coefficient alpha = 1e-5) to all gas
locked (1e5). Points: runs; lines above: the exact roots and those of single-fluid MHD with ambipolar diffusion.

Below, two different distances. Runs to exact roots: the error of the code, 5e-4 to 9e-4 at any alpha with `plm`, 3e-5 to
5e-5 with `ppm`; it is also the smallest damping rate a run can tell, which is where points leave the line above.
Ambipolar MHD to exact roots: physics. It has no meaning where collisions are rarer than the wave's turns, and becomes
exact as alpha^-2 with eta_A = (rho_n/rho)^2 B^2/(mu0 alpha rho_c rho_n), the form for any ionisation. The usual eta_A
without (rho_n/rho)^2 damps 9/4 times too strongly here: its distance only falls as alpha^-1, with the damping itself.
"""

DAMPING = Study(
    "ambipolar_damping", "Ion-neutral Alfven wave over ten decades of coupling", TEXT,
    (Column("scheme", "reconstruction"), Column("alpha", "drag coefficient", "volume/(mass time)"),
     Column("omega", "frequency measured", "1/time", ".6g"), Column("damping", "damping rate measured", "1/time", ".4g"),
     Column("omega_exact", "frequency of the three-fluid root", "1/time", ".6g"),
     Column("damping_exact", "damping rate of the three-fluid root", "1/time", ".4g"),
     Column("error", "|omega - exact|/|exact|, complex", format=".2e"),
     Column("damping_error", "relative error of the damping rate alone", format=".1e"),
     Column("mhd", "|ambipolar MHD - exact|/|exact|, any ionisation", format=".2e"),
     Column("mhd_weak", "the same with eta_A of weakly ionised gas", format=".2e"),
     Column("steps", "steps taken", format="d")),
    measure, checks, draw,
)  # fmt: skip

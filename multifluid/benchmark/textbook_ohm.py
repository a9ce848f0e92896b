"""The terms of Ohm's law in a wave, compared as the textbook compares them."""

import numpy as np

from multifluid import Drag, Simulation, ohm
from multifluid.benchmark.axes import POINT, THEORY, colour, column, tidy
from multifluid.benchmark.study import Column, Study
from multifluid.problem import Check
from multifluid.problems.waves.wave import Wave

__all__ = ["OHM"]

COLLISIONS = 0.3  # nu_ei over Omega_e
WAVENUMBERS = {"smoke": (0.05,), "quick": (0.001, 0.01, 0.1, 0.5), "full": tuple(np.geomspace(1e-3, 3.0, 10))}
CELLS = {"smoke": 32, "quick": 64, "full": 128}


class _Resistive(Wave):
    """An Alfven wave along B whose electrons collide with the ions."""

    # "alfven" is a name by order of speed, and along B the sound wave takes it beyond k d_i = 1
    branch, angle, mass_ratio = "ion_cyclotron", 0.0, 100.0

    def interactions(self):
        # nu_ei = alpha rho_i, and Omega_e = mass_ratio in these units
        return [Drag("electron", "ion", COLLISIONS * self.mass_ratio / self._rho_ion)]

    @property
    def _rho_ion(self):
        return next(b.rho for b in self._backgrounds if b.name == "ion")


def _measure(size):
    for k in WAVENUMBERS[size]:
        problem = _Resistive(k_di=float(k), n=CELLS[size])
        law = ohm.of(Simulation(problem, threads=1))
        sizes = {name: law.size(name) for name in law.terms}
        # (5.28) in a wave along B: omega rho u = J B, of the mode as it is started
        mu, omega = 1.0 / problem.mass_ratio, abs(problem.mode.omega)
        yield {"k_di": float(k), "omega": omega, "hall_over_convection": sizes["hall"] / sizes["convection"],
               "expected": omega / (1.0 + mu) * (1.0 - mu) / (1.0 + mu),
               "resistive_over_hall": sizes["resistive"] / sizes["hall"],
               "collisions": COLLISIONS / (1.0 - mu) * (1.0 + mu),
               "residual": law.size("residual") / law.size("E")}


def _checks(rows):
    return [
        Check("resistive over Hall term against nu_ei/Omega_e, relative",
              max(abs(row["resistive_over_hall"] / row["collisions"] - 1.0) for row in rows), 1e-3),
        Check("Hall term over convection at k d_i <= 0.01 against omega/Omega_i, relative",
              max([abs(row["hall_over_convection"] / row["expected"] - 1.0) for row in rows if row["k_di"] <= 0.05]), 0.1),
        Check("residual of Ohm's law over E", max(row["residual"] for row in rows), 1e-2),
    ]


def _draw(rows, figure):
    ax = figure.subplots()
    omega = column(rows, "omega")
    line = np.geomspace(omega.min() / 2, omega.max() * 2, 50)
    ax.loglog(line, line, **THEORY, label=r"$\omega/\Omega_i$")
    ax.axhline(COLLISIONS, **THEORY | {"linestyle": "--"}, label=r"$\nu_{ei}/\Omega_e$")
    ax.loglog(omega, column(rows, "hall_over_convection"), "o", **POINT, color=colour(0), label="Hall over convection")
    ax.loglog(omega, column(rows, "resistive_over_hall"), "s", **POINT, color=colour(1), label="resistive over Hall")
    ax.loglog(omega, column(rows, "residual"), "^", **POINT, color=colour(2), label=r"residual over $E$")
    ax.set(xlabel=r"$\omega/\Omega_i$", ylabel="ratio of terms of Ohm's law")
    tidy(ax)


OHM = Study(
    "textbook_ohm", "The terms of Ohm's law in an Alfven wave", f"""
The text compares the terms by size: Hall over convection is omega/Omega_i (b/d below (5.28)), resistive over Hall is
nu_ei/Omega_e = {COLLISIONS:g}. Here they are those of a run of an Alfven wave along B with colliding electrons
(`multifluid.ohm`), over a range of frequencies. The second ratio is exact at all of them; the first while omega is well
below Omega_i.
""",
    (Column("k_di", "wavenumber", "1/d_i"), Column("omega", "|omega|", "Omega_i", ".4g"),
     Column("hall_over_convection", "rms of J x B/(n e) over rms of u x B", format=".4g"),
     Column("expected", "omega/Omega_i, with the factors of m_e/m_i that an exact law has", format=".4g"),
     Column("resistive_over_hall", "rms of the friction of electrons over rms of J x B/(n e)", format=".4g"),
     Column("collisions", "nu_ei/Omega_e, with the same factors", format=".4g"),
     Column("residual", "rms of the residual over rms of E", format=".1e")),
    _measure, _checks, _draw,
)  # fmt: skip

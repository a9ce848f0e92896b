"""The matrix of linear waves that the scheme is held to, and how one of them is measured."""

import itertools
import math
from dataclasses import dataclass, replace

import numpy as np

from multifluid import Simulation
from multifluid.problems.waves.wave import RESOLVED, Wave

# Every branch at an angle between k and B at which it exists.
BRANCHES = {
    "light": 45.0, "langmuir": 0.0, "sound": 0.0, "ordinary": 90.0, "extraordinary": 90.0, "right": 0.0, "left": 0.0,
    "whistler": 0.0, "ion_cyclotron": 0.0, "alfven": 45.0, "fast": 45.0, "slow": 45.0,
}  # fmt: skip
CELLS = 64
GATES = {"plm": 4e-3, "ppm": 1e-3}


@dataclass(frozen=True)
class Case:
    """One wave: branch, mass ratio, c/v_A, cell size over electron skin depth, reconstruction."""

    branch: str
    mass_ratio: float
    c: float
    ratio: float
    reconstruction: str = "plm"

    def __str__(self):
        return f"{self.branch} {self.mass_ratio:g} c={self.c:g} dx={self.ratio:g}d_e {self.reconstruction}"

    def problem(self, **more):
        """The ``Wave`` of this case, with 64 cells per wavelength."""
        k_di = 2.0 * math.pi * math.sqrt(self.mass_ratio) / (CELLS * self.ratio)
        return Wave(n=CELLS, branch=self.branch, mass_ratio=self.mass_ratio, c=self.c, k_di=k_di,
                    angle=BRANCHES[self.branch], reconstruction=self.reconstruction, **more)

    def gentle(self, **more):
        """The same with velocities of at most 1e-6 v_A: relative to a phase speed of 1e12 v_A, 1e-6 is not small."""
        problem = self.problem()
        return self.problem(amplitude=1e-6 * min(1.0, problem.k_di / abs(problem.mode.omega)), **more)

    def step(self):
        """(dt, steps per period, |omega| dt): the step that the initial state allows."""
        problem = self.gentle()
        simulation = Simulation(problem)
        dt = float(simulation.stepper.choose_dt(simulation._guess)[0])
        return dt, problem.t_end / dt, abs(problem.mode.omega) * dt


def matrix(reconstructions=("plm", "ppm")):
    """Every case of the table of waves."""
    regimes = [*itertools.product((10.0, 50.0), (0.05, 0.5, 2.0, 5.0, 20.0, 1e3, 1e6)),
               *itertools.product((1e3, 3e5), (20.0, 1e3, 1e6))]
    return [Case(branch, mass_ratio, c, ratio, scheme)
            for mass_ratio in (25.0, 1836.0) for c, ratio in regimes for branch in BRANCHES
            for scheme in reconstructions]


def light_followed():
    """Slow branches where the step must follow light (dx < 10 d_e) and c >> v_A."""
    return [Case(branch, mass_ratio, 1e3, ratio, scheme)
            for mass_ratio in (25.0, 1836.0) for ratio in (0.5, 2.0, 5.0, 10.0)
            for branch in ("alfven", "fast", "slow") for scheme in GATES]


@dataclass(frozen=True)
class Measured:
    """What came out: error of the complex frequency, |omega| dt, steps, c dt/dx, constraint errors."""

    error: float
    omega_dt: float
    steps: int
    light_steps: float
    gauss: float
    div_b: float

    @property
    def resolved(self):
        """Whether the step resolves the wave in time."""
        return self.omega_dt <= RESOLVED


def measure(problem):
    """Run a ``Wave`` and hold its complex frequency against theory.

    Returns
    -------
    Measured
    """
    result = Simulation(problem).run()
    omega = problem.mode.omega
    dt = float(result.series["dt"].max())
    return Measured(abs(problem.measured_frequency(result) - omega) / abs(omega), abs(omega) * dt, result.steps,
                    problem.c * dt * sum(1.0 / d for d in result.simulation.grid.spacing[:problem.dim]),
                    float(result.series["gauss_error"].max()), float(result.series["div_b"].max()))


def perturbation_energy(problem, fields):
    """Energy norm of the departure from the background, in which the linearised equations conserve or lose."""
    total = 0.0
    for f in problem._backgrounds:
        sound2 = f.gamma * f.p / f.rho
        total += np.mean((fields[f"p_{f.name}"] - f.p) ** 2) / (f.rho * sound2)
        # entropy: density that no pressure goes with
        entropy = fields[f"rho_{f.name}"] - f.rho - (fields[f"p_{f.name}"] - f.p) / sound2
        total += sound2 * np.mean(entropy**2) / f.rho
        total += f.rho * sum(np.mean(fields[f"u{a}_{f.name}"] ** 2) for a in "xyz")
    total += sum(np.mean(fields[f"E{a}"] ** 2) for a in "xyz") / problem.c**2
    return total + sum(np.mean((fields[f"B{a}"] - b) ** 2) for a, b in zip("xyz", problem.background_field, strict=True))


@dataclass(frozen=True)
class Unresolved:
    """A wave too fast for the step: its amplitude and the energy of all perturbations, last over first."""

    amplitude: float
    energy: float
    largest_energy: float
    omega_dt: float
    steps: int


def measure_unresolved(case, steps=1000):
    """Run a wave that the step does not resolve for at least this many steps."""
    _, per_period, omega_dt = case.step()
    problem = case.gentle(periods=1.1 * steps / per_period)
    result = Simulation(problem).run()
    (_, first), (_, last) = result.records[0], result.records[-1]
    energies = [perturbation_energy(problem, fields) for _, fields in result.records]
    return Unresolved(abs(problem.amplitude_of(last)) / abs(problem.amplitude_of(first)), energies[-1] / energies[0],
                      max(energies) / energies[0], omega_dt, result.steps)


def with_ppm(case):
    """The same case with PPM."""
    return replace(case, reconstruction="ppm")


def exact_error(problem, simulation):
    """Energy norm of (state - exact solution) over that of the exact perturbation, at the simulation's time."""
    fields = {name: field.data for name, field in simulation.fields().items()}
    exact = problem.exact(simulation.t, *simulation.grid.mesh())
    background = {f"B{a}": b for a, b in zip("xyz", problem.background_field, strict=True)}
    wanted = {f"{v}{a}": value for v in "EB" for a, value in zip("xyz", exact[v], strict=True)}
    for f in problem._backgrounds:
        state = exact[f.name]
        wanted |= {f"rho_{f.name}": state["rho"], f"p_{f.name}": state["p"]}
        wanted |= {f"u{a}_{f.name}": u for a, u in zip("xyz", state["u"], strict=True)}
        background |= {f"rho_{f.name}": f.rho, f"p_{f.name}": f.p}
    error = {name: fields[name] - value + background.get(name, 0.0) for name, value in wanted.items()}
    return math.sqrt(perturbation_energy(problem, error) / perturbation_energy(problem, wanted))

"""A small package of problems, and a simulation that knows the answer, in place of the real ones."""

import sys
import types
from dataclasses import dataclass

import numpy as np
import pytest

from multifluid import registry

ECHO = '''
import numpy as np
from multifluid.problem import Check, Parameter, Problem

class _Base(Problem):
    """Not listed."""

class EchoWave(_Base):
    """An echo.

    A wave that comes back."""
    reference = "Nobody (1999), J. Nothing 1, 1"
    nx = Parameter(16, "cells", min=1)
    speed = Parameter(1.0, "speed of the echo", unit="v_A", above=0.0)
    shape = Parameter("sine", "profile", choices=("sine", "square"))
    limit = Parameter(1.0, "limit of the check")
    t_end = 1.0

    def grid(self): return None
    def fluids(self): return []
    def initial(self, x, y, z): return self.exact(0, x, y, z)
    def exact(self, t, x, y, z):
        wave = np.sin(2 * np.pi * (x - self.speed * t))
        return {"ion": {"rho": 1 + 0.1 * wave, "u": (wave, 0, 0), "p": 1.0}, "B": (0.5, wave, 0), "E": (0, 0, wave)}
    def check(self, run):
        return [Check("steps", run.steps, self.limit), Check("time", run.t, 0.5, unit="s", kind="min")]
'''
SILENT = '''
from multifluid.problem import Problem

class SilentWave(Problem):
    """Says nothing: it has neither an exact solution nor a check."""
    t_end = 1.0
    def grid(self): return None
    def fluids(self): return []
    def initial(self, x, y, z): return {}
'''


@pytest.fixture
def packaged_problems(tmp_path_factory, monkeypatch):
    """Folder of a package that stands in for multifluid.problems; it has echo_wave and silent_wave."""
    root = tmp_path_factory.mktemp("package")
    folder = root / "packaged_problems"
    (folder / "waves").mkdir(parents=True)
    for name, text in (("__init__", ""), ("waves/__init__", ""), ("waves/echo", ECHO), ("silent", SILENT)):
        (folder / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(root)
    monkeypatch.setattr(registry, "PACKAGE", "packaged_problems")
    yield folder
    for name in [name for name in sys.modules if name.partition(".")[0] == "packaged_problems"]:
        del sys.modules[name]


@dataclass
class Item:
    """A field or an integral: data or value, with its name and units."""

    data: object
    long_name: str = ""
    units: str = "1"

    @property
    def value(self):
        """float: what an integral calls it."""
        return self.data


class FakeGrid:
    """One-dimensional grid of [0, 1]."""

    units = "L"

    def __init__(self, n):
        self.shape = (1, 1, n)

    def centres(self, axis):
        """Cell centres along an axis."""
        n = self.shape[2 - axis]
        return (np.arange(n) + 0.5) / n

    def mesh(self):
        """Coordinates that broadcast."""
        return self.centres(0)[None, None, :], np.zeros((1, 1, 1)), np.zeros((1, 1, 1))


class FakeResult:
    """What a run leaves."""

    def __init__(self, simulation):
        self.simulation, self.steps, self.t, self.wall = simulation, simulation.step_count, simulation.t, 0.5
        self.series = {"series_time": np.linspace(0, self.t, 5), "energy_total": np.ones(5)}


class FakeSimulation:
    """Takes four steps and returns the exact solution, off by the fourth power of the width in rho, its square in B."""

    failure = None  # raised by run
    built = []  # arguments of every simulation built

    def __init__(self, problem, output=None, threads=1, progress=None, overwrite=False):
        FakeSimulation.built.append({"problem": problem, "output": output, "threads": threads, "overwrite": overwrite})
        self.problem, self.output, self.progress = problem, output, progress
        self.grid = FakeGrid(problem.nx)
        self.t, self.step_count, self.dt, self.limited_by = 0.0, 0, 0.25, "ion"

    def run(self, until=None):
        """Four equal steps."""
        end = self.problem.t_end if until is None else until
        self._tell()
        for _ in range(4):
            self.t += end / 4
            self.step_count += 1
            self._tell()
            if self.failure is not None:
                raise self.failure
        return FakeResult(self)

    def _tell(self):
        if self.progress is not None:
            self.progress(self)

    def fields(self):
        """The exact solution with an error of a known order."""
        h = 1 / self.problem.nx
        exact = self.problem.exact(self.t, *self.grid.mesh())
        values = {
            "rho_ion": exact["ion"]["rho"] * (1 + h**4),
            "p_ion": exact["ion"]["p"],
            **{f"u{axis}_ion": part for axis, part in zip("xyz", exact["ion"]["u"], strict=True)},
            **{f"B{axis}": part + 3 * h**2 for axis, part in zip("xyz", exact["B"], strict=True)},
            **{f"E{axis}": part + h for axis, part in zip("xyz", exact["E"], strict=True)},
        }
        return {name: Item(np.broadcast_to(value, self.grid.shape)) for name, value in values.items()}

    def integrals(self):
        """Few of the real ones."""
        return {"gauss_error": Item(1e-15), "div_b": Item(2e-16), "floors": Item(3.0), "retries": Item(0.0)}


@pytest.fixture
def fake_simulation(monkeypatch):
    """The class that stands in for multifluid.simulation.Simulation."""
    module = types.ModuleType("multifluid.simulation")
    module.Simulation = FakeSimulation
    monkeypatch.setitem(sys.modules, "multifluid.simulation", module)
    monkeypatch.setattr(FakeSimulation, "failure", None)
    monkeypatch.setattr(FakeSimulation, "built", [])
    return FakeSimulation

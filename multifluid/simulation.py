"""The life of a run: build, loop, output. The numerics are in ``stepping``, the arrays in ``solver``."""

import dataclasses
import json
import math
import time
from pathlib import Path

import numpy as np

from . import __version__, answers, diagnostics, registry
from .boundaries import Boundaries
from .budget import FieldBudget
from .coupling import Drag, Ionisation
from .coupling.exchange import Exchange
from .errors import InputError, Interrupted, RunError
from .fluids import Fluid
from .gravity import SelfGravity, poisson_solver
from .grid import Grid
from .initial import acceleration_of, call_user, clear_ghosts, initial_state
from .maxwell import Maxwell
from .ohm import OhmOutput
from .result import MemoryRun, Result
from .signals import SignalGuard
from .solver import Solver
from .state import Layout
from .stepping import Stepper, Tally
from .units import Units

# Kind of unit by what a variable's name begins with.
_KINDS = {"rho": "density", "ux": "velocity", "uy": "velocity", "uz": "velocity", "p": "pressure",
          "E": "electric_field", "B": "magnetic_field"}


class Simulation:
    """One run of a problem.

    Parameters
    ----------
    problem : Problem
    output : path-like, optional
        netCDF file of the run; None keeps records in memory (``Result.records``).
    threads : int
    progress : callable (simulation), optional
        Called before the first step and after each.
    overwrite : bool
        Replace an existing output file.

    Raises
    ------
    InputError
        Anything wrong with the problem or the output; nothing on disk is changed then.

    Examples
    --------
    >>> result = Simulation(BrioWu(nx=400)).run()
    >>> result["rho_ion"]
    """

    def __init__(self, problem, output=None, threads=1, progress=None, overwrite=False):
        self._build(problem, threads, progress)
        if output is not None:
            self._create_file(output, overwrite)
        self._record()

    def _build(self, problem, threads, progress):
        self.problem, self.progress = problem, progress
        self.grid = answers.returned(problem, "grid", Grid)
        self.t_end = answers.positive(problem, "t_end")
        interval = problem.output_interval
        self.interval = self.t_end if interval is None else answers.positive(problem, "output_interval")
        self.boundaries = boundaries = answers.returned(problem, "boundaries", Boundaries)
        layout = Layout(self.grid, answers.listed(problem, "fluids", Fluid),
                        answers.returned(problem, "field", Maxwell, None))
        exchange = Exchange(layout.fluids, answers.listed(problem, "interactions", (Drag, Ionisation)),
                            problem.temperature_relaxation)
        A, W = initial_state(problem, layout, boundaries)
        self.solver = Solver(
            layout, exchange, boundaries, problem.reconstruction,
            problem.light == "screen", (problem.floor_density, problem.floor_pressure), threads,
            problem.cfl)
        self.solver.drag_reach = problem.drag_reach
        self.solver.drag_limits_dissipation = problem.drag_limits_dissipation
        self.stepper = Stepper(self.solver, problem.stepper, problem.cfl, answers.source_of(problem, exchange))
        if problem.energy_budget:
            if problem.stepper != "imex" or layout.field is None:
                raise InputError(f"{problem.name}: energy_budget goes with stepper=imex and a field")
            self.solver.budget = FieldBudget(self.solver)
        self.units = answers.returned(problem, "units", Units, None)
        gravity = answers.returned(problem, "self_gravity", SelfGravity, None)
        if gravity:
            gravity.require(self.grid, boundaries)
            self.solver.set_gravity(poisson_solver(self.grid, gravity))
        self.solver.acceleration = acceleration_of(problem, layout, 0.0)
        if not problem.steady_acceleration:
            self.solver.acceleration_at = lambda t: acceleration_of(problem, layout, t)
        self._series_steps = answers.series_steps(problem, self.grid)
        self.largest_step = math.inf if problem.largest_step is None else answers.positive(problem, "largest_step")
        self.solver.A[...] = A
        self.solver.W[...] = W
        self.solver.primitives_of_state(0.0)
        if layout.v_face >= 0:
            # periodic boundary faces are one face: the same bits on both sides
            self.solver.A[layout.u_field + 3:layout.u_field + 6] = self.solver.W[layout.v_face:layout.v_face + 3]
        clear_ghosts(self.solver.A, layout)
        self.t, self.step_count, self.dt, self.limited_by = 0.0, 0, 0.0, "nothing yet"
        self._guess = self._first_guess()
        self._rows, self._steps_written, self._records_written = [], 0, 0
        self._file, self._memory, self._file_to_cut = None, MemoryRun(), False
        self._signal = None
        self._ohm = OhmOutput(self) if problem.ohm_output else None

    def _first_guess(self):
        solver = self.solver
        if solver.layout.field:
            return self.stepper.cfl / (solver.c * solver.inverse_dx.sum())
        return 1e-3 * self.t_end

    # -- the loop -----------------------------------------------------------------------------------------------

    def run(self, until=None):
        """Advance to ``until`` (the problem's t_end by default), writing records on the way.

        Returns
        -------
        Result

        Raises
        ------
        InputError
            ``until`` does not lie ahead.
        RunError
            The run failed; a checkpoint of the last good state is written first (if the run has a file).
        Interrupted
            Ctrl-C or SIGTERM; likewise.
        """
        end = self.t_end if until is None else float(until)
        if not math.isfinite(end) or end <= self.t:
            raise InputError(f"until = {end:g} does not lie ahead: the run is at t = {self.t:g}"
                             + (" (its end; give a later --until)" if until is None else ""))
        if self._file_to_cut:
            self._file.truncate(self._records_written, self._steps_written)
            self._file_to_cut = False
        began, first_step = time.perf_counter(), self.step_count
        self._tell()
        with SignalGuard(self):
            try:
                while self.t < end:
                    self._advance(end)
                    self._tell()
                    if self._signal is not None:
                        raise Interrupted(self._signal, f"stopped at t = {self.t:g}, step {self.step_count}"
                                          + self._save_for_later())
            except (RunError, InputError) as error:  # InputError: of a user's boundary, on the way
                raise RunError(f"{error}{self._save_for_later()}") from error
        return Result(self, self.step_count - first_step, time.perf_counter() - began)

    def _advance(self, end):
        """One step, cut short at the next record or the end."""
        scheduled = self._next_record()
        target = min(end, scheduled)
        dt = min(self.next_step(), target - self.t)
        taken = self.stepper.step(self.t, dt, self.step_count + 1)
        self.step_count += 1
        self.dt = taken
        if taken < dt:
            self._guess = taken
        if taken == target - self.t:
            self.t = target
        else:
            self.t += taken
        if self._guess == math.inf:
            self._guess = max(taken, 1e-3 * self.t_end)
        at_record = self.t >= scheduled or self.t >= end
        self._note_series(at_record)
        if at_record:
            self._record()

    def next_step(self):
        """Size of the next step if no record cuts it short; infinite where nothing moves."""
        self._guess, self.limited_by = self.stepper.choose_dt(self._guess)
        dt = min(self._guess, self.largest_step)
        if self.largest_step < self._guess:
            self.limited_by = "largest_step"
        collapse = self.solver.collapse_rate()
        if collapse * dt > self.stepper.cfl:
            # cold gas at rest has no other limit
            dt, self.limited_by = self.stepper.cfl / collapse, "free fall"
        return dt

    def _next_record(self):
        """Time of the next record on the schedule: multiples of the interval, and t_end."""
        number = math.floor(self.t / self.interval * (1 + 1e-12)) + 1
        scheduled = number * self.interval
        if self.t < self.t_end and scheduled > self.t_end * (1 - 1e-12):
            return self.t_end
        return scheduled

    def _tell(self):
        if self.progress is not None:
            self.progress(self)

    # -- output -------------------------------------------------------------------------------------------------

    @property
    def output(self):
        """Path of the run's file, or None."""
        return self._file.path if self._file is not None else None

    def _create_file(self, output, overwrite):
        from .io import RunFile

        fields = {name: (f.long_name, f.units) for name, f in self.fields().items()}
        series = {name: (s.long_name, s.units) for name, s in self.integrals().items()}
        series["limited_by"] = ("signal that limits dt", "1", str)
        self._file = RunFile.create(output, self.grid, self.attributes(), fields, series, overwrite,
                                    time_units=self.units.text("time") if self.units else "1")

    def _note_series(self, now):
        if now or self.step_count % self._series_steps == 0:
            row = {name: scalar.value for name, scalar in self.integrals().items()}
            row |= {"series_time": self.t, "limited_by": self.limited_by}
            self._rows.append(row)

    def _record(self):
        """Write the fields, the series so far, and a checkpoint (or keep them in memory)."""
        if self.step_count == 0:
            self._note_series(True)
        fields = {name: field.data for name, field in self.fields().items()}
        if self._file is None:
            self._memory.add(self.t, fields, self._rows)
        else:
            self._file.write_fields(self.t, fields)
            self._file.write_series(self._rows)
        self._records_written += 1
        self._steps_written += len(self._rows)
        self._rows = []
        if self._file is not None and self.step_count > 0:
            self._write_checkpoint()

    def _write_checkpoint(self):
        from .io import write_checkpoint

        return write_checkpoint(self._file.path, self.checkpoint())

    def _save_for_later(self):
        """Checkpoint of the state as it is; what to tell the user about it."""
        if self._file is None:
            return "; the run has no file, so no checkpoint was written"
        self._file.write_series(self._rows)
        self._steps_written += len(self._rows)
        self._rows = []
        path = self._write_checkpoint()
        return f"; checkpoint {path.name} written: go on with `multifluid restart {self._file.path.name}`"

    # -- what the run tells of itself ---------------------------------------------------------------------------

    def fields(self):
        """Primitive variables on cell centres, with what the problem adds: dict of name to ``Field``."""
        layout, problem = self.solver.layout, self.problem
        W = self.solver.interior(self.solver.W)
        out = {name: diagnostics.Field(W[v], layout.long_names[v], self._unit(name))
               for v, name in enumerate(layout.names[:layout.cell_variables])}
        if problem.regime_output:
            width = min(h for h, g in zip(self.grid.spacing, self.grid.ghosts) if g)
            out |= diagnostics.regime(self.solver, problem.interactions(), width, self.units)
        if problem.ohm_output:
            out |= self._ohm.fields(self)
        extra = call_user(problem, "output_fields", self.t, self._by_name())
        return out | {name: self._added(name, diagnostics.Field, out, *entry) for name, entry in extra.items()}

    def _by_name(self):
        layout, W = self.solver.layout, self.solver.interior(self.solver.W)
        return {name: W[v] for v, name in enumerate(layout.names[:layout.cell_variables])}

    def _added(self, name, kind, taken, value, long_name, units="1"):
        """One field or number that the problem adds."""
        if name in taken:
            raise InputError(f"{self.problem.name}: output {name!r} is the name of a variable of the run; choose another")
        if kind is diagnostics.Field:
            value = np.asarray(value, float)
            if value.shape != self.grid.shape:
                raise InputError(f"{self.problem.name}: output_fields() gives {name!r} with shape {value.shape}, the grid's "
                                 f"cells are (z, y, x) = {self.grid.shape}")
        else:
            value = float(value)
        return kind(value, long_name, units)

    def _unit(self, name):
        """Unit of a primitive variable in the run's files."""
        if self.units is None:
            return "1"
        kind = _KINDS.get(name.partition("_")[0]) or _KINDS[name[0]]
        return self.units.text(kind)

    def integrals(self):
        """Integrals, constraint errors and step data of now: dict of name to ``Scalar``."""
        out = diagnostics.integrals(self.solver, self.boundaries)
        tally = self.stepper.tally
        out["dt"] = diagnostics.Scalar(self.dt, "size of the step")
        out["retries"] = diagnostics.Scalar(float(tally.retries), "steps redone so far with troubled cells first order")
        out["fallbacks"] = diagnostics.Scalar(float(tally.fallbacks), "cells reconstructed to first order so far")
        out["halved"] = diagnostics.Scalar(float(tally.halved), "steps redone so far with half the size")
        out["floors"] = diagnostics.Scalar(float(tally.floors), "uses of a floor so far, at the end of steps")
        extra = call_user(self.problem, "output_series", self.t, self._by_name())
        return out | {name: self._added(name, diagnostics.Scalar, out, *entry) for name, entry in extra.items()}

    def attributes(self):
        """Global attributes of the run's file."""
        import netCDF4
        import numba
        import scipy

        field = self.solver.layout.field
        out = {"problem": self.problem.name, "problem_spec": registry.specification(type(self.problem)),
               "parameters": json.dumps(self.problem.parameters()), "version": __version__,
               "numpy": np.__version__, "numba": numba.__version__, "scipy": scipy.__version__,
               "netCDF4": netCDF4.__version__, "git": _git_id()}
        out |= self.units.describe() if self.units else {"unit_system": "code units"}
        if field is not None:
            out |= {"c": field.c, "mu0": field.mu0, "eps0": field.eps0}
        for fluid in self.solver.layout.fluids:
            out[f"closure_{fluid.name}"] = type(fluid).__name__
            for key, value in dataclasses.asdict(fluid).items():
                if key != "name":
                    out[f"{key}_{fluid.name}"] = " ".join(value) if isinstance(value, tuple) else value
        return out

    def checkpoint(self):
        """Everything a restart needs to go on with the same bits."""
        tally = self.stepper.tally
        scalars = {"step": self.step_count, "t": self.t, "dt": self.dt, "guess": self._guess,
                   "limited_by": self.limited_by, "records": self._records_written, "steps": self._steps_written,
                   "retries": tally.retries, "fallbacks": tally.fallbacks, "halved": tally.halved,
                   "floors": tally.floors, "field_lost": self.solver.budget.lost if self.solver.budget else 0.0,
                   "variables": " ".join(self.solver.layout.names)}
        scalars |= {name: value for name, value in self.attributes().items()
                    if name in ("problem", "problem_spec", "parameters", "version")}
        return {"arrays": {"state": self.solver.A[(..., *self.grid.reached)]}, "scalars": scalars}

    @classmethod
    def restore(cls, problem, checkpoint, output=None, threads=1, progress=None):
        """A simulation that goes on from a checkpoint.

        Parameters
        ----------
        problem : Problem
            With the parameters of the checkpointed run.
        checkpoint : dict
            From ``checkpoint()`` or ``io.read_checkpoint``.
        output : path-like, optional
            The run's file; records after the checkpoint are cut off.

        Raises
        ------
        InputError
            The checkpoint's arrays do not fit the problem, or the run's file does not fit the checkpoint.
        """
        self = cls.__new__(cls)
        self._build(problem, threads, progress)
        state, scalars = checkpoint["arrays"].get("state"), checkpoint["scalars"]
        names = " ".join(self.solver.layout.names)
        own = self.solver.A[(..., *self.grid.reached)]
        if state is None or state.shape != own.shape or scalars.get("variables") != names:
            raise InputError(f"the checkpoint does not fit problem {problem.name}: it holds an array of shape "
                             f"{None if state is None else state.shape} of ({scalars.get('variables')}), "
                             f"the problem needs {own.shape} of ({names})")
        own[...] = state
        self.t, self.step_count, self.dt = scalars["t"], scalars["step"], scalars["dt"]
        self._guess, self.limited_by = scalars["guess"], scalars["limited_by"]
        if self.solver.budget:
            self.solver.budget.lost = scalars["field_lost"]
        self.stepper.tally = Tally(scalars["retries"], scalars["fallbacks"], scalars["floors"], scalars["halved"])
        self.solver.primitives_of_state(self.t)
        self._records_written, self._steps_written = scalars["records"], scalars["steps"]
        if output is not None:
            from .io import RunFile

            self._file = RunFile.open(output)
            self._file_to_cut = True
        return self


def _git_id():
    """Commit of the checkout the code runs from, or "none"."""
    head = Path(__file__).resolve().parent.parent / ".git" / "HEAD"
    try:
        text = head.read_text().strip()
        if text.startswith("ref: "):
            text = (head.parent / text[5:]).read_text().strip()
        return text[:40]
    except OSError:
        return "none"

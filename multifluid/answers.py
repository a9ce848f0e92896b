"""What a problem answers when a run is built, checked: one clear line where it is not what was asked for."""

import math

import numpy as np

from .errors import InputError
from .initial import call_user

# Integrals are taken every step on small grids, unless the problem says otherwise; on large ones they would cost more
# than a few per cent.
SERIES_CELLS = 10_000
SERIES_STRIDE = 10


def returned(problem, method, kind, *or_else):
    """What a method of the problem returns, if it is of the right kind (or None, where that is allowed)."""
    value = call_user(problem, method)
    if not isinstance(value, kind) and not (or_else and value is None):
        raise InputError(f"{problem.name}: {method}() must return {kind.__name__}(...), not {value!r}")
    return value


def listed(problem, method, kind):
    """The list that a method of the problem returns."""
    values = call_user(problem, method)
    if not isinstance(values, (list, tuple)) or not all(isinstance(value, kind) for value in values):
        names = " or ".join(f"{k.__name__}(...)" for k in (kind if isinstance(kind, tuple) else (kind,)))
        raise InputError(f"{problem.name}: {method}() must return a list of {names}, not {values!r}")
    return values


def source_of(problem, exchange):
    """The source propagator of a problem; refuses combinations that do not exist or do not work."""
    chosen = problem.source
    if chosen == "auto":
        chosen = "implicit" if problem.stepper == "imex" else "time-centred"
    if (chosen == "implicit") != (problem.stepper == "imex"):
        raise InputError(f"{problem.name}: source={chosen} does not go with stepper={problem.stepper}; imex takes "
                         "implicit, strang takes time-centred or exact")
    if problem.stepper == "strang" and problem.light == "screen":
        raise InputError(f"{problem.name}: stepper=strang must follow light; add light=resolve (split sources do not "
                         "answer the field within a step, so screened speeds are unstable)")
    if problem.stepper == "strang" and exchange.reacts:
        raise InputError(f"{problem.name}: ionisation is solved with the other sources; use stepper=imex")
    return chosen


def positive(problem, name):
    """A time of the problem, as a positive float."""
    value = getattr(problem, name)
    if isinstance(value, bool) or not isinstance(value, (int, float, np.floating, np.integer)) or not (
            math.isfinite(value) and value > 0):
        raise InputError(f"{problem.name}: {name} must be a positive number, not {value!r}")
    return float(value)


def series_steps(problem, grid):
    """Steps from one entry of the time series to the next."""
    steps = problem.series_steps
    if steps is None:
        return 1 if math.prod(grid.shape) <= SERIES_CELLS else SERIES_STRIDE
    if isinstance(steps, bool) or not isinstance(steps, (int, np.integer)) or steps < 1:
        raise InputError(f"{problem.name}: series_steps must be a whole number of at least 1, or None, not {steps!r}")
    return int(steps)

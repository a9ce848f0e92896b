"""Errors of a problem against its exact solution at several resolutions, and the order they show."""

from dataclasses import dataclass

import numpy as np

from multifluid.errors import InputError
from multifluid.parameter import nearest
from multifluid.problem import Problem

# Below this an error is round-off, and the ratio of two such errors says nothing.
ROUND_OFF = 1e-12


@dataclass(frozen=True)
class Convergence:
    """What `convergence` measured.

    Attributes
    ----------
    ns : tuple of int
        Resolutions, ascending.
    steps : tuple of int
        Steps each run took.
    t : float
        Time of comparison.
    errors : dict of str to ndarray
        For each group of variables ("rho_ion", "u_ion", "p_ion", "B", ...) the relative L1 error at each resolution.
    """

    ns: tuple
    steps: tuple
    t: float
    errors: dict

    def orders(self, group):
        """Order between successive resolutions, log(e_0/e_1)/log(n_1/n_0); NaN where both errors are round-off.

        Parameters
        ----------
        group : str

        Returns
        -------
        ndarray, one shorter than `ns`
        """
        error, n = self.errors[group], np.array(self.ns, dtype=float)
        order = -np.diff(np.log(np.maximum(error, np.finfo(float).tiny))) / np.diff(np.log(n))
        return np.where((error[1:] < ROUND_OFF) & (error[:-1] < ROUND_OFF), np.nan, order)

    def order(self, group):
        """Order over all resolutions: minus the least-squares slope of log(error) over log(n); NaN for round-off.

        Parameters
        ----------
        group : str

        Returns
        -------
        float
        """
        error = self.errors[group]
        if len(error) < 2 or np.all(error < ROUND_OFF):
            return float("nan")
        x = np.log(np.array(self.ns, dtype=float))
        y = np.log(np.maximum(error, np.finfo(float).tiny))
        return float(-np.polynomial.polynomial.polyfit(x, y, 1)[1])

    def below(self, order):
        """Groups whose overall order is lower than `order`; those at round-off are exact and none of them.

        Parameters
        ----------
        order : float

        Returns
        -------
        dict of str to float
        """
        found = {group: self.order(group) for group in self.errors}
        return {group: value for group, value in found.items() if value < order}


def convergence(problem_class, ns, parameters=None, threads=1):
    """Run a problem at several resolutions and compare with its exact solution.

    The error of a group of variables a_1 ... a_m (the components of a vector, or one scalar) is

        sum_i <|a_i - exact_i|> / max_i,cells |exact_i - <exact_i>|,

    <> the mean over the interior cells and exact_i at their centres. Where the exact solution is uniform the largest
    |exact_i| takes the place of its variation, and where that is 0 the error is absolute.

    Parameters
    ----------
    problem_class : type
        A `Problem` with `exact`.
    ns : sequence of int
        Values of the parameter `problem_class.resolution`, each different.
    parameters : dict, optional
        Values of other parameters.
    threads : int, optional
        Threads of each run.

    Returns
    -------
    Convergence

    Raises
    ------
    InputError
        No exact solution, resolutions twice, the resolution given among the parameters, or a key of `exact` that is
        no variable of the run.
    RunError
        A run failed.
    """
    parameters, name = dict(parameters or {}), problem_class.resolution
    if problem_class.exact is Problem.exact:
        raise InputError(f"{problem_class.name} has no exact solution: define exact(t, x, y, z)")
    if name not in problem_class.parameters_of():
        raise InputError(f"{problem_class.name}.resolution names {name!r}, which is none of its parameters")
    if name in parameters:
        raise InputError(f"parameter {name} is given twice: the resolutions are values of {name}")
    ns = tuple(sorted(ns))
    if not ns or len(set(ns)) < len(ns):
        raise InputError(f"resolutions must be given, and each only once, not {', '.join(map(str, ns)) or 'none'}")
    problems = [problem_class(**parameters, **{name: n}) for n in ns]  # all are checked before the first runs
    from multifluid.simulation import Simulation  # here: what is refused above needs no kernels

    steps, errors = [], []
    for problem in problems:
        simulation = Simulation(problem, threads=threads)
        simulation.run()
        steps.append(simulation.step_count)
        errors.append(relative_errors(problem, simulation))
    groups = {group: np.array([error[group] for error in errors]) for group in errors[0]}
    return Convergence(ns, tuple(steps), simulation.t, groups)


def relative_errors(problem, simulation):
    """Relative L1 error of every group of variables of a finished run; see `convergence` for the definition.

    Parameters
    ----------
    problem : Problem
    simulation : Simulation

    Returns
    -------
    dict of str to float
    """
    exact = problem.exact(simulation.t, *simulation.grid.mesh())
    if exact is None:
        raise InputError(f"{problem!r} has no exact solution: exact() returned None")
    fields = simulation.fields()
    found = {}
    for group, variables in _groups(problem, exact).items():
        for variable in variables:
            if variable not in fields:
                raise InputError(f"exact() of {problem.name} gives {variable}{nearest(variable, fields)}")
        error, variation, size = 0.0, 0.0, 0.0
        for variable, value in variables.items():
            data = np.asarray(fields[variable].data)
            value = np.broadcast_to(value, data.shape)
            error += np.mean(np.abs(data - value))
            variation = max(variation, np.max(np.abs(value - np.mean(value))))
            size = max(size, np.max(np.abs(value)))
        scale = variation if variation > ROUND_OFF * size else size
        found[group] = float(error / scale if scale > 0 else error)
    if not found:
        raise InputError(f"exact() of {problem.name} gives none of {', '.join(problem.converge_fields)}")
    return found


def _groups(problem, exact):
    """Group to variables to exact values, of the kinds that the problem compares."""
    groups = {}
    for key, value in exact.items():
        if key in ("E", "B"):
            if key in problem.converge_fields:
                groups[key] = {key + axis: part for axis, part in zip("xyz", value, strict=True)}
            continue
        for kind, part in value.items():
            if kind not in problem.converge_fields:
                continue
            parts = zip("xyz", part, strict=True) if kind == "u" else [("", part)]
            groups[f"{kind}_{key}"] = {f"{kind}{axis}_{key}": component for axis, component in parts}
    return groups

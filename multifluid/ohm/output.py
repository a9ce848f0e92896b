"""Ohm's law among the output fields of a run, and back from its file."""

import numpy as np

from ..diagnostics import Field
from ..errors import InputError
from .forms import FORMS, TERMS, choose, titles
from .law import OhmsLaw, kept_cells
from .probe import of

_ALL = {"electric": "E that the terms add up to, mean over the second step from here", "residual": "sum of the terms - E"}


class OhmOutput:
    """The terms as fields ``ohm_convection_x`` ... ``ohm_residual_z``, and E of their step, ``ohm_electric_x`` ...

    Parameters
    ----------
    simulation : Simulation
        Its problem's ``ohm_output`` says which form: a name, or True for whichever fits.

    Raises
    ------
    InputError
        As `multifluid.ohm.forms.choose`.
    """

    def __init__(self, simulation):
        self.form = choose(simulation.solver, simulation.problem.ohm_output)
        self._step, self._fields = None, {}

    def fields(self, simulation):
        """Fields of the simulation as it stands: dict of str to ``Field``. Asked again at the same step it does not repeat
        the work."""
        if self._step != simulation.step_count:
            self._step, self._fields = simulation.step_count, self._of(simulation)
        return self._fields

    def _of(self, simulation):
        law = of(simulation, self.form)
        unit = simulation.units.text("electric_field") if simulation.units else "1"
        text = titles(law.form) | _ALL
        values = {**law.terms, "electric": law.E, "residual": law.residual}
        return {f"ohm_{name}_{axis}": Field(vector[d], f"Ohm's law ({law.form}), {axis}: {text[name]}", unit)
                for name, vector in values.items() for d, axis in enumerate("xyz")}


def in_file(run, record, grid, boundaries):
    """Ohm's law from a run's file.

    Parameters
    ----------
    run : RunData
        Read with its ``ohm_`` fields.
    record : int
        Index of the record within ``run``.
    grid, boundaries : Grid, Boundaries
        Of the problem: which cells count.

    Returns
    -------
    OhmsLaw
        Its ``t`` is the record's, its ``dt`` 0: the file does not tell the size of the step.

    Raises
    ------
    InputError
        The file has none.
    """
    form = form_in_file(run)
    if form is None:
        raise InputError(f"{run.path} has no terms of Ohm's law: set ohm_output = True in the problem's class")

    def vector(name):
        return np.array([run[f"ohm_{name}_{axis}"][record] for axis in "xyz"], float)

    terms = {name: vector(name) for name in TERMS if f"ohm_{name}_x" in run}
    return OhmsLaw(vector("electric"), terms, kept_cells(grid, boundaries), form, float(run["time"][record]), 0.0,
                   tuple(run[axis] for axis in "xyz"))


def form_in_file(run):
    """The form that a run's file (RunData) holds, or None."""
    text = run.long_names.get("ohm_electric_x", "")
    return next((form for form in FORMS if f"({form})" in text), None)

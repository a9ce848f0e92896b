"""Study: one sweep of the benchmark, from what is measured to the gates it must keep."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from multifluid.errors import InputError
from multifluid.parameter import nearest

SIZES = {
    "smoke": "seconds: shows that it runs, its gates hold on few points",
    "quick": "minutes: every regime, the gates of the documentation",
    "full": "an hour or more: finer grids and denser sweeps",
}

# Each benchmark is a module of this package with a tuple STUDIES; imported only when it is asked for.
BENCHMARKS = {
    "hall": "waves and circularly polarised waves of finite amplitude between ideal and Hall MHD; reconnection",
    "ambipolar": "weakly ionised gas: damping over ten decades of coupling, diffusion, C-shocks",
    "ideal": "shock tube, vortex and rotor as d_i goes to zero, against an ideal-MHD code of the same order",
    "reduced_c": "what a reduced speed of light costs in error and saves in steps",
    "mass_ratio": "what a heavier electron costs in error and saves in steps",
    "textbook": "drifts, Boltzmann's relation, the dielectric constant, frozen-in flux, the terms of Ohm's law",
    "splitting": "Strang splitting beside the unsplit step over omega_p dt",
}


@dataclass(frozen=True)
class Column:
    """One column of a study's table.

    Parameters
    ----------
    name : str
        Its key in the rows, its head in the table and its variable in the file.
    help : str
        What it holds.
    unit : str, optional
        Unit, "1" for none.
    format : str, optional
        Format of numbers in tables for people; files keep every digit.
    """

    name: str
    help: str
    unit: str = "1"
    format: str = ".3g"

    def text(self, value):
        """str: a value for people; "" for one that is missing (None)."""
        if value is None:
            return ""
        return value if isinstance(value, str) else format(value, self.format)


@dataclass(frozen=True)
class Study:
    """One sweep: what is measured, what theory says, what must hold, how it is drawn.

    Parameters
    ----------
    name : str
        Of its files, in snake_case, different from all other studies.
    title : str
        One line.
    text : str
        Markdown for the report: what is measured, what theory says, and how to read the picture.
    columns : tuple of Column
        The columns of the table; every row has a value (or None) for each.
    measure : callable
        ``measure(size)`` yields the rows, one dict of column name to str, int, float or None for each; `size` is one of
        `SIZES`. Runs use one thread.
    checks : callable
        ``checks(rows)`` returns the list of `Check` that the rows must pass, of the size they were measured at.
    draw : callable
        ``draw(rows, figure)`` draws them, theory under the points, into an empty Matplotlib figure.
    """

    name: str
    title: str
    text: str
    columns: tuple
    measure: Callable
    checks: Callable
    draw: Callable


def studies(benchmark):
    """The studies of a benchmark.

    Parameters
    ----------
    benchmark : str
        A key of `BENCHMARKS`.

    Returns
    -------
    tuple of Study

    Raises
    ------
    InputError
        There is no such benchmark.
    """
    if benchmark not in BENCHMARKS:
        hint = nearest(benchmark, BENCHMARKS) or f"; there are all, {', '.join(BENCHMARKS)}"
        raise InputError(f"no benchmark {benchmark!r}{hint}")
    return import_module(f"multifluid.benchmark.{benchmark}").STUDIES

"""multifluid info: a problem's physics, reference and parameters."""

import inspect

from multifluid import registry
from multifluid.commands.table import table


def add_arguments(parser):
    """The problem's name."""
    parser.add_argument("problem", metavar="NAME", help="a packaged problem, or mine.py:MyProblem")


def main(args):
    """Print the docstring, the reference, and two tables: the problem's own parameters, and the numerics."""
    problem_class = registry.find(args.problem)
    print(f"{problem_class.name}\n")
    print(inspect.cleandoc(problem_class.__doc__ or "(no description)"))
    if problem_class.reference:
        print(f"\nReference: {' '.join(problem_class.reference.split())}")
    rows = problem_class.describe()
    for title, numerics in (("Parameters", False), ("Numerics (every problem has these)", True)):
        chosen = [(row.name, row.default, row.unit, row.range, row.help) for row in rows if row.numerics is numerics]
        if chosen:
            print(f"\n{title}\n")
            print(table(("name", ">default", "unit", "range", "help"), chosen, wrap_last=True))

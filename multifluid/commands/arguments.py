"""Arguments that several commands share."""

import argparse
import math

from multifluid import registry
from multifluid.errors import InputError


def add_problem(parser):
    """Add NAME [parameter=value ...] to a parser."""
    parser.add_argument("problem", metavar="NAME", help="a packaged problem, or mine.py:MyProblem")
    parser.add_argument(
        "parameters", metavar="parameter=value", nargs="*", help="parameters; `multifluid info NAME` lists them"
    )


def add_running(parser):
    """Add --threads and --quiet to a parser."""
    parser.add_argument("--threads", type=whole, default=1, metavar="N", help="threads (default 1)")
    parser.add_argument("--quiet", action="store_true", help="show no progress and no summary")


def add_until(parser):
    """Add --until to a parser."""
    parser.add_argument("--until", type=time, metavar="T", help="end at this time instead of the problem's t_end")


def chosen_class(args):
    """type: the class of the problem that `add_problem` has read."""
    return registry.find(args.problem)


def chosen_parameters(args, problem_class):
    """Values of the parameters given.

    Parameters
    ----------
    args : argparse.Namespace
        With what `add_problem` has read.
    problem_class : type

    Returns
    -------
    dict
        Name and typed value.

    Raises
    ------
    InputError
        A word without "=", a parameter given twice, unknown, or not of its type.
    """
    pairs = {}
    for word in args.parameters:
        name, equals, text = word.partition("=")
        if not (equals and name):
            raise InputError(f"{word!r} is not of the form parameter=value")
        if name in pairs:
            raise InputError(f"parameter {name} is given twice")
        pairs[name] = text
    return problem_class.parse(pairs)


def require_method(problem_class, method, command):
    """Raise InputError unless the problem overrides a method that a command lives on."""
    from multifluid.problem import Problem

    if getattr(problem_class, method) is getattr(Problem, method):
        raise InputError(f"{problem_class.name} defines no {method}(), which multifluid {command} needs")


def whole(text):
    """int: one or more, from the text of an option."""
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a whole number, 1 or more, is needed, not {text!r}")
    return int(text)


def number(text):
    """float: finite, from the text of an option."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"a finite number is needed, not {text!r}")
    return value


def time(text):
    """float: after 0, from the text of an option."""
    value = number(text)
    if value <= 0:
        raise argparse.ArgumentTypeError(f"a time after 0 is needed, not {text!r}")
    return value

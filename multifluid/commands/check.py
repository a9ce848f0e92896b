"""multifluid check: run a problem and hold it against its exact or published answer."""

from multifluid.commands import arguments
from multifluid.commands.table import table
from multifluid.errors import InputError
from multifluid.progress import Progress, summary


def add_arguments(parser):
    """Problem, parameters, threads."""
    arguments.add_problem(parser)
    arguments.add_running(parser)


def main(args):
    """Run in memory, print the table of checks; 1 if one fails."""
    problem_class = arguments.chosen_class(args)
    arguments.require_method(problem_class, "check", "check")
    problem = problem_class(**arguments.chosen_parameters(args, problem_class))

    from multifluid.simulation import Simulation

    with Progress(None, quiet=args.quiet) as progress:
        result = Simulation(problem, threads=args.threads, progress=progress).run()
    checks = problem.check(result)
    if not checks:  # an empty test would pass for ever
        raise InputError(f"check() of {problem_class.name} returned no checks for {problem!r}")
    if not args.quiet:
        print(summary(result))
    rows = [
        (
            check.name,
            f"{check.value:.4g}",
            ("<= " if check.kind == "max" else ">= ") + f"{check.limit:.4g}",
            check.unit,
            "pass" if check.passed else "FAIL",
        )
        for check in checks
    ]
    print(table(("check", ">value", "limit", "unit", ""), rows))
    return 0 if all(check.passed for check in checks) else 1

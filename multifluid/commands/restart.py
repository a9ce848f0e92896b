"""multifluid restart: go on from a run's last checkpoint, bit for bit."""

import json

from multifluid import registry
from multifluid.commands import arguments
from multifluid.errors import InputError
from multifluid.progress import Progress, summary


def add_arguments(parser):
    """The run's file, end, threads."""
    parser.add_argument("run", metavar="RUN.nc", help="the run's file, or one of its checkpoints")
    arguments.add_until(parser)
    arguments.add_running(parser)


def main(args):
    """Rebuild problem and state from the last checkpoint, and run on into the same file."""
    from multifluid.io.checkpoint import latest_checkpoint, read_checkpoint, run_of

    checkpoint = read_checkpoint(latest_checkpoint(args.run))
    problem = recorded_problem(checkpoint["scalars"], args.run)

    from multifluid.simulation import Simulation

    with Progress(args.until, quiet=args.quiet) as progress:
        simulation = Simulation.restore(
            problem, checkpoint, output=run_of(args.run), threads=args.threads, progress=progress
        )
        result = simulation.run(args.until)
    if not args.quiet:
        print(summary(result))


def recorded_problem(record, path):
    """Problem that a file records.

    Parameters
    ----------
    record : mapping
        With "problem_spec", as `registry.find` takes it, and "parameters", JSON.
    path : str
        The file, for messages.

    Returns
    -------
    Problem

    Raises
    ------
    InputError
        The file names no problem, or one that is no longer there or has other parameters now.
    """
    try:
        specification, parameters = record["problem_spec"], json.loads(record["parameters"])
    except (KeyError, TypeError, ValueError):
        raise InputError(f"{path} names no problem: it was not written by multifluid") from None
    try:
        return registry.find(str(specification))(**parameters)
    except InputError as error:
        raise InputError(f"{path} was written by {specification}: {error}") from error

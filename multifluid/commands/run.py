"""multifluid run: run a problem."""

from multifluid.commands import arguments
from multifluid.progress import Progress, summary


def add_arguments(parser):
    """Problem, parameters, output, end, threads."""
    arguments.add_problem(parser)
    parser.add_argument("-o", "--output", metavar="FILE.nc", help="the run's file (default: NAME.nc, here)")
    parser.add_argument("--overwrite", action="store_true", help="replace the file if it exists")
    arguments.add_until(parser)
    arguments.add_running(parser)


def main(args):
    """Build the problem, run it, and say what came out."""
    problem_class = arguments.chosen_class(args)
    problem = problem_class(**arguments.chosen_parameters(args, problem_class))
    output = args.output or f"{problem_class.name}.nc"

    from multifluid.simulation import Simulation

    with Progress(args.until, quiet=args.quiet) as progress:
        simulation = Simulation(
            problem, output=output, threads=args.threads, progress=progress, overwrite=args.overwrite
        )
        result = simulation.run(args.until)
    if not args.quiet:
        print(summary(result))

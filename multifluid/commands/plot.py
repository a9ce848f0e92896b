"""multifluid plot: picture of a run's file."""

from pathlib import Path

from multifluid.commands.restart import recorded_problem
from multifluid.problem import Problem


def add_arguments(parser):
    """The run's file, the picture."""
    parser.add_argument("run", metavar="RUN.nc", help="the run's file")
    parser.add_argument("-o", "--output", metavar="FILE.png", help="the picture (default: RUN.png, beside the file)")


def main(args):
    """Find the problem that the file records, and let it draw."""
    from multifluid.io.reader import load

    problem = recorded_problem(load(args.run, names=(), record=None).attributes, args.run)
    # The default picture needs the last state only, which matters for a large file.
    last_only = type(problem).plot is Problem.plot
    output = args.output or Path(args.run).with_suffix(".png")
    problem.plot(load(args.run, record=-1 if last_only else None), output)
    print(f"wrote {output}")

"""multifluid list: every packaged problem, one line each."""

from multifluid import registry


def add_arguments(parser):
    """Nothing to choose."""


def main(args):
    """Print name and first line of the docstring of each problem."""
    problems = registry.packaged()
    width = max(map(len, problems), default=0)
    for name, problem_class in problems.items():
        print(f"{name:{width}s}  {problem_class.summary()}".rstrip())
